"""What the Snowball stemmer misses in English: qualities and those who have them. Pure."""

import re
from collections.abc import Iterator

_QUALITIES = [
    (re.compile(r"^(.{3,})iness$"), r"\1y"),  # loneliness
    (re.compile(r"^(.{3,})ness$"), r"\1"),  # kindness
    (re.compile(r"^(.{2,}e)ty$"), r"\1"),  # safety
    (re.compile(r"^(.{2,}e)[rs]$"), r"\1"),  # safer
]


def kin(word: str) -> Iterator[str]:
    """Other words for the same: loneliness by lonely."""
    yield from (rule.sub(to, word) for rule, to in _QUALITIES if rule.match(word))
