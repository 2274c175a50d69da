"""Which coordination area a letter belongs to that answers none of ours: rooms that know people and addresses tell it.

The outbox knows neither; a room registers a finder when Django starts (`AppConfig.ready`).
"""

from collections.abc import Callable, Sequence

# Given the sender's mailbox (empty when it is unknown) and the addresses written to, the area's number or None.
Finder = Callable[[str, Sequence[str]], int | None]
_finders: list[Finder] = []


def register(finder: Finder) -> None:
    if finder not in _finders:
        _finders.append(finder)


def area_of(sender: str, addressed_to: Sequence[str]) -> int | None:
    """What the first finder says that knows."""
    return next(filter(None, (finder(sender, addressed_to) for finder in _finders)), None)
