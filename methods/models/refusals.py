"""Why a verb of the method bank says no, in words that a person may read."""

from typing import NamedTuple

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext


class Lack(NamedTuple):
    """One thing that a method still needs before it can be published: the field, and what to do."""

    field: str
    words: str


class Incomplete(Exception):
    """The method lacks something that readers need. `lacks` tells what, in the order of the form."""

    def __init__(self, lacks: list[Lack]) -> None:
        super().__init__(lacks)
        self.lacks = lacks

    def __str__(self) -> str:
        count = len(self.lacks)
        return ngettext(
            "One thing is still missing before this can be sent for review.",
            "%(count)d things are still missing before this can be sent for review.",
            count,
        ) % {"count": count}


class OwnMethod(Exception):
    """Nobody reviews what they have written."""

    def __str__(self) -> str:
        return str(_("You are an author of this, so somebody else has to review it."))


class NotWaiting(Exception):
    """Somebody has reviewed the method already, or it was never submitted."""

    def __str__(self) -> str:
        return str(_("This does not wait for a review: somebody has handled it already."))


class CommentNeeded(Exception):
    """A method is returned with words, so that the author knows what to do."""

    def __str__(self) -> str:
        return str(_("Write what the author should complete or change."))
