"""Places, organisations, people and the words the network shares."""

from contacts.models.area_logo import AreaLogo
from contacts.models.contact_card import ContactCard
from contacts.models.coordination_area import CoordinationArea, Funding
from contacts.models.coordinator import Coordinator
from contacts.models.coordinator_invitation import CoordinatorInvitation, InvitationOver
from contacts.models.held_text import HeldText, HeldTextQuerySet, labelled
from contacts.models.municipality import Municipality
from contacts.models.organisation import Organisation
from contacts.models.region import Region, SubRegion
from contacts.models.setup_step import SetupStep
from contacts.models.term import Term
from contacts.models.user import User, municipality_of_work

__all__ = [
    "AreaLogo",
    "ContactCard",
    "CoordinationArea",
    "Coordinator",
    "CoordinatorInvitation",
    "Funding",
    "HeldText",
    "HeldTextQuerySet",
    "InvitationOver",
    "Municipality",
    "Organisation",
    "Region",
    "SetupStep",
    "SubRegion",
    "Term",
    "User",
    "labelled",
    "municipality_of_work",
]
