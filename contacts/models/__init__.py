"""Places, organisations, people and the words the network shares."""

from contacts.models.contact_card import ContactCard
from contacts.models.organisation import Organisation
from contacts.models.place import CoordinationArea, Funding, Municipality, Region, SubRegion
from contacts.models.user import Coordinator, User, municipality_of_work
from contacts.models.vocabulary import Term

__all__ = [
    "ContactCard",
    "CoordinationArea",
    "Coordinator",
    "Funding",
    "Municipality",
    "Organisation",
    "Region",
    "SubRegion",
    "Term",
    "User",
    "municipality_of_work",
]
