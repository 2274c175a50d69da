"""The method bank: methods and operating models, their steps, versions and what reviewers said of them."""

from methods.models.finding import MethodQuerySet
from methods.models.method import Method
from methods.models.refusals import Incomplete, NotWaiting, OwnMethod
from methods.models.review import Remark, Review
from methods.models.step import MethodStep
from methods.models.version import MethodVersion
from methods.models.working_copy import WorkingCopy

__all__ = [
    "Incomplete", "Method", "MethodQuerySet", "MethodStep", "MethodVersion", "NotWaiting", "OwnMethod", "Remark",
    "Review", "WorkingCopy",
]  # fmt: skip
