"""The method bank: methods and operating models, their steps, versions and what reviewers said of them."""

from methods.models.findable import Findable
from methods.models.finding import MethodQuerySet
from methods.models.former_address import FormerAddress
from methods.models.method import Method
from methods.models.refusals import Incomplete, NotWaiting, OwnMethod
from methods.models.review import Remark, Review
from methods.models.saved_search import Rhythm, SavedSearch, TooMany
from methods.models.step import MethodStep
from methods.models.version import MethodVersion
from methods.models.working_copy import WorkingCopy

__all__ = [
    "Findable",
    "FormerAddress",
    "Incomplete",
    "Method",
    "MethodQuerySet",
    "MethodStep",
    "MethodVersion",
    "NotWaiting",
    "OwnMethod",
    "Remark",
    "Review",
    "Rhythm",
    "SavedSearch",
    "TooMany",
    "WorkingCopy",
]
