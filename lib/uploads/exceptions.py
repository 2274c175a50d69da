"""Why a file is not taken in, in words that the person who chose it may read."""

from django.utils.functional import Promise


class Refused(Exception):
    """The file is not what it should be, or there is no room for it. Its text says what to do."""

    def __init__(self, words: "str | Promise", **facts: object) -> None:
        super().__init__(words)
        self.words, self.facts = words, facts

    def __str__(self) -> str:
        return str(self.words) % self.facts if self.facts else str(self.words)
