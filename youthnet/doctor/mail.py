"""The part of the doctor that looks at mail: settings, the DNS, the relay, and letters as they leave and arrive."""

from argparse import ArgumentParser
from collections.abc import Iterator
from email.utils import parseaddr
from ipaddress import ip_address, ip_network
from pathlib import Path

from django.conf import settings
from django.core.management.base import CommandError
from django.db import DatabaseError
from django.utils import timezone

from outbox.message.validation import LetterRefused
from youthnet import checks
from youthnet.doctor import dkim, dmarc, message_checks, probe, received, smtp_relay, spf
from youthnet.doctor import dns as answers
from youthnet.doctor.dns import Ask, NoAnswers
from youthnet.doctor.report import Check, Section

HELP = "mail: settings, SPF, DKIM, DMARC, the relay, and the letters themselves"
# The default of the setting, which is nobody's.
NOBODYS = {"example.org", "localhost", ""}
# Nobody outside sees these: a relay that has one sends from another.
INSIDE = [
    ip_network(each) for each in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8", "fc00::/7", "::1")
]

settings_section = Section("settings")
names = Section("DNS")


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--dns", metavar="FILE", help="answers of the DNS in a TOML or JSON file, see docs/operations.md"
    )
    parser.add_argument("--selector", metavar="NAME", help="the DKIM key the relay signs with (DKIM_SELECTOR)")
    parser.add_argument("--dkim-domain", metavar="DOMAIN", help="the d= the relay signs with (the domain of letters)")
    parser.add_argument(
        "--sends-from", metavar="IP", action="append", help="an address that letters leave the relay from"
    )
    alone = parser.add_mutually_exclusive_group()
    alone.add_argument("--probe", metavar="ADDRESS", help="only send one probe letter there, through the ledger")
    alone.add_argument("--verify", metavar="FILE", help="only judge a received copy, saved as .eml")


def examine(
    dns: str | None = None,
    selector: str | None = None,
    dkim_domain: str | None = None,
    sends_from: list[str] | None = None,
    probe: str | None = None,
    verify: str | None = None,
) -> Iterator[Check]:
    """Raises CommandError for arguments that make no sense."""
    if probe:
        yield from send_probe(probe)
        return
    ask, trouble = _answers(dns)
    yield from trouble
    if verify:
        yield from received.judge(_read(verify), ask)
        return
    domain = from_domain()
    yield from settings_of_mail(domain)
    yield from records(domain, ask, selector or settings.DKIM_SELECTOR, dkim_domain or domain, sends_from or [])
    yield from the_relay()
    yield from letters(domain)


def _answers(file: str | None) -> tuple[Ask, list[Check]]:
    """How to ask; without a file and a resolver nothing is known, and one line says so."""
    try:
        if file:
            return answers.from_file(Path(file)), []
        return answers.from_resolver(), []
    except NoAnswers as error:
        if file:
            raise CommandError(str(error)) from error
        todo = "Install the extra (pip install '.[doctor]'), or write the answers into a file and say --dns FILE."
        return (lambda name, kind: None), [names.look(str(error), todo)]


def _read(file: str) -> bytes:
    try:
        return Path(file).read_bytes()
    except OSError as error:
        raise CommandError(f"{file} cannot be read: {error.strerror}.") from error


def from_domain() -> str:
    """The domain of DEFAULT_FROM_EMAIL as the DNS knows it."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2].lower()
    return domain if domain.isascii() else domain.encode("idna").decode()


# --- settings ---


def settings_of_mail(domain: str) -> Iterator[Check]:
    if domain in NOBODYS:
        todo = "Set DEFAULT_FROM_EMAIL to an address of your own domain."
        yield settings_section.wrong(
            f"Letters come from “{settings.DEFAULT_FROM_EMAIL}”, which is nobody's address.", todo
        )
    else:
        yield settings_section.ok(f"Letters come from {settings.DEFAULT_FROM_EMAIL}.")
    yield _links()
    yield _signing_key()
    yield from _system_checks()


def _links() -> Check:
    if settings.SITE_URL.startswith("https://"):
        return settings_section.ok(f"Links in letters start with {settings.SITE_URL}.")
    todo = "Set SITE_URL to the https address; without it mail programs offer no way to leave a newsletter."
    return settings_section.wrong(f"Links in letters start with {settings.SITE_URL}, which is not encrypted.", todo)


def _signing_key() -> Check:
    """Links for answering and leaving are signed: whoever knows the key can answer for anybody."""
    if len(settings.SECRET_KEY) < 50 or settings.SECRET_KEY.startswith("development-only"):
        return settings_section.wrong(
            "Links in letters can be forged: SECRET_KEY is short or known.", "Set one of 50 characters."
        )
    return settings_section.ok("Links in letters are signed with a SECRET_KEY of your own.")


def _system_checks() -> Iterator[Check]:
    """What the system checks say of the way that letters leave (W001 to E004); W002 stands above in other words."""
    for found in [*checks.letters_can_leave(None), *checks.provider_is_there(None)]:
        if found.id == "youthnet.W001":
            yield settings_section.wrong(
                "Letters stay in files on this machine: EMAIL_URL names no relay.", str(found.hint)
            )
        elif found.id != "youthnet.W002":
            write = settings_section.wrong if found.is_serious() else settings_section.look
            yield write(str(found.msg), str(found.hint))


# --- the DNS ---


def records(domain: str, ask: Ask, selector: str, dkim_domain: str, sends_from: list[str]) -> Iterator[Check]:
    if domain in NOBODYS:
        return
    senders = [_address(each) for each in sends_from] or _relay_addresses(ask)
    yield from spf.judge(domain, ask, senders, certain=bool(sends_from))
    yield from dkim.judge(selector, dkim_domain, ask)
    yield from dmarc.judge(domain, dkim_domain, ask)
    yield names_for_bounces(domain, ask)
    for address in senders:
        yield name_of_sender(address, ask)


def _address(text: str) -> str:
    try:
        return str(ip_address(text))
    except ValueError:
        raise CommandError(f"{text} is not an IP address.") from None


def _relay_addresses(ask: Ask) -> list[str]:
    """Those of the host in EMAIL_URL: often, not always, the ones that letters leave from."""
    host = the_relay_of_the_settings().host
    found = [] if settings.ESP or not host else answers.addresses(ask, host) or []
    return [each for each in found if not any(ip_address(each) in network for network in INSIDE)]


def names_for_bounces(domain: str, ask: Ask) -> Check:
    """MX (RFC 5321, 5.1; RFC 7505): where letters that cannot be delivered come back to."""
    found = ask(domain, "MX")
    if found is None:
        return names.look(f"Nothing is known of the MX records of {domain}.", "Add them to the file of answers.")
    hosts = [record.split()[-1].rstrip(".") for record in found if record.split()]
    if found and not any(hosts):
        return names.wrong(
            f"{domain} says that it takes no mail (a null MX).", "Publish an MX for answers and bounces."
        )
    if hosts:
        return names.ok(f"Answers and bounces to {domain} go to {', '.join(hosts)}.")
    if answers.addresses(ask, domain):
        todo = "Publish an MX record, so that nobody depends on the address of the web server."
        return names.look(f"{domain} has no MX record, so bounces go to the host itself.", todo)
    return names.wrong(f"{domain} has no MX record, so bounces and answers are lost.", "Publish an MX record.")


def name_of_sender(address: str, ask: Ask) -> Check:
    """PTR: receivers ask for a name that leads back to the address."""
    found = ask(answers.reverse_name(address), "PTR")
    if found is None:
        return names.look(f"Nothing is known of the name of {address} (PTR).", "Add it to the file of answers.")
    todo = f"Ask who owns {address} for a PTR record with the relay's name, and an A record back."
    if not found:
        return names.look(f"{address} has no name (PTR), and large providers refuse letters from such.", todo)
    back = answers.addresses(ask, found[0])
    if back is not None and address not in back:
        return names.look(f"{address} is called {found[0].rstrip('.')}, a name that does not lead back to it.", todo)
    return names.ok(f"{address} is called {found[0].rstrip('.')}.")


# --- the relay and the letters ---


def the_relay() -> Iterator[Check]:
    if settings.ESP:
        yield smtp_relay.section.ok(
            f"Letters leave through the web interface of {settings.ESP}; there is no relay to ask."
        )
    elif settings.EMAIL_URL and not settings.EMAIL_URL.startswith("filemail:"):
        yield from smtp_relay.examine(the_relay_of_the_settings(), timezone.now())


def the_relay_of_the_settings() -> smtp_relay.Relay:
    return smtp_relay.Relay(
        host=settings.EMAIL_HOST,
        port=settings.EMAIL_PORT,
        user=settings.EMAIL_HOST_USER,
        password=settings.EMAIL_HOST_PASSWORD,
        starttls=settings.EMAIL_USE_TLS,
        tls=settings.EMAIL_USE_SSL,
    )


def letters(domain: str) -> Iterator[Check]:
    """The probe and the newest issue, built as they would leave and judged by their bytes."""
    site = message_checks.Site(domain, settings.SITE_URL)
    reader, now = parseaddr(settings.DEFAULT_FROM_EMAIL)[1], timezone.now()
    newsletters = Section("newsletter")
    try:
        yield from message_checks.judge(probe.probe(reader, now), site, "letter", newsletter=False)
        issue = probe.newest_issue(reader, now)
    except DatabaseError:
        todo = "Say it again where the portal runs."
        yield newsletters.look("The database does not answer, so letters cannot be looked at.", todo)
        return
    except LetterRefused as error:
        yield newsletters.wrong(f"No letter can be built: {error}", "Correct DEFAULT_FROM_EMAIL.")
        return
    if issue is None:
        yield newsletters.look("There is no issue of a newsletter to look at.", "Say it again when one is written.")
    else:
        yield from message_checks.judge(issue, site, "newsletter", newsletter=True)


def send_probe(address: str) -> Iterator[Check]:
    try:
        probe.send(address, timezone.now())
    except LetterRefused as error:
        raise CommandError(str(error)) from error
    yield Section("probe").ok(
        f"A probe letter to {address} is in the ledger and leaves with the next round.",
        "When it has arrived, save it with its headers as probe.eml and say: manage.py doctor mail --verify probe.eml",
    )
