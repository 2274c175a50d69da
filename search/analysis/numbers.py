"""Numbers in a search that a list can be narrowed by: "20 nuorta", "13-vuotiaille", "30 min". Pure."""

import re
from typing import NamedTuple

_HOUR = 60
_NUMBER = r"(?<![\w.,:-])(?P<number>\d{1,4})(?:\s*[-–]\s*(?P<to>\d{1,4}))?"
_PEOPLE = (
    r"nuor(?:ta|elle|en|i|ille|ten)|lasta|lapselle|lapsen|osallistuja[an]?|osallistujalle|henkilö[än]?|henkilölle|hlö?|"
    r"henkeä|hengen|hengelle|oppila(?:sta|alle|an)|opiskelija[an]?|ihmistä|ihmisen|tyttöä|poikaa|"
    r"unga|ungdomar|deltagare|personer|elever|barn|people|participants|"
    r"young people|persons|pupils|students|kids|children"
)
_KINDS = [
    (
        "age",
        re.compile(
            _NUMBER + r"(?:\s*-?\s*(?:vuotia\w*|åring\w*)|\s*-?\s*(?:v|vuotta|år|years? old|year-olds?)\b\.?)", re.I
        ),
    ),
    ("group", re.compile(_NUMBER + rf"\s*(?:{_PEOPLE})\b", re.I)),
    ("minutes", re.compile(_NUMBER + r"\s*-?\s*(?:min\b\.?|minuut\w*|minut\w*|minutes?\b)", re.I)),
    ("hours", re.compile(_NUMBER + r"\s*(?:h\b|t\b|tunti\w*|tuntia|tunnin|timm\w*|hours?\b)", re.I)),
]
_MOST = {"age": 99, "group": 999, "minutes": 600, "hours": 24}


class Numbers(NamedTuple):
    """What was said in numbers, and the words beside them."""

    words: str
    age: int | None = None
    group: int | None = None
    minutes: int | None = None

    @property
    def is_said(self) -> bool:
        return (self.age, self.group, self.minutes) != (None, None, None)


def numbers_in(typed: str) -> Numbers:
    """Of a stretch such as "10–12-vuotiaat" the middle; what no list could mean stays a word."""
    said: dict[str, int] = {}
    words = typed
    for kind, pattern in _KINDS:
        found = pattern.search(words)
        if found and (value := _middle(found)) <= _MOST[kind]:
            said.setdefault("minutes" if kind == "hours" else kind, value * (_HOUR if kind == "hours" else 1))
            words = words[: found.start()] + " " + words[found.end() :]
    return Numbers(" ".join(words.split()), **said)


def _middle(found: re.Match[str]) -> int:
    first, last = int(found["number"]), int(found["to"] or found["number"])
    return (first + last) // 2
