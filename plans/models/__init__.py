"""Action plans: goals, measures and indicators of a period."""

from plans.models.goal import Goal, Indicator, Measure
from plans.models.plan import PeriodTaken, Plan

__all__ = ["Goal", "Indicator", "Measure", "PeriodTaken", "Plan"]
