"""Answers of calendars that name several people, nobody clearly, or no answer: none vanishes, each can be acted on."""

from base64 import b64encode
from email import message_from_bytes
from pathlib import Path

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from meetings.invitations import emails
from meetings.models import Letter, Participation
from outbox.models import Delivery, InboundMessage
from outbox.tasks import send_queued
from tests.leaks import assert_not_leaked
from tests.meetings.calendar.test_replies import PROVEN, aino, calendar, letter

DATA = Path(__file__).parent / "data"


def handed(name, meeting):
    """A letter as it came in, about a meeting of ours."""
    message = message_from_bytes((DATA / f"{name}.eml").read_bytes())
    for part in message.walk():
        if part.get_content_type() == "text/calendar":
            text = part.get_payload(decode=True).decode()
            uid = next(line for line in text.splitlines() if line.startswith("UID:"))
            del part["Content-Transfer-Encoding"]
            part.set_payload(text.replace(uid, f"UID:{meeting.uid}"), "utf-8")
    return bytes(message)


@pytest.fixture
def desk(sign_in, world):
    """desk(answer, button) presses a button on the answer's page and gives the words of the next one."""

    def press(answer, button):
        client = sign_in(world.kaisa)
        page = reverse("admin:meetings_calendaranswer_change", args=[answer.pk])
        assert f'name="{button}"' in client.get(page).text
        shown = client.post(page, {button: "1"}, follow=True)
        answer.refresh_from_db()
        return [str(message) for message in shown.context["messages"]]

    return press


@pytest.fixture
def server(settings):
    """The name by which the box of the handed letters signs."""
    settings.AUTHSERV_ID = "mx.portal.test"


@pytest.fixture
def guest(meeting, world):
    """guest(address) is on the list by hand and invited."""

    def listed(address):
        row = Participation(meeting=meeting, email=address)
        row.list_as_guest(timezone.now())
        return row

    return listed


def test_an_address_in_the_name_of_another_person_answers_for_nobody(meeting, guest, post, server):
    """Real use 9."""
    good = guest("good@remote.test")
    kept = post(handed("spoof_display_name", meeting))
    good.refresh_from_db()
    assert (kept.fate, kept.sender, kept.is_surely_theirs) == ("waits", "mallory@remote.test", False)
    assert good.answer == ""


def test_the_server_of_microsoft_365_is_believed_by_a_setting(meeting, guest, post, settings):
    """Real use 21."""
    settings.AUTHSERV_ID = ""
    fwd = guest("fwd@remote.test")
    assert post(handed("reply_12_m365_no_authserv_id", meeting)).fate == "waits"
    settings.AUTHENTICATION_RESULTS_WITHOUT_ID = True
    raw = handed("reply_12_m365_no_authserv_id", meeting)
    assert post(raw.replace(b"Subject: Accepted", b"Subject: Accepted again")).fate == "taken"
    fwd.refresh_from_db()
    assert fwd.answer == "yes"


def test_whoever_sends_somebody_else_says_no_and_the_other_is_put_on_the_list(meeting, guest, post, server, desk):
    """Real use 20."""
    delegator = guest("deleg@remote.test")
    kept = post(handed("reply_05_delegator", meeting))
    assert (kept.fate, kept.attendee, kept.delegate) == ("waits", "deleg@remote.test", "sijainen@remote.test")
    desk(kept, "delegate")
    delegator.refresh_from_db()
    instead = meeting.participations.get(email="sijainen@remote.test")
    assert (kept.fate, delegator.answer, instead.is_guest, instead.answer) == ("delegated", "no", True, "")
    later = post(handed("reply_06_delegate_two_attendees", meeting))
    instead.refresh_from_db()
    assert (later.fate, instead.answer) == ("taken", "yes")


def test_whoever_comes_instead_is_put_on_the_list_with_the_answer(meeting, guest, post, server, desk):
    """Real use 20: two ATTENDEEs, the sender first; the delegator had not answered."""
    delegator = guest("deleg@remote.test")
    kept = post(handed("reply_06_delegate_two_attendees", meeting))
    assert (kept.fate, kept.attendee, kept.delegator) == ("waits", "sijainen@remote.test", "deleg@remote.test")
    assert desk(kept, "guest") == ["sijainen@remote.test on nyt luettelossa."]
    delegator.refresh_from_db()
    assert (kept.fate, delegator.answer) == ("added", "no")
    assert meeting.participations.get(email="sijainen@remote.test").answer == "yes"


def test_neither_yes_nor_no_is_shown_and_can_be_put_aside(meeting, guest, post, server, desk):
    """Real use 20."""
    guest("hidas@grey.test")
    kept = post(handed("reply_15_needs_action", meeting))
    assert (kept.fate, kept.answer) == ("waits", "")
    desk(kept, "aside")
    assert kept.fate == "dismissed"


ORGANISER = "ATTENDEE;PARTSTAT=ACCEPTED:mailto:verkosto@example.org"


@pytest.mark.parametrize("method", ["REPLY", "COUNTER"])
def test_the_organiser_among_the_attendees_is_not_who_answers(meeting, world, post, method):
    """Real use 20: Google names the organiser first."""
    text = calendar(meeting, "DECLINED", method=method, extra=["DTSTART:20270121T110000Z"])
    kept = post(letter(text.replace("ATTENDEE;", f"{ORGANISER}\r\nATTENDEE;", 1)))
    assert (kept.attendee, kept.participation) == ("aino@example.org", aino(meeting, world))
    assert kept.fate == ("taken" if method == "REPLY" else "note")


def test_an_event_of_another_house_before_ours_hides_nothing(meeting, world, post):
    """Real use 20."""
    text = calendar(meeting)
    first, rest = text.split("BEGIN:VEVENT", 1)
    other = "BEGIN:VEVENT" + rest.split("END:VEVENT")[0].replace(meeting.uid, "muu@example.net") + "END:VEVENT\r\n"
    assert post(letter(f"{first}{other}BEGIN:VEVENT{rest}")).fate == "taken"
    assert aino(meeting, world).answer == "yes"


@pytest.mark.parametrize(
    "attendee",
    [
        'ATTENDEE;PARTSTAT=ACCEPTED;EMAIL="aino@example.org":urn:uuid:2e3f0a52-1111-4222-8333-000000000001',
        "ATTENDEE;PARTSTAT=ACCEPTED;EMAIL=Aino@example.org:/principals/__uids__/1/",
        "ATTENDEE;PARTSTAT=ACCEPTED;EMAIL=aino@example.org:invalid:nomail",
        "ATTENDEE;PARTSTAT=accepted:MAILTO:aino@example.org",
        "ATTENDEE;PARTSTAT=ACCEPTED:aino@example.org",
    ],
)
def test_people_are_known_by_their_address_however_a_calendar_names_them(meeting, world, post, attendee):
    """Real use 20."""
    text = calendar(meeting).replace("ATTENDEE;PARTSTAT=ACCEPTED;CN=Aino:mailto:aino@example.org", attendee)
    assert post(letter(text)).fate == "taken"


def test_an_attendee_without_any_address_waits(meeting, post):
    """Real use 20."""
    text = calendar(meeting).replace("mailto:aino@example.org", "urn:uuid:2e3f0a52-1111-4222-8333-000000000001")
    kept = post(letter(text))
    assert (kept.fate, kept.meeting, kept.attendee) == ("waits", meeting, "")


def test_the_method_of_the_part_counts_when_the_file_names_none(meeting, world, post):
    """Real use 20."""
    assert post(letter(calendar(meeting).replace("METHOD:REPLY\r\n", ""))).fate == "taken"


def test_a_calendar_that_asks_for_the_newest_entry_gets_it_by_one_button(meeting, world, post, desk):
    """Real use 20: REFRESH (RFC 5546, 3.2.6)."""
    kept = post(letter(calendar(meeting, "NEEDS-ACTION", method="REFRESH")))
    assert (kept.fate, kept.method) == ("waits", "REFRESH")
    desk(kept, "again")
    send_queued()
    assert kept.fate == "sent"
    assert "METHOD:REQUEST" in calendar_of(mail.outbox[-1])


def calendar_of(sent):
    parts = message_from_bytes(sent.message().as_bytes()).walk()
    return next(part.get_payload(decode=True).decode() for part in parts if part.get_content_type() == "text/calendar")


TNEF = b"\x78\x9f\x3e\x22\x01\x00IPM.Microsoft Schedule.MtgRespN\0\0vCal-Uid\x01\x00\x00\x00%s\0\0"


def winmail(meeting, uid=True, extra=""):
    body = b64encode(TNEF % (meeting.uid.encode() if uid else b"")).decode()
    return (
        f"Authentication-Results: {PROVEN}\r\nFrom: Aino <aino@example.org>\r\nTo: verkosto@example.org\r\n{extra}"
        "Subject: Declined\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
        "--b\r\nContent-Type: text/plain\r\n\r\nEn tule.\r\n--b\r\n"
        "Content-Type: application/ms-tnef; name=winmail.dat\r\n"
        f"Content-Transfer-Encoding: base64\r\n\r\n{body}\r\n--b--\r\n"
    ).encode()


def test_an_answer_in_winmail_dat_waits_and_can_be_accepted(meeting, world, post, desk):
    """Real use 20."""
    kept = post(winmail(meeting))
    assert (kept.fate, kept.meeting, kept.answer, kept.is_surely_theirs) == ("waits", meeting, "no", False)
    assert desk(kept, "accept") == ["Vastaus kirjattiin."]
    own = aino(meeting, world)
    assert (own.answer, own.is_answer_current) == ("no", True)


def test_an_answer_that_names_no_meeting_is_of_the_one_whose_letter_it_answers(meeting, world, post):
    """Real use 20."""
    sent = emails.invitation(aino(meeting, world))
    sent.refresh_from_db()
    kept = post(winmail(meeting, uid=False, extra=f"In-Reply-To: {sent.message_id}\r\n"))
    assert (kept.fate, kept.meeting) == ("waits", meeting)


def test_an_answer_to_no_meeting_of_ours_is_read_by_a_person(meeting, world, post, sign_in):
    """Real use 20: nothing vanishes."""
    post(letter(calendar(meeting).replace(meeting.uid, "muu@example.net")))
    assert [message.pk for message in InboundMessage.objects.unhandled().run_by(world.kaisa)] == [
        InboundMessage.objects.get().pk
    ]


def test_a_crowd_of_people_of_whom_none_says_anything_is_read_by_a_person(meeting, world, post):
    """Real use 20."""
    text = calendar(meeting).replace(";PARTSTAT=ACCEPTED", "")
    assert post(letter(text.replace("ATTENDEE;", f"{ORGANISER.replace(';PARTSTAT=ACCEPTED', '')}\r\nATTENDEE;", 1)))
    assert InboundMessage.objects.unhandled().count() == 1


# --- what the coordinator does ---


@pytest.fixture
def proposal(meeting, post):
    text = calendar(meeting, "TENTATIVE", method="COUNTER", extra=["DTSTART:20270121T110000Z", "DURATION:PT1H"])
    return post(letter(text))


def test_the_meeting_moves_to_the_proposed_time(meeting, proposal, desk):
    """Real use 20."""
    desk(proposal, "move")
    meeting.refresh_from_db()
    assert (proposal.fate, meeting.sequence) == ("moved", 1)
    assert (f"{meeting.starts_at:%d.%m.%Y %H:%M}", f"{meeting.ends_at:%H:%M}") == ("21.01.2027 11:00", "12:00")


def test_a_declined_proposal_is_a_letter_that_the_calendar_understands(meeting, world, proposal, desk):
    """Real use 20: DECLINECOUNTER (RFC 5546, 3.2.8); a later cancellation still takes the entry out."""
    emails.invitation(aino(meeting, world))
    send_queued()
    assert desk(proposal, "decline") == ["Aino Jäsen saa viestin: aika pysyy ennallaan."]
    send_queued()
    declined = Delivery.objects.get(kind="meeting-proposal-declined")
    assert (proposal.fate, declined.calendar_method) == ("declined", "DECLINECOUNTER")
    entry = calendar_of(mail.outbox[-1])
    assert ("METHOD:DECLINECOUNTER" in entry, f"UID:{meeting.uid}" in entry) == (True, True)
    assert emails.is_in_calendar(aino(meeting, world))
    assert Letter.objects.filter(kind="meeting-proposal-declined").count() == 1


@pytest.mark.parametrize(
    ("method", "button"), [("REPLY", "accept"), ("COUNTER", "move"), ("COUNTER", "decline"), ("REFRESH", "again")]
)
def test_every_button_tells_the_truth_when_the_meeting_has_been_cancelled(meeting, world, post, desk, method, button):
    """Real use 20: "1 answer was taken" was said of an answer that did not count."""
    text = calendar(meeting, method=method, extra=["DTSTART:20270121T110000Z"])
    kept = post(letter(text, results=""))
    meeting.cancel(timezone.now(), notify=False)
    [words] = desk(kept, button)
    assert "Tapaaminen on peruttu." in words
    assert aino(meeting, world).answer == ""
    assert kept.fate == ("closed" if button == "accept" else "note" if method == "COUNTER" else "waits")


def test_the_action_for_several_tells_the_truth_too(meeting, world, post, sign_in):
    """Real use 20."""
    kept = post(letter(calendar(meeting), results=""))
    meeting.cancel(timezone.now(), notify=False)
    page = reverse("admin:meetings_calendaranswer_changelist")
    shown = sign_in(world.kaisa).post(page, {"action": "accept", "_selected_action": [kept.pk]}, follow=True)
    assert [str(message) for message in shown.context["messages"]] == [
        "Henkilön Aino Jäsen vastausta ei lasketa: Tapaaminen on peruttu."
    ]


def test_a_second_coordinator_learns_that_it_is_settled(meeting, post, desk, sign_in, world):
    kept = post(letter(calendar(meeting), results=""))
    desk(kept, "accept")
    page = reverse("admin:meetings_calendaranswer_change", args=[kept.pk])
    shown = sign_in(world.kaisa).post(page, {"guest": "1"}, follow=True)
    assert "jo päätetty" in str(next(iter(shown.context["messages"])))


def test_the_answers_of_another_area_have_no_page(meeting, post, sign_in, world):
    kept = post(letter(calendar(meeting), results=""))
    page = reverse("admin:meetings_calendaranswer_change", args=[kept.pk])
    assert sign_in(world.kerttu).post(page, {"accept": "1"}).status_code == 302
    kept.refresh_from_db()
    assert kept.is_waiting
    assert_not_leaked("aino@example.org", sign_in(world.kerttu).get(page, follow=True))


# --- what letters say of it ---


@pytest.mark.parametrize("answered", [True, False])
def test_letters_say_whether_answers_in_calendars_reach_us(meeting, world, settings, answered):
    """Real use 20: in every template, as text and with layout."""
    settings.INBOX_URL = "imap+tls://u:p@mx.example.org/INBOX" if answered else ""
    settings.INBOUND_SECRET = ""
    row = aino(meeting, world)
    letters = [
        emails.invitation(row),
        emails.update(row),
        emails.decline_proposal(row, "", "1"),
        *several(meeting, row),
    ]
    yes, no = "Voit vastata myös kalenterissasi", "pelkkä vastaus kalenterissa ei päädy"
    for each in letters:
        for words in (each.text, each.html):
            assert ((yes in words), (no in words)) == (answered, not answered), each.kind


def several(meeting, row):
    from meetings.invitations.combined_email import Notice, combined_letter

    other = meeting.copy_to(meeting.starts_at, timezone.now())
    other.publish(timezone.now())
    second = other.participations.get(user=row.user)
    notices = [Notice(each, emails.INVITATION, "REQUEST") for each in (row, second)]
    return [combined_letter(notices)]
