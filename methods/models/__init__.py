"""The method bank: methods and operating models, their steps and what reviewers said of them."""

from methods.models.findable import Findable
from methods.models.finding import MethodQuerySet
from methods.models.former_address import FormerAddress
from methods.models.method import Method
from methods.models.refusals import Incomplete, NotWaiting, OwnMethod
from methods.models.review import Review
from methods.models.saved_search import Rhythm, SavedSearch, TooMany
from methods.models.step import MethodStep

__all__ = [
    "Findable",
    "FormerAddress",
    "Incomplete",
    "Method",
    "MethodQuerySet",
    "MethodStep",
    "NotWaiting",
    "OwnMethod",
    "Review",
    "Rhythm",
    "SavedSearch",
    "TooMany",
]
