"""In every round of newsletters one row that fails stops no other."""

from datetime import datetime, timedelta
from threading import Barrier, Thread
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection

from lib.models import FailedRow
from lib.tokens import sign_row
from networks.models import NewsItem
from newsletters.models import AddressChange, Digest, Issue, MailingList, NoticeChoice, NoticeRound, Subscription
from newsletters.notices import digest
from newsletters.tasks import process_feedback, send_confirmations, send_digests, send_issues
from outbox.models import Delivery, MailEvent, Mailing
from outbox.tasks import send_queued
from tests.failing import Scene, endures, noon

NO_ADDRESS = "ei osoite"
WEDNESDAY = datetime(2026, 11, 25, 12, tzinfo=ZoneInfo("Europe/Helsinki"))
MONDAY = datetime(2026, 11, 30, 7, 1, tzinfo=ZoneInfo("Europe/Helsinki"))


def pks(rows):
    return set(rows.values_list("pk", flat=True))


def recipients(kind):
    return sorted(Delivery.objects.filter(kind=kind).values_list("recipient", flat=True))


# letters to confirm


def test_letters_to_confirm(client, world, letters, now):
    other = MailingList.objects.create(area=world.area, code="toinen", name_fi="Toinen")
    Subscription.objects.request([letters, other], NO_ADDRESS, "fi", now)
    Subscription.objects.request([letters, other], "virpi@example.org", "fi", now)
    bad = Subscription.objects.filter(email=NO_ADDRESS).order_by("pk").first()
    scene = Scene(
        task=send_confirmations,
        left=lambda now: set(Subscription.objects.wanting_letter().values_list("email", flat=True)),
        bad={NO_ADDRESS},
        row=lambda: bad,
        mend=lambda: Subscription.objects.filter(email=NO_ADDRESS).update(email="ville@example.org"),
        at=noon(),
    )
    endures(scene, client, world.kaisa)
    assert recipients("newsletter-confirm") == ["ville@example.org", "virpi@example.org"]


def test_letters_to_new_addresses(client, world, now):
    for address in (NO_ADDRESS, "uusi@example.org"):
        AddressChange.objects.request("vanha@example.org", address, "fi", now)
    row = AddressChange.objects.order_by("pk").first()
    scene = Scene(
        task=send_confirmations,
        left=lambda now: pks(AddressChange.objects.wanting_letter()),
        bad={row.pk},
        row=lambda: row,
        mend=lambda: AddressChange.objects.filter(pk=row.pk).update(new_email="mendattu@example.org"),
        at=noon(),
    )
    assert endures(scene, client, world.kaisa).name == f"numero {row.pk}"


@pytest.mark.django_db(transaction=True)
def test_two_rounds_at_the_same_moment_ask_each_address_once(world, now):
    lists = [MailingList.objects.create(area=world.area, code=f"l{n}", name_fi=f"L{n}") for n in range(4)]
    for number in range(12):
        Subscription.objects.request(lists, f"lukija{number}@example.org", "fi", now)
    start = Barrier(2)

    def round_of_one_worker():
        start.wait()
        send_confirmations()
        connection.close()

    workers = [Thread(target=round_of_one_worker) for _worker in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert recipients("newsletter-confirm") == sorted(f"lukija{number}@example.org" for number in range(12))
    assert (Subscription.objects.wanting_letter().count(), FailedRow.objects.count()) == (0, 0)


# issues


def test_issues(client, world, letters, issue, reads, broken, now):
    reads("virpi@example.org")
    other = MailingList.objects.create(area=world.area, code="toinen", name_fi="Toinen")
    second = Issue.objects.create(list=other, number=1, slug="toinen-1", subject_fi="Toinen")
    issue.blocks.copy_to(second)
    for each in (issue, second):
        each.schedule(now)
    scene = Scene(
        task=send_issues,
        left=lambda now: pks(Issue.objects.due(now)),
        bad={issue.pk},
        row=lambda: issue,
        mend=broken(issue),
        at=noon(),
    )
    assert endures(scene, client, world.kaisa).name == str(issue)
    assert recipients("newsletter") == ["virpi@example.org"]


# what is new


@pytest.fixture
def news(world):
    return NewsItem.objects.create(
        area=world.area, slug="u", title="Avustushaku auki", summary="x", published_at=WEDNESDAY, created_at=WEDNESDAY
    )


@pytest.fixture
def odd_choice(world, news):
    """A choice of Aino's that no version of the portal knows: how often cannot be read."""
    cell = {"area": world.area, "network": None, "kind": "news"}
    return NoticeChoice.objects.create(user=world.aino, rhythm="joskus", **cell)


def everybody(world):
    return {person.email for person in (world.aino, world.matti, world.kaisa)}


@pytest.mark.parametrize("batch", [1, 2, 200])
def test_what_is_new(client, world, odd_choice, batch, monkeypatch):
    monkeypatch.setattr(digest, "BATCH", batch)
    scene = Scene(
        task=send_digests,
        left=lambda now: everybody(world) - set(recipients("digest")),
        bad={"aino@example.org"},
        row=lambda: Digest.objects.get(user=world.aino),
        mend=odd_choice.delete,
        at=MONDAY,
    )
    failure = endures(scene, client, world.kaisa)
    assert failure.name.startswith("Aino Jäsen")
    assert Digest.objects.queued_singly().count() == 0
    assert sorted(Digest.objects.values_list("items", flat=True)) == [1, 1, 1]


def test_a_letter_that_was_owed_leaves_although_all_others_have_left(world, odd_choice):
    with time_machine.travel(MONDAY, tick=False):
        send_digests()
        send_queued()
    mailing = Mailing.objects.get()
    assert (mailing.finished_at is not None, mailing.deliveries.filter(sent_at=None).count()) == (True, 0)
    odd_choice.delete()
    with time_machine.travel(MONDAY + timedelta(minutes=3), tick=False):
        send_digests()
        send_queued()
    mailing.refresh_from_db()
    assert (mailing.finished_at is not None, mailing.deliveries.exclude(sent_at=None).count()) == (True, 3)


def test_a_letter_that_is_owed_is_forgotten_when_nothing_is_left_to_tell(world, news, odd_choice):
    with time_machine.travel(MONDAY, tick=False):
        send_digests()
    news.delete()
    odd_choice.delete()
    with time_machine.travel(MONDAY + timedelta(minutes=3), tick=False):
        send_digests()
    assert (Digest.objects.filter(user=world.aino).count(), FailedRow.objects.count()) == (0, 0)
    assert NoticeRound.objects.filter(ended_at=None).count() == 0


def test_a_round_that_fails_as_a_whole_holds_up_no_other(client, world, news, broken):
    NoticeRound.objects.due(MONDAY)
    weekly = NoticeRound.objects.get(rhythm="weekly")
    scene = Scene(
        task=send_digests,
        left=lambda now: set(NoticeRound.objects.filter(ended_at=None).values_list("rhythm", flat=True)),
        bad={"weekly"},
        row=lambda: weekly,
        mend=broken(weekly),
        at=MONDAY,
    )
    endures(scene, client, world.kaisa)
    assert set(recipients("digest")) == everybody(world)


# what came back


@pytest.fixture
def heard(now):
    """heard(type, address, detail) is a piece of news about a letter to this address."""

    def make(type, address, detail=""):
        Delivery.objects.queue([Delivery(kind="newsletter", recipient=address, subject="Kirje", text="x")], now)
        return MailEvent.objects.create(
            delivery=Delivery.objects.latest("pk"),
            type=type,
            at=now + timedelta(minutes=1),
            source="test",
            external_id=address,
            detail=detail,
        )

    return make


def test_complaints(client, world, reads, heard, broken):
    subscriptions = [reads(address) for address in ("virpi@example.org", "ville@example.org")]
    events = [heard("complaint", subscription.email) for subscription in subscriptions]
    scene = Scene(
        task=process_feedback,
        left=lambda now: pks(Subscription.objects.active()),
        bad={subscriptions[0].pk},
        row=lambda: events[0],
        mend=broken(subscriptions[0]),
        at=noon(),
    )
    endures(scene, client, world.ulla)


def test_leaving_by_letter(client, world, reads, heard, broken):
    subscriptions = [reads(address) for address in ("virpi@example.org", "ville@example.org")]
    events = [
        heard("left", subscription.email, sign_row("newsletters.leave", subscription.pk))
        for subscription in subscriptions
    ]
    scene = Scene(
        task=process_feedback,
        left=lambda now: pks(Subscription.objects.active()),
        bad={subscriptions[0].pk},
        row=lambda: events[0],
        mend=broken(subscriptions[0]),
        at=noon(),
    )
    endures(scene, client, world.ulla)
