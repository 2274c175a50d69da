"""The method bank: methods and operating models, their steps and what reviewers said of them."""

from methods.models.attachment import Attachment
from methods.models.finding import MethodQuerySet
from methods.models.method import Method
from methods.models.refusals import Incomplete, NotWaiting, OwnMethod
from methods.models.review import Review
from methods.models.step import MethodStep

__all__ = ["Attachment", "Incomplete", "Method", "MethodQuerySet", "MethodStep", "NotWaiting", "OwnMethod", "Review"]
