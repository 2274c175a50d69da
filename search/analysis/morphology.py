"""Reads what the Finnish dictionary says of one word: its base form, the parts of a compound, the verb inside a noun.

Libvoikko and pyvoikko carry the same dictionary and describe a word in the same way (FSTOUTPUT), such as
`[Ln][Xp]nuoriso[X]nuoriso[Sn][Ny][Bh][Bc][Ln][Xp]työ[X]työ[Sp][Ny]tä`. Marks: `[Bc]` between the parts of a compound,
`[Xp]…[X]` a base form, `[Xj]…[X]` an ending that makes a new word, `[Lt]` a verb, `[Ln]` a noun, `[R…]` a participle.
Pure.
"""

import re
from collections import defaultdict
from typing import NamedTuple

from search.analysis.derivations import Relatives, plain, relatives

_BASE = re.compile(r"\[Xp\](.*?)\[X\]")
_RESIDENT = re.compile(r"(.{4,})l[aä]inen")
# of words that no dictionary knows, abbreviations above all: AVIn, AVIssa, AVIin
_ENDING = re.compile(r"(?<=.{3})(?:n|t|ssa|ssä|sta|stä|lla|llä|lta|ltä|lle|ksi)$|(?<=.{2}([aeiouyäö]))\1n$")
# conjunctions and postpositions; pronouns
_JOINING, _PRONOUNS = ("[Lc]", "[Ld]"), ("[Lr]", "[Lk]")


class Part(NamedTuple):
    """One part of a compound, or a whole word: as written, its base form, and its relatives (see derivations.py).

    `doing` is the form in -minen where the word is one: the dictionary calls *kiusaamista* a form of *kiusata*.
    """

    written: str
    base: str
    kin: tuple[str, ...] = ()
    roots: tuple[str, ...] = ()
    doing: str = ""
    is_made: bool = False


Reading = tuple[Part, ...]


def base_of(parts: Reading) -> str:
    """The base form of parts that stand together: only the last one is bent."""
    return "".join(part.written for part in parts[:-1]) + parts[-1].base


def readings(described: list[str]) -> list[Reading]:
    """Each meaning of a word once, divided no more than needed: *ohjaajat* are no *ohja-ajat*, Saarijärvi no lake."""
    meanings = [parts for parts in map(_compound_parts, described) if parts]
    fewest = min(map(len, meanings), default=0)
    alike: defaultdict[str, list[Reading]] = defaultdict(list)
    for parts in meanings:
        if len(parts) == fewest:
            alike[base_of(parts)].append(parts)
    return [_merged(same) for same in alike.values()]


def only_function(described: list[str]) -> list[str]:
    """What is left of a word that joins others or stands for them: *kuin* is no form of *kuu*."""
    if any(each.startswith(_JOINING) for each in described):
        return []
    return [each for each in described if each.startswith(_PRONOUNS)] or described


def is_function(described: list[str]) -> bool:
    """Whether one of the meanings of a word is a conjunction, a postposition, a pronoun or a negation."""
    return any(each.startswith((*_JOINING, *_PRONOUNS)) for each in described)


def _merged(same: list[Reading]) -> Reading:
    """Readings with one base form told as one. What the dictionary has as a word of its own, nobody made of another."""
    own = [parts for parts in same if not parts[-1].is_made] or same
    kin = dict.fromkeys(word for parts in own for word in parts[-1].kin)
    roots = dict.fromkeys(word for parts in own for word in parts[-1].roots)
    plainest = min(own, key=lambda parts: sum(part.is_made for part in parts))
    return (*plainest[:-1], plainest[-1]._replace(kin=tuple(kin), roots=tuple(roots)))


def _compound_parts(described: str) -> Reading:
    return tuple(part for part in map(_part, described.split("[Bc]")) if part.base)


def _part(described: str) -> Part:
    written = plain(described)
    base = _base(described, written)
    resident = _RESIDENT.fullmatch(base)
    related = Relatives((), (resident[1],)) if resident else relatives(described, base)
    begin, doing, _end = described.partition("[Tn4]")
    return Part(written, base, related.kin, related.roots, plain(begin) + "minen" if doing else "", related.is_made)


def _base(described: str, written: str) -> str:
    """The base form that the dictionary gives, or what is written up to the last ending that makes a new word."""
    begin, joint, rest = described.rpartition("[Xj]")
    if joint:
        return plain(begin) + rest.partition("[X]")[0]
    named = _BASE.search(described)
    return named[1].lower().replace("=", "") if named else written


def without_ending(word: str) -> str:
    """An unknown word without the ending of its case, where it may have one."""
    return _ENDING.sub("", word)
