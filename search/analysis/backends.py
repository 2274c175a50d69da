"""What knows Finnish words on this machine: libvoikko where the system has it, else pyvoikko, else nothing.

Both carry the same dictionary; libvoikko is some ten times faster. Without either, the Snowball stemmer alone finds a
quarter of what people look for, because *leikki* and *ryhmäytymisleikkejä* share no stem.
"""

from collections.abc import Callable
from functools import cache
from importlib.metadata import version

from search.analysis.voikko import NoVoikko, Voikko

# A word in lower case -> what the dictionary says of it, a line for each reading (see morphology.py).
Describe = Callable[[str], list[str]]


# To be raised with every change of what a text is stored as, so that the rows of all installations are done anew.
RULES = 4


def backend() -> str:
    """What takes words apart here: library, version, and our own rules, such as "libvoikko 4.3.2, rules 2"."""
    return f"{chosen()[0]}, rules {RULES}"


def backends() -> dict[str, Callable[[], tuple[str, Describe]]]:
    """All there are, the best first; each raises ImportError or NoVoikko where it cannot be."""
    return {"libvoikko": _libvoikko, "pyvoikko": _pyvoikko, "snowball": _snowball}


@cache
def chosen() -> tuple[str, Describe]:
    for build in backends().values():
        try:
            return build()
        except (ImportError, NoVoikko):
            continue
    raise AssertionError("the last back end needs nothing")


def _libvoikko() -> tuple[str, Describe]:
    voikko = Voikko()
    return f"libvoikko {voikko.version}", voikko.analyse


def _pyvoikko() -> tuple[str, Describe]:
    """Asks the transducer itself: the descriptions are read by our own morphology.py, as those of libvoikko are."""
    from pyvoikko import VOIKKO_FST, TokenizationException

    def describe(word: str) -> list[str]:
        try:
            return [described for described, _weight in VOIKKO_FST.lookup(word)]
        except TokenizationException:
            return []

    return f"pyvoikko {version('pyvoikko')}", describe


def _snowball() -> tuple[str, Describe]:
    return f"snowball {version('snowballstemmer')}", lambda word: []
