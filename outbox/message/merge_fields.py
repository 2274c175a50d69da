"""What differs from reader to reader in a letter to many. A room says once, in apps.py, how its fields are filled."""

from collections.abc import Callable, Mapping

# Takes the number of the row that the letter is owed to, and the letter's language; gives a value for each merge field.
Filler = Callable[[int, str], Mapping[str, str]]

_fillers: dict[str, Filler] = {}


def register(kind: str, filler: Filler) -> None:
    """Letters of this kind have merge fields. The same row and language must always give the same values."""
    _fillers[kind] = filler


def values_for(kind: str, origin_id: int | None, language: str) -> Mapping[str, str]:
    """The values of one reader; none for a kind without merge fields."""
    filler = _fillers.get(kind)
    return filler(origin_id, language) if filler and origin_id is not None else {}
