"""Reading letters from the mailbox page of development, as a person would."""

import re
import time
import urllib.parse
import urllib.request
from email import message_from_bytes
from email.policy import compat32
from html import unescape

CODE = re.compile(r"\b[A-Z0-9]{4}-[A-Z0-9]{4}\b")


def read(address):
    with urllib.request.urlopen(address, timeout=10) as answer:
        return answer.read().decode()


def letters(portal, recipient):
    """Addresses of the letters to one person, the newest first."""
    page = read(f"{portal}/dev/mail/?q={urllib.parse.quote(recipient)}")
    seen = dict.fromkeys(re.findall(r'href="(/dev/mail/[^"?]+)"', page))
    return [portal + path for path in seen if path.rstrip("/") != "/dev/mail"]


def newest_letter(portal, recipient, about="", patience=60):
    """The page of the newest letter to somebody that has `about` in it; waits for the worker to send it."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        for address in letters(portal, recipient):
            page = unescape(read(address))
            if about in page:
                return page
        time.sleep(0.5)
    raise AssertionError(f"No letter to {recipient} about {about!r} in {patience} seconds")


def newest_code(portal, recipient, not_among=()):
    """The sign-in code that was sent last."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        for address in letters(portal, recipient):
            found = CODE.search(unescape(read(address)))
            if found and found.group() not in not_among:
                return found.group()
        time.sleep(0.5)
    raise AssertionError(f"No code for {recipient}")


def codes(portal, recipient):
    """Every code sent so far, so that a new one is known from them."""
    return {m.group() for address in letters(portal, recipient) if (m := CODE.search(unescape(read(address))))}


def newest_message(portal, recipient, about=""):
    """The newest letter itself, parsed, as it left the portal."""
    page = newest_letter(portal, recipient, about)
    source = re.search(r'href="(/dev/mail/[^"]+/source/)"', page).group(1)
    with urllib.request.urlopen(portal + source, timeout=10) as answer:
        return message_from_bytes(answer.read(), policy=compat32)


def text_of(message):
    """The plain text of a letter."""
    part = next(part for part in message.walk() if part.get_content_type() == "text/plain")
    return part.get_payload(decode=True).decode()


def link_in(message, portal, word):
    """The first link of a letter whose path holds a word."""
    return next(url for url in re.findall(rf"{re.escape(portal)}\S+", text_of(message)) if word in url)
