"""Text of an operating model in the order of Innokylä's headings: read from a pasted page, and written for one.

Innokylä (innokyla.fi) describes an operating model under fixed Finnish headings; a mark such as ** may stand beside
them. No Django here: text in, text out.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import NamedTuple

# field → the heading that is written, and other forms that are understood
HEADINGS: dict[str, list[str]] = {
    "title": ["Toimintamallin nimi", "Nimi"],
    "summary": ["Lyhyt kuvaus", "Toimintamallin lyhyt kuvaus", "Tiivistelmä"],
    "place": ["Toteutuspaikka", "Toimintamallin toteutuspaikka"],
    "region": ["Paikkakunta, maakunta tai hyvinvointialue", "Paikkakunta", "Maakunta", "Hyvinvointialue"],
    "funder": ["Rahoittaja", "Toimintamallin rahoittaja", "Rahoitus"],
    "whole": ["Toimintamallin kokonaisuus", "Kokonaisuus"],
    "author": ["Tekijä", "Tekijät", "Toimintamallin tekijä"],
    "basic_idea": ["Ratkaisun perusidea", "Toimintamallin perusidea", "Perusidea"],
    "environment": ["Toimintaympäristö"],
    "target_understanding": ["Kohderyhmä ja asiakasymmärrys", "Kohderyhmät ja asiakasymmärrys"],
    "conditions": ["Toimivuuden ja käyttöönoton ehdot", "Toimivuuden ja käyttöönoton edellytykset"],
    "results": ["Arvioinnin tulokset tiivistettynä", "Arvioinnin tulokset"],
    "tips_for_adopters": ["Vinkit toimintamallin soveltajille", "Vinkit soveltajille"],
    "stage": ["Kehittämisen vaihe"],
    "target_groups": ["Kohderyhmä", "Kohderyhmät"],
    "keywords": ["Avainsanat", "Asiasanat", "Hakusanat"],
}
# Headings of the page for which our form has no box: their text is kept under them, among what found no place.
FOREIGN = [
    "Luotu", "Viimeksi muokattu", "Kansikuva", "Liitteet", "Kehittämisen polku", "Oivalla ja ymmärrä",
    "Lähtötilanne ja strategiset liittymäkohdat", "Lähtötilanne", "Kehitystyön lähtökohtana olevat tarpeet",
    "Kehittäjäjoukon kokoaminen ja yhteiskehittäminen", "Tavoiteltu muutos", "Muutoksen mittaaminen",
    "Kuvittele ja kokeile", "Arvioi ja jaa", "Vaiheet",
]  # fmt: skip
BARE = ["Perustiedot", "Kuvaus"]  # headings above others: they say nothing by themselves
OURS = {
    "title", "summary", "place", "region", "funder", "basic_idea", "environment", "target_understanding", "conditions",
    "results", "tips_for_adopters", "stage", "keywords",
}  # fmt: skip

ON_ONE_LINE = {"title", "place", "region", "funder", "stage"}  # their boxes hold one line

# Lines that are pictures on the page and come along as text: names of icons, what stands in place of an image.
_ICON = re.compile(
    r"(?:\S+[ -]){0,4}\w*(?:ikoni|icon|kuvake)(?::.{0,40})?|(?:ikoni|icon|kuvake)\b.{0,40}|[a-z]+(?:_[a-z]+)+"
    r"|fa-[a-z-]+|(?:place|check|close|done|person|people|group|edit|share|print|link|search|home|info|menu|star|favorite)"
    r"|!?\[[^\]]*\](?:\([^)]*\))?"
)
# What Innokylä and people call the phases of development, by the code of ours.
STAGES = {
    "idea": ["idea", "ideointi", "ideoitavana", "oivalla ja ymmärrä"],
    "suunnittelu": ["suunnittelu", "suunnitteilla", "kehitteillä", "kehittäminen"],
    "kokeilu": ["kokeilu", "kokeilussa", "kokeiltavana", "pilotti", "pilotointi", "kuvittele ja kokeile"],
    "kayttoonotto": ["käyttöönotto", "käyttöönotossa", "juurruttaminen", "levittäminen"],
    "valmis": ["valmis", "käytössä", "vakiintunut", "arvioi ja jaa"],
    "paattynyt": ["päättynyt", "päättyneet", "lopetettu"],
}

_ADDRESS = re.compile(r"https?://(?:www\.)?innokyla\.fi/\S+", re.IGNORECASE)
_MARKS = re.compile(r"^[\s*#•\-–]+|[\s*:]+$")


class Reading(NamedTuple):
    """A pasted page taken apart: text by field, what found no place, and the address of the page if it was there."""

    fields: dict[str, str]
    other: str
    address: str


def read(text: str) -> Reading:
    """Take a pasted page apart. No word of it is lost: what stands under no known heading comes back as `other`."""
    address = _ADDRESS.search(text)
    if address:
        text = re.sub(rf"^\s*{re.escape(address[0])}\s*$", "", text, count=1, flags=re.MULTILINE)
    fields: dict[str, list[str]] = {}
    other: list[str] = []
    for heading, name, words in _stretches(text):
        if not words and not heading:
            continue
        if name in OURS and words:
            fields.setdefault(name, []).append(words)
        elif name not in OURS and name != "bare" and words:
            other.append(f"{heading}\n{words}".strip())
    if "title" not in fields and other and not _is_known(first := other[0].partition("\n")[0]):
        fields["title"] = [first]
        other[0] = other[0].partition("\n")[2].strip()
    joined = {name: _in_box(name, "\n\n".join(parts)) for name, parts in fields.items()}
    return Reading(joined, "\n\n".join(part for part in other if part), address[0].rstrip(".,)") if address else "")


def stage_in(words: str) -> str:
    """The code of the phase of development that is named, or nothing."""
    plain = " ".join(words.casefold().split())
    named = {form: code for code, forms in STAGES.items() for form in forms}
    return named.get(plain) or next((code for form, code in named.items() if re.search(rf"\b{form}\b", plain)), "")


def write(sections: Iterable[tuple[str, str]]) -> str:
    """(field, text) as one plain text under Innokylä's headings; empty ones are left out."""
    return "\n\n".join(f"{HEADINGS[name][0]}\n{text.strip()}" for name, text in sections if text.strip()) + "\n"


def _stretches(text: str) -> Iterator[tuple[str, str, str]]:
    """(heading, field, words) one after the other; before the first heading both are empty."""
    heading, name, lines = "", "", [""]
    for line in map(_without_signs, text.replace("\r\n", "\n").replace("\xa0", " ").split("\n")):
        if _ICON.fullmatch(line.strip()):
            continue
        found, rest = _heading(line)
        if not found:
            lines.append(line.rstrip())
            continue
        yield heading, name, "\n".join(lines).strip()
        heading, name, lines = _MARKS.sub("", line if not rest else line.partition(":")[0]), found, [rest]
    yield heading, name, "\n".join(lines).strip()


def _heading(line: str) -> tuple[str, str]:
    """(field, text on the same line) when a line is a heading: by itself, or "Heading: text"."""
    if found := _KNOWN.get(_bare(line)):
        return found, ""
    before, colon, after = line.partition(":")
    found = _KNOWN.get(_bare(before)) if colon else None
    return (found, after.strip(" *")) if found else ("", "")


def _without_signs(line: str) -> str:
    """A line without the signs of icon fonts and emoji before its words."""
    words = line.lstrip()
    while words and (unicodedata.category(words[0]) in ("Co", "So", "Cf") or words[0] == "\ufe0f"):
        words = words[1:].lstrip()
    return words if words != line.lstrip() else line


def _in_box(name: str, words: str) -> str:
    """Lines of a box of one line stand beside each other: several municipalities, a place and its address."""
    if name not in ON_ONE_LINE:
        return words
    return ", ".join(line.strip(" ,;•-–") for line in words.split("\n") if line.strip(" ,;•-–"))


def _is_known(line: str) -> bool:
    return bool(_heading(line)[0])


def _bare(line: str) -> str:
    """A heading without marks, in small letters, with single spaces."""
    return " ".join(_MARKS.sub("", line).casefold().split())


_KNOWN: dict[str, str] = {
    **{_bare(form): name for name, forms in HEADINGS.items() for form in forms},
    **{_bare(form): "foreign" for form in FOREIGN},
    **{_bare(form): "bare" for form in BARE},
}
