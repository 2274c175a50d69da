"""What people thought of a meeting: without their names, and shown only when at least five have answered."""

from collections import Counter
from datetime import datetime
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lib.exceptions import Refused
from meetings.models.meeting import Meeting
from meetings.models.participation import Participation

FEWEST = 5


class AlreadyGiven(Refused):
    words = _("You have given your feedback already. Thank you!")


class FeedbackQuerySet(models.QuerySet["Feedback"]):
    def summary(self) -> dict[str, Any]:
        """The figures of one meeting. Of fewer than five answers there is the number alone, for everybody."""
        rows = list(self.order_by("text", "grade").values_list("grade", "recommends", "text"))
        number = len(rows)
        if number < FEWEST:
            return {"number": number, "is_hidden": True, "fewest": FEWEST}
        grades = Counter(grade for grade, _recommends, _text in rows)
        said = [recommends for _grade, recommends, _text in rows if recommends is not None]
        return {
            "number": number,
            "is_hidden": False,
            "mean": round(sum(grade * times for grade, times in grades.items()) / number, 1),
            "grades": [(grade, grades[grade], round(100 * grades[grade] / number)) for grade in range(5, 0, -1)],
            "recommend": round(100 * sum(said) / len(said)) if len(said) >= FEWEST else None,
            "texts": [text for _grade, _recommends, text in rows if text],
        }


class Feedback(models.Model):
    """One answer. Nothing in the row says whose it is, not even the hour."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="feedback", verbose_name=_("meeting"))
    grade = models.PositiveSmallIntegerField(_("grade"), validators=[MinValueValidator(1), MaxValueValidator(5)])
    recommends = models.BooleanField(_("would recommend"), null=True, blank=True)
    text = models.TextField(_("in own words"), max_length=2000, blank=True)
    given_on = models.DateField(_("given"))

    objects = FeedbackQuerySet.as_manager()

    class Meta:
        verbose_name = _("feedback")
        verbose_name_plural = _("feedback")
        constraints = [models.CheckConstraint(condition=Q(grade__range=(1, 5)), name="feedback_grade_one_to_five")]

    def __str__(self) -> str:
        return f"{self.grade}"


@transaction.atomic
def give(participation: Participation, now: datetime, grade: int, recommends: bool | None, text: str) -> None:
    """Keep one person's feedback, once. Raises AlreadyGiven."""
    today = timezone.localdate(now)
    own = Participation.objects.filter(pk=participation.pk, fed_back_on=None)
    if not own.update(fed_back_on=today):
        raise AlreadyGiven
    Feedback.objects.create(
        meeting_id=participation.meeting_id, grade=grade, recommends=recommends, text=text, given_on=today
    )
