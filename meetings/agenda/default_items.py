"""The items that most meetings have, for whoever begins from nothing."""

from django.utils.translation import gettext as _


def usual_agenda() -> list[tuple[str, int, str]]:
    """(title, minutes, text) rows in the reader's language."""
    return [
        (_("Opening and who is here"), 10, ""),
        (_("Open tasks from last time"), 10, ""),
        (_("News from the municipalities"), 30, ""),
        (_("The theme of the day"), 60, ""),
        (_("Break"), 15, ""),
        (_("What we decide and who does what"), 20, ""),
        (_("Next meetings and feedback"), 10, ""),
    ]
