"""The relay as the queue worker meets it: greeting, what it can do, encryption, sign-in. No letter is sent."""

import smtplib
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from youthnet.doctor.report import Check, Section

SECONDS = 10
# How long before its end a certificate is talked about.
SOON = 14 * 86400
# The relay must take our largest letter, with an invitation and its calendar part.
LARGE = 1_000_000

# 8BITMIME is not among them: the portal writes seven bits.
GOOD_TO_HAVE = {
    "pipelining": "letters go one question at a time, which is slower",
    "enhancedstatuscodes": "the desk can say less about why a letter came back",
}

section = Section("relay")


class RelayRefused(Exception):
    """The relay cannot be used; carries what to tell."""

    def __init__(self, check: Check) -> None:
        super().__init__(str(check))
        self.check = check


@dataclass(frozen=True)
class Relay:
    """How the settings say that letters leave."""

    host: str
    port: int
    user: str = ""
    password: str = ""
    starttls: bool = False
    tls: bool = False

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"

    @property
    def is_here(self) -> bool:
        return self.host in {"localhost", "127.0.0.1", "::1"}


def examine(relay: Relay, now: datetime) -> Iterator[Check]:
    """Everything the relay says of itself; the first thing that stands in the way ends it."""
    try:
        with _connected(relay) as line:
            yield section.ok(f"The relay {relay} answers.")
            yield from _encrypted(relay, line, now)
            yield from capabilities(line.esmtp_features)
            yield from _signed_in(relay, line)
    except RelayRefused as error:
        yield error.check
    except (OSError, smtplib.SMTPException) as error:
        yield section.wrong(f"The relay {relay} broke off: {_error_text(error)}.", "Look into the log of the relay.")


def _connected(relay: Relay) -> smtplib.SMTP:
    try:
        line: smtplib.SMTP
        if relay.tls:
            line = smtplib.SMTP_SSL(relay.host, relay.port, timeout=SECONDS, context=ssl.create_default_context())
        else:
            line = smtplib.SMTP(relay.host, relay.port, timeout=SECONDS)
        line.ehlo_or_helo_if_needed()
    except ssl.SSLCertVerificationError as error:
        raise RelayRefused(_bad_certificate(relay, error)) from error
    except (OSError, smtplib.SMTPException) as error:
        raise RelayRefused(_out_of_reach(relay, error)) from error
    return line


def _out_of_reach(relay: Relay, error: Exception) -> Check:
    if isinstance(error, socket.gaierror):
        return section.wrong(
            f"The name {relay.host} is not known to the DNS.", "Correct the relay's name in EMAIL_URL."
        )
    if isinstance(error, ConnectionRefusedError):
        return section.wrong(f"Nobody answers at {relay}.", "Correct host and port in EMAIL_URL, or start the relay.")
    if isinstance(error, TimeoutError):
        todo = f"Let the firewall through to port {relay.port}, or ask which port the relay uses (often 587)."
        return section.wrong(f"The relay {relay} did not answer within {SECONDS} seconds.", todo)
    if isinstance(error, ssl.SSLError):
        todo = "Use smtp+tls:// for port 587 and smtp+ssl:// for port 465."
        return section.wrong(f"The relay {relay} does not speak TLS from the start ({_error_text(error)}).", todo)
    return section.wrong(f"The relay {relay} cannot be used: {_error_text(error)}.", "Ask who runs the relay.")


def _bad_certificate(relay: Relay, error: ssl.SSLCertVerificationError) -> Check:
    return section.wrong(
        f"The certificate of {relay.host} is not valid for it: {error.verify_message}.",
        "Write the name that stands in the certificate into EMAIL_URL, or have the certificate renewed.",
    )


def _encrypted(relay: Relay, line: smtplib.SMTP, now: datetime) -> Iterator[Check]:
    if relay.starttls:
        _start_tls(relay, line)
    if relay.starttls or relay.tls:
        yield _certificate(relay, line.sock, now)
    elif line.has_extn("starttls"):
        yield section.look(
            "The relay offers encryption and the portal does not use it.", "Write smtp+tls:// in EMAIL_URL."
        )
    elif not relay.is_here:
        yield section.look(f"Letters travel to {relay} without encryption.", "Ask for a port with TLS.")


def _start_tls(relay: Relay, line: smtplib.SMTP) -> None:
    if not line.has_extn("starttls"):
        todo = "Ask for a port with TLS. The portal sends nothing over an open line when EMAIL_URL says smtp+tls://."
        raise RelayRefused(section.wrong(f"The relay {relay} does not offer STARTTLS.", todo))
    try:
        line.starttls(context=ssl.create_default_context())
    except ssl.SSLCertVerificationError as error:
        raise RelayRefused(_bad_certificate(relay, error)) from error
    line.ehlo()


def _certificate(relay: Relay, sock: Any, now: datetime) -> Check:
    ends = ssl.cert_time_to_seconds(sock.getpeercert()["notAfter"])
    if ends - now.timestamp() < SOON:
        days = int((ends - now.timestamp()) // 86400)
        return section.look(f"The certificate of {relay.host} ends in {days} days.", "Have it renewed.")
    return section.ok(f"The line is encrypted ({sock.version()}), and the certificate is valid for {relay.host}.")


def capabilities(offered: dict[str, str]) -> Iterator[Check]:
    """What EHLO listed (RFC 5321, 4.1.1.1), as smtplib gives it: names in small letters with their parameters."""
    yield section.ok(f"It offers {', '.join(sorted(name.upper() for name in offered)) or 'nothing beyond plain SMTP'}.")
    for name, without in GOOD_TO_HAVE.items():
        if name not in offered:
            yield section.look(
                f"It does not offer {name.upper()}: {without}.",
                "Letters leave all the same; ask who runs the relay to switch it on.",
            )
    size = offered.get("size", "")
    if size.isdigit() and 0 < int(size) < LARGE:
        yield section.look(f"It takes no letter over {int(size):,} bytes.", f"Ask for a limit of at least {LARGE:,}.")


def _signed_in(relay: Relay, line: smtplib.SMTP) -> Iterator[Check]:
    if not relay.user:
        yield section.ok("The portal sends without signing in, as EMAIL_URL says.")
        return
    if not line.has_extn("auth"):
        todo = "Leave user and password out of EMAIL_URL, or use the port where the relay asks for them."
        raise RelayRefused(section.wrong("The relay does not let anybody sign in here.", todo))
    try:
        line.login(relay.user, relay.password)
    except smtplib.SMTPServerDisconnected:
        raise
    except smtplib.SMTPException as error:
        todo = "Correct user and password in EMAIL_URL; write special characters as %40 and the like."
        raise RelayRefused(
            section.wrong(f"The relay does not accept user and password ({_error_text(error)}).", todo)
        ) from error
    yield section.ok("The relay accepts user and password.")


def _error_text(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        words = error.smtp_error
        told = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
        return " ".join(f"{error.smtp_code} {told}".split())
    return " ".join(str(error).split()) or type(error).__name__
