"""The tables of an attendance report of Teams: whatever its encoding, separator, quotation marks and language."""

import csv
import re
from dataclasses import dataclass
from io import StringIO

from django.utils.translation import gettext_lazy as _

from lib.exceptions import Refused
from lib.text.normal_form import composed

MOST_BYTES = 2_000_000
SEPARATORS = "\t;,|"
# More line breaks in one cell than any name has: a stray quotation mark has swallowed the rows behind it.
MOST_BREAKS = 3

# What the columns are called in English, Finnish and Swedish reports, old and new; compared in small letters.
COLUMNS = {
    "upn": re.compile(r"upn|participant id|osallistuja(n )?tunnus|deltagar-?id"),
    "first_name": re.compile(r"first name|etunimi|förnamn"),
    "last_name": re.compile(r"(last|family) name|surname|sukunimi|efternamn"),
    "name": re.compile(
        r"((full|display|koko|fullständigt) )?(name|nimi|namn)|participant|osallistuja|deltagare|attendee( name)?"
    ),
    "email": re.compile(r"(.* )?(e-?mail|sähköposti|e-post)( ?address|osoite|adress)?"),
    "duration": re.compile(r".*(duration|kesto|varaktighet|vietetty aika|tid i mötet).*"),
    "joined": re.compile(r".*(join|liitty|anslut|gick med).*"),
    "left": re.compile(r".*(leave|left|poistu|lähti|lämna|utträde).*"),
}


class Unreadable(Refused):
    """Not a report that can be read; the text is for the person who pasted it."""


@dataclass(frozen=True)
class Table:
    """The rows under one line of headings, each cell by its meaning."""

    meanings: frozenset[str]
    rows: list[dict[str, str]]


def decoded(data: bytes) -> str:
    """The text of a file: Teams writes UTF-16 with tabs; spreadsheets write UTF-8 or a code page of Windows or DOS."""
    if len(data) > MOST_BYTES:
        raise Unreadable(_("The file is too large for a report of one meeting."))
    wide = _width(data)
    if wide:
        data = data[: len(data) // 2 * 2]
    for encoding in [wide] if wide else ["utf-8-sig", _code_page(data)]:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return composed(text.lstrip("\ufeff"))
    raise Unreadable(_("The file is not text. Download the attendance report as CSV from Teams and choose that file."))


def _width(data: bytes) -> str:
    """UTF-16 by its mark or, without one, by the empty halves of its first letters."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    if data[1:2] == b"\0":
        return "utf-16-le"
    return "utf-16-be" if data[:1] == b"\0" else ""


def _code_page(data: bytes) -> str:
    """The code page in which the letters beyond ASCII make words: ä is „ when DOS is read as Windows."""

    def readable(encoding: str) -> int:
        text = data.decode(encoding, "replace")
        odd = re.findall(r"[A-Za-z]([^\x00-\x7f])|([^\x00-\x7f])[A-Za-z]", text)
        return sum(1 if each in "äöåÄÖÅéüÉÜß" else 0 if each.isalpha() else -2 for pair in odd for each in pair if each)

    return max(("cp1252", "cp850", "mac-roman"), key=readable)


def tables(text: str) -> list[Table]:
    """The tables of people, in their order: at most the list of people and that of their stays. Raises Unreadable."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").replace("\ufeff", "")
    for lines in _readings(text):
        if found := _tables(lines):
            return found
    raise Unreadable(_("The headings were not found. The report must have a line with a name and a duration."))


def _readings(text: str) -> list[list[list[str]]]:
    """The text taken apart in every way that makes sense, that with the most cells first."""
    ways = []
    for separator in SEPARATORS:
        quoted = _cells(text, separator, csv.QUOTE_MINIMAL)
        if any(cell.count("\n") > MOST_BREAKS for line in quoted for cell in line):
            quoted = _cells(text, separator, csv.QUOTE_NONE)
        ways.append(quoted)
    return sorted(ways, key=lambda lines: -max((len(_meanings(line)) for line in lines), default=0))


def _cells(text: str, separator: str, quoting: int) -> list[list[str]]:
    try:
        lines = list(csv.reader(StringIO(text, newline=""), delimiter=separator, quoting=quoting))  # type: ignore[arg-type]
    except csv.Error:
        lines = [line.split(separator) for line in text.split("\n")]
    return [[cell.strip().strip('"').strip() for cell in line] for line in lines]


def _tables(lines: list[list[str]]) -> list[Table]:
    found, number = [], 0
    while number < len(lines):
        meanings = _meanings(lines[number])
        number += 1
        if not meanings.keys() & {"name", "last_name"} or not meanings.keys() & {"duration", "email", "joined"}:
            continue
        rows = []
        while number < len(lines) and len(lines[number]) > 1 and any(lines[number]):
            rows.append({meaning: _at(lines[number], place) for meaning, place in meanings.items()})
            number += 1
        found.append(Table(frozenset(meanings), rows))
    return found


def _at(line: list[str], place: int) -> str:
    return " ".join(line[place].split()) if place < len(line) else ""


def _meanings(line: list[str]) -> dict[str, int]:
    """The place of each column that a line of headings names; the first of a kind counts."""
    places: dict[str, int] = {}
    for place, cell in enumerate(line):
        heading = cell.casefold()
        meaning = next(
            (meaning for meaning, words in COLUMNS.items() if words.search(heading) and _fits(words, heading)), ""
        )
        if meaning:
            places.setdefault(meaning, place)
    return places


def _fits(words: re.Pattern[str], heading: str) -> bool:
    return words is COLUMNS["upn"] or words.fullmatch(heading) is not None
