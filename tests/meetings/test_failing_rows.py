"""In every round of meetings one row that fails stops no other."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from meetings.models import (
    AgendaItem,
    Certificate,
    CertificateRule,
    Dispatch,
    ExternalNotes,
    Letter,
    Material,
    Meeting,
    MeetingSeries,
    Minutes,
    Offer,
    Participation,
    Reminder,
    ReminderLetter,
    Reply,
    SignUp,
    SignUpQuestion,
    SignUpRequest,
    Task,
    VisitReport,
    Wish,
)
from meetings.models.attendance import mark_present
from meetings.models.certificate import new_code
from meetings.tasks import (
    NAMES_KEPT,
    answer_wishes,
    close_comments,
    expire_offers,
    forget_names,
    forget_signup,
    process_calendar_answers,
    remind_of_tasks,
    send_invitations,
    send_minutes,
    send_reminders,
    send_signup_letters,
    send_thanks,
    sweep_files,
)
from outbox.models import Delivery, InboundMessage
from outbox.tasks import read_inbound
from tests.failing import Scene, endures, noon
from tests.meetings.calendar.test_replies import HOUSE, calendar, letter
from tests.meetings.certificates.test_certificates import turn_thanks

NO_ADDRESS = "ei osoite"


@pytest.fixture
def spoil(world):
    """mend = spoil(person): no letter can be written to this person, until mend()."""

    def plant(person):
        address = person.email
        rows = type(person)._default_manager.filter(pk=person.pk)
        rows.update(email=NO_ADDRESS)
        return lambda: rows.update(email=address)

    return plant


@pytest.fixture
def plays(client, world):
    """plays(scene) on the desk of Kaisa, unless it is said whose."""

    def play(scene, coordinator=None):
        return endures(scene, client, coordinator or world.kaisa)

    return play


def pks(rows):
    return set(rows.values_list("pk", flat=True))


# invitations and reminders


def test_invitations(plays, world, meeting, spoil):
    meeting.invite(timezone.now())
    Dispatch.objects.send_now(timezone.now())
    row = meeting.participations.get(user=world.aino)
    scene = Scene(
        task=send_invitations,
        left=lambda now: pks(Participation.objects.asking_due(now)),
        bad={row.pk},
        row=lambda: row,
        mend=spoil(world.aino),
        at=noon(),
    )
    failure = plays(scene)
    assert (failure.kind, failure.name) == ("Osallistuja", "Aino Jäsen")
    assert failure.url.endswith(f"/meetings/participation/{row.pk}/change/")
    assert Delivery.objects.filter(kind="meeting-invitation").count() == 2


def test_letters_about_several_meetings_that_are_overtaken(plays, world, make_meeting, broken):
    first, second = make_meeting(), make_meeting(days=8, title="Toinen")
    for meeting in (first, second):
        meeting.publish(timezone.now())
        meeting.invite(timezone.now())
    Dispatch.objects.send_now(timezone.now())
    send_invitations()
    at = noon()
    with time_machine.travel(at - timedelta(hours=1), tick=False):
        first.refresh_from_db()
        first.notify(timezone.now())
        Dispatch.objects.send_now(timezone.now())
    row = Letter.objects.filter(participation__user=world.aino).first().delivery
    scene = Scene(
        task=send_invitations,
        left=lambda now: pks(Delivery.objects.waiting().filter(kind="meeting-several", queued_at__lt=at)),
        bad={row.pk},
        row=lambda: row,
        mend=broken(row),
        at=at,
    )
    assert Delivery.objects.waiting().count() == 2
    plays(scene)
    told = Delivery.objects.waiting().filter(queued_at__gte=at).order_by("pk").values_list("recipient", flat=True)
    assert list(told) == ["matti@example.org", "aino@example.org"]  # never before the older letter is out of the way


def test_steps_of_a_timeline(plays, make_meeting, broken):
    starts_at = noon(30).replace(hour=13)
    meetings = [make_meeting(starts_at=starts_at, title=str(n), changed_at=timezone.now()) for n in range(2)]
    for meeting in meetings:
        meeting.publish(timezone.now())
    scene = Scene(
        task=send_reminders,
        left=lambda now: pks(Meeting.objects.filter(reminders=None)),
        bad={meetings[0].pk},
        row=lambda: meetings[0],
        mend=broken(meetings[0]),
        at=noon(9),
    )
    failure = plays(scene)
    assert (failure.what, failure.name) == ("Aikajanan vaiheen aloittaminen", str(meetings[0]))
    assert Reminder.objects.filter(skipped="").count() == 2


def test_reminders(plays, world, meeting, spoil):
    long_ago = timezone.now() - timedelta(days=20)
    meeting.participations.update(asked_at=long_ago)
    hours = {"starts_at": noon(8), "ends_at": noon(8) + timedelta(hours=2)}
    Meeting.objects.filter(pk=meeting.pk).update(invited_at=long_ago, changed_at=long_ago, **hours)
    scene = Scene(
        task=send_reminders,
        left=lambda now: set(ReminderLetter.objects.due(now).values_list("participation__user", flat=True)),
        bad={world.aino.pk},
        row=lambda: ReminderLetter.objects.get(participation__user=world.aino),
        mend=spoil(world.aino),
        at=noon(),
    )
    assert plays(scene).name == "Aino Jäsen"
    assert Delivery.objects.filter(kind="meeting-reminder-unanswered").count() == 2


# answers of calendars


def test_answers_of_calendars(plays, world, meeting, broken, settings):
    settings.AUTHSERV_ID = HOUSE
    for number, name in enumerate(("aino", "matti")):
        sender = f"{name}@example.org"
        raw = letter(calendar(meeting, who=sender), sender=sender, number=number)
        InboundMessage.objects.receive(raw, "test", timezone.now() + timedelta(seconds=number))
    read_inbound()
    row = InboundMessage.objects.order_by("pk").first()
    scene = Scene(
        task=process_calendar_answers,
        left=lambda now: set(meeting.participations.filter(answer="").values_list("user", flat=True)),
        bad={world.aino.pk},
        row=lambda: row,
        mend=broken(meeting.participations.get(user=world.aino)),
        at=noon(),
    )
    plays(scene, world.ulla)


# sign-up


def test_letters_about_places(plays, training, spoil):
    people = [training.meeting.participations.create(email=f"n{n}@example.org") for n in range(3)]
    for person in people:
        training.assign_places([person], timezone.now(), "web")
    scene = Scene(
        task=send_signup_letters,
        left=lambda now: pks(Participation.objects.wanting_letter()),
        bad={people[0].pk},
        row=lambda: people[0],
        mend=spoil(people[0]),
        at=noon(),
    )
    plays(scene)


def test_letters_to_confirm_a_sign_up(plays, training, spoil):
    for name in ("a", "b"):
        SignUpRequest.objects.ask(training, f"{name}@example.org", timezone.now(), name=name)
    row = SignUpRequest.objects.order_by("pk").first()
    scene = Scene(
        task=send_signup_letters,
        left=lambda now: pks(SignUpRequest.objects.wanting_letter(now)),
        bad={row.pk},
        row=lambda: row,
        mend=spoil(row),
        at=noon(),
    )
    plays(scene)


def test_offers_that_lapse(plays, make_training, broken):
    trainings = [make_training(capacity=1, offer_hours=1, title=f"Koulutus {n}") for n in range(2)]
    for signup in trainings:
        people = [signup.meeting.participations.create(email=f"n{n}@example.org") for n in range(2)]
        for person in people:
            signup.assign_places([person], timezone.now(), "coordinator")
        signup.release_place(people[0], timezone.now(), "web")
    bad = trainings[0].meeting
    scene = Scene(
        task=expire_offers,
        left=lambda now: set(Offer.objects.due(now).values_list("participation__meeting", flat=True)),
        bad={bad.pk},
        row=lambda: bad,
        mend=broken(Offer.objects.get(participation__meeting=bad)),
        at=noon(),
    )
    assert plays(scene).kind == "Tapaaminen"


def test_places_kept_for_other_municipalities(plays, make_training, broken):
    trainings = [
        make_training(capacity=2, title=f"Koulutus {n}", fair_until=timezone.now() + timedelta(minutes=1))
        for n in range(2)
    ]
    scene = Scene(
        task=expire_offers,
        left=lambda now: pks(SignUp.objects.with_due_rest(now)),
        bad={trainings[0].pk},
        row=lambda: trainings[0].meeting,
        mend=broken(trainings[0]),
        at=noon(),
    )
    plays(scene)


def test_replies_that_are_to_be_forgotten(plays, make_training, broken):
    signup = make_training(days=-30)
    person = signup.meeting.participations.create(email="n@example.org")
    questions = [SignUpQuestion.objects.create(signup=signup, text=text) for text in ("Ruoka?", "Kyyti?")]
    replies = [Reply.objects.create(participation=person, question=each, text="Kyllä") for each in questions]
    scene = Scene(
        task=forget_signup,
        left=lambda now: pks(SignUpQuestion.objects.to_forget(now)),
        bad={questions[0].pk},
        row=lambda: questions[0],
        mend=broken(replies[0]),
        at=noon(),
    )
    assert plays(scene).name == "Ruoka?"


# after a meeting


@pytest.fixture
def came(make_meeting, world):
    """came(title) is a meeting of the day before, to which Aino and Matti came."""

    def make(title="Verkoston tapaaminen"):
        held = make_meeting(starts_at=noon(-1), title=title)
        held.publish(noon(-1))
        for person in (world.aino, world.matti):
            mark_present(held.participations.get(user=person), noon(-1))
        return held

    return make


def test_thanks(plays, world, came, spoil):
    row = came().participations.get(user=world.aino)
    scene = Scene(
        task=send_thanks,
        left=lambda now: pks(Participation.objects.thanks_due(now)),
        bad={row.pk},
        row=lambda: row,
        mend=spoil(world.aino),
        at=noon(),
    )
    plays(scene)


def test_certificates_and_thanks_that_wait_for_them(plays, world, came, broken):
    """The certificate of a whole series finds one of a single meeting, which cannot be changed."""
    meetings = [came(f"Tapaaminen {number}") for number in range(2)]
    first, hour = meetings[0], timezone.localtime(meetings[0].starts_at)
    series = MeetingSeries(
        area=world.area, frequency="weeks", starts_on=hour.date(), at=hour.time(), minutes=180, count=1
    )
    series.start(first, [], noon(-2))
    for meeting in meetings:
        CertificateRule.objects.create(meeting=meeting, least_hours=1, whole_series=meeting == first)
    row = Certificate.objects.create(
        participation=first.participations.get(user=world.aino), code=new_code(), issued_at=timezone.now()
    )
    scene = Scene(
        task=send_thanks,
        left=lambda now: set(Participation.objects.thanks_due(now).values_list("meeting", flat=True)),
        bad={first.pk},
        row=lambda: first,
        mend=broken(row),
        at=noon(),
    )
    assert plays(scene).what == "Todistusten tekeminen"
    assert Certificate.objects.count() == 4


def test_certificates_where_nobody_is_thanked(plays, world, came, broken):
    meetings = [came(f"Tapaaminen {number}") for number in range(2)]
    rows = []
    for meeting in meetings:
        turn_thanks(meeting, noon(-2))
        person = meeting.participations.get(user=world.aino)
        rows.append(Certificate.objects.create(participation=person, code=new_code(), issued_at=timezone.now()))
    scene = Scene(
        task=send_thanks,
        left=lambda now: pks(Certificate.objects.filter(letter_sent_at=None)),
        bad={rows[0].pk},
        row=lambda: meetings[0],
        mend=broken(rows[0]),
        at=noon(),
    )
    plays(scene)


def test_certificates_that_are_sent_again(plays, world, came, spoil):
    held = came()
    held.participations.update(thanked_at=timezone.now())
    rows = []
    for person in (world.aino, world.matti):
        mine = held.participations.get(user=person)
        rows.append(Certificate.objects.create(participation=mine, code=new_code(), issued_at=timezone.now()))
        rows[-1].ask_letter(timezone.now())
    scene = Scene(
        task=send_thanks,
        left=lambda now: pks(Certificate.objects.wanting_letter()),
        bad={rows[0].pk},
        row=lambda: rows[0],
        mend=spoil(world.aino),
        at=noon(),
    )
    plays(scene)


# minutes, tasks, wishes


@pytest.fixture
def written(make_meeting):
    """written(title) gives minutes, sent for comments, whose people are to be told."""

    def make(title="Verkoston tapaaminen", tell=True):
        held = make_meeting(days=-2, title=title)
        held.publish(timezone.now())
        held.participations.update(asked_at=timezone.now())
        AgendaItem.objects.add(held, "Teema", notes="Puhuttiin teemasta.")
        minutes = Minutes.objects.create(meeting=held)
        minutes.send_for_comments(timezone.now(), notify=tell)
        return minutes

    return make


def readers_left(minutes, kind):
    """Who has no letter about these minutes yet, by address."""
    read = set(Delivery.objects.filter(kind=kind).values_list("recipient", flat=True))
    return {person.address for person in minutes.people()} - read


def test_minutes(plays, written, broken):
    first, _second = written("Yksi"), written("Kaksi")
    scene = Scene(
        task=send_minutes,
        left=lambda now: pks(Minutes.objects.telling_due(now)),
        bad={first.pk},
        row=lambda: first,
        mend=broken(first),
        at=noon(),
    )
    plays(scene)
    assert Delivery.objects.filter(kind="minutes-comments").count() == 4


def test_readers_of_minutes(plays, world, written, spoil):
    minutes = written()
    row = minutes.meeting.participations.get(user=world.aino)
    mend = spoil(world.aino)
    scene = Scene(
        task=send_minutes,
        left=lambda now: readers_left(minutes, "minutes-comments"),
        bad={NO_ADDRESS},
        row=lambda: row,
        mend=mend,
        at=noon(),
    )
    assert plays(scene).name == "Aino Jäsen"
    assert not Minutes.objects.telling_due(noon(2)).exists()
    assert Delivery.objects.filter(kind="minutes-comments").count() == 2


def test_comments_that_end(plays, written, broken):
    first, _second = written("Yksi", tell=False), written("Kaksi", tell=False)
    scene = Scene(
        task=close_comments,
        left=lambda now: pks(Minutes.objects.closing_due(timezone.localdate(now))),
        bad={first.pk},
        row=lambda: first,
        mend=broken(first),
        at=noon(9),
    )
    plays(scene)
    assert Delivery.objects.filter(kind="minutes-comments-over").count() == 2


def test_those_who_approve_minutes(plays, world, written, spoil):
    minutes = written(tell=False)
    minutes.hand_to(world.aino)

    def left(now):
        told = set(Delivery.objects.filter(kind="minutes-comments-over").values_list("recipient", flat=True))
        return {"kaisa@example.org", "aino@example.org"} - told

    scene = Scene(
        task=close_comments,
        left=left,
        bad={"aino@example.org"},
        row=lambda: world.aino,
        mend=spoil(world.aino),
        at=noon(9),
    )
    plays(scene)
    minutes.refresh_from_db()
    assert minutes.closed_at == noon(9)
    assert Delivery.objects.filter(kind="minutes-comments-over").count() == 2


def test_tasks(plays, world, meeting, spoil):
    day = timezone.localdate() + timedelta(days=2)
    first = Task.objects.give(meeting, "Kootaan luvut", timezone.now(), owner=world.aino, due_on=day)
    Task.objects.give(meeting, "Varataan tila", timezone.now(), owner=world.matti, due_on=day)
    scene = Scene(
        task=remind_of_tasks,
        left=lambda now: pks(Task.objects.reminding_due(timezone.localdate(now))),
        bad={first.pk},
        row=lambda: first,
        mend=spoil(world.aino),
        at=noon(),
    )
    assert plays(scene).name == "Kootaan luvut"


@pytest.fixture
def declined(world):
    """declined(title) is a wish of Matti's, supported by Aino, which was answered with no."""

    def make(title="Ensiapu"):
        wish = Wish.objects.propose(world.matti, timezone.now(), title=title, area=world.area)
        wish.support(world.aino, timezone.now())
        wish.decline(timezone.now(), "Ei tänä vuonna.")
        return wish

    return make


def test_wishes(plays, declined, broken):
    first, _second = declined("Yksi"), declined("Kaksi")
    scene = Scene(
        task=answer_wishes,
        left=lambda now: pks(Wish.objects.telling_due(now)),
        bad={first.pk},
        row=lambda: first,
        mend=broken(first),
        at=noon(),
    )
    plays(scene)
    assert Delivery.objects.filter(kind="wish-answered").count() == 4


def test_those_who_support_a_wish(plays, world, declined, spoil):
    wish = declined()

    def left(now):
        told = set(Delivery.objects.filter(kind="wish-answered").values_list("recipient", flat=True))
        return {"matti@example.org", "aino@example.org"} - told

    scene = Scene(
        task=answer_wishes,
        left=left,
        bad={"aino@example.org"},
        row=lambda: world.aino,
        mend=spoil(world.aino),
        at=noon(),
    )
    plays(scene)
    wish.refresh_from_db()
    assert (wish.told_at, Delivery.objects.filter(kind="wish-answered").count()) == (noon() + timedelta(minutes=60), 2)


# forgetting


def test_names_of_visits_and_of_others_meetings(plays, make_meeting, broken):
    long_ago = noon() - NAMES_KEPT - timedelta(days=9)
    meetings = [make_meeting(starts_at=long_ago, title=str(n)) for n in range(3)]
    reports = [VisitReport.objects.create(meeting=each, met="Johtaja") for each in meetings[:2]]
    ExternalNotes.objects.create(meeting=meetings[2], represented_by="Aino")

    def left(now):
        rows = VisitReport.objects.naming_before(now), ExternalNotes.objects.naming_before(now)
        return {(row._meta.model_name, row.pk) for found in rows for row in found}

    scene = Scene(
        task=forget_names,
        left=left,
        bad={("visitreport", reports[0].pk)},
        row=lambda: reports[0],
        mend=broken(reports[0]),
        at=noon(),
    )
    plays(scene)


def test_materials_that_were_removed(plays, meeting, broken):
    now = timezone.now()
    rows = [
        Material.objects.add_link(meeting, now, title=title, url="https://esimerkki.example.org/x")
        for title in ("Yksi", "Kaksi")
    ]
    for row in rows:
        row.remove(now - timedelta(days=8))
    scene = Scene(
        task=sweep_files,
        left=lambda now: pks(Material.objects.past_putting_back(now)),
        bad={rows[0].pk},
        row=lambda: rows[0],
        mend=broken(rows[0]),
        at=noon(),
    )
    plays(scene)


def test_what_was_planted_is_gone_after_its_test(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'broken%'")
        assert cursor.fetchone() == (0,)
