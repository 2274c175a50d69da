"""Takes Finnish (and Swedish and English) text apart into the words it can be found by: base forms, parts, stems.

What a text is stored as (`analyse`) is wider than what a search asks for (`wholes`): *ryhmäytymisleikki* in a text is
found by *leikki*, but a search for *ryhmäytymisleikki* does not find every *leikki*.
"""

from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from itertools import accumulate
from typing import NamedTuple

import snowballstemmer

from search.analysis import backends, compounds, diacritics, english, swedish
from search.analysis.backends import backend
from search.analysis.function_words import ASKING_VERBS, FOREIGN, FUNCTION_WORDS, LOOKALIKES
from search.analysis.morphology import Reading, base_of, is_function, only_function, readings, without_ending
from search.analysis.tokenizer import Token, raw_words, tokens, words_of

__all__ = ["Entry", "analyse", "backend", "shown", "splits", "wholes", "words_of"]

_SNOWBALL = {"fi": "finnish", "sv": "swedish", "en": "english"}
# without a dictionary shorter stems are shared by strangers: kunta and kun, tunne and tunti
_SHORTEST_STEM, _SHORTEST_UNSURE_STEM = 3, 5
# what is longer is no Finnish word, and costs the dictionary much
_LONGEST_WORD = 50
_SHORT = 60  # letters of a text that may well come again, such as a word of the vocabulary


class Entry(NamedTuple):
    """By what one word of a text is found: as itself, and (at weight D) by its kin and its parts."""

    wholes: tuple[str, ...]
    parts: tuple[str, ...]


class Found(NamedTuple):
    """What one word can be found by: itself in its base forms, its kin that means the same, its parts."""

    wholes: tuple[str, ...]
    kin: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()


# --- a text ---


def analyse(text: str, language: str = "fi") -> list[Entry]:
    """One entry for each word of a text, in its order; a word with hyphens has one for each piece."""
    return list(_of_short(text, language)) if len(text) <= _SHORT else _of_text(text, language)


@lru_cache(maxsize=10_000)
def _of_short(text: str, language: str) -> tuple[Entry, ...]:
    """Words of the vocabulary come again with each row."""
    return tuple(_of_text(text, language))


def _of_text(text: str, language: str) -> list[Entry]:
    found: list[Entry] = []
    waiting: list[int] = []
    for word in raw_words(text):
        entries, is_cut, is_joint = _entries(word, language)
        found += entries
        if is_cut:
            waiting.append(len(found) - 1)
        elif waiting and not is_joint:
            _complete(found, waiting, word, language)
            waiting = []
    return found


@lru_cache(maxsize=200_000)
def _entries(word: str, language: str) -> tuple[tuple[Entry, ...], bool, bool]:
    """The entries of a word as it is written, and whether it is the first half of a pair, or joins two halves."""
    token = next(tokens(word), None)
    if token is None:
        return (), False, False
    return tuple(_entries_of(token, language)), token.is_cut, token.pieces[0] in compounds.JOINTS


@lru_cache(maxsize=50_000)
def lexemes_of(word: str, language: str) -> frozenset[str]:
    """All that a word as it is written is found by."""
    return frozenset(lexeme for entry in _entries(word, language)[0] for lexemes in entry for lexeme in lexemes)


def _entries_of(token: Token, language: str) -> Iterator[Entry]:
    """One for each piece; the first also carries the token as one word."""
    if token.is_number:
        yield Entry(token.pieces, tuple(compounds.pieces_of_number(token.pieces[0])))
        return
    together = _lexemes("".join(token.pieces), language) if len(token.pieces) > 1 else None
    for place, piece in enumerate(token.pieces):
        found = _lexemes(piece, language)
        more = (*together.wholes, *together.kin) if together and place == 0 else ()
        yield Entry(found.wholes, tuple(dict.fromkeys((*found.kin, *found.parts, *more))))


def _complete(found: list[Entry], waiting: list[int], last: str, language: str) -> None:
    """Give the halves of "tieto- ja neuvontatyö" what they leave out: tietotyö."""
    token = next(tokens(last))
    ends = swedish.halves(token.pieces[-1]) if language == "sv" else compounds.ends_of(_readings(token.pieces[-1]))
    for place in waiting:
        whole = [begin + end for begin in found[place].wholes for end in ends]
        more = [form for word in whole for form in (_swedish(word) if language == "sv" else (word,))]
        found[place] = Entry(found[place].wholes, (*found[place].parts, *more))


# --- a searched word ---


def wholes(word: str, language: str = "fi", has_dots: bool = False) -> tuple[str, ...]:
    """What a searched word is looked up as: base forms, their stems and close kin, never the parts of a compound."""
    word = word.lower()
    found = _lexemes(word, language)
    lexemes = [*found.wholes, *found.kin]
    if language == "fi":
        # what the base form may mean besides: leikkejä asks for leikki, and leikki is also what one did (leikkiä)
        others = [*bases(word), *dotted(word, has_dots)]
        lexemes += [lexeme for other in others for kind in _lexemes(other, "fi")[:2] for lexeme in kind]
    return tuple(dict.fromkeys(lexemes))


def bases(word: str) -> list[str]:
    """The base forms that the dictionary gives for a Finnish word; none of an unknown one."""
    return [base_of(parts) for parts in readings(_described(word))]


def spoken(word: str) -> list[str]:
    """The forms in which a Finnish word stands in a dictionary for people: kiusaaminen, where Voikko says kiusata."""
    meanings = readings(_described(word))
    return [base_of((*parts[:-1], parts[-1]._replace(base=parts[-1].doing or parts[-1].base))) for parts in meanings]


@lru_cache(maxsize=10_000)
def says_nothing(word: str) -> bool:
    """Whether a word only joins others, stands for them or asks (*miten*, *voin*), in any of the three languages."""
    said = _said(word)
    if word in FUNCTION_WORDS["fi"] or is_function(said):
        return True
    if said:
        meanings = bases(word)
        return all(base in ASKING_VERBS for base in meanings)
    return word in FOREIGN or any(spelling in FUNCTION_WORDS["fi"] for spelling in diacritics.spellings(word))


def is_complete(word: str) -> bool:
    """Whether a word is no half of one: it stands in the dictionary just as it is typed, or is the plural of such."""
    known = bases(word)
    return word in known or bool(known and word.endswith(("t", "minen"))) or swedish.is_common(word)


def splits(word: str) -> list[tuple[str, str]]:
    """A searched compound in two base forms, for texts that write it apart: nuorisotyön verkosto."""
    found = [halves for parts in _readings(word.lower()) for halves in compounds.halves(parts)]
    return list(dict.fromkeys(found))


@lru_cache(maxsize=2_000)
def is_known(word: str) -> bool:
    """Whether the dictionary knows a Finnish word in lower case; without Voikko only words of the field are known."""
    return word in compounds.field_words() or bool(_said(word))


def dotted(word: str, has_dots: bool = False) -> Iterator[str]:
    """What a word typed without dots may be: *tyopaja*, and *paatos*, which is a word of its own too.

    Where other words of the search have dots (`has_dots`), a word that exists is meant as it stands.
    """
    known = is_known(word)
    if known and has_dots:
        return
    for spelling in diacritics.spellings(word):
        if is_known(spelling) and (not known or spelling in bases(spelling) or spelling.endswith("t")):
            yield spelling


# --- a word as it stands in a text ---


class Shown(NamedTuple):
    """By what a word of a text is found: as a whole, and (start, end, lexemes) of its parts, the longest first."""

    whole: tuple[str, ...]
    parts: list[tuple[int, int, tuple[str, ...]]]


def shown(token: Token, language: str) -> Shown:
    if token.is_number:
        return Shown((*token.pieces, *compounds.pieces_of_number(token.pieces[0])), [])
    found = _lexemes("".join(token.pieces), language)
    places = [place for place in _places(token, language) if place[2]]
    if token.end - token.start != sum(map(len, token.pieces)) + len(token.pieces) - 1:
        places = [(0, token.end - token.start, lexemes) for _start, _end, lexemes in places]
    return Shown((*found.wholes, *found.kin), sorted(places, key=lambda place: place[0] - place[1]))


def _places(token: Token, language: str) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    start = 0
    for piece in token.pieces:
        found = _lexemes(piece, language)
        yield start, start + len(piece), (*found.wholes, *found.kin)
        inner = _swedish_places(piece) if language == "sv" else _finnish_places(piece) if language == "fi" else ()
        yield from ((start + first, start + last, lexemes) for first, last, lexemes in inner)
        start += len(piece) + 1


def _finnish_places(word: str) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    for parts in _readings(word):
        ends = list(accumulate(len(part.written) for part in parts))
        fits = ends[-1] == len(word)
        for first, last, lexeme in compounds.telling(parts):
            start = ends[first] - len(parts[first].written)
            yield (start, ends[last], (lexeme,)) if fits else (0, len(word), (lexeme,))


def _swedish_places(word: str) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    for part in swedish.halves(word):
        start = 0 if word.startswith(part) else len(word) - len(part)
        yield start, start + len(part), _swedish(part)


# --- one word ---


@lru_cache(maxsize=100_000)
def _lexemes(word: str, language: str) -> Found:
    """What one word can be found by, each lexeme once."""
    if word in FUNCTION_WORDS[language] or (language == "fi" and is_function(_said(word))):
        return Found(tuple(dict.fromkeys([word, *(bases(word) if language == "fi" else ())])))
    if language == "sv":
        same = _swedish(word)
        return Found(
            same,
            tuple(swedish.kin(word)),
            parts=_without(same, [form for part in swedish.halves(word) for form in _swedish(part)]),
        )
    if language == "en":
        return Found(_with_stems([word], language), kin=tuple(english.kin(word)))
    meanings = _readings(word)
    same = tuple(base_of(parts) for parts in meanings) or _unknown(word, language)
    kin = _without(same, [verb for parts in meanings for verb in compounds.kin(parts)])
    pieces = [piece for parts in meanings for _first, _last, piece in compounds.telling(parts)]
    return Found(same, kin, _without((*same, *kin), pieces))


def _readings(word: str) -> list[Reading]:
    """What the dictionary says, or what can be guessed of a word whose parts it knows; nothing of one with digits."""
    if not word.isalpha() or word in LOOKALIKES:
        return []
    if said := _said(word):
        return readings(only_function(said))
    return compounds.end_only(word, _said) or compounds.guessed(word, _said)


def _described(word: str) -> list[str]:
    """What the dictionary says of a word that is no function word."""
    return [] if word in LOOKALIKES else only_function(_said(word))


def _said(word: str) -> list[str]:
    return backends.chosen()[1](word) if len(word) <= _LONGEST_WORD else []


def _unknown(word: str, language: str) -> tuple[str, ...]:
    """A word that the dictionary does not know, or for which there is none."""
    bare = [without_ending(word)] if language == "fi" and not _is_unsure() else []
    return tuple(dict.fromkeys([*_with_stems([word], language), *bare]))


def _is_unsure() -> bool:
    return backend().startswith("snowball")


def _swedish(word: str) -> tuple[str, ...]:
    forms = swedish.same_words(word)
    return tuple(dict.fromkeys(forms)) if swedish.is_doer(word) else _with_stems(forms, "sv")


def _without(known: Iterable[str], lexemes: Iterable[str]) -> tuple[str, ...]:
    known = set(known)
    return tuple(dict.fromkeys(lexeme for lexeme in lexemes if lexeme not in known))


def _with_stems(words: Iterable[str], language: str) -> tuple[str, ...]:
    """The words and their stems, each once."""
    words = list(words)
    shortest = _SHORTEST_UNSURE_STEM if language == "fi" and _is_unsure() else _SHORTEST_STEM
    others = FUNCTION_WORDS.get(language, ())
    stems = [stem for stem in map(_stemmer(language).stemWord, words) if len(stem) >= shortest and stem not in others]
    return tuple(dict.fromkeys(word for word in [*words, *stems] if word))


@cache
def _stemmer(language: str) -> "snowballstemmer.stemmer":
    return snowballstemmer.stemmer(_SNOWBALL.get(language, "finnish"))
