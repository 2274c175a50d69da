"""Why a verb of the method bank says no, in words that a person may read."""

from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from lib.exceptions import Refused


class Lack(NamedTuple):
    """One thing that a method still needs before it can be published: the field, and what to do."""

    field: str
    words: str


class Incomplete(Refused):
    """The method lacks something that readers need. `lacks` tells what, in the order of the form."""

    def __init__(self, lacks: list[Lack]) -> None:
        super().__init__()
        self.lacks = lacks

    def __str__(self) -> str:
        count = len(self.lacks)
        return ngettext(
            "One thing is still missing before this can be sent for review.",
            "%(count)d things are still missing before this can be sent for review.",
            count,
        ) % {"count": count}


class OwnMethod(Refused):
    """Nobody reviews what they have written."""

    words = _("You are an author of this, so somebody else has to review it.")


class NotWaiting(Refused):
    """Somebody has reviewed the method already, or it was never submitted."""

    words = _("This does not wait for a review: somebody has handled it already.")


class CommentNeeded(Refused):
    """A method is returned with words, so that the author knows what to do."""

    words = _("Write what the author should complete or change.")


class LastAuthor(Refused):
    """A method always has an author who answers for it."""

    words = _("You are the only author. Take in somebody else first, or archive it.")


class NoWhole(Refused):
    """A whole has parts, and a part has none."""

    words = _("That cannot be the larger whole: it is a part itself, or this one has parts of its own.")


class Outrun(Refused):
    """Somebody else, or another window, has stored something since this page was opened; `copy` is what."""

    def __init__(self, copy: Any = None) -> None:
        super().__init__()
        self.copy = copy

    def __str__(self) -> str:
        if self.copy:
            return str(_("You have written in another window too. Nothing written here is lost: choose which to keep."))
        return str(_("Somebody has saved this meanwhile. What you wrote is not lost: compare, then save again."))


class TooMuch(Refused):
    """More was typed than all the boxes together may hold."""

    words = _("This is more text than a method can hold. Until you shorten it, it is kept on this device only.")


class ChangeOutdated(Refused):
    """A change that was held back does not fit the method any more."""

    words = _("The method has been changed since. Ask the writer to look at the change again.")
