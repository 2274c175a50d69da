"""An installation of an earlier version goes on after an upgrade: rows, links, sessions, messages, letters.

Nothing here is imported from the rooms: what people, calendars, relays and the broker hold knows addresses, names and
bytes, and no module.
"""

import re
from base64 import b64decode
from collections import Counter
from email import message_from_bytes
from hashlib import sha256
from html import unescape

import pytest
from celery import current_app
from django.apps import apps
from django.core.management import call_command
from django.db import migrations

from tests.upgrade.conftest import KNOWN, MENDED, WORKING

# Django's own books, in which a migration may write further lines.
BOOKS = {"django_migrations", "django_content_type", "auth_permission"}
# Migrations since that version with a step of their own in Python or SQL: (room, name), and why no old row changes.
OWN_STEPS = {
    ("contacts", "0004_first_run_and_reference_data"): "inserts reference rows whose code nobody has used",
    ("contacts", "0005_addresses_in_one_spelling"): "writes the domains of addresses in ASCII",
    ("lib", "0003_shared_cache"): "makes its own new table",
    ("networks", "0003_professional_networks"): "fills its own new column",
    ("meetings", "0021_searchable_papers"): "triggers that mark a row whose words changed",
    ("meetings", "0023_addresses_in_one_spelling"): "writes the domains of addresses in ASCII",
    ("methods", "0009_findable_without_equipment"): "fills its own new column",
    ("methods", "0010_trials_are_searched"): "a trigger that marks a method whose trials changed",
    ("networks", "0004_addresses_in_one_spelling"): "writes the domains of addresses in ASCII",
    ("newsletters", "0007_addresses_in_one_spelling"): "writes the domains of addresses in ASCII",
    ("outbox", "0011_addresses_in_one_spelling"): "writes the domains of addresses in ASCII",
    ("search", "0002_thesaurus"): "fills its own new table",
}
# What that step adds rows to; the rows that were there stay.
REGISTERS = {"contacts_term", "contacts_region", "contacts_subregion", "contacts_municipality"}

HALF_SENT, PAUSED, NOTICES = (KNOWN["mailings"][name] for name in ("half", "paused", "notices"))


def name_of(each):
    return each["name"]


def stored(label):
    return apps.get_model(label)._base_manager


# --- the database ---


def test_no_migration_since_then_touches_a_row(upgraded):
    for table, before in upgraded.before.items():
        before, after = Counter(before), Counter(upgraded.after[table])
        assert before <= after if table in BOOKS | REGISTERS else before == after, table


def test_migrations_since_then_have_no_steps_of_their_own(upgraded):
    own = {
        (migration.app_label, migration.name)
        for migration in upgraded.migrations
        for operation in all_of(migration.operations)
        if isinstance(operation, migrations.RunPython | migrations.RunSQL)
    }
    assert own == set(OWN_STEPS)


def all_of(operations):
    for operation in operations:
        yield operation
        yield from all_of(getattr(operation, "database_operations", ()))


def test_no_migration_is_missing(client_of):
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_an_address_beyond_ascii_is_written_in_ascii_wherever_it_stands(client_of):
    """Real use 1: rows of an earlier version are mended."""
    _before, address = MENDED
    for label, column in (("newsletters.Subscription", "email"), ("outbox.Delivery", "recipient")):
        rows = stored(label)
        assert not rows.filter(**{f"{column}__regex": "[^!-~]"}).exists()
        assert rows.filter(**{column: address}).exists()


# --- links and sessions ---


@pytest.mark.parametrize("link", KNOWN["links"], ids=name_of)
def test_a_link_answers_as_before(client_of, link):
    answer = client_of(link["as"]).get(link["path"])
    content = b"".join(answer) if answer.streaming else answer.content
    assert answer.status_code == link["status"]
    assert answer["Content-Type"].startswith(link.get("type", ""))
    if "file" in link:
        assert content == b64decode(KNOWN["files"][link["file"]])
    else:
        assert link["says"] in unescape(content.decode(errors="replace"))


def test_the_links_in_letters_answer_as_before(client_of):
    visitor = client_of("")
    answers = [(path, visitor.get(path)) for path, _status, _to in KNOWN["in_letters"]]
    assert [[path, each.status_code, each.get("Location", "")] for path, each in answers] == KNOWN["in_letters"]


@pytest.mark.parametrize("press", KNOWN["presses"], ids=name_of)
def test_a_press_does_as_before(client_of, press):
    client, rows = client_of(press["as"]), stored(press["model"]) if press["model"] else None
    before = rows.count() if rows else 0
    assert post(client, press).status_code == press["status"]
    if "signs_in" in press:
        assert client.session["_auth_user_id"] == str(press["signs_in"])
    elif press.get("gone"):
        assert not rows.filter(pk=press["pk"]).exists()
    elif press["pk"]:
        [row] = rows.filter(pk=press["pk"]).values(*press["has"])
        assert {name: as_told(value, press["has"][name]) for name, value in row.items()} == press["has"]
    else:
        assert rows.count() == before + 1


def post(client, press):
    if "type" in press:
        return client.post(press["path"], press["data"].encode("latin-1"), content_type=press["type"])
    return client.post(press["path"], press["data"])


def as_told(value, told):
    """As the file of what is known tells a value: `*` is anything at all."""
    if value is None or isinstance(value, str):
        return value
    return "*" if told == "*" else str(value)


# --- messages ---


def test_every_task_is_known_by_its_old_name():
    current_app.loader.import_default_modules()
    assert {each["headers"]["task"] for each in KNOWN["messages"]} <= set(current_app.tasks)


def test_the_worker_does_every_message_of_the_old_version_without_an_error(worked):
    done = Counter(re.findall(r"Task ([\w.]+)\[.*\] succeeded", worked.log))
    assert Counter(each["headers"]["task"] for each in KNOWN["messages"]) <= done
    assert re.findall(r".*(?:ERROR|CRITICAL|Traceback|unregistered|raised).*", worked.log) == []


# --- letters ---


def identity(letter):
    return message_from_bytes(letter)["Message-ID"]


def test_letters_written_before_leave_as_the_same_bytes(worked):
    """Some may have left before: whoever gets one twice must see that it is the same."""
    sent = {(sender, to, identity(letter), sha256(flat(letter)).hexdigest()) for sender, to, letter in worked.letters}
    assert {tuple(each) for each in KNOWN["written_before"]} - sent == set()


def flat(letter):
    """With the ways to leave on one line, as that version wrote them."""
    return re.sub(rb"(?m)^(List-Unsubscribe: [^\r\n]*,)\r\n ", rb"\1 ", letter)


def test_no_letter_leaves_twice(worked):
    assert {identity: times for identity, times in times_sent(worked).items() if times > 1} == {}


def times_sent(worked):
    return Counter(identity(letter) for _sender, _to, letter in worked.letters)


def test_a_mailing_in_the_middle_goes_to_its_end(at_work):
    mailing, letters = stored("outbox.Mailing").get(pk=HALF_SENT), stored("outbox.Delivery").filter(mailing=HALF_SENT)
    before, now = letters.filter(sent_at__lt=WORKING), letters.filter(sent_at__gte=WORKING)
    assert mailing.finished_at
    assert (before.count(), now.count()) == (9, 10)
    ids = {f"<{letter.pk}.{mailing.key}@portal.example.org>" for letter in now}
    assert {identity for identity in times_sent(at_work) if f".{mailing.key}@" in identity} == ids
    assert sorted(letters.filter(sent_at=None).values_list("recipient", "left_out")) == [
        ("lakkautettu@example.net", "suppressed"),
        ("poistunut@example.net", "skipped"),
    ]


def test_a_paused_mailing_stays_paused(at_work):
    assert not stored("outbox.Delivery").filter(mailing=PAUSED).exclude(sent_at=None).exists()


def test_a_round_of_notices_that_was_broken_off_goes_on_in_its_mailing(at_work):
    """Four people had their letter, and the other eleven get theirs; nobody gets another of the same round."""
    of_that_week = stored("outbox.Mailing").filter(kind="digest", reference__startswith="weekly")
    assert [(each.pk, bool(each.finished_at)) for each in of_that_week] == [(NOTICES, True)]
    letters = stored("outbox.Delivery").filter(mailing=NOTICES)
    counts = letters.filter(sent_at__lt=WORKING).count(), letters.filter(sent_at__gte=WORKING).count()
    assert counts == (4, 11)
    assert not stored("newsletters.NoticeRound").filter(ended_at=None).exists()


def test_what_was_held_or_due_is_written_and_leaves(at_work):
    """Held invitations, changes and cancellations; reminders, thanks, minutes, offers, notices, confirmations."""
    sent = stored("outbox.Delivery").filter(queued_at__gte=WORKING).exclude(sent_at=None)
    times, owed = Counter(sent.values_list("kind", "recipient")), [tuple(each) for each in KNOWN["written_after"]]
    assert [each for each in owed if times[each] != 1] == []
    assert not stored("meetings.Dispatch").filter(left_at=None, recalled_at=None).exists()


def test_post_that_had_come_in_is_understood(at_work):
    bounced = stored("outbox.Delivery").exclude(bounced_at=None)
    assert list(bounced.values_list("kind", "recipient")) == [("meeting-invitation", "paivi.jokela@esimerkki.example")]
    assert stored("meetings.CalendarAnswer").count() == 1
