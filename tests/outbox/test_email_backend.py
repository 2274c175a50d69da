"""Whatever Django or allauth sends enters the queue first; codes do not stay in it."""

import time

import pytest
from django.core import mail
from django.core.mail import EmailMessage, EmailMultiAlternatives, mail_admins, send_mail
from django.db import transaction
from kombu import pools

from outbox.models import Delivery, LetterRefused, State
from outbox.tasks import send_queued as send_queued_task
from youthnet.celery import app


def test_a_letter_of_django_waits_in_the_ledger_until_the_pump_comes(db):
    send_mail("Koodi", "123456", None, ["aino@example.org"], html_message="<b>123456</b>")
    row = Delivery.objects.get()
    assert (row.kind, row.priority, row.recipient) == ("account", 0, "aino@example.org")
    assert (row.subject, row.text, row.html) == ("Koodi", "123456", "<b>123456</b>")
    assert mail.outbox == []
    assert send_queued_task() == 1
    [letter] = mail.outbox
    assert (letter.subject, letter.body, letter.to) == ("Koodi", "123456", ["aino@example.org"])


def test_a_code_is_wiped_once_it_has_left(db):
    send_mail("Koodi", "123456", None, ["aino@example.org"], html_message="<b>123456</b>")
    send_queued_task()
    row = Delivery.objects.get()
    assert (row.state, row.text, row.html) == (State.SENT, "", "")


def test_every_recipient_gets_a_letter_of_their_own(db):
    message = EmailMultiAlternatives(
        "Hei", "Hei", to=["a@example.org"], cc=["b@example.org"], bcc=["c@example.org"], reply_to=["k@example.org"]
    )
    assert message.send() == 1
    send_queued_task()
    assert [letter.recipients() for letter in mail.outbox] == [["a@example.org"], ["b@example.org"], ["c@example.org"]]
    for letter in mail.outbox:
        built = letter.message()
        assert (built["To"], built["Cc"], built["Bcc"], built["Reply-To"]) == (
            letter.to[0],
            None,
            None,
            "k@example.org",
        )


def test_a_letter_whose_change_was_undone_is_never_sent(db):
    with pytest.raises(RuntimeError), transaction.atomic():
        send_mail("Koodi", "123456", None, ["aino@example.org"])
        raise RuntimeError
    assert send_queued_task() == 0


def test_a_forged_subject_is_refused(db):
    with pytest.raises(LetterRefused):
        send_mail("Koodi\nBcc: kaikki@example.org", "123456", None, ["aino@example.org"])
    assert Delivery.objects.count() == 0


def test_an_attachment_is_refused_loudly(db):
    message = EmailMessage("Hei", "Hei", to=["a@example.org"])
    message.attach("liite.txt", "x", "text/plain")
    with pytest.raises(LetterRefused):
        message.send()


def test_error_letters_to_the_keepers_go_the_same_way(db, settings):
    settings.ADMINS = [("Ulla", "ulla@example.org")]
    mail_admins("Virhe", "Jotain tapahtui")
    assert Delivery.objects.get().recipient == "ulla@example.org"


@pytest.mark.django_db(transaction=True)
def test_a_letter_is_queued_at_once_although_the_broker_is_away(broker_away):
    started = time.monotonic()
    send_mail("Koodi", "123456", None, ["aino@example.org"])
    assert Delivery.objects.get().state is State.WAITING
    assert time.monotonic() - started < 2


@pytest.fixture
def broker_away():
    """Celery speaks to a port where nobody listens."""
    before = app.conf.broker_url, app.conf.broker_write_url
    app.conf.broker_url = app.conf.broker_write_url = "redis://127.0.0.1:1/0"
    reconnect()
    yield
    app.conf.broker_url, app.conf.broker_write_url = before
    reconnect()


def reconnect():
    pools.reset()
    app._pool = app.amqp._producer_pool = None
