"""The method bank in the admin, a module for each register."""

from methods.admin.method import MethodAdmin
from methods.admin.usage import ActionAdmin, CompetenceOfferAdmin, TrialAdmin

__all__ = ["ActionAdmin", "CompetenceOfferAdmin", "MethodAdmin", "TrialAdmin"]
