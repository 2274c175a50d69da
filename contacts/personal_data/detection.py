"""Detection of personal data in free text: identity codes, telephone numbers, addresses, names of young people. Pure.

The one rule of all rooms. It looks for what can be recognised for certain enough; what people tell of a young person in
other words nobody but a reader finds.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from django.utils.translation import gettext_lazy

from search.analysis.backends import chosen

CODE, TELEPHONE, EMAIL, NAME = "code", "telephone", "email", "name"

WORDS = {
    CODE: gettext_lazy("“%(field)s” seems to hold a personal identity code. It does not belong here: remove it."),
    TELEPHONE: gettext_lazy("“%(field)s” seems to hold a telephone number. If it is somebody's own, remove it."),
    EMAIL: gettext_lazy("“%(field)s” seems to hold an e-mail address. If it is somebody's own, remove it."),
    NAME: gettext_lazy("“%(field)s” seems to hold the name of a young person. Remove it if it is one."),
}

# Finnish personal identity code: ddmmyy, a sign of the century, three digits and a check mark (Decree 128/2010, and the
# new signs of 2023)
_CODE = re.compile(r"(?<!\w)([0-3]\d)([01]\d)(\d\d)\s?([-+A-FU-Y])\s?(\d{3})\s?([0-9A-FHJ-NPR-Y])(?!\w)", re.IGNORECASE)
_CHECK = "0123456789ABCDEFHJKLMNPRSTUVWXY"
# A number as people write one, with marks between the groups; whether it is one is asked of its digits.
_NUMBER = re.compile(r"(?<![\w.,/@-])(?:\+ ?|00 ?)?\(?\d[\d ()./-]{4,24}\d(?![\w@])")
_LABELLED = re.compile(
    r"\b(?:puh|puhelin|p|tel|tfn|telefon|phone|gsm|whatsapp|soita|ring|call)\b\W{0,3}(\d[\d -]{4,14}\d)(?![\w/])",
    re.IGNORECASE,
)
_DATES = re.compile(r"\d{1,2}\.\d{1,2}\.|\d{1,2}[.]\d\d ?-|-\d{1,2}-\d{1,2}$")
# Numbers of organisations and help lines, which are nobody's own: toll-free, service and national numbers.
_SERVICES = ("0800", "0600", "0700", "0200", "0300", "010", "020", "029", "030", "071", "073", "075", "0116")
_ADDRESS = re.compile(r"([\w.+-]+) ?(?:@|\(at\)|\[at\]|\(ät\)) ?[\w-]+(?:\.[\w-]+)+", re.IGNORECASE)
# What an address begins with that belongs to an office and no person.
_OFFICES = (
    "info", "toimisto", "kirjaamo", "asiakaspalvelu", "palaute", "nuoriso", "etsiva", "ohjaamo", "paja", "koordinaat",
    "viestinta", "tuki", "support", "office", "kansli", "ungdom", "youth", "noreply", "no-reply", "yhteys", "contact",
)  # fmt: skip
# Words by which a sentence speaks of a young person or a client, in the three languages.
_YOUNG = re.compile(
    r"\b(?:nuor(?:i|en|ta|elle|ella|essa|esta|elta)|tyt(?:tö|ön|töä|öllä|ölle|öltä)|poi(?:ka|kaa|an|alla|alle|alta)|"
    r"asiak(?:as|kaan|asta|kaalle|kaalla)|oppila(?:s|an|sta|alle|alla)|kävijä\w*|lap(?:si|sen|sta|selle)|"
    r"\d{1,2}[- ]?v\b|\d{1,2}[- ]?vuotia\w*|\w*luokkalai\w*|(?:kahdeksa|yhdeksä|seitsem)s?luokkalai\w*|"
    r"ung(?:dom(?:en|ens)?|a)|elev(?:en|ens)?|flicka\w*|pojke\w*|klient\w*|\d{1,2}[- ]år\w*|"
    r"young person|teenager|pupil|student|client|girl|boy|\d{1,2}[- ]years?[- ]old)\b",
    re.IGNORECASE,
)
_SENTENCE_ENDS = re.compile(r"(?<=[.!?])\s+(?=[A-ZÅÄÖ])|\n+")
_CAPITALISED = r"[A-ZÅÄÖÉÜ][a-zåäöéüšžøæ]+(?:-[A-ZÅÄÖÉÜ][a-zåäöéüšžøæ]+)?"
_PAIR = re.compile(rf"(?<![\w-])({_CAPITALISED})(?= ({_CAPITALISED})(?![\w-]))")
_AGED = re.compile(rf"(?<![\w-])({_CAPITALISED}),? \(?\d{{1,2}} ?-?(?:v\b|vuotia|år|years? old)")
# how the dictionary marks names (see search/analysis/morphology.py)
_GIVEN, _FAMILY, _PLACE = "[Lee]", "[Les]", "[Lep]"


class Match(NamedTuple):
    """Something that may be personal data: in which box, of which kind, and the words themselves."""

    field: str
    kind: str
    found: str

    def sentence(self, label: str) -> str:
        """What is told to the one who wrote it."""
        return str(WORDS[self.kind]) % {"field": label}


def find(texts: Iterable[tuple[str, str]], speaks_of_young: bool = False) -> list[Match]:
    """What (field, text) seems to hold, codes first; `speaks_of_young` when the whole text is about young people."""
    told = [(field, _plain(text)) for field, text in texts if text]
    kinds: list[tuple[str, Callable[[str], Iterator[str]]]] = [
        (CODE, _codes), (TELEPHONE, _telephones), (EMAIL, _addresses), (NAME, lambda t: _names(t, speaks_of_young)),
    ]  # fmt: skip
    return [Match(field, kind, found) for kind, look in kinds for field, text in told for found in look(text)]


def holds_identity_code(text: str) -> bool:
    return any(_codes(_plain(text)))


def warnings_about(texts: Iterable[tuple[str, str]], speaks_of_young: bool = False) -> list[str]:
    """A sentence for each box, given as (label, text), and kind of thing in it."""
    return list(dict.fromkeys(finding.sentence(finding.field) for finding in find(texts, speaks_of_young)))


def _plain(text: str) -> str:
    """One spelling of each sign: no hidden marks, one kind of space and hyphen, figures of any width."""
    text = unicodedata.normalize("NFKC", text)
    text = "".join(sign for sign in text if unicodedata.category(sign) != "Cf")
    return re.sub(r"[\u2010-\u2015\u2212]", "-", re.sub(r"[^\S\n]", " ", text))


def _codes(text: str) -> Iterator[str]:
    for match in _CODE.finditer(text):
        day, month, year, sign, number, mark = (part.upper() for part in match.groups())
        is_right = _CHECK[int(day + month + year + number) % 31] == mark
        is_day = 1 <= int(day) <= 31 and 1 <= int(month) <= 12
        # a wrong mark after a hyphen and figures alone is more likely a telephone number
        if is_day and (is_right or sign.isalpha() or mark.isalpha()):
            yield match[0]


def _telephones(text: str) -> Iterator[str]:
    for match in _NUMBER.finditer(text):
        if _is_telephone(match[0]) and not any(_codes(match[0])):
            yield match[0]
    yield from (match[1] for match in _LABELLED.finditer(text) if match[1][0] != "0")


def _is_telephone(written: str) -> bool:
    number = written.replace("(0)", "")
    digits = re.sub(r"\D", "", number)
    groups = re.findall(r"\d+", number)
    if _DATES.search(number):
        return False
    if number.startswith(("+", "00")):
        return 9 <= len(digits.lstrip("0")) <= 15
    is_list = all(len(group) == 2 for group in groups) and len(groups) > 1  # 05 06 07 08
    is_service = digits.startswith(_SERVICES)
    return digits[0] == "0" and 7 <= len(digits) <= 12 and len(groups[0]) > 1 and not (is_list or is_service)


def _addresses(text: str) -> Iterator[str]:
    return (match[0] for match in _ADDRESS.finditer(text) if not match[1].lower().startswith(_OFFICES))


def _names(text: str, speaks_of_young: bool) -> Iterator[str]:
    """Full names in a sentence about a young person, and a given name with an age."""
    for sentence in _SENTENCE_ENDS.split(text):
        yield from (match[0] for match in _AGED.finditer(sentence) if _GIVEN in _marks(match[1]))
        if speaks_of_young or _YOUNG.search(sentence):
            pairs = ((match[1], match[2]) for match in _PAIR.finditer(sentence))
            yield from (f"{first} {second}" for first, second in pairs if _is_full_name(first, second))


def _is_full_name(first: str, second: str) -> bool:
    """A given name and what may be a family name: one the dictionary knows, or a word it does not know at all."""
    given, family = _marks(first), _marks(second)
    if _GIVEN in given:
        return _FAMILY in family or not family or (second.lower().endswith(("nen", "sen")) and _PLACE not in family)
    return _FAMILY in given and _GIVEN in family  # Virtanen Veera


@lru_cache(maxsize=4096)
def _marks(word: str) -> str:
    """All that the dictionary says of a word, of the last part of a double name; empty when it knows nothing."""
    describe = chosen()[1]
    return "".join(describe(word.rpartition("-")[2].lower()))
