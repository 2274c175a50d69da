"""What a verb may refuse, in words for the person who asked."""

from django.utils.translation import gettext_lazy as _

from lib.exceptions import Refused


class NotPublished(Refused):
    words = _("The meeting has not been published yet.")


class MeetingOver(Refused):
    words = _("The meeting is over already.")


class MeetingCancelled(Refused):
    words = _("The meeting has been cancelled.")


class LettersHaveLeft(Refused):
    words = _("The letters have left already, or somebody else was quicker. Look at the page again.")


class NotInvited(Refused):
    words = _("This meeting is for others: you are not on its list of invited people.")


class MinutesLocked(Refused):
    words = _("The minutes of this meeting have been approved. Open them with a reason before you change anything.")


class NotReady(Refused):
    words = _("The minutes cannot take this step now. Look at the page again: somebody may have been quicker.")


class NothingWritten(Refused):
    words = _("Nothing has been written yet. Write at least one line before the minutes go on.")


class ReasonNeeded(Refused):
    words = _("Say why in a few words: others read it later.")


class CommentsClosed(Refused):
    words = _("The time for comments is over, or has not begun.")


class ItemInUse(Refused):
    words = _("This item has notes, decisions or tasks. Remove them first, or leave the item where it is.")


class AlreadyDecided(Refused):
    words = _("This has been decided already. Look at the page again.")


class OtherWords(Refused):
    """Somebody else saved the same text meanwhile; nothing was overwritten. `theirs` and `version` are what stands."""

    words = _("Somebody else saved this text after you opened it. Your words were not lost: both are shown here.")

    def __init__(self, theirs: str, version: int) -> None:
        super().__init__()
        self.theirs, self.version = theirs, version


class SignUpNotOpen(Refused):
    words = _("Sign-up has not opened yet.")


class SignUpClosed(Refused):
    words = _("Sign-up has closed.")


class NoFreePlace(Refused):
    words = _("There is no free place. Raise the number of places first, or let somebody go.")


class VisitAhead(Refused):
    words = _("The visit has not been made yet. It can be told of on its day.")


class VisitKnown(Refused):
    words = _("A visit there on that day has been written down already. Add what is missing to its report.")


class VisitAnnounced(Refused):
    words = _("Others may have seen this visit, so it stays. Mend its report instead.")


class NowhereVisited(Refused):
    words = _("Choose at least one municipality, all of one area.")


class WishClosed(Refused):
    words = _("This wish has been answered, joined to another or taken back. Look at the page again.")


class WishSupported(Refused):
    words = _("Others support this wish already, so it cannot be taken back. You can still take back your own support.")


class WishForOthers(Refused):
    words = _("Join it to a wish of the whole area or of the same network, so that everybody who wished can read it.")


class NothingAnswered(Refused):
    words = _("This answers nothing, or comes from somebody who is not on the list.")


class NewerAnswer(Refused):
    words = _("A newer answer of the same person was there already.")
