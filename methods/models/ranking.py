"""In which order found methods stand: by their words, and of those that fit equally well the tried and fresh ones."""

from datetime import date

from django.db.models import DateField, F, FloatField, Func, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Greatest, Least

# At most so much for trials and so much for freshness. Together they are less than the quarter that a second mention of
# the word is worth: what fits clearly better stays ahead, however often another has been tried.
_TRIED, _FRESH = 0.1, 0.1
_HALF = 4.0  # so many trials are worth half of what trials can be worth
_OLD = 730.0  # so many days after the last check, when it is time for the next one, nothing is fresh


def lift(today: date) -> Combinable:
    """What the rank of a method is multiplied by: from 1 to 1.2. It changes with the day, not between two pages."""
    trials = Cast("trial_count", FloatField())
    days = Func(Value(today, DateField()), F("verified_on"), template="(%(expressions)s)", arg_joiner=" - ")
    # A method that was never checked has no days, and GREATEST passes over what is not there: nothing is fresh.
    fresh = Least(1.0, Greatest(0.0, 1.0 - Cast(days, FloatField()) / _OLD))
    return 1.0 + _TRIED * trials / (trials + _HALF) + _FRESH * fresh
