"""An issue on its way: prefilled, addressed once, each reader's own letter, and what the archive shows."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from contacts.models import ContactCard, User
from meetings.models import Meeting, Participation
from newsletters.issues import mailing
from newsletters.issues.audience import Audience
from newsletters.issues.prefill import start_issue
from newsletters.models import Block, Issue, MailingList, Subscription
from newsletters.models.issue import AlreadySent, NothingToSend, NotScheduled
from newsletters.tasks import send_issues
from outbox.message.builder import raw
from outbox.models import Delivery
from tests.leaks import assert_not_leaked, is_leaked

LINK = "https://meet.example.org/iso-123"


def letters_sent():
    return [row.as_letter() for row in Delivery.objects.filter(kind="newsletter")]


def letter_to(email):
    return Delivery.objects.get(kind="newsletter", recipient=email).as_letter()


# --- writing ---


def test_a_new_issue_begins_with_what_is_coming_and_what_is_new(letters, meeting, news, method, world, now):
    Meeting.objects.create(
        area=world.area,
        slug="luonnos",
        title="Luonnos",
        summary="-",
        kind=meeting.kind,
        starts_at=now + timedelta(days=3),
        ends_at=now + timedelta(days=3, hours=1),
    )
    issue = start_issue(letters, author=world.kaisa, now=now)
    assert (issue.number, issue.slug, issue.subject_fi) == (1, "keski-suomi-infokirje-1", "Verkoston infokirje 1")
    told = [(block.kind, block.thing) for block in issue.blocks.in_order() if not block.is_heading]
    assert told == [("text", None), ("meeting", meeting), ("news", news), ("method", method)]


def test_the_next_issue_leaves_out_what_the_last_one_told(letters, meeting, news, method, reads, send, world, now):
    reads("virpi@example.org")
    send(start_issue(letters, author=world.kaisa, now=now))
    issue = start_issue(letters, author=world.kaisa, now=now + timedelta(days=1))
    assert [block.kind for block in issue.blocks.in_order()] == ["text", "text", "meeting"]
    assert issue.number == 2


def test_an_issue_without_blocks_is_not_sent(letters, now):
    issue = Issue.objects.create(list=letters, number=1, slug="tyhja", subject_fi="Tyhjä")
    with pytest.raises(NothingToSend):
        issue.schedule(now)


# --- sending ---


def test_the_round_writes_one_letter_for_each_reader_and_no_second_one(issue, reads, send, letters, now):
    for email in ["virpi@example.org", "aino@example.org"]:
        reads(email)
    Subscription.objects.create(list=letters, email="unconfirmed@example.org", requested_at=now)
    reads("gone@example.org").leave(now)
    send(issue)
    send_issues()
    assert sorted(Delivery.objects.values_list("recipient", flat=True)) == ["aino@example.org", "virpi@example.org"]
    assert mailing.send(issue, timezone.now()) == 0
    assert issue.progress()["total"] == 2


def test_an_issue_waits_for_its_time(issue, reads, now):
    reads("virpi@example.org")
    issue.schedule(now + timedelta(hours=1))
    send_issues()
    assert Delivery.objects.count() == 0
    assert list(Issue.objects.due(now + timedelta(hours=1))) == [issue]


def test_an_issue_can_be_taken_back_while_it_waits_and_sent_anew(issue, reads, now):
    reads("virpi@example.org")
    issue.schedule(now)
    issue.cancel(now)
    send_issues()
    assert Delivery.objects.count() == 0
    issue.schedule(now)
    send_issues()
    assert Delivery.objects.count() == 1


def test_what_was_sent_is_neither_cancelled_nor_sent_again(issue, reads, send, now):
    reads("virpi@example.org")
    send(issue)
    with pytest.raises(NotScheduled):
        issue.cancel(now)
    with pytest.raises(AlreadySent):
        issue.schedule(now)


def test_the_letter_carries_what_mail_programs_need(issue, reads, send, world, term):
    ContactCard.objects.create(
        area=world.area, role=term("contact_roles", "aluekoordinaattori"), name="Kaisa", email="kaisa@example.org"
    )
    reads("virpi@example.org")
    send(issue)
    letter = letter_to("virpi@example.org")
    address = letter.headers["List-Unsubscribe"]
    assert letter.headers == {
        "List-Id": "<infokirje.keski-suomi.127.0.0.1>",
        "List-Unsubscribe": address,
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "List-Archive": "<http://127.0.0.1:8000" + reverse("newsletters:issue-detail", args=[issue.slug]) + ">",
        "Precedence": "bulk",
        "Auto-Submitted": "auto-generated",
    }
    assert address.startswith("<http://127.0.0.1:8000/") and address.endswith("/>")
    assert address.strip("<>") in letter.text and address.strip("<>") in letter.html
    assert letter.reply_to == ("kaisa@example.org",)
    assert letter.subject == "Tammikuun infokirje"
    assert "Uusi vuosi alkaa." in letter.text
    assert "<p>Uusi <strong>vuosi</strong> alkaa.</p>" in letter.html
    assert "slot" not in letter.text + letter.html
    assert len(letter.html.encode()) < 100_000
    assert "<img" not in letter.html


def test_each_reader_reads_in_the_own_language_with_finnish_where_words_are_missing(issue, reads, send):
    reads("virpi@example.org", "fi")
    reads("britta@example.org", "sv")
    reads("john@example.org", "en")
    send(issue)
    subjects = {letter.recipient: letter.subject for letter in Delivery.objects.all()}
    assert subjects == {
        "virpi@example.org": "Tammikuun infokirje",
        "britta@example.org": "Brev i januari",
        "john@example.org": "Tammikuun infokirje",
    }
    assert "/sv/" in letter_to("britta@example.org").headers["List-Unsubscribe"]


def test_the_join_link_is_only_for_those_who_would_see_it_on_the_site(issue, reads, send, world, meeting, now):
    guest = User.objects.create_user("vieras@example.org", name="Vieras")
    guest.emailaddress_set.create(email=guest.email, verified=True, primary=True)
    Participation.objects.create(meeting=meeting, user=guest, is_guest=True, added_at=now)
    unproved = User.objects.create_user("unproved@example.org")
    world.iso.take_in(unproved, now=now)
    unproved.emailaddress_set.create(email=unproved.email, verified=False, primary=True)
    people = [world.kaisa, world.aino, world.matti, world.niilo, world.eetu, world.kerttu, world.ulla, guest]
    for email in ["virpi@example.org", "vaino@example.org", "unproved@example.org", *(p.email for p in people)]:
        reads(email)
    send(issue)
    linked = {letter.recipient for letter in letters_sent() if is_leaked(LINK, letter.text)}
    assert linked == {letter.recipient for letter in letters_sent() if is_leaked(LINK, letter.html)}
    assert linked == {letter.recipient for letter in letters_sent() if is_leaked(LINK, raw(letter))}
    assert linked == {p.email for p in [world.kaisa, world.aino, world.matti, world.ulla, guest]}
    assert linked == {p.email for p in people if meeting.may_see_link(p)}


@pytest.mark.parametrize("visibility", [Meeting.PUBLIC, Meeting.MEMBERS, Meeting.NETWORK])
def test_a_reader_is_told_of_a_meeting_exactly_when_the_site_shows_it(issue, meeting, world, visibility, now):
    Meeting.objects.filter(pk=meeting.pk).update(visibility=visibility)
    audience = Audience(issue, now)
    block = issue.blocks.get(meeting=meeting).pk
    for person in [world.kaisa, world.aino, world.matti, world.niilo, world.eetu, world.kerttu, world.ulla]:
        person.forget_answers()
        on_site = Meeting.objects.visible_to(person).filter(pk=meeting.pk).exists()
        assert (block in audience.share_of(person.pk).blocks) == on_site, person
    on_site = Meeting.objects.visible_to(AnonymousUser()).filter(pk=meeting.pk).exists()
    assert (block in audience.share_of(None).blocks) == on_site


def test_news_for_members_reaches_members_only(issue, news, reads, send, world):
    type(news).objects.update(visibility="members")
    issue.blocks.create(order=3, kind=Block.NEWS, news=news)
    for email in ["virpi@example.org", "aino@example.org", "eetu@example.org"]:
        reads(email)
    send(issue)
    told = {letter.recipient for letter in letters_sent() if is_leaked(news.title, raw(letter))}
    assert told == {"aino@example.org"}


def test_a_cancelled_meeting_is_told_as_cancelled_and_without_its_link(issue, meeting, reads, send, now):
    meeting.cancel(now)
    reads("aino@example.org")
    send(issue)
    assert_not_leaked(LINK, raw(letter_to("aino@example.org")))


def test_two_hundred_readers_cost_as_many_queries_as_ten(issue, letters, reads, now):
    def queries_for(some):
        Subscription.objects.all().delete()
        for number in range(some):
            reads(f"reader{number}@example.org", ["fi", "sv"][number % 2])
        Delivery.objects.all().delete()
        Issue.objects.filter(pk=issue.pk).update(scheduled_at=now, addressed_at=None)
        issue.refresh_from_db()
        with CaptureQueriesContext(connection) as queries:
            assert mailing.send(issue, now) == some
        return len(queries)

    queries_for(1)
    assert queries_for(10) == queries_for(200)


def test_one_unusable_address_does_not_keep_the_others_from_reading(issue, reads, send):
    reads("virpi@example.org")
    reads("no address at all")
    send(issue)
    assert {letter.recipient: letter.state for letter in Delivery.objects.all()} == {
        "virpi@example.org": "waiting",
        "no address at all": "failed",
    }


def test_readers_of_two_lists_get_each_lists_issue_once(issue, reads, send, world):
    other = MailingList.objects.create(area=world.area, code="koulutus", name_fi="Koulutuskalenteri")
    reads("virpi@example.org")
    reads("virpi@example.org", mailing_list=other)
    send(issue)
    assert Delivery.objects.count() == 1


# --- the archive ---


def test_the_archive_shows_sent_issues_of_public_lists_without_links_and_names(client, issue, reads, send, world):
    reads("virpi@example.org")
    hidden = MailingList.objects.create(area=world.area, code="ministerio", name_fi="Ministeriö", is_public=False)
    private = Issue.objects.create(list=hidden, number=1, slug="salainen", subject_fi="Salainen")
    private.blocks.create(order=1, body_fi="<p>Vain ministeriölle.</p>")
    draft = Issue.objects.create(list=issue.list, number=2, slug="luonnos", subject_fi="Luonnos")
    send(issue)
    send(private)
    assert list(client.get(reverse("newsletters:issue-list")).context["page"]) == [issue]
    page = client.get(issue.get_absolute_url())
    assert page.status_code == 200
    assert "ISO-verkoston tapaaminen" in page.content.decode()
    assert_not_leaked(LINK, page)
    assert_not_leaked("virpi", page)
    for closed in [private, draft]:
        assert client.get(closed.get_absolute_url()).status_code == 404


def test_the_archive_keeps_the_link_from_members_too(sign_in, issue, reads, send, world):
    reads("aino@example.org")
    send(issue)
    assert_not_leaked(LINK, sign_in(world.aino).get(issue.get_absolute_url()))


def test_the_archive_leaves_out_what_is_for_members(client, issue, meeting, reads, send):
    Meeting.objects.update(visibility=Meeting.MEMBERS)
    reads("virpi@example.org")
    send(issue)
    assert_not_leaked(meeting.title, client.get(issue.get_absolute_url()))


def test_the_archive_asks_as_much_for_one_issue_as_for_twenty(client, letters, now):
    def queries():
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse("newsletters:issue-list"))
        return len(asked)

    Issue.objects.create(list=letters, number=1, slug="n1", subject_fi="1", addressed_at=now)
    queries()
    one = queries()
    for number in range(2, 20):
        Issue.objects.create(list=letters, number=number, slug=f"n{number}", subject_fi="x", addressed_at=now)
    assert queries() == one
