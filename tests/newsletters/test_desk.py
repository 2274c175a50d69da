"""Newsletters on the desk: begun, looked at, tested, sent and taken back, by the coordinator of the area alone."""

from datetime import timedelta

import pytest
from django.urls import reverse

from newsletters.models import Block, Issue, MailingList, Subscription
from newsletters.tasks import send_issues
from outbox.models import Delivery
from tests.leaks import assert_not_leaked

STEPS = [
    "preview", "letter", "test", "send", "cancel", "progress", "pause", "resume", "stop", "report", "download", "share",
    "refresh", "copy", "reach",
]  # fmt: skip


def step(issue, name):
    return reverse(f"admin:newsletters_issue_{name}", args=[issue.pk])


def change(thing):
    return reverse(f"admin:newsletters_{thing._meta.model_name}_change", args=[thing.pk])


@pytest.fixture
def desk(sign_in, world):
    return sign_in(world.kaisa)


# --- lists and readers ---


def test_kaisa_makes_a_list_of_her_area(desk, world):
    asked = {"area": world.area.pk, "kind": "region", "code": "infokirje", "name_fi": "Infokirje", "is_public": "on"}
    answer = desk.post(reverse("admin:newsletters_mailinglist_add"), asked | {"order": "0"})
    assert answer.status_code == 302, answer.context["errors"]
    assert MailingList.objects.get().name == "Infokirje"


def test_kaisa_cannot_make_a_list_of_another_area(desk, world):
    asked = {"area": world.other_area.pk, "code": "infokirje", "name_fi": "Infokirje", "order": "0"}
    assert desk.post(reverse("admin:newsletters_mailinglist_add"), asked).status_code == 200
    assert MailingList.objects.count() == 0


def test_kaisa_adds_who_asked_by_telephone_with_a_note_on_the_consent(desk, letters):
    asked = {"list": letters.pk, "email": "Virpi@example.org", "language": "fi", "consent_note": "Soitti 20.1."}
    assert desk.post(reverse("admin:newsletters_subscription_add"), asked).status_code == 302
    added = Subscription.objects.active().get()
    assert (added.email, added.source, added.consent_note) == ("virpi@example.org", "coordinator", "Soitti 20.1.")
    letter = Delivery.objects.get()
    assert (letter.kind, letter.recipient) == ("newsletter-welcome", "virpi@example.org")


def test_nobody_is_added_without_a_note_on_the_consent_or_twice(desk, letters, reads):
    add = reverse("admin:newsletters_subscription_add")
    asked = {"list": letters.pk, "email": "virpi@example.org", "language": "fi", "consent_note": ""}
    assert list(desk.post(add, asked).context["adminform"].form.errors) == ["consent_note"]
    reads("virpi@example.org")
    answer = desk.post(add, asked | {"consent_note": "Soitti"})
    assert answer.status_code == 200
    assert Subscription.objects.count() == 1


def test_the_proof_of_consent_is_not_edited_but_the_language_is(desk, reads):
    subscription = reads("virpi@example.org")
    asked = {"email": "other@example.org", "consent_note": "x", "language": "sv", "confirmed_at_0": ""}
    assert desk.post(change(subscription), asked).status_code == 302
    subscription.refresh_from_db()
    assert (subscription.email, subscription.consent_note, subscription.language) == ("virpi@example.org", "", "sv")
    assert desk.post(reverse("admin:newsletters_subscription_delete", args=[subscription.pk])).status_code == 403


def test_kaisa_ends_subscriptions(desk, reads):
    ended, subscriptions = reads("virpi@example.org"), reads("aino@example.org")
    chosen = {"action": "end_subscriptions", "_selected_action": [ended.pk]}
    desk.post(reverse("admin:newsletters_subscription_changelist"), chosen)
    assert list(Subscription.objects.active()) == [subscriptions]


# --- issues ---


def test_kaisa_begins_a_prefilled_issue(desk, letters, meeting, news, world):
    begin = reverse("admin:newsletters_issue_begin")
    assert desk.get(reverse("admin:newsletters_issue_add"))["Location"] == begin
    assert desk.get(begin).status_code == 200
    assert Issue.objects.count() == 0
    answer = desk.post(begin, {"list": letters.pk})
    issue = Issue.objects.get()
    assert answer["Location"] == change(issue)
    assert (issue.author, issue.blocks.count()) == (world.kaisa, 5)  # two of them headings


def test_kaisa_writes_the_blocks(desk, issue, news):
    page = desk.get(change(issue))
    assert page.status_code == 200
    first, second = issue.blocks.in_order()
    parts = {
        "blocks-TOTAL_FORMS": 3,
        "blocks-INITIAL_FORMS": 2,
        "blocks-0-id": first.pk,
        "blocks-0-order": 1,
        "blocks-0-kind": "text",
        "blocks-0-body_fi": "<p>Uusi</p><script>x</script>",
        "blocks-1-id": second.pk,
        "blocks-1-order": 2,
        "blocks-1-kind": "meeting",
        "blocks-1-meeting": second.meeting_id,
        "blocks-2-order": 3,
        "blocks-2-kind": "news",
        "blocks-2-news": news.pk,
    }
    asked = {"slug": issue.slug, "subject_fi": "Uusi otsikko", **parts}
    answer = desk.post(change(issue), asked)
    assert answer.status_code == 302, answer.context["inline_admin_formsets"][0].formset.errors
    issue.refresh_from_db()
    assert issue.subject_fi == "Uusi otsikko"
    assert [(block.kind, block.thing) for block in issue.blocks.in_order()] == [
        ("text", None),
        ("meeting", second.meeting),
        ("news", news),
    ]
    assert issue.blocks.get(order=1).body_fi == "<p>Uusi</p>"


def test_a_block_tells_of_what_its_kind_says(desk, issue):
    block = issue.blocks.get(order=1)
    parts = {
        "blocks-TOTAL_FORMS": 1,
        "blocks-INITIAL_FORMS": 1,
        "blocks-0-id": block.pk,
        "blocks-0-order": 1,
        "blocks-0-kind": "meeting",
    }
    answer = desk.post(change(issue), {"slug": issue.slug, "subject_fi": "x", **parts})
    assert answer.status_code == 200
    assert len(answer.context["inline_admin_formsets"][0].formset.forms[0].non_field_errors()) == 1


def test_the_page_of_an_issue_asks_as_much_with_two_blocks_as_with_twenty(desk, issue, django_assert_max_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def queries():
        with CaptureQueriesContext(connection) as asked:
            assert desk.get(change(issue)).status_code == 200
        return len(asked)

    queries()
    few = queries()
    for order in range(3, 20):
        issue.blocks.create(order=order, kind=Block.TEXT, title_fi="x")
    assert queries() == few


@pytest.mark.parametrize("width, pixels", [("phone", 375), ("wide", 680)])
def test_the_preview_shows_the_letter_in_both_widths_and_as_text(desk, issue, width, pixels):
    page = desk.get(step(issue, "preview"), {"width": width, "language": "sv"})
    assert page.context["letter"].subject == "Brev i januari"
    assert f'width="{pixels}"' in page.content.decode()
    assert page.context["letter"].text.splitlines()[0] in page.content.decode()
    assert "language=sv" in page.context["frame_url"]


def test_the_preview_shows_the_link_only_when_it_is_read_as_oneself(desk, issue, meeting):
    as_me = desk.get(step(issue, "letter"), {"reader": "me"})
    assert meeting.join_url in as_me.content.decode()
    assert_not_leaked(meeting.join_url, desk.get(step(issue, "letter")))
    assert as_me["X-Frame-Options"] == "SAMEORIGIN"
    assert "sandbox" in as_me["Content-Security-Policy"]
    assert "script-src 'none'" in as_me["Content-Security-Policy"]


def test_kaisa_sends_a_test_to_herself(desk, issue, world, reads):
    reads("virpi@example.org")
    desk.get(step(issue, "test"))
    assert Delivery.objects.count() == 0
    for _click in range(2):
        desk.post(step(issue, "test"), {"people": [world.kaisa.pk]})
    letters = Delivery.objects.all()
    assert {(letter.recipient, letter.kind) for letter in letters} == {("kaisa@example.org", "newsletter-test")}
    assert len(letters) == 2
    assert all(letter.subject.endswith("Tammikuun infokirje") for letter in letters)
    assert issue.progress()["total"] == 0


def test_the_page_before_sending_says_how_many_read_in_which_language(desk, issue, reads):
    for number in range(3):
        reads(f"fi{number}@example.org")
    reads("sv@example.org", "sv")
    page = desk.get(step(issue, "send"))
    reach = page.context["counts"]
    assert [(code, number) for code, _name, number in reach.languages] == [("fi", 3), ("sv", 1)]
    assert reach.recipients == 4
    issue.refresh_from_db()
    assert issue.scheduled_at is None


def test_kaisa_sends_at_once_and_sees_how_far_it_is(desk, issue, reads):
    reads("virpi@example.org")
    assert desk.post(step(issue, "send"), {"when": "now"})["Location"] == step(issue, "progress")
    send_issues()
    page = desk.get(change(issue))
    assert {state: count for state, count in page.context["progress"].items() if count} == {"total": 1, "waiting": 1}
    assert page.context["has_change_permission"] is False


def test_kaisa_sends_later_and_takes_it_back(desk, issue, reads, now):
    reads("virpi@example.org")
    later = (now + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    desk.post(step(issue, "send"), {"when": "later", "at": later})
    issue.refresh_from_db()
    assert issue.is_waiting
    send_issues()
    assert Delivery.objects.count() == 0
    desk.get(step(issue, "cancel"))
    issue.refresh_from_db()
    assert issue.is_waiting
    desk.post(step(issue, "cancel"))
    issue.refresh_from_db()
    assert not issue.is_waiting


def test_a_time_that_has_passed_is_refused_with_words(desk, issue, now):
    past = (now - timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    answer = desk.post(step(issue, "send"), {"when": "later", "at": past})
    assert list(answer.context["form"].errors) == ["at"]
    issue.refresh_from_db()
    assert issue.scheduled_at is None


def test_an_empty_issue_is_refused_with_words(desk, letters):
    issue = Issue.objects.create(list=letters, number=1, slug="tyhja", subject_fi="Tyhjä")
    answer = desk.post(step(issue, "send"), {"when": "now"})
    assert answer.status_code == 200
    assert [item.level for item in answer.context["items"]][:1] == ["mend"]
    issue.refresh_from_db()
    assert issue.scheduled_at is None


def test_a_sent_issue_stays_as_it_was_sent(desk, issue, reads, send):
    reads("virpi@example.org")
    send(issue)
    assert desk.post(change(issue), {"slug": issue.slug, "subject_fi": "Muutettu"}).status_code == 403
    assert desk.post(reverse("admin:newsletters_issue_delete", args=[issue.pk])).status_code == 403
    desk.post(step(issue, "send"), {"when": "now"})
    send_issues()
    assert Delivery.objects.count() == 1


# --- who may not ---


@pytest.mark.parametrize("name", STEPS)
def test_the_other_areas_coordinator_neither_sees_nor_sends_the_issue(sign_in, world, issue, reads, name):
    reads("virpi@example.org")
    client = sign_in(world.kerttu)
    assert client.get(step(issue, name)).status_code == 404
    assert client.post(step(issue, name)).status_code == 404
    issue.refresh_from_db()
    assert (issue.scheduled_at, Delivery.objects.count()) == (None, 0)


def test_the_other_areas_coordinator_sees_no_readers_lists_or_issues(sign_in, world, issue, reads):
    subscription = reads("virpi@example.org")
    client = sign_in(world.kerttu)
    for model in ["issue", "subscription", "mailinglist"]:
        page = client.get(reverse(f"admin:newsletters_{model}_changelist"))
        assert list(page.context["cl"].queryset) == []
        assert_not_leaked("Verkoston infokirje", page)
    for thing in [issue, subscription, issue.list]:
        assert client.get(change(thing)).status_code == 302
    assert list(client.get(reverse("admin:newsletters_issue_begin")).context["form"].fields["list"].queryset) == []


@pytest.mark.parametrize("who", ["aino", "niilo", "matti"])
@pytest.mark.parametrize("name", STEPS)
def test_members_have_no_desk(sign_in, world, issue, who, name):
    client = sign_in(getattr(world, who))
    assert client.post(step(issue, name)).status_code == 302
    assert client.get(step(issue, name))["Location"].startswith(reverse("admin:login"))


@pytest.mark.parametrize("name", STEPS)
def test_without_signing_in_there_is_no_desk(client, issue, name):
    assert client.get(step(issue, name))["Location"].startswith(reverse("admin:login"))
    assert client.post(step(issue, name)).status_code == 302
    issue.refresh_from_db()
    assert issue.scheduled_at is None


def test_ulla_runs_every_area(sign_in, world, issue):
    assert sign_in(world.ulla).get(change(issue)).status_code == 200
