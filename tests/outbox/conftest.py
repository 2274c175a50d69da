"""A real SMTP server that keeps what it is given, and short words for queueing and sending."""

import socket
from datetime import UTC, datetime
from email import message_from_bytes

import pytest
from aiosmtpd.controller import Controller

from outbox.models import Delivery, Mailing
from outbox.sending.worker import send_waiting

NOW = datetime(2027, 1, 20, 9, 0, tzinfo=UTC)


class Sink:
    """Takes mail; `on_recipient` and `on_data` may answer otherwise, by the recipient's address."""

    def __init__(self):
        self.letters, self.greetings, self.on_recipient, self.on_data = [], 0, {}, {}
        self.is_pipelining = False

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        self.greetings += 1
        session.host_name = hostname
        return [responses[0], "250-PIPELINING", *responses[1:]] if self.is_pipelining else responses

    async def handle_RCPT(self, server, session, envelope, address, options):
        answer = self.on_recipient.get(address, "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server, session, envelope):
        answer = self.on_data.get(envelope.rcpt_tos[0], "250 OK")
        if callable(answer):
            answer = answer(server)
        if answer.startswith("250") or answer == "drop":
            self.letters.append((envelope.rcpt_tos[0], message_from_bytes(envelope.content)))
        if answer == "drop":
            server.transport.abort()
        return answer

    @property
    def recipients(self):
        return [recipient for recipient, _message in self.letters]

    def identities(self, recipient):
        return {(message["Message-ID"], message["Date"]) for to, message in self.letters if to == recipient}


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(params=["step by step", "pipelined"])
def relay(settings, request):
    """An SMTP server on the loopback that the worker sends through, of the one kind and the other."""
    sink = Sink()
    sink.is_pipelining = request.param == "pipelined"
    controller = Controller(sink, hostname="127.0.0.1", port=free_port())
    controller.start()
    settings.OUTBOX_TRANSPORT = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", controller.port, 5
    sink.port, sink.close = controller.port, controller.stop
    yield sink
    if controller.server:
        controller.stop()


@pytest.fixture
def now():
    return NOW


@pytest.fixture
def queue(db):
    """queue("aino@example.org", …) puts one letter into the queue and gives its row."""

    def put(recipient="aino@example.org", now=NOW, **more):
        more = {"kind": "invitation", "subject": "Hei", "text": "Tervetuloa.\n", **more}
        draft = Delivery(recipient=recipient, **more)
        Delivery.objects.queue([draft], now)
        return Delivery.objects.get(message_id=draft.message_id)

    return put


@pytest.fixture
def worker(db):
    """worker(now) runs one round at that moment; gives how many letters left."""
    return lambda now=NOW: send_waiting(clock=lambda: now)


@pytest.fixture
def mailing(db):
    """mailing(["aino@example.org", …]) opens one and addresses it."""

    def make(addresses, reference="issue:1", now=NOW, **more):
        made = Mailing.objects.open("newsletter", reference, "Tammikuun infokirje", now, **more)
        wording = made.add_wording("fi", "Tammikuu", "Hei\n", "<p>Hei</p>", {"List-Id": "<x.example.org>"})
        made.address(wording, [(address, "", 1) for address in addresses], now)
        made.start(now)
        return made

    return make
