"""The coordinator's straight path: written, looked at with other eyes, sent and taken back, followed, reported."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from meetings.models import Meeting
from networks.models import NewsItem, Question
from newsletters.admin.forms import aware, comes_twice
from newsletters.issues.prefill import fill, start_issue
from newsletters.issues.share_text import ready_text
from newsletters.models import Block, Issue
from newsletters.models.issue_queryset import IssueState
from newsletters.tasks import send_issues
from outbox.models import Delivery, Mailing
from tests.leaks import assert_not_leaked

LINK = "https://meet.example.org/iso-123"
HELSINKI = ZoneInfo("Europe/Helsinki")


def step(issue, name):
    return reverse(f"admin:newsletters_issue_{name}", args=[issue.pk])


@pytest.fixture
def desk(sign_in, world):
    return sign_in(world.kaisa)


def told(answer):
    return [message.level_tag for message in answer.context["messages"]]


# --- writing ---


def test_what_has_come_since_is_added_at_the_end_and_nothing_there_is_touched(desk, letters, meeting, world, now):
    issue = start_issue(letters, world.kaisa, now)
    issue.blocks.filter(kind=Block.TEXT).update(body_fi="<p>Oma</p>")
    before = list(issue.blocks.order_by("pk").values())
    NewsItem.objects.create(area=world.area, slug="u", title="Uutta", summary="-", published_at=timezone.now())
    desk.get(step(issue, "refresh"))
    assert issue.blocks.count() == 3
    desk.post(step(issue, "refresh"))
    desk.post(step(issue, "refresh"))
    assert list(issue.blocks.order_by("pk").values())[:3] == before
    assert [(block.kind, block.order) for block in issue.blocks.in_order()] == [
        ("text", 1),
        ("text", 2),
        ("meeting", 3),
        ("text", 4),
        ("news", 5),
    ]


def test_new_answers_for_everybody_are_told_too_and_only_once(letters, world, term, now):
    asked = {"area": world.area, "category": term("faq_categories", "yleista"), "answer": "Kyllä <b>voi</b>."}
    Question.objects.create(question="Voiko liittyä?", **asked)
    Question.objects.create(question="Vain verkostolle", network=world.closed, **asked)
    issue = start_issue(letters, world.kaisa, timezone.now())
    answer = issue.blocks.get(order=3)
    assert (answer.kind, answer.title_fi) == ("text", "Voiko liittyä?")
    assert answer.body_fi == "<p>Kyllä &lt;b&gt;voi&lt;/b&gt;.</p>"
    assert fill(issue, timezone.now()) == 0


def test_an_old_issue_is_copied_as_a_new_draft(desk, issue, reads, send, world):
    reads("virpi@example.org")
    send(issue)
    assert desk.get(step(issue, "copy")).status_code == 302
    assert Issue.objects.count() == 1
    desk.post(step(issue, "copy"))
    twin = Issue.objects.exclude(pk=issue.pk).get()
    assert (twin.number, twin.subject_sv, twin.author, twin.state) == (2, "Brev i januari", world.kaisa, "draft")
    assert [str(block) for block in twin.blocks.in_order()] == [str(block) for block in issue.blocks.in_order()]
    assert issue.blocks.count() == 2


def test_what_was_chosen_for_another_kind_is_let_go(desk, issue, meeting):
    block = issue.blocks.get(order=2)
    parts = {"TOTAL_FORMS": 1, "INITIAL_FORMS": 1, "0-id": block.pk, "0-order": 2, "0-kind": "text"}
    parts |= {"0-meeting": meeting.pk, "0-title_fi": "Nyt teksti"}
    typed = {"slug": issue.slug, "subject_fi": "x"} | {f"blocks-{name}": value for name, value in parts.items()}
    answer = desk.post(step(issue, "change"), typed | {"_preview": "x"})
    assert answer["Location"] == step(issue, "preview")
    block.refresh_from_db()
    assert (block.kind, block.meeting, block.title) == ("text", None, "Nyt teksti")


def test_nothing_typed_is_lost_when_something_is_wrong(desk, issue):
    block = issue.blocks.get(order=1)
    parts = {"TOTAL_FORMS": 2, "INITIAL_FORMS": 1, "0-id": block.pk, "0-order": 1, "0-kind": "text"}
    parts |= {"0-body_fi": "<p>Kirjoitin paljon</p>", "1-order": 2, "1-kind": "meeting", "1-title_fi": "Uusi otsikko"}
    typed = {"slug": issue.slug, "subject_fi": ""} | {f"blocks-{name}": value for name, value in parts.items()}
    page = desk.post(step(issue, "change"), typed).content.decode()
    assert "Kirjoitin paljon" in page and "Uusi otsikko" in page
    assert issue.blocks.count() == 2


def test_without_javascript_an_empty_block_is_asked_for_by_a_link(desk, issue):
    def forms(**asked):
        formset = desk.get(step(issue, "change"), asked).context["inline_admin_formsets"][0].formset
        return len(formset.forms)

    assert (forms(), forms(more=1), forms(more=99), forms(more="x")) == (2, 3, 7, 2)


# --- looking ---


def test_the_letter_is_seen_with_the_eyes_of_a_reader(desk, issue, reads, world, meeting):
    aino, virpi = reads("aino@example.org", "sv"), reads("virpi@example.org")
    page = desk.get(step(issue, "preview"), {"q": "AINO"})
    assert list(page.context["found"]) == [aino]
    as_aino = desk.get(step(issue, "preview"), {"reader": aino.pk})
    assert as_aino.context["letter"].subject == "Brev i januari"
    assert LINK in desk.get(step(issue, "letter"), {"reader": aino.pk}).content.decode()
    assert_not_leaked(LINK, desk.get(step(issue, "letter"), {"reader": virpi.pk}))


def test_a_reader_of_another_area_is_neither_found_nor_read_as(sign_in, issue, letters, reads, world):
    other = type(letters).objects.create(area=world.other_area, code="muu", name_fi="Muu")
    foreign = reads("aino@example.org", "sv", mailing_list=other)
    issue.also_to.add(other)
    page = sign_in(world.kaisa).get(step(issue, "preview"), {"reader": foreign.pk, "q": "aino"})
    assert (page.context["view"].reader, page.context["view"].language) == ("anyone", "fi")
    assert list(page.context["found"]) == []


@pytest.mark.parametrize("reader", ["x", "-1", "9" * 30, "²", "999999"])
def test_a_reader_that_is_none_shows_the_letter_of_anyone(desk, issue, reader):
    assert desk.get(step(issue, "preview"), {"reader": reader, "language": "xx"}).context["view"].reader == "anyone"


def test_the_letter_is_seen_at_night_and_as_text(desk, issue):
    night = desk.get(step(issue, "letter"), {"light": "dark"}).content.decode()
    assert "@media all" in night
    assert "@media not all" in desk.get(step(issue, "letter")).content.decode()
    text = desk.get(step(issue, "preview"), {"form": "text"})
    assert "<iframe" not in text.content.decode()
    assert "## Hei verkosto" in text.content.decode()


def test_the_test_goes_to_chosen_coordinators_of_the_area_only(desk, issue, world):
    world.area.appoint(world.niilo, on=timezone.localdate())
    form = desk.get(step(issue, "test")).context["form"]
    assert set(form.fields["people"].queryset) == {world.kaisa, world.niilo}
    desk.post(step(issue, "test"), {"people": [world.niilo.pk]})
    assert [letter.recipient for letter in Delivery.objects.all()] == ["niilo@example.org"]
    for wrong in [{"people": [world.aino.pk]}, {}]:
        assert desk.post(step(issue, "test"), wrong).status_code == 200
    assert Delivery.objects.count() == 1


# --- sending ---


def test_without_another_wish_it_leaves_in_five_minutes_and_can_be_taken_back(desk, issue, reads, now):
    reads("virpi@example.org")
    assert desk.get(step(issue, "send")).context["form"]["when"].value() == "soon"
    desk.post(step(issue, "send"), {"when": "soon"})
    issue.refresh_from_db()
    assert timedelta(minutes=4) < issue.scheduled_at - now < timedelta(minutes=6)
    send_issues()
    page = desk.get(step(issue, "progress"))
    assert (page.context["state"], Delivery.objects.count()) == ("waiting", 0)
    assert 0 < page.context["left"].total_seconds() <= 300
    desk.post(step(issue, "cancel"))
    issue.refresh_from_db()
    assert issue.state == IssueState.DRAFT


@pytest.mark.parametrize(
    "text, fine", [("2027-03-28T03:30", False), ("2027-03-28T04:00", True), ("2027-10-31T03:30", True)]
)
def test_an_hour_that_the_clocks_leave_out_is_refused_in_words(text, fine):
    naive = datetime.fromisoformat(text)
    if fine:
        assert aware(naive) == naive.replace(tzinfo=HELSINKI, fold=0)
    else:
        with pytest.raises(ValidationError):
            aware(naive)


def test_an_hour_that_comes_twice_is_the_first_and_is_said(desk, issue, reads):
    reads("virpi@example.org")
    assert comes_twice(aware(datetime(2027, 10, 31, 3, 30)))
    assert not comes_twice(aware(datetime(2027, 10, 31, 4, 30)))
    answer = desk.post(step(issue, "send"), {"when": "later", "at": "2027-10-31T03:30"}, follow=True)
    issue.refresh_from_db()
    assert f"{issue.scheduled_at:%H:%M %z}" == "00:30 +0000"
    assert len(list(answer.context["messages"])) == 1


@pytest.mark.parametrize("at", ["", "eilen", "2027-03-28T03:30", "0001-01-01T00:00", "2020-01-01T10:00"])
def test_a_time_that_cannot_be_is_refused_at_its_box(desk, issue, reads, at):
    reads("virpi@example.org")
    answer = desk.post(step(issue, "send"), {"when": "later", "at": at})
    assert list(answer.context["form"].errors) == ["at"]
    issue.refresh_from_db()
    assert issue.scheduled_at is None


def test_the_page_before_sending_asks_as_much_for_many_readers_as_for_one(desk, issue, reads):
    def queries():
        with CaptureQueriesContext(connection) as asked:
            assert desk.get(step(issue, "send")).status_code == 200
        return len(asked)

    reads("reader@example.org")
    queries()
    few = queries()
    for number in range(60):
        reads(f"reader{number}@example.org", ["fi", "fi"][number % 2])
    assert queries() == few
    assert len(desk.get(step(issue, "send")).context["recipients"]) == 50
    assert len(desk.get(step(issue, "send"), {"page": 2}).context["recipients"]) == 11


# --- on its way ---


@pytest.fixture
def on_its_way(issue, reads, send):
    for number in range(4):
        reads(f"reader{number}@example.org", ["fi", "sv"][number % 2])
    return send(issue)


def test_it_is_paused_let_go_on_and_stopped_with_what_has_left_said(desk, on_its_way, now):
    first = on_its_way.mailing.deliveries.order_by("pk").first()
    first.mark_sent(now)
    page = desk.get(step(on_its_way, "progress"))
    assert (page.context["state"], page.context["done"], page.context["ahead"]) == ("sending", 1, 3)
    for name in ["pause", "resume", "stop"]:
        desk.get(step(on_its_way, name))
    assert desk.get(step(on_its_way, "progress")).context["state"] == "sending"
    desk.post(step(on_its_way, "pause"))
    assert desk.get(step(on_its_way, "progress")).context["state"] == "paused"
    assert told(desk.post(step(on_its_way, "pause"), follow=True)) == ["warning"]
    desk.post(step(on_its_way, "resume"))
    assert desk.get(step(on_its_way, "progress")).context["state"] == "sending"
    question = desk.get(step(on_its_way, "stop")).context["question"]
    assert "1" in question and "3" in question
    desk.post(step(on_its_way, "stop"))
    assert desk.get(step(on_its_way, "progress")).context["state"] == "stopped"
    assert Delivery.objects.in_state("cancelled").count() == 3


def test_the_live_part_asks_for_itself_until_it_is_over(desk, on_its_way, now):
    live = desk.get(step(on_its_way, "progress"), headers={"HX-Request": "true"})
    assert b"<html" not in live.content and b"every 2s" in live.content
    for letter in on_its_way.mailing.deliveries.all():
        letter.mark_sent(now)
    Mailing.objects.all().finish(now)
    over = desk.get(step(on_its_way, "progress"), headers={"HX-Request": "true"})
    assert (over.context["state"], over.context["done"]) == ("sent", 4)
    assert b"every 2s" not in over.content


def test_why_the_pump_paused_by_itself_is_shown(desk, on_its_way, now):
    on_its_way.mailing.pause(now, "Postipalvelin ei vastaa.")
    assert "Postipalvelin ei vastaa." in desk.get(step(on_its_way, "progress")).content.decode()


def test_the_list_of_issues_tells_and_finds_each_state(desk, on_its_way, letters, now):
    Issue.objects.create(list=letters, number=2, slug="luonnos", subject_fi="Luonnos")
    Issue.objects.create(list=letters, number=3, slug="odottaa", subject_fi="Odottaa", scheduled_at=now)
    old = Issue.objects.create(list=letters, number=4, slug="vanha", subject_fi="Vanha", addressed_at=now)

    def found(state):
        page = desk.get(reverse("admin:newsletters_issue_changelist"), {"state": state})
        return [issue.number for issue in page.context["cl"].queryset.order_by("number")]

    assert [found(state) for state in ["draft", "waiting", "sending", "sent"]] == [[2], [3], [1], [4]]
    on_its_way.mailing.pause(now)
    assert (found("paused"), found("sending")) == ([1], [])
    on_its_way.mailing.stop(now)
    assert (found("stopped"), found("paused")) == ([1], [])
    assert old.state == IssueState.SENT
    assert sorted(Issue.objects.in_hand().values_list("number", flat=True)) == [2, 3]


# --- the report ---


def test_the_report_tells_what_became_of_the_letters_and_why(desk, on_its_way, now):
    rows = list(on_its_way.mailing.deliveries.order_by("recipient"))
    rows[0].mark_sent(now)
    rows[1].mark_sent(now)
    rows[1]._meta.model.objects.filter(pk=rows[1].pk).update(bounced_at=now)
    rows[2]._meta.model.objects.filter(pk=rows[2].pk).update(failed_at=now, last_error="550 5.1.1 no such user")
    on_its_way.list.subscriptions.of("reader0@example.org").end(timezone.now())
    page = desk.get(step(on_its_way, "report")).context
    assert page["total"] == 4
    assert [row[1:] for row in page["by_language"]] == [(2, 1), (2, 0)]
    assert [letter.recipient[:7] for letter in page["missing"]] == ["reader1", "reader2", "reader3"]
    assert [number for _words, number in page["reasons"]] == [1]
    assert page["left_since"] == 1


def test_different_answers_of_one_cause_are_one_reason_in_the_report(desk, on_its_way, now):
    answers = ["550 5.1.1 no such user", "550 unknown user (id 7f3a)", "552 mailbox full"]
    for row, answer in zip(on_its_way.mailing.deliveries.order_by("recipient"), answers, strict=False):
        Delivery.objects.filter(pk=row.pk).update(failed_at=now, last_error=answer)
    page = desk.get(step(on_its_way, "report")).context
    assert page["reasons"] == [("Osoitetta ei ole olemassa.", 2), ("Postilaatikko on täynnä.", 1)]


def test_the_table_to_download_holds_no_formula(desk, on_its_way):
    Delivery.objects.filter(recipient="reader0@example.org").update(recipient="=cmd@example.org", last_error="+1")
    answer = desk.get(step(on_its_way, "download"))
    lines = b"".join(answer.streaming_content).decode().splitlines()
    assert len(lines) == 5
    assert lines[0].startswith("\ufeff")
    assert any(line.startswith("'=cmd@example.org;") for line in lines)
    assert answer["Content-Type"] == "text/csv; charset=utf-8"


def test_an_issue_that_was_not_sent_has_no_report(desk, issue):
    for name in ["report", "download"]:
        assert desk.get(step(issue, name))["Location"] == step(issue, "change")


# --- words for elsewhere ---


def test_the_words_for_everybody_hold_no_joining_link_and_nothing_for_members(desk, issue, meeting, now):
    public = ready_text(issue, "fi", False, now)
    assert "Hei verkosto" in public and meeting.get_absolute_url() in public
    assert_not_leaked(LINK, public)
    assert LINK in ready_text(issue, "fi", True, now)
    Meeting.objects.update(visibility=Meeting.MEMBERS)
    assert_not_leaked(meeting.title, ready_text(issue, "fi", False, now))
    assert meeting.title in ready_text(issue, "fi", True, now)
    Meeting.objects.update(visibility=Meeting.NETWORK)
    assert_not_leaked(meeting.title, ready_text(issue, "fi", True, now))
    page = desk.get(step(issue, "share"), {"for": "members", "language": "sv"})
    assert (page.context["for_members"], page.context["language"]) == (True, "sv")
    assert page.context["text"].startswith("Brev i januari")


def test_a_networks_own_list_may_tell_of_its_own_meeting(issue, meeting, letters, world, now):
    Meeting.objects.update(visibility=Meeting.NETWORK)
    type(letters).objects.update(network=world.iso)
    issue = Issue.objects.get(pk=issue.pk)
    assert LINK in ready_text(issue, "fi", True, now)
    meeting.cancel(now)
    assert_not_leaked(LINK, ready_text(Issue.objects.get(pk=issue.pk), "fi", True, now))
