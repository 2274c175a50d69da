"""Reads what the Finnish dictionary says of one word: its base form, the parts of a compound, the verb inside a noun.

Libvoikko and pyvoikko carry the same dictionary and describe a word in the same way (FSTOUTPUT), such as
`[Ln][Xp]nuoriso[X]nuoriso[Sn][Ny][Bh][Bc][Ln][Xp]työ[X]työ[Sp][Ny]tä`. Marks: `[Bc]` between the parts of a compound,
`[Xp]…[X]` a base form, `[Xj]…[X]` an ending that makes a new word, `[Lt]` a verb, `[Ln]` a noun, `[R…]` a participle.
Pure.
"""

import re
from typing import NamedTuple

_MARK = re.compile(r"\[X[ps]\].*?\[X\]|\[Xj\].*?\[X\]|\[[^\]]*\]")
_BASE = re.compile(r"\[Xp\](.*?)\[X\]")
# one ending after a verb that names what is done: keskustelu, harrastus, syrjintä, arviointi
_ACTION = re.compile(
    r"^\[Lt\]\[Xp\]([^\[]*)\[X\](?:[^\[]|\[Bm\])*\[Ln\](?:(?:nn?|in)\[Xj\]t[aäi]|[nt]?\[Xj\](?:u|y|us|ys))\[X\]"
)
_PARTICIPLE = re.compile(r"^\[Lt\]\[Xp\]([^\[]*)\[X\].*\[R[tuv]\][^\[]*\[Xj\](?!.*\[Xj\])")
# nouns that left their verb behind: toiminta is not what toimii, hallitus not what hallitsee
_DRIFTED = {
    "toimia", "hallita", "yrittää", "tarkoittaa", "tulla", "olla", "asettaa", "sopia", "kokea", "lukea", "liikkua",
    "järjestää", "yhdistää", "kustantaa", "todistaa", "käydä", "viedä", "päästä", "tehdä", "pitää", "saada", "antaa",
}  # fmt: skip
_RESIDENT = re.compile(r"(.{4,})l[aä]inen")


# of words that no dictionary knows, abbreviations above all: AVIn, AVIssa, AVIin
_ENDING = re.compile(r"(?<=.{3})(?:n|t|ssa|ssä|sta|stä|lla|llä|lta|ltä|lle|ksi)$|(?<=.{2}([aeiouyäö]))\1n$")


class Part(NamedTuple):
    """One part of a compound, or a whole word: as written, its base form, and the words it was made from.

    `doing` is the form in -minen where the word is one: the dictionary calls *kiusaamista* a form of *kiusata*.
    """

    written: str
    base: str
    verb: str = ""
    root: str = ""
    doing: str = ""


Reading = tuple[Part, ...]


def base_of(parts: Reading) -> str:
    """The base form of parts that stand together: only the last one is bent."""
    return "".join(part.written for part in parts[:-1]) + parts[-1].base


def readings(described: list[str]) -> list[Reading]:
    """Each meaning of a word once, divided no more than needed: *ohjaajat* are no *ohja-ajat*, Saarijärvi no lake."""
    meanings = [parts for parts in map(_compound_parts, described) if parts]
    fewest = min(map(len, meanings), default=0)
    found: dict[str, Reading] = {}
    for parts in meanings:
        base = base_of(parts)
        if len(parts) == fewest and (base not in found or _tells_more(parts, found[base])):
            found[base] = parts
    return list(found.values())


def _tells_more(parts: Reading, former: Reading) -> bool:
    return sum(bool(part.verb or part.root) for part in parts) > sum(bool(part.verb or part.root) for part in former)


def _compound_parts(described: str) -> Reading:
    return tuple(part for part in map(_part, described.split("[Bc]")) if part.base)


def _part(described: str) -> Part:
    written = _plain(described)
    base = _base(described, written)
    resident = _RESIDENT.fullmatch(base)
    verb = _verb(_ACTION, described)
    root = resident[1] if resident else _verb(_PARTICIPLE, described)
    begin, doing, _end = described.partition("[Tn4]")
    return Part(written, base, verb, root, _plain(begin) + "minen" if doing else "")


def _verb(pattern: re.Pattern[str], described: str) -> str:
    """The verb that the word was made from, unless it has left it behind."""
    found = pattern.match(described)
    verb = found[1].replace("=", "") if found else ""
    return "" if verb in _DRIFTED else verb


def _base(described: str, written: str) -> str:
    """The base form that the dictionary gives, or what is written up to the last ending that makes a new word."""
    begin, joint, rest = described.rpartition("[Xj]")
    if joint:
        return _plain(begin) + rest.partition("[X]")[0]
    named = _BASE.search(described)
    return named[1].lower().replace("=", "") if named else written


def _plain(described: str) -> str:
    return _MARK.sub("", described).strip("-")


def without_ending(word: str) -> str:
    """An unknown word without the ending of its case, where it may have one."""
    return _ENDING.sub("", word)
