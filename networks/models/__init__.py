"""Networks: who belongs together, and what they tell each other and the public."""

from networks.models.membership import Membership
from networks.models.network import AlreadyAsked, InvitationOnly, Network
from networks.models.news import NewsItem
from networks.models.page import Page
from networks.models.question import Question

__all__ = ["AlreadyAsked", "InvitationOnly", "Membership", "Network", "NewsItem", "Page", "Question"]
