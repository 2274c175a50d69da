"""The one base of what a verb says when it refuses: a sentence that the person who asked may read."""

from typing import Any


class Refused(Exception):
    """A verb said no. A kind of its own carries its `words`; others are given them, with the facts that they name."""

    words: Any = ""

    def __init__(self, words: Any = None, **facts: object) -> None:
        self.words, self.facts = self.words if words is None else words, facts
        super().__init__(self.words)

    def __str__(self) -> str:
        return str(self.words) % self.facts if self.facts else str(self.words)
