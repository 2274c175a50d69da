"""What complaints and leaving by letter do to subscriptions, as often as the round is made."""

from datetime import timedelta

import pytest

from lib.tokens import sign_row
from newsletters.models import Subscription
from newsletters.tasks import process_feedback
from outbox.models import Delivery, MailEvent

LEAVE = "newsletters.leave"


@pytest.fixture
def news(now):
    """news("complaint", to=address) is what the relay or the mailbox brought in."""

    def make(type, to="virpi@example.org", after=timedelta(minutes=1), detail=""):
        Delivery.objects.queue([Delivery(kind="newsletter", recipient=to, subject="Kirje", text="x")], now)
        letter = Delivery.objects.latest("pk")
        mark = str(MailEvent.objects.count())
        return MailEvent.objects.create(
            delivery=letter, type=type, at=now + after, source="test", external_id=mark, detail=detail
        )

    return make


def active():
    return set(Subscription.objects.active().values_list("email", flat=True))


def test_a_complaint_ends_what_the_address_reads_and_nothing_of_others(reads, news):
    reads("virpi@example.org")
    reads("aino@example.org")
    news("complaint", to="Virpi@Example.org")
    for _round in range(2):
        process_feedback()
    assert active() == {"aino@example.org"}
    assert Subscription.objects.get(email="virpi@example.org").ended_reason != ""


@pytest.mark.parametrize("type", ["bounce_hard", "bounce_soft", "delivered", "auto_reply", "delayed"])
def test_other_news_end_nothing(reads, news, type):
    reads("virpi@example.org")
    news(type)
    process_feedback()
    assert active() == {"virpi@example.org"}


def test_whoever_subscribes_anew_after_a_complaint_stays(reads, news, now):
    reads("virpi@example.org")
    news("complaint", after=-timedelta(days=1))
    process_feedback()
    assert active() == {"virpi@example.org"}


def test_a_letter_to_the_leave_address_ends_that_stay_once(reads, news, now):
    subscription = reads("virpi@example.org")
    event = news("left", detail=sign_row(LEAVE, subscription.pk))
    process_feedback()
    ended = Subscription.objects.get().ended_at
    assert ended is not None
    process_feedback()
    assert Subscription.objects.get().ended_at == ended
    again = reads("virpi@example.org")
    Subscription.objects.filter(pk=again.pk).update(requested_at=event.at + timedelta(minutes=1))
    process_feedback()
    assert active() == {"virpi@example.org"}


@pytest.mark.parametrize("detail", ["", "nonsense", "1-AAAAAAAAAAAAAAAAAAAAAA", "é-\u2028", "x" * 5000])
def test_a_foreign_mark_ends_nothing_and_does_not_stop_the_round(reads, news, detail):
    reads("virpi@example.org")
    news("left", detail=detail)
    process_feedback()
    assert active() == {"virpi@example.org"}


@pytest.mark.parametrize("change", [str.lower, str.upper], ids=["small", "capitals"])
def test_the_leave_address_works_in_whatever_case_it_comes_back(reads, news, change):
    """Real use 19: mail servers turn local parts to small letters."""
    subscription = reads("virpi@example.org")
    news("left", detail=change(sign_row(LEAVE, subscription.pk)))
    process_feedback()
    assert active() == set()
