"""What the Snowball stemmer misses in Swedish: definite forms of nouns in -a, vowels that change, compounds. Pure."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

# the plural changes its vowel, so that no stem is shared
_VOWELS = {
    "städer": "stad", "städerna": "stad", "böcker": "bok", "böckerna": "bok", "händer": "hand", "nätter": "natt",
    "män": "man", "männen": "man", "söner": "son", "döttrar": "dotter", "bröder": "broder", "länder": "land",
    "länderna": "land", "tänder": "tand", "stränder": "strand", "krafter": "kraft", "rötter": "rot", "fötter": "fot",
    "äldre": "gammal", "äldsta": "gammal", "yngre": "ung", "yngsta": "ung", "kvällar": "kväll", "fäder": "far",
    "mödrar": "mor", "systrar": "syster", "föräldrar": "förälder", "föräldrarna": "förälder",
}  # fmt: skip
# definite forms that the stemmer leaves as they are
_FORMS = [
    (re.compile(r"(?<=.{3}a)ns?$"), ""),  # skolan
    (re.compile(r"(?<=.{4})ets?$"), ""),  # nätverket
    (re.compile(r"(?<=.{4})nas?$"), ""),  # mötena
    (re.compile(r"(?<=[^aeiouyåäö])re[tn]s?$"), "er"),  # lägret
    (re.compile(r"(?<=[^aeiouyåäöl])le[tn]s?$"), "el"),  # exemplet
    (re.compile(r"(?<=m)me[tn]s?$"), ""),  # rummet
    (re.compile(r"(?<=sam)ma$"), ""),  # ensamma
    (re.compile(r"(?<=.{3}ar)(?:en?s?|nas?|s)$"), "e"),  # arbetarna
]
_DOER = re.compile(r".{3}are(?:n|s|ns)?$")
_SHORTEST = 3
_ENDINGS = {"ande", "andet", "are", "aren", "arna", "ering", "ingar", "else", "elser", "heten", "heter", "erna", "orna"}


def same_words(word: str) -> list[str]:
    """The words it may be a form of: skolan is skola, nätverket nätverk, lägret läger."""
    found = [
        word,
        _VOWELS.get(word, word),
        *(form for form in (rule.sub(to, word) for rule, to in _FORMS) if form != word),
    ]
    return list(dict.fromkeys(found))


def is_doer(word: str) -> bool:
    """Arbetare is not arbete, although the stemmer thinks so."""
    return _DOER.search(word) is not None


# what is done and who does it: mobbning, mobbare, both of mobba; a quality and what has it: ensamhet, ensam
_DOING = re.compile(r"^(.{4,}?)(?:ning(?:en|ar|arna)?s?|are(?:n|ns|na)?)$")
_QUALITY = re.compile(r"^(.{3,}?)(?:het(?:en|er|erna)?s?)$")
_LEADING = re.compile(r"^(.{3,}ar)skap(?:et)?s?$")
# doers that are an occupation, and doings that are something else by now
_SETTLED = re.compile(
    r"(?:arbet|led|lär|handled|trän|forsk|förvalt|dom|läk|invandr|föräld|tid|fören|men|vån|ställ)[an]"
)


def kin(word: str) -> Iterator[str]:
    """Other words for the same: mobbning and mobbare are found by mobba (its stem), ensamhet by ensam."""
    if leading := _LEADING.match(word):
        yield leading[1] + "e"
    elif quality := _QUALITY.match(word):
        yield quality[1]
    elif (doing := _DOING.match(word)) and not _SETTLED.search(word):
        yield doing[1]


def halves(word: str) -> list[str]:
    """The two halves of a compound, where one of them is a common word of the field; as written, the link taken off."""
    found: list[str] = []
    for cut in range(_SHORTEST, len(word) - _SHORTEST + 1):
        begin, end = word[:cut], word[cut:]
        if end in _ENDINGS:
            continue
        known_end, known_begin = is_common(end), is_common(begin) or is_common(_unlinked(begin))
        if (known_end and (known_begin or len(begin) >= 4)) or (known_begin and len(begin) >= 4 and len(end) >= 6):
            found += [begin, _unlinked(begin), end]
    return list(dict.fromkeys(found))


def is_common(word: str) -> bool:
    return any(form in _common() or form.rstrip("aeiou") in _common() for form in _bare(word))


def _bare(word: str) -> list[str]:
    """Without the endings of number and definiteness."""
    endings = (
        "",
        "en",
        "n",
        "et",
        "t",
        "er",
        "ar",
        "or",
        "r",
        "erna",
        "arna",
        "orna",
        "na",
        "s",
        "ens",
        "ets",
        "a",
        "e",
    )
    return [
        word[: len(word) - len(ending)] for ending in endings if word.endswith(ending) and len(word) - len(ending) > 2
    ]


def _unlinked(word: str) -> str:
    return word[:-1] if word.endswith("s") and len(word) > 4 else word


@cache
def _common() -> frozenset[str]:
    text = Path(__file__).with_name("swedish.txt").read_text(encoding="utf-8")
    return frozenset(word for line in text.splitlines() if not line.startswith("#") for word in line.split())
