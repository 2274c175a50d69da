"""The method bank: methods and operating models with what people do with them, and the competence bank."""

from methods.models.action import Action
from methods.models.collection import Collection, CollectionItem
from methods.models.competence import CompetenceOffer
from methods.models.favourite import Favourite
from methods.models.finding import MethodQuerySet
from methods.models.method import Method
from methods.models.question import CompetenceQuestion
from methods.models.refusals import Incomplete, NotWaiting, OwnMethod
from methods.models.review import Review
from methods.models.session_plan import SessionPart, SessionPlan
from methods.models.step import MethodStep
from methods.models.trial import Trial

__all__ = [
    "Action",
    "Collection",
    "CollectionItem",
    "CompetenceOffer",
    "CompetenceQuestion",
    "Favourite",
    "Incomplete",
    "Method",
    "MethodQuerySet",
    "MethodStep",
    "NotWaiting",
    "OwnMethod",
    "Review",
    "SessionPart",
    "SessionPlan",
    "Trial",
]
