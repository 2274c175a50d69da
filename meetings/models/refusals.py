"""What a verb may refuse, in words for the person who asked."""

from typing import Any

from django.utils.translation import gettext_lazy as _


class Refused(Exception):
    """A verb said no; the text is for the person who asked."""

    words: Any = ""

    def __str__(self) -> str:
        return str(self.words)


class NotPublished(Refused):
    words = _("The meeting has not been published yet.")


class MeetingOver(Refused):
    words = _("The meeting is over already.")


class MeetingCancelled(Refused):
    words = _("The meeting has been cancelled.")


class NotInvited(Refused):
    words = _("This meeting is for others: you are not on its list of invited people.")


class SignUpNotOpen(Refused):
    words = _("Sign-up has not opened yet.")


class SignUpClosed(Refused):
    words = _("Sign-up has closed.")


class NoFreePlace(Refused):
    words = _("There is no free place. Raise the number of places first, or let somebody go.")
