"""Values from addresses and buttons, as browsers and strangers send them."""

from typing import Any

# PostgreSQL's bigint, which holds our keys, has room for every number of this many digits.
MOST_DIGITS = 18


def int_or_none(text: Any) -> int | None:
    """A whole number written with ASCII digits, such as a key; None for anything else, also for what is too long."""
    written = str(text if text is not None else "").strip()
    return int(written) if written.isascii() and written.isdigit() and len(written) <= MOST_DIGITS else None


def ints_in(text: str) -> list[int]:
    """The whole numbers in a list with commas, in their order; what is no number is left out."""
    return [number for each in text.split(",") if (number := int_or_none(each)) is not None]
