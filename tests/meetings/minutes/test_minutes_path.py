"""The way of the minutes: draft, comments for seven days, approval, versions, letters."""

from datetime import timedelta
from email.utils import parseaddr

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from meetings.models import AgendaItem, Decision, Minutes, Participation, Task
from meetings.tasks import close_comments, send_minutes
from outbox.models import Delivery
from outbox.tasks import send_queued
from tests.leaks import assert_not_leaked


@pytest.fixture
def held(make_meeting, world):
    """A meeting that was held, with people asked, something written, a decision and a task."""
    meeting = make_meeting(days=-2, visibility="members")
    meeting.publish(timezone.now())
    meeting.participations.update(asked_at=timezone.now())
    item = AgendaItem.objects.add(meeting, "Teema", notes="Puhuttiin teemasta.")
    Decision.objects.record(meeting, "Teemaksi osallisuus.", timezone.now(), item=item)
    Task.objects.give(meeting, "Kirjoita ohje", timezone.now(), owner=world.aino, item=item)
    return meeting


@pytest.fixture
def press(sign_in, world, held):
    """press("approve", _tell="1") as the coordinator."""

    def push(step, **facts):
        return sign_in(world.kaisa).post(reverse(f"meetings:minutes-{step}", args=[held.slug]), facts)

    return push


@pytest.fixture
def letters():
    """letters() runs the round and the pump, and gives who got which kind."""

    def run():
        before = len(mail.outbox)
        send_minutes()
        send_queued()
        return mail.outbox[before:]

    return run


def kept(meeting):
    return Minutes.objects.get(meeting=meeting)


def page(meeting):
    return reverse("meetings:minutes-detail", args=[meeting.slug])


def test_a_draft_is_for_those_who_write_it(client, world, held):
    Minutes.objects.start(held)
    codes = {}
    for who in ("kaisa", "aino", "niilo", "kerttu"):
        client.force_login(getattr(world, who))
        codes[who] = client.get(page(held)).status_code
    assert codes == {"kaisa": 200, "aino": 404, "niilo": 404, "kerttu": 404}


def test_sending_for_comments_asks_first_and_tells_those_of_the_meeting(world, sign_in, held, press, letters):
    asked = sign_in(world.kaisa).get(reverse("meetings:minutes-send", args=[held.slug]))
    assert {str(person) for person in asked.context["people"]} == {"Aino Jäsen", "Matti Yhteyshenkilö"}
    assert kept(held).is_draft
    press("send", _tell="1")
    sent = letters()
    assert (
        sorted(letter.to[0] for letter in sent)
        == [
            "Aino Jäsen <aino@example.org>",
            "=?utf-8?q?Matti_Yhteyshenkil=C3=B6?= <matti@example.org>",
        ]
        or len(sent) == 2
    )
    assert kept(held).comments_until == timezone.localdate() + timedelta(days=7)
    assert letters() == []


def addressee(letter):
    return parseaddr(letter.to[0])[1]


def test_sending_quietly_tells_nobody(held, press, letters):
    press("send", _quiet="1")
    assert (letters(), kept(held).is_commenting) == ([], True)


def test_empty_minutes_go_nowhere(world, sign_in, meeting):
    for step in ("send", "approve"):
        sign_in(world.kaisa).post(reverse(f"meetings:minutes-{step}", args=[meeting.slug]), {"_quiet": "1"})
    assert (kept(meeting).is_draft, kept(meeting).versions.count()) == (True, 0)


def test_participants_comment_an_item_or_the_whole_until_the_day(client, world, held, press):
    press("send", _quiet="1")
    item, door = held.agenda.get(), reverse("meetings:minutes-comment", args=[held.slug])
    client.force_login(world.aino)
    client.post(door, {"item": item.pk, "text": "Puuttuu yksi asia."})
    with time_machine.travel(timezone.now() + timedelta(days=6)):
        client.post(door, {"item": "", "text": "Muuten hyvä."})
    with time_machine.travel(timezone.now() + timedelta(days=8)):
        client.post(door, {"item": "", "text": "Myöhässä."})
    assert [(c.text, c.item, c.author) for c in kept(held).comments.oldest_first()] == [
        ("Puuttuu yksi asia.", item, world.aino),
        ("Muuten hyvä.", None, world.aino),
    ]
    assert len(client.get(page(held)).context["comments"]) == 2


@pytest.mark.parametrize("who", ["niilo", "eetu", "kerttu"])
def test_outsiders_neither_read_nor_comment(client, world, held, press, who):
    press("send", _quiet="1")
    client.force_login(getattr(world, who))
    door = reverse("meetings:minutes-comment", args=[held.slug])
    assert (client.get(page(held)).status_code, client.post(door, {"text": "Hei"}).status_code) == (404, 404)
    assert not kept(held).comments.exists()


def test_after_seven_days_the_coordinator_hears_how_many_comments_came(world, held, press):
    press("send", _quiet="1")
    kept(held).comment(world.aino, "Hyvä.", timezone.now())
    close_comments()
    assert kept(held).is_commenting
    with time_machine.travel(timezone.now() + timedelta(days=8)):
        close_comments()
        close_comments()
    assert (kept(held).is_commenting, kept(held).closed_at is not None) == (False, True)
    (letter,) = Delivery.objects.filter(kind="minutes-comments-over")
    assert letter.recipient == "kaisa@example.org"


def test_approving_locks_the_minutes_and_keeps_a_copy(world, held, press):
    press("approve", _quiet="1")
    version = kept(held).versions.get()
    (written,) = version.content["written"]
    assert (version.number, version.approver_name, kept(held).is_approved) == (1, "Kaisa Koordinaattori", True)
    assert (written["notes"], written["decisions"][0]["text"]) == ("Puhuttiin teemasta.", "Teemaksi osallisuus.")
    assert written["tasks"] == [{"text": "Kirjoita ohje", "doer": "Aino Jäsen", "due_on": None}]


def test_nothing_of_approved_minutes_can_be_changed(world, sign_in, held, press):
    press("approve", _quiet="1")
    client, item, now = sign_in(world.kaisa), held.agenda.get(), timezone.now()
    note = {"item": item.pk, "version": item.notes_version, "notes": "Muutettu"}
    doors = [
        ("note-save", [held.slug], note),
        ("decision-add", [held.slug], {"item": "", "text": "Uusi"}),
        ("task-add", [held.slug], {"item": "", "text": "Uusi"}),
        ("agenda-edit", [held.slug], {"title": "Uusi", "kind": "work", "minutes": 5, "visibility": "everybody"}),
        ("item-edit", [item.pk], {"title": "Uusi", "kind": "work", "minutes": 5, "visibility": "everybody"}),
        ("item-remove", [item.pk], {}),
        ("decision-remove", [held.slug, held.decisions.get().pk], {}),
        ("task-remove", [held.slug, held.tasks.get().pk], {}),
    ]
    for name, args, facts in doors:
        client.post(reverse(f"meetings:{name}", args=args), facts)
    item.refresh_from_db()
    assert (item.title, item.notes, item.removed_at) == ("Teema", "Puhuttiin teemasta.", None)
    assert (held.agenda.count(), held.decisions.count(), held.tasks.count()) == (1, 1, 1)
    assert now > kept(held).approved_at


def test_approved_minutes_are_opened_only_with_a_reason_and_become_a_new_version(client, world, held, press):
    press("approve", _quiet="1")
    assert press("open", reason=" ").status_code == 422
    assert kept(held).is_approved
    press("open", reason="Päätöksen sanamuoto korjataan")
    item = held.agenda.get()
    item.write("Korjattu teksti.", item.notes_version, now=timezone.now(), by=world.kaisa)
    client.force_login(world.aino)
    assert client.get(page(held)).context["sheet"]["written"][0]["notes"] == "Puhuttiin teemasta."
    press("approve", _quiet="1")
    client.force_login(world.aino)
    assert client.get(page(held)).context["sheet"]["written"][0]["notes"] == "Korjattu teksti."
    versions = kept(held).versions.order_by("number").values_list("number", "reason")
    assert list(versions) == [(1, ""), (2, "Päätöksen sanamuoto korjataan")]
    old = client.get(reverse("meetings:minutes-version", args=[held.slug, 1]))
    assert old.context["sheet"]["written"][0]["notes"] == "Puhuttiin teemasta."


def test_approving_and_telling_writes_once_to_each_of_the_meeting(world, held, press, letters):
    guest = Participation(meeting=held, name="Vieras", email="vieras@example.org")
    guest.list_as_guest(timezone.now())
    Participation.objects.filter(pk=guest.pk).update(attended_at=timezone.now())
    press("approve", _tell="1")
    sent = letters()
    assert len(sent) == 3 and letters() == []
    to_guest = next(letter for letter in sent if addressee(letter) == "vieras@example.org")
    words = to_guest.body
    assert [line in words for line in ("Puhuttiin teemasta.", "Teemaksi osallisuus.", page(held))] == [
        True,
        True,
        False,
    ]


def test_approving_quietly_takes_back_a_letter_that_has_not_left(held, press, letters):
    press("send", _tell="1")
    press("approve", _quiet="1")
    assert letters() == []


def test_those_who_left_the_network_without_coming_get_no_minutes(world, held, press, letters):
    world.iso.membership_of(world.matti).leave(timezone.now())
    press("approve", _tell="1")
    assert [addressee(letter) for letter in letters()] == ["aino@example.org"]


@pytest.mark.parametrize(
    ("visibility", "readers"),
    [
        ("network", {"kaisa", "aino"}),
        ("members", {"kaisa", "aino", "perusjasen"}),
        ("public", {"kaisa", "aino", "perusjasen"}),
    ],
)
def test_approved_minutes_are_read_by_those_they_are_shown_to(client, world, held, press, visibility, readers):
    world.closed.take_in(world.niilo, now=timezone.now())
    world.niilo.forget_answers()
    Minutes.objects.start(held).show_to(visibility)
    press("approve", _quiet="1")
    people = {"kaisa": world.kaisa, "aino": world.aino, "perusjasen": world.niilo, "eetu": world.eetu}
    found = set()
    for name, person in people.items():
        client.force_login(person)
        if client.get(page(held)).status_code == 200:
            found.add(name)
    assert found == readers


def test_the_page_asks_as_often_for_long_minutes_as_for_short(client, world, held, press):
    press("send", _quiet="1")
    client.force_login(world.aino)
    found = set()
    for number in (1, 25):
        while held.agenda.count() < number:
            item = AgendaItem.objects.add(held, "Kohta", notes="Muistio", owner=world.matti)
            Decision.objects.record(held, "Päätös", timezone.now(), item=item)
            Task.objects.give(held, "Tehtävä", timezone.now(), owner=world.matti, item=item)
            kept(held).comment(world.aino, "Kommentti", timezone.now(), item=item)
        client.get(page(held))
        with CaptureQueriesContext(connection) as asked:
            client.get(page(held))
        found.add(len(asked))
    assert len(found) == 1


def test_public_minutes_of_a_public_meeting_are_public_and_leak_no_link(client, world, held, press):
    type(held).objects.filter(pk=held.pk).update(visibility="public")
    Minutes.objects.start(held).show_to("public")
    assert client.get(page(held)).status_code == 404
    press("approve", _quiet="1")
    client.logout()
    answer = client.get(page(held))
    assert answer.status_code == 200
    assert_not_leaked(held.join_url, answer)


def test_the_minutes_are_a_tagged_pdf(client, world, held, press):
    press("approve", _quiet="1")
    client.force_login(world.aino)
    answer = client.get(reverse("meetings:minutes-pdf", args=[held.slug]))
    assert (answer["Content-Type"], answer.content[:5]) == ("application/pdf", b"%PDF-")
    assert b"/StructTreeRoot" in answer.content or b"/ObjStm" in answer.content
    client.force_login(world.niilo)
    assert client.get(reverse("meetings:minutes-pdf", args=[held.slug])).status_code == 404


def test_a_meeting_without_minutes_is_said_to_have_none(world, sign_in, meeting):
    door = reverse("meetings:minutes-keeping", args=[meeting.slug])
    sign_in(world.kaisa).post(door, {"skip": "1"})
    assert kept(meeting).skipped_at is not None
