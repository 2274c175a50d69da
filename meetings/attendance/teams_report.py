"""The attendance report that Teams lets an organiser download: read whatever its encoding, separator and language."""

import csv
import re
from dataclasses import dataclass, replace
from io import StringIO

from django.utils.translation import gettext_lazy as _

from lib.exceptions import Refused

MOST_BYTES = 2_000_000

# What the columns are called in English, Finnish and Swedish reports, old and new; compared in small letters.
NAMES = {"name", "full name", "nimi", "koko nimi", "namn", "fullständigt namn", "osallistuja", "participant"}
EMAILS = {"email", "e-mail", "sähköposti", "sähköpostiosoite", "e-post", "e-postadress"}
UPNS = {"participant id (upn)", "osallistujan tunnus (upn)", "osallistujatunnus (upn)", "deltagar-id (upn)", "upn"}
DURATIONS = {"in-meeting duration", "duration", "kesto", "kesto kokouksessa", "kokouksessa vietetty aika"}
DURATIONS |= {"osallistumisen kesto", "varaktighet", "varaktighet i mötet"}
JOINS = {"first join", "join time", "ensimmäinen liittyminen", "liittymisaika", "liittyi", "första anslutning"}
LEAVES = {"last leave", "leave time", "viimeinen poistuminen", "poistumisaika", "poistui", "senaste utträde"}
ADDRESS = re.compile(r"^[^@\s]+@[^@\s]+\.[^@\s]+$")
PART = re.compile(r"(\d+)\s*(tuntia|tunti|tim|t|h|minuuttia|minuter|min|m|sekuntia|sek|s)(?![^\W\d_])", re.IGNORECASE)
SECONDS = {"t": 3600, "h": 3600, "m": 60, "s": 1}


class Unreadable(Refused):
    """Not a report that can be read; the text is for the person who pasted it."""


@dataclass(frozen=True)
class Attendee:
    """One person of the report, with all stays added up. `joined` and `left` are as Teams wrote them."""

    name: str
    email: str
    seconds: int
    joined: str = ""
    left: str = ""

    @property
    def minutes(self) -> int:
        return round(self.seconds / 60)

    @property
    def key(self) -> str:
        return self.email or self.name.casefold()


def decoded(data: bytes) -> str:
    """The text of a file: Teams writes UTF-16 with tabs; spreadsheets write UTF-8 or the Windows code page."""
    if len(data) > MOST_BYTES:
        raise Unreadable(_("The file is too large for a report of one meeting."))
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        tries = ["utf-16"]
    elif data[1:2] == b"\0":
        tries = ["utf-16-le"]
    elif data[:1] == b"\0":
        tries = ["utf-16-be"]
    else:
        tries = ["utf-8-sig", "cp1252"]
    for encoding in tries:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise Unreadable(_("The file is not text. Download the attendance report as CSV from Teams and choose that file."))


def people_in(text: str) -> list[Attendee]:
    """Everybody in a report, each once, in its order. Raises Unreadable."""
    rows, columns = _table(text)
    found: dict[str, Attendee] = {}
    for row in rows:
        person = _person(row, columns)
        if person is None:
            continue
        known = found.get(person.key)
        found[person.key] = _joined(known, person) if known else person
    if not found:
        raise Unreadable(_("No people were found in the report."))
    return list(found.values())


def _table(text: str) -> tuple[list[list[str]], dict[str, int]]:
    """The rows under the first line that names a person's columns, up to the next empty line or section."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").split("\n")
    for number, line in enumerate(lines):
        separator = max("\t;,", key=line.count)
        columns = _columns(_cells(line, separator))
        if "name" in columns and ("duration" in columns or "email" in columns or "joined" in columns):
            rows = []
            for following in lines[number + 1 :]:
                cells = _cells(following, separator)
                if not any(cells) or len(cells) < 2:
                    break
                rows.append(cells)
            return rows, columns
    raise Unreadable(_("The headings were not found. The report must have a line with a name and a duration."))


def _cells(line: str, separator: str) -> list[str]:
    try:
        cells = next(csv.reader(StringIO(line), delimiter=separator), [])
    except csv.Error:
        cells = line.split(separator)
    return [cell.strip().strip('"').strip() for cell in cells]


def _columns(cells: list[str]) -> dict[str, int]:
    meanings = {"name": NAMES, "email": EMAILS, "upn": UPNS, "duration": DURATIONS, "joined": JOINS, "left": LEAVES}
    small = [cell.casefold() for cell in cells]
    return {
        meaning: next(n for n, cell in enumerate(small) if cell in words)
        for meaning, words in meanings.items()
        if any(cell in words for cell in small)
    }


def _person(row: list[str], columns: dict[str, int]) -> Attendee | None:
    cell = {meaning: row[n] if n < len(row) else "" for meaning, n in columns.items()}
    addresses = (cell.get("email", ""), cell.get("upn", ""))
    email = next((address.lower() for address in addresses if ADDRESS.match(address)), "")
    name = cell["name"][:120]
    if not name and not email:
        return None
    return Attendee(name, email, seconds_in(cell.get("duration", "")), cell.get("joined", ""), cell.get("left", ""))


def _joined(known: Attendee, more: Attendee) -> Attendee:
    return replace(known, seconds=known.seconds + more.seconds, left=more.left or known.left)


def seconds_in(duration: str) -> int:
    """ "2h 3m 59s", "1 t 5 min", "01:02:03"; 0 when there is no telling."""
    clock = re.fullmatch(r"(\d{1,3}):(\d\d)(?::(\d\d))?", duration.strip())
    if clock:
        hours, minutes, seconds = (int(part or 0) for part in clock.groups())
        return hours * 3600 + minutes * 60 + seconds
    return sum(int(number) * SECONDS[unit[0].lower()] for number, unit in PART.findall(duration) if len(number) < 7)
