"""Takes Finnish (and Swedish and English) text apart into the words it can be found by: base forms, parts, stems.

Libvoikko where the system has it, else pyvoikko, else the Snowball stemmer alone. Why three: a stemmer by itself finds
a quarter of what people look for in Finnish, because *leikki* and *ryhmäytymisleikkejä* share no stem.
"""

import re
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from typing import NamedTuple

import snowballstemmer

from search.voikko import NoVoikko, Reading, Voikko

WHOLE, PART = "", "D"
_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
_SNOWBALL = {"fi": "finnish", "sv": "swedish", "en": "english"}
# last parts that say nothing of a compound: seurakunta is no kunta, puoliaika no aika
_EMPTY_HEADS = {"kunta", "puoli", "aika", "yhteinen"}
_SHORTEST_PART = 3
# shorter stems are shared by strangers: kunta and kun, tunne and tunti
_SHORTEST_STEM = {"fi": 5, "sv": 3, "en": 3}


class Lexeme(NamedTuple):
    """One way to find a word: the lexeme, the word's place in the text from 1, and "D" when it is only a part."""

    text: str
    position: int
    weight: str


Reader = Callable[[str], list[Reading]]


def analyse(text: str, language: str = "fi") -> list[Lexeme]:
    """Every lexeme of a text: base forms and stems at their word's position, parts of a compound there at weight D."""
    found: list[Lexeme] = []
    for position, word in enumerate(words_of(text), start=1):
        wholes, parts = _lexemes(word, language)
        found += [Lexeme(lexeme, position, WHOLE) for lexeme in wholes]
        found += [Lexeme(lexeme, position, PART) for lexeme in parts]
    return found


def words_of(text: str) -> list[str]:
    """The words, in lower case; a word with a hyphen is given whole and then in its parts, so that each is found."""
    return [piece for word in _WORD.findall(text.lower()) for piece in _pieces(word)]


def wholes(word: str, language: str = "fi") -> tuple[str, ...]:
    """What a searched word is looked up as: base forms and their stems, never the parts of a compound."""
    return _lexemes(word.lower(), language)[0]


def backend() -> str:
    """The name and version of what takes words apart here. Rows analysed by another one wait for `reindex`."""
    return _chosen()[0]


def backends() -> dict[str, Callable[[], tuple[str, Reader]]]:
    """All there are, the best first; each raises ImportError or NoVoikko where it cannot be."""
    return {"libvoikko": _libvoikko, "pyvoikko": _pyvoikko, "snowball": _snowball}


@cache
def _chosen() -> tuple[str, Reader]:
    for build in backends().values():
        try:
            return build()
        except (ImportError, NoVoikko):
            continue
    raise AssertionError("the last back end needs nothing")


def _libvoikko() -> tuple[str, Reader]:
    voikko = Voikko()
    return f"libvoikko {voikko.version}", voikko.analyse


def _pyvoikko() -> tuple[str, Reader]:
    from importlib.metadata import version

    import pyvoikko

    def read(word: str) -> list[Reading]:
        return [
            (
                found.BASEFORM.lower(),
                [(part.FORM.lower(), part.BASEFORM.lower()) for part in found.COMPOUND_PARTS or []],
            )
            for found in pyvoikko.analyse(word)
        ]

    return f"pyvoikko {version('pyvoikko')}", read


def _snowball() -> tuple[str, Reader]:
    return "snowball", lambda word: []


@lru_cache(maxsize=50_000)
def _lexemes(word: str, language: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(lexemes of the whole word, lexemes of its parts), without repetition."""
    if language != "fi":
        return _with_stems([word], language), ()
    readings = _readings(word)
    found = _with_stems([base for base, _parts in readings] or [word], "fi")
    parts = _with_stems([part for _base, pieces in readings for part in _telling(pieces)], "fi")
    return found, tuple(part for part in parts if part not in found)


def _readings(word: str) -> list[Reading]:
    """Names are known with a capital letter only."""
    read = _chosen()[1]
    return read(word) or read(word.capitalize())


def _telling(parts: list[tuple[str, str]]) -> Iterator[str]:
    """The parts of a compound that say what it is about, and parts that stand together.

    *Nuorisotyöntekijä* holds *nuoriso*, *työ*, *nuorisotyö*, *tekijä* and *työntekijä*. A word of one part has none.
    """
    for first in range(len(parts)):
        for last in range(first, len(parts)):
            whole = len(parts) == last - first + 1
            empty_head = first == last == len(parts) - 1 and parts[last][1] in _EMPTY_HEADS
            found = "".join(form for form, _base in parts[first:last]) + parts[last][1]
            if not whole and not empty_head and len(found) >= _SHORTEST_PART:
                yield found


def _with_stems(words: list[str], language: str) -> tuple[str, ...]:
    """The words and their stems, each once."""
    stems = [stem for stem in map(_stemmer(language).stemWord, words) if len(stem) >= _SHORTEST_STEM.get(language, 5)]
    return tuple(dict.fromkeys(word for word in [*words, *stems] if word))


@cache
def _stemmer(language: str) -> "snowballstemmer.stemmer":
    return snowballstemmer.stemmer(_SNOWBALL.get(language, "finnish"))


def _pieces(word: str) -> list[str]:
    return [word, *re.split(r"[-'’]", word)] if re.search(r"[-'’]", word) else [word]
