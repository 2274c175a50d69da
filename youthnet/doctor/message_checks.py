"""Whether a letter has what receivers ask for, by its bytes alone. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from email.utils import getaddresses

from youthnet.doctor.report import Check, Section

LONGEST, ENCODED, LARGEST = 998, 76, 100_000  # RFC 5322, 2.1.1; RFC 2045, 6.7 and 6.8; where mail programs cut
ONCE = ("From", "To", "Date", "Message-ID", "Subject")
NEVER = ("Cc", "Bcc")
ONE_CLICK = "List-Unsubscribe=One-Click"  # RFC 8058, 3.1
LIST_ID = re.compile(r"[^<>]*<[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)+>")  # RFC 2919, 2 and 3
LINKS = re.compile(r"""href\s*=\s*["']?([^"'\s>]+)""", re.IGNORECASE)
PICTURES = re.compile(r"""<img[^>]*\ssrc\s*=\s*["']?\s*(?:https?:)?//|url\(\s*["']?(?:https?:)?//""", re.IGNORECASE)
MEND = "This is a fault of the portal: tell its makers."


@dataclass(frozen=True)
class Site:
    """What letters of this installation must agree with."""

    domain: str
    site_url: str


def judge(raw: bytes, site: Site, about: str, *, newsletter: bool) -> Iterator[Check]:
    """One finding per rule. `raw` has the line ends of the wire."""
    message, section = message_from_bytes(raw), Section(about)
    yield _heads(message, section)
    yield _sender(message, site, section)
    yield _automatic(message, section)
    if newsletter:
        yield _leaving(message, site, section)
        yield _list(message, section)
    else:
        yield _not_a_list(message, section)
        yield _own_links(message, site, section)
    yield _line_lengths(raw, message, section)
    yield _readings(message, section)
    yield _size(raw, section)


def domain_of(header: object) -> str:
    """The domain of a header with one address."""
    found = getaddresses([str(header or "")])
    return found[0][1].rpartition("@")[2].lower() if found else ""


def _heads(message: Message, section: Section) -> Check:
    wrong = [f"{len(message.get_all(name, []))} × {name}" for name in ONCE if len(message.get_all(name, [])) != 1]
    wrong += [name for name in NEVER if message[name] is not None]
    if len(getaddresses([message["To"] or ""])) != 1:
        wrong.append("another number of recipients than one")
    if wrong:
        return section.wrong(f"The letter has {', '.join(wrong)}.", MEND)
    return section.ok(f"It has {', '.join(ONCE)} once each, and one recipient.")


def _sender(message: Message, site: Site, section: Section) -> Check:
    domain = domain_of(message["From"])
    if domain != site.domain:
        return section.wrong(f"It comes from {domain}, and DEFAULT_FROM_EMAIL is of {site.domain}.", MEND)
    return section.ok(f"It comes from an address of {domain}.")


def _automatic(message: Message, section: Section) -> Check:
    if (message["Auto-Submitted"] or "no").startswith("auto-"):
        return section.ok("It says that a machine wrote it, so out-of-office notes stay away (RFC 3834).")
    return section.wrong("It does not say that a machine wrote it (Auto-Submitted).", MEND)


def _leaving(message: Message, site: Site, section: Section) -> Check:
    """RFC 8058: an https address between angle brackets, and the promise that one POST is enough."""
    value = " ".join((message["List-Unsubscribe"] or "").split())
    urls = re.findall(r"<(https://[^<>\s]+)>", value)
    if not urls:
        return section.wrong(
            f"Its List-Unsubscribe holds no <https://…> address: “{value}”.", "Set SITE_URL to the https address."
        )
    if message["List-Unsubscribe-Post"] != ONE_CLICK:
        return section.wrong("Mail programs cannot unsubscribe with one click (List-Unsubscribe-Post).", MEND)
    if not urls[0].startswith(site.site_url):
        return section.wrong(f"Its List-Unsubscribe leads elsewhere than to {site.site_url}.", MEND)
    return section.ok("Mail programs can unsubscribe with one click (RFC 8058).")


def _list(message: Message, section: Section) -> Check:
    value = " ".join((message["List-Id"] or "").split())
    if LIST_ID.fullmatch(value) and len(value) <= 255:
        return section.ok(f"It names its list as {value} (RFC 2919).")
    return section.wrong(f"The name of its list is not as RFC 2919 asks: “{value}”.", MEND)


def _not_a_list(message: Message, section: Section) -> Check:
    found = [name for name in message if name.lower().startswith("list-")]
    if found:
        return section.wrong(f"A letter to one person carries {', '.join(found)}.", MEND)
    return section.ok("It carries nothing of a mailing list, so nobody can leave it by mistake.")


def _own_links(message: Message, site: Site, section: Section) -> Check:
    html = "".join(_body(part) for part in message.walk() if part.get_content_type() == "text/html")
    foreign = [url for url in LINKS.findall(html) if not url.startswith((site.site_url, "mailto:", "#"))]
    if foreign:
        return section.wrong(f"It leads elsewhere than to {site.site_url}: {foreign[0]}.", MEND)
    return section.ok(f"Its links start with {site.site_url}.")


def _line_lengths(raw: bytes, message: Message, section: Section) -> Check:
    longest = max(len(line) for line in raw.split(b"\r\n"))
    encoded = max((len(line) for part in message.walk() for line in _encoded_lines(part)), default=0)
    if longest > LONGEST or encoded > ENCODED:
        return section.wrong(f"Its longest line has {longest} characters, its longest encoded line {encoded}.", MEND)
    return section.ok(
        f"Its lines are short enough: {longest} of {LONGEST} characters, encoded ones {encoded} of {ENCODED}."
    )


def _encoded_lines(part: Message) -> Iterator[str]:
    for name, value in part.raw_items():
        yield from (line for line in f"{name}: {value}".splitlines() if "=?" in line)
    if (part["Content-Transfer-Encoding"] or "").lower() in {"quoted-printable", "base64"}:
        yield from str(part.get_payload()).splitlines()


def _readings(message: Message, section: Section) -> Check:
    kinds = [part.get_content_type() for part in message.walk() if not part.is_multipart()]
    if not {"text/plain", "text/html"} <= set(kinds) or kinds.index("text/html") < kinds.index("text/plain"):
        return section.wrong(f"It lacks a plain reading before the one with layout: {', '.join(kinds)}.", MEND)
    html = "".join(_body(part) for part in message.walk() if part.get_content_type() == "text/html")
    if PICTURES.search(html):
        return section.wrong(
            "It loads pictures from elsewhere.", "Take them out of the letter; link to a page instead."
        )
    return section.ok("It has a plain reading and one with layout, and loads no pictures from elsewhere.")


def _size(raw: bytes, section: Section) -> Check:
    if len(raw) > LARGEST:
        return section.look(
            f"It has {len(raw) / 1000:.0f} kB, and mail programs cut after 100.", "Write a shorter letter."
        )
    return section.ok(f"It has {len(raw) / 1000:.0f} kB.")


def _body(part: Message) -> str:
    payload = part.get_payload(decode=True)
    return payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""
