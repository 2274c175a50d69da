"""The base of what a verb refuses: an exception whose text the person who asked may read."""

from typing import Any


class Refused(Exception):
    """A verb said no; `words` say why and what to do."""

    words: Any = ""

    def __str__(self) -> str:
        return str(self.words)
