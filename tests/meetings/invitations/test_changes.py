"""Word of a change says what changed, lies beside the earlier letters, and reaches whoever said to come."""

from datetime import timedelta
from email.header import decode_header, make_header

import pytest
from django.urls import reverse
from django.utils import timezone

from lib.text.dates import format_period
from meetings.calendar.event_of_meeting import event_of
from meetings.models import InvitationOptOut, Meeting, Participation
from outbox.models import Delivery
from tests.leaks import assert_not_leaked
from tests.meetings.conftest import CANARY, calendar_of, text_of
from tests.meetings.test_desk import change_url, step_url, typed


@pytest.fixture
def kaisa(client, world):
    client.force_login(world.kaisa)
    return client


@pytest.fixture
def quiet(make_meeting, world):
    """A meeting published quietly, to which Aino has said "I come" on its page."""
    starts_at = timezone.now().replace(second=0, microsecond=0) + timedelta(days=7)
    made = make_meeting(starts_at=starts_at)
    made.publish(timezone.now())
    made.take_answer(world.aino, Participation.YES, timezone.now())
    return made


@pytest.fixture
def invited(meeting, send):
    meeting.invite(timezone.now())
    send()
    return meeting


def html_of(letter):
    part = next(part for part in letter.walk() if part.get_content_type() == "text/html")
    return part.get_payload(decode=True).decode()


def for_aino(letters):
    return next(letter for letter in letters if "aino@" in letter["To"])


def tell(meeting, send, **facts):
    meeting.change(timezone.now(), **facts)
    meeting.notify(timezone.now())
    return for_aino(send())


# whoever said to come


def test_a_change_of_a_quietly_published_meeting_asks_whether_to_tell_who_comes(kaisa, quiet, send):
    """Real use 2: "I come" on the page counts like an invitation, on the form, the cancel and the move page."""
    later = quiet.starts_at + timedelta(hours=1)
    answer = kaisa.post(change_url(quiet), typed(quiet, starts_at=f"{timezone.localtime(later):%Y-%m-%dT%H:%M}"))
    assert answer.url == step_url(quiet, "tell")
    for step in ("tell", "move", "cancel"):
        people = kaisa.get(step_url(quiet, step)).context["people"]
        assert [person.address for person in people] == ["aino@example.org"], step
    kaisa.post(answer.url)
    (letter,) = send()
    assert "aino@example.org" in letter["To"] and "Muuttunut" in str(make_header(decode_header(letter["Subject"])))


def test_a_move_by_dragging_tells_who_comes(kaisa, quiet, send):
    """Real use 2: the page that a drag in the calendar opens."""
    to = timezone.localdate(quiet.starts_at) + timedelta(days=1)
    kaisa.post(f"{step_url(quiet, 'move')}?to={to}", {"_tell": "1"})
    assert len(send()) == 1


def test_nobody_comes_nobody_is_asked_about(kaisa, make_meeting):
    starts_at = timezone.now().replace(second=0, microsecond=0) + timedelta(days=7)
    made = make_meeting(starts_at=starts_at)
    made.publish(timezone.now())
    answer = kaisa.post(change_url(made), typed(made, place_name="Toinen paikka"))
    assert answer.url == reverse("admin:meetings_meeting_changelist")


# what changed


def test_the_letter_says_what_was_and_what_is(invited, send):
    """Real use 22: old → new time, place and title, and what fell out of the agenda."""
    invited.agenda.create(title="Talousarvio", order=1)
    tell(invited, send)  # from here on the agenda is known
    old, later = invited.starts_at, invited.starts_at + timedelta(days=1)
    invited.agenda.update(removed_at=timezone.now())
    facts = {"starts_at": later, "ends_at": later + timedelta(hours=2)}
    letter = tell(invited, send, title="Kevätkokous", place_name="Kirjasto", **facts)
    was, now = (
        format_period(old, old + timedelta(hours=3), "Europe/Helsinki", "fi"),
        format_period(later, later + timedelta(hours=2), "Europe/Helsinki", "fi"),
    )
    assert f"Aika: {was} → {now}" in text_of(letter)
    assert "Paikka: Nuorisotila, Jyväskylä → Kirjasto, Jyväskylä" in text_of(letter)
    assert "Otsikko: Verkoston tapaaminen → Kevätkokous" in text_of(letter)
    assert "Asialista: poistui: Talousarvio" in text_of(letter)
    assert f"<del>{was}</del> → <strong>{now}</strong>" in html_of(letter)
    assert "<del>Talousarvio</del>" in html_of(letter)


def test_who_answered_on_the_page_learns_what_changed_since(quiet, send):
    """Real use 22: the page that was answered counts like a letter."""
    assert "Paikka: Nuorisotila, Jyväskylä → Kirjasto, Jyväskylä" in text_of(tell(quiet, send, place_name="Kirjasto"))


def test_a_new_link_is_named_and_never_kept(invited, send):
    """Real use 22: of the link only a digest is remembered."""
    letter = tell(invited, send, join_url="https://kokous.example.org/toinen")
    assert "Liittymislinkki: aiempi linkki ei enää toimi → uusi linkki alla" in text_of(letter)
    assert_not_leaked(CANARY, str(list(Participation.objects.values_list("told_facts", flat=True))))


def test_the_page_that_asks_shows_what_the_letter_will_say(kaisa, invited):
    """Real use 22: the tell dialog."""
    invited.change(timezone.now(), place_name="Kirjasto")
    page = kaisa.get(step_url(invited, "tell")).content.decode()
    assert "<del>Nuorisotila, Jyväskylä</del>" in page and "<ins>Kirjasto, Jyväskylä</ins>" in page


def test_people_written_to_before_facts_were_kept_get_the_letter_as_it_was(invited, send):
    Participation.objects.update(told_facts=None)
    assert "Mikä muuttui" not in text_of(tell(invited, send, place_name="Kirjasto"))


# together in the mailbox


def test_invitation_change_and_cancellation_lie_together(meeting, send):
    """Real use 22: each letter names the first and the last before it (RFC 5322, 3.6.4)."""
    meeting.invite(timezone.now())
    first = for_aino(send())
    second = tell(meeting, send, starts_at=meeting.starts_at + timedelta(hours=1))
    meeting.cancel(timezone.now())
    third = for_aino(send())
    assert first["References"] is None
    assert (second["In-Reply-To"], second["References"]) == (first["Message-ID"], first["Message-ID"])
    assert third["In-Reply-To"] == second["Message-ID"]
    assert third["References"].split() == [first["Message-ID"], second["Message-ID"]]


def test_a_cancellation_brings_a_file_that_says_so(invited, send):
    """Real use 22: peruutus.ics; an invitation's file is kutsu.ics."""
    invited.cancel(timezone.now())
    letter = for_aino(send())
    names = [part.get_filename() for part in letter.walk() if part.get_filename()]
    assert names == ["peruutus.ics"]
    assert calendar_of(letter)["METHOD"] == "CANCEL"


def test_a_cancelled_meeting_says_so_in_the_title_of_the_entry(invited):
    """Real use 22: calendars that show no status show the title."""
    assert event_of(invited, with_link=False).title == "Verkoston tapaaminen"
    invited.cancel(timezone.now())
    assert event_of(invited, with_link=False).title == "PERUTTU: Verkoston tapaaminen"


def test_the_html_has_a_button_in_the_place_of_a_long_address(invited):
    """Real use 22: the address of the online meeting is behind the button only; plain text spells it out."""
    html = Delivery.objects.filter(recipient__contains="aino@").get().html
    assert f'href="{CANARY}"' in html and f">{CANARY}<" not in html


# guests who want no more invitations


@pytest.fixture
def guest(meeting, send):
    """A guest invited by hand, with the letter."""
    Participation(meeting=meeting, name="Virpi", email="vieras@example.org").list_as_guest(timezone.now())
    meeting.invite(timezone.now())
    return next(letter for letter in send() if "vieras@" in letter["To"])


def opt_out_of(letter):
    line = next(line for line in text_of(letter).replace("\n", " ").split() if "ei-kutsuja" in line)
    return "/" + line.split("/", 3)[3]


def test_a_guest_ends_invitations_by_one_press(client, guest, meeting, make_meeting, kaisa, send):
    """Real use 22: looking ends nothing; afterwards the coordinator is told when inviting by hand."""
    page = opt_out_of(guest)
    assert client.get(page).status_code == 200 and not InvitationOptOut.objects.exists()
    client.post(page)
    client.post(page)
    assert InvitationOptOut.objects.count() == 1
    other = make_meeting(days=14)
    facts = {"meeting": other.pk, "name": "Virpi", "email": "Vieras@example.org"}
    answer = kaisa.post(reverse("admin:meetings_participation_add"), facts)
    assert "ettei häntä enää kutsuta" in answer.content.decode()
    assert not other.participations.at_address("vieras@example.org").exists()
    client.post(page, {"again": "1"})
    assert not InvitationOptOut.objects.exists()


def test_only_guests_have_such_a_link(guest, invited):
    """Members have the settings of their notices; a cut link is not found."""
    member = Delivery.objects.filter(recipient__contains="aino@").first()
    assert "ei-kutsuja" not in member.text
    assert Meeting.objects.count() == 1


def test_a_cut_link_is_not_found(client, guest):
    assert client.get(opt_out_of(guest)[:-8] + "/").status_code == 404
