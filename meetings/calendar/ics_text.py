"""What somebody else's event says in its texts: where one meets, how one joins, and what may stand on a page.

Pure. Invitations of Teams, Zoom and Meet put the link and the code for joining into the description; a description
becomes public one day, so both are taken out of it here.
"""

import re
from html import unescape
from urllib.parse import urlsplit

import nh3

from meetings.calendar.ical import line, paragraphs

VIDEO_HOSTS: tuple[str, ...] = (
    "teams.microsoft.com",
    "teams.live.com",
    "teams.cloud.microsoft",
    "zoom.us",
    "meet.google.com",
)
VIDEO_HOSTS += ("webex.com", "whereby.com", "meet.jit.si", "gotomeeting.com", "meet.goto.com")
LONGEST_LINK, LONGEST_WORDS, LONGEST_SUMMARY = 1000, 2000, 300
_URL = re.compile(r"https?://[^\s<>\"'\]\\;]+", re.IGNORECASE)
_NO_PLACE = re.compile(
    r"(?:microsoft )?teams(?:[ -]*(?:meeting|kokous|tapaaminen|möte))?|zoom(?:[ -]*(?:meeting|kokous|möte))?"
    r"|google meet|webex|online(?: meeting)?|verkossa|etänä|etäkokous|etäyhteys|på nätet|på distans",
    re.IGNORECASE,
)
# Where Teams and Google begin what they add by themselves, and the lines with which Zoom and others name a code.
_RULE = re.compile(r"^\s*(?:_{8,}|-::~.*|-{20,})\s*$")
_CODE = re.compile(
    r"^\W*(?:meeting id|passcode|pass code|password|pin|phone conference id|kokoust?unnus|kokouksen tunnus|tunnuskoodi"
    r"|tunnusluku|salasana|pääsykoodi|mötes-?id|lösenord|möteskod)\W*:",
    re.IGNORECASE,
)
_BREAK = re.compile(r"<(?:br|/p|/li|/div|/h\d)\b[^>]*>", re.IGNORECASE)


def link_in(texts: list[str]) -> str:
    """The first link to a video meeting in some texts, or nothing."""
    for text in texts:
        for found in _URL.findall(text):
            link = found.rstrip(".,)>")
            if is_video(link) and is_usable(link):
                return link
    return ""


def is_video(link: str) -> bool:
    try:
        host = (urlsplit(link).hostname or "").lower()
    except ValueError:
        return False
    return any(host == known or host.endswith("." + known) for known in VIDEO_HOSTS)


def is_usable(link: str) -> bool:
    """Whether a meeting could keep it: with https and of a bearable length."""
    try:
        parts = urlsplit(link)
        named = bool(parts.hostname)
    except ValueError:
        return False
    return parts.scheme == "https" and named and len(link) <= LONGEST_LINK and line(link) == link and " " not in link


def place_in(location: str) -> str:
    """The place without links and without names of programs for video; rooms are written side by side with `;`."""
    parts = [part.strip(" ,-–|") for part in re.split(r"[;|]", _URL.sub(" ", line(location)))]
    return ", ".join(part for part in parts if part and not _NO_PLACE.fullmatch(part))[:120]


def is_about_video(location: str) -> bool:
    """Whether the place names a program for video, with or without a link."""
    return any(_NO_PLACE.fullmatch(part.strip(" ,-–|")) for part in re.split(r"[;|]", line(location)))


def title_in(summary: str) -> str:
    """The title without a link to a video meeting: titles stand on public pages."""
    return line(_URL.sub(lambda found: "" if is_video(found[0]) else found[0], summary))[:160]


def words_in(description: str) -> str:
    """The description as plain text, without what is needed for joining."""
    text = description
    if _BREAK.search(text) or "</" in text:
        text = unescape(nh3.clean(_BREAK.sub("\n", text), tags=set()))
    kept: list[str] = []
    for each in paragraphs(text).split("\n"):
        if _RULE.match(each):
            break
        if not (_CODE.match(each) or any(is_video(link) for link in _URL.findall(each))):
            kept.append(each.strip())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()[:LONGEST_WORDS].strip()


def summary_of(words: str, title: str) -> str:
    """The first line, cut between words when it is long; the title when there are no words."""
    first = words.split("\n", 1)[0].strip() or title
    if len(first) <= LONGEST_SUMMARY:
        return first
    return first[: LONGEST_SUMMARY - 1].rsplit(" ", 1)[0][: LONGEST_SUMMARY - 1] + "…"
