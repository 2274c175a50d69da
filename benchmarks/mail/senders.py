"""Other ways to hand the same letter on, for comparison: bare sockets, smtplib, and Django's own. Seconds come back."""

import smtplib
import socket
import time
from collections.abc import Callable, Sequence
from email.utils import parseaddr

from django.core.mail import EmailMultiAlternatives, get_connection
from django.template import engines

from benchmarks.mail import sample_messages
from benchmarks.mail.relays import HOST, Relay

FROM = parseaddr(sample_messages.SENDER)[1]

Sender = Callable[[Relay, Sequence[str]], float]


def raw_pipelined(relay: Relay, recipients: Sequence[str]) -> float:
    """One connection, one letter for all made beforehand; MAIL, RCPT and DATA in one packet (RFC 2920)."""
    body = _ready_made() + b"\r\n.\r\n"
    with socket.create_connection((HOST, relay.port)) as line, line.makefile("rb") as answers:
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        _expect(answers.readline(), b"220")
        line.sendall(b"EHLO measure.example.org\r\n")
        while answers.readline()[3:4] == b"-":
            pass
        began = time.perf_counter()
        for recipient in recipients:
            line.sendall(b"MAIL FROM:<%b>\r\nRCPT TO:<%b>\r\nDATA\r\n" % (FROM.encode(), recipient.encode()))
            for code in (b"250", b"250", b"354"):
                _expect(answers.readline(), code)
            line.sendall(body)
            _expect(answers.readline(), b"250")
        took = time.perf_counter() - began
        line.sendall(b"QUIT\r\n")
    return took


def plain_smtplib(relay: Relay, recipients: Sequence[str]) -> float:
    """The standard library over one connection, one letter for all made beforehand."""
    body = _ready_made()
    with smtplib.SMTP(HOST, relay.port) as client:
        began = time.perf_counter()
        for recipient in recipients:
            client.sendmail(FROM, [recipient], body)
        return time.perf_counter() - began


def django_mail(relay: Relay, recipients: Sequence[str]) -> float:
    """EmailMultiAlternatives over one connection; two templates, compiled once, are rendered for each reader."""
    engine = engines["django"]
    links = ("{{ settings }}", "{{ leave }}")
    text, html = engine.from_string(sample_messages.text(*links)), engine.from_string(sample_messages.html(*links))
    backend = "django.core.mail.backends.smtp.EmailBackend"
    with get_connection(backend, host=HOST, port=relay.port) as connection:
        began = time.perf_counter()
        for number, recipient in enumerate(recipients):
            own = sample_messages.own_links(number)
            message = EmailMultiAlternatives(
                sample_messages.SUBJECT,
                text.render(own),
                sample_messages.SENDER,
                [recipient],
                headers=sample_messages.headers(own["leave"]),
                connection=connection,
            )
            message.attach_alternative(html.render(own), "text/html")
            message.send()
        return time.perf_counter() - began


def _ready_made() -> bytes:
    """The letter in bytes, built by Django."""
    links = sample_messages.own_links(1).values()
    message = EmailMultiAlternatives(
        sample_messages.SUBJECT, sample_messages.text(*links), sample_messages.SENDER, ["lukija@example.org"]
    )
    message.attach_alternative(sample_messages.html(*links), "text/html")
    return message.message().as_bytes(linesep="\r\n")  # type: ignore[call-arg]


def _expect(answer: bytes, code: bytes) -> None:
    if not answer.startswith(code):
        raise OSError(f"the sink answered {answer!r}")
