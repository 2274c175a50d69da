"""The method bank: methods and operating models with what people do with them, and the competence bank."""

from methods.exceptions import Incomplete, NotWaiting, OwnMethod
from methods.models.action import Action
from methods.models.attachment import Attachment
from methods.models.collection import Collection, CollectionItem
from methods.models.competence import CompetenceOffer
from methods.models.competence_question import CompetenceQuestion
from methods.models.favourite import Favourite
from methods.models.findable import Findable
from methods.models.former_address import FormerAddress
from methods.models.method import Method
from methods.models.method_queryset import MethodQuerySet
from methods.models.review import Remark, Review
from methods.models.saved_search import Frequency, SavedSearch, TooMany
from methods.models.session_plan import SessionPart, SessionPlan
from methods.models.step import MethodStep
from methods.models.trial import Trial
from methods.models.version import MethodVersion
from methods.models.working_copy import WorkingCopy

__all__ = [
    "Action",
    "Attachment",
    "Collection",
    "CollectionItem",
    "CompetenceOffer",
    "CompetenceQuestion",
    "Favourite",
    "Findable",
    "FormerAddress",
    "Frequency",
    "Incomplete",
    "Method",
    "MethodQuerySet",
    "MethodStep",
    "MethodVersion",
    "NotWaiting",
    "OwnMethod",
    "Remark",
    "Review",
    "SavedSearch",
    "SessionPart",
    "SessionPlan",
    "TooMany",
    "Trial",
    "WorkingCopy",
]
