"""Where a participant works: by the account, else by the organisation as written, else as whoever signed them up."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from contacts.models import Municipality, Organisation

if TYPE_CHECKING:
    from meetings.models.participation import Participation


@dataclass(frozen=True)
class Employment:
    """What is known at this moment of a participant's work."""

    organisation: Organisation | None = None
    written: str = ""  # the name of the organisation, known or not
    municipality: Municipality | None = None

    @property
    def place(self) -> str:
        """What counts as one municipality: its name, else that of the organisation. Empty when nothing is known."""
        return self.municipality.name_fi if self.municipality else self.written


def employment_of(person: "Participation") -> Employment:
    """The rule of which municipality a participant counts for; for accounts it is `User.municipality_of_work`.

    A colleague of whom nothing is known counts for where the one who signed them up works.
    """
    own = _own(person)
    if own.place or person.brought_by is None:
        return own
    bringer = _own(person.brought_by)
    return Employment(written=bringer.written, municipality=bringer.municipality)


def _own(person: "Participation") -> Employment:
    """People write the name of a town where the organisation is asked for, too."""
    account = person.user
    if account:
        employer, municipality = account.organisation, account.municipality_of_work()
    else:
        employer = Organisation.objects.current().with_work().named(person.organisation_name)
        municipality = employer.municipality if employer else None
    written = employer.name if employer else person.organisation_name.strip()
    return Employment(employer, written, municipality or Municipality.objects.named(written))
