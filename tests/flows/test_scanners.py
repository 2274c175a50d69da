"""Programs that look into letters before people do change nothing: every link of every letter, every page."""

import re
from datetime import timedelta
from html import unescape
from urllib.parse import urlsplit

import pytest
import time_machine
from django.apps import apps
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lib.tokens import sign, sign_row
from meetings.certificates import emails as after_letters
from meetings.invitations import emails as meeting_letters
from meetings.minutes import emails as minutes_letters
from meetings.models import Minutes, Reminder, ReminderLetter
from meetings.reminders import emails as reminder_letters
from meetings.tasks import answer_wishes, close, expire_offers, send_minutes, send_signup_letters
from methods import emails as method_letters
from methods.models import Method, Review, SavedSearch
from methods.tasks import notify_saved_searches
from networks import emails as network_letters
from networks.models import Membership, NewsItem
from newsletters.issues import mailing as issue_letters
from newsletters.models import Subscription
from newsletters.subscriptions import emails as newsletter_letters
from newsletters.subscriptions.subscriber import Subscriber
from newsletters.tasks import send_confirmations, send_digests, send_issues
from outbox.message_kinds import NAMES
from outbox.models import Delivery
from tests.meetings.conftest import hand_over
from tests.permissions.scene import build
from youthnet.desk import emails as desk_letters
from youthnet.desk.held_texts import KINDS as HELD_KINDS
from youthnet.doctor import probe
from youthnet.first_run import emails as first_run_letters

URL = re.compile(r"https?://[^\s\"'<>)]+")
# Signing in is itself a trace.
TRACES = {"django_session"}


@pytest.fixture
def scene(world, term):
    return build(world, term)


@pytest.fixture
def letters(client, world, scene, term):
    """One letter of every kind, as the rooms write them."""
    now = timezone.now()
    # meetings: an invitation, a change, a cancellation
    meeting, later = scene.meeting, timedelta(hours=1)
    meeting.invite(now)
    hand_over()
    Delivery.objects.update(sent_at=now)
    meeting.move(meeting.starts_at + later, meeting.ends_at + later, timezone.now())
    meeting.notify(timezone.now())
    hand_over()
    meeting.cancel(timezone.now(), "Sairastapaus")
    Delivery.objects.filter(sent_at=None).update(sent_at=now)
    hand_over()
    # two meetings in one letter
    for following in (meeting.copy(now), meeting.copy(now)):
        following.publish(now)
        following.invite(now)
    hand_over()
    # sign-up: to confirm, a place, a turn, an offer, an offer lapsed, taken back
    sign_ups(world, scene.signup)
    # the timeline: to the silent and to those who may come
    for step in reminder_letters.KINDS:
        moments = {"starts_at": meeting.starts_at, "due_at": now, "taken_at": now}
        step_taken = Reminder.objects.create(meeting=meeting, step=step, **moments)
        letter = ReminderLetter.objects.create(reminder=step_taken, participation=scene.participation)
        reminder_letters.reminder(letter, now)
    # after a meeting: thanks with a certificate, and the certificate once more
    after_letters.thanks(scene.place)
    after_letters.certificate(scene.certificate, now)
    # methods and networks
    method_letters.submitted(scene.method_waiting)
    scene.method_waiting.handed_over_at = now
    method_letters.handed_over(scene.method_waiting)
    for verdict in (Review.ACCEPTED, Review.RETURNED):
        review = Review.objects.create(method=scene.method, reviewer=world.kaisa, verdict=verdict, comment="x", at=now)
        method_letters.reviewed(review)
    Method.objects.filter(pk=scene.method.pk).update(author=world.matti)
    SavedSearch.objects.update(query="")
    notify_saved_searches()
    method_letters.taken_in(scene.method, world.matti, world.aino)
    method_letters.still_right(scene.method, again=False)
    method_letters.drafted_from_meeting(scene.method_draft, world.kaisa)
    scene.offer_question.reply("Tulen mielelläni.", now)
    method_letters.asked(scene.offer_question)
    method_letters.answered(scene.offer_question)
    request = Membership.objects.select_related("user", "network__area").get(pk=scene.request.pk)
    network_letters.asked(request)
    network_letters.approved(request)
    network_letters.refused(request)
    # minutes, tasks and proposals
    minutes = Minutes.objects.of(scene.meeting)
    minutes.send_for_comments(now, notify=True)
    send_minutes()
    close(minutes, now)
    minutes.approve(timezone.now(), by=world.kaisa, notify=True)
    send_minutes()
    minutes_letters.task_reminder(scene.task, timezone.localdate())
    minutes_letters.proposal_received(scene.proposal)
    scene.proposal.keep_for_later(now)
    minutes_letters.proposal_answered(scene.proposal)
    # texts held for the coordinator, the first run, and a time that a calendar proposed
    desk_letters.mend_asked(
        world.aino, HELD_KINDS["trial"], scene.trial_held.method, "Numero pois", by=world.kaisa, held_at=now
    )
    first_run_letters.invited(scene.invitation, now)
    first_run_letters.tested(world.area, world.kaisa, now)
    meeting_letters.decline_proposal(scene.participation, "ke 9.12.2026 klo 12", "1")
    # wishes for trainings
    scene.wish.decline(now, "Ei tänä vuonna.")
    answer_wishes()
    # newsletters
    asked = {"email": "virpi@example.org", "lists": [scene.list.pk], "language": "fi"}
    assert client.post(reverse("newsletters:subscribe"), asked).status_code == 302
    reader = Subscriber.of_subscription(scene.subscription)
    reader.ask_to_move("muutto@example.org", now)
    send_confirmations()
    newsletter_letters.address_changed(scene.subscription, now)
    newsletter_letters.welcome(scene.subscription, now)
    issue_letters.send_test(scene.issue_draft, world.kaisa, now)
    scene.issue_draft.blocks.create(kind="text", title_fi="Hei", body_fi="<p>Hei verkosto</p>")
    scene.issue_draft.blocks.create(kind="method", method=scene.method, order=1)
    scene.issue_draft.schedule(now)
    send_issues()
    # notices, on the Monday after the next one, and the probe
    weeks = now + timedelta(days=14 - now.weekday())
    with time_machine.travel(weeks.replace(hour=12), tick=True):
        NewsItem.objects.filter(pk=scene.news.pk).update(published_at=weeks - timedelta(days=3))
        send_digests()
    probe.send("virpi@example.org", now)
    # accounts
    client.post(reverse("account_login"), {"login": world.aino.email})
    return list(Delivery.objects.order_by("pk"))


def sign_ups(world, signup):
    """Every letter of sign-up."""
    own, line = signup.meeting.participations.get(user=world.aino), []
    for name in ("jono1", "jono2"):
        line.append(signup.meeting.participations.create(email=f"{name}@example.org"))
    signup.assign_places(line, timezone.now(), "web")
    send_signup_letters()
    signup.release_place(own, timezone.now(), "web")
    send_signup_letters()
    with time_machine.travel(timezone.now() + timedelta(days=3), tick=True):
        expire_offers()
        send_signup_letters()


def links_of(letter):
    """The addresses of the portal in a letter: its text, its layout, its calendar entry, its headers."""
    letter = letter.as_letter()
    entries = "".join([letter.calendar, *(file.text for file in letter.calendar_files)])
    unfolded = entries.replace("\r\n ", "").replace("\n ", "").replace("\\n", " ")
    words = " ".join([letter.text, unescape(letter.html), unfolded, *letter.headers.values()])
    return {url.rstrip(".,") for url in URL.findall(words) if url.startswith(settings.SITE_URL)}


def contents():
    """Every row of every table."""
    models = [model._meta for model in apps.get_models(include_auto_created=True)]
    own = [each for each in models if each.managed and not each.proxy and each.db_table not in TRACES]
    return {each.db_table: sorted(map(_readable, each.model._base_manager.values_list())) for each in own}


def _readable(row):
    """Bytes come from the database as a view of memory, which is never the same."""
    return repr([bytes(value) if isinstance(value, memoryview) else value for value in row])


def path_of(url):
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def test_looking_at_every_link_of_every_letter_twice_changes_nothing(letters):
    assert {letter.kind for letter in letters} - {"test"} == set(NAMES)
    paths = {path_of(url) for letter in letters for url in links_of(letter)}
    before, scanner = contents(), Client(headers={"user-agent": "Mozilla/5.0 (link scanner)"})
    answers = {path: {getattr(scanner, verb)(path).status_code for verb in ("get", "head") * 2} for path in paths}
    assert contents() == before
    assert {path: codes for path, codes in answers.items() if codes not in ({200}, {302}, {404})} == {}
    assert scanner.cookies == {}


def test_every_letter_leads_only_to_the_portals_own_address(letters):
    allowed = (settings.SITE_URL, "https://kokous.example.org/salainen", "http://www.w3.org/")
    read = [(row.kind, row.as_letter()) for row in letters]
    words = [(kind, url) for kind, letter in read for url in URL.findall(f"{letter.text} {unescape(letter.html)}")]
    assert [(kind, url) for kind, url in words if not url.startswith(allowed)] == []


def test_a_link_made_for_one_purpose_opens_nothing_else(client, world, scene):
    """Tokens of every purpose are tried at every door."""
    purposes = {
        "meetings:answer": sign("answer", scene.participation.pk),
        "meetings:here": sign("meetings.here", scene.meeting.pk),
        "meetings:feedback": sign("meetings.feedback", scene.place.pk),
        "meetings:certificate-pdf": sign("meetings.certificate", scene.certificate.pk),
        "meetings:signup-own": sign("meetings.signup", scene.place.pk),
        "meetings:signup-confirm": sign("meetings.confirm", scene.signup_request.pk),
        "newsletters:confirm": sign("newsletters.confirm", [scene.subscription.pk]),
        "newsletters:new-address": sign("newsletters.address", scene.address_change.pk),
        "newsletters:preferences": sign_row("newsletters.settings", scene.subscription.pk),
        "newsletters:leave-one-click": sign_row("newsletters.leave", scene.subscription.pk),
        "methods:saved-stop": sign_row("methods.saved-search.stop", scene.saved_search.pk),
    }
    before = contents()
    for door in purposes:
        for name, token in purposes.items():
            wrong = [token[:-1], token + "A", token.swapcase(), "x", "ä", "a:b:c"] + ([token] if name != door else [])
            for bad in wrong:
                path = reverse(door, args=[bad])
                codes = {client.get(path).status_code, client.post(path, {"answer": "no"}).status_code}
                assert codes <= {404, 405}, (door, bad)
    assert contents() == before
    assert Subscription.objects.active().count() == 1
