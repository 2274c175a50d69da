"""What is asked of those who sign up, and their replies: each question says how long its replies are kept."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import DurationField, Exists, ExpressionWrapper, F, OuterRef, Value
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from lib.querysets import InArea
from meetings.models.participation import Participation
from meetings.models.signup import SignUp


class SignUpQuestionQuerySet(InArea, models.QuerySet["SignUpQuestion"]):
    area_path = "signup__meeting__area"

    def in_order(self) -> "SignUpQuestionQuerySet":
        return self.order_by("order", "pk")

    def to_forget(self, now: datetime) -> "SignUpQuestionQuerySet":
        """Those whose replies have been kept as long as was promised, and are still there."""
        days = ExpressionWrapper(Cast("keep_days", models.IntegerField()) * Value(timedelta(days=1)), DurationField())
        old = self.alias(until=F("signup__meeting__ends_at") + days).filter(until__lte=now)
        return old.filter(Exists(Reply.objects.filter(question=OuterRef("pk"))))


class SignUpQuestion(models.Model):
    """One question of one meeting's sign-up."""

    TEXT, CHOICE, CHECKBOX = "text", "choice", "checkbox"
    KINDS = [(TEXT, _("free text")), (CHOICE, _("one of several choices")), (CHECKBOX, _("a box to tick"))]

    signup = models.ForeignKey(SignUp, on_delete=models.CASCADE, related_name="questions", verbose_name=_("sign-up"))
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    text = models.CharField(_("question"), max_length=200)
    kind = models.CharField(_("kind"), max_length=10, choices=KINDS, default=TEXT)
    choices = models.JSONField(_("choices"), default=list, blank=True)
    is_required = models.BooleanField(_("must be answered"), default=False)
    keep_days = models.PositiveSmallIntegerField(
        _("replies are kept, days after the meeting"),
        default=14,
        help_text=_("Then they are deleted. Special diets tell of health: keep them as short as you can."),
    )
    forgotten_at = models.DateTimeField(_("replies deleted"), null=True, blank=True, editable=False)
    forgotten_number = models.PositiveIntegerField(_("deleted replies"), default=0, editable=False)

    objects = SignUpQuestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("question of a sign-up")
        verbose_name_plural = _("questions of a sign-up")

    def __str__(self) -> str:
        return self.text

    def clean(self) -> None:
        if self.kind == self.CHOICE and len(self.choices or []) < 2:
            raise ValidationError({"choices": _("Write at least two choices, one on each line.")})

    def copy_to(self, signup: SignUp) -> "SignUpQuestion":
        """The same question in another sign-up, without replies."""
        asked = {name: getattr(self, name) for name in ("order", "text", "kind", "choices", "is_required", "keep_days")}
        return SignUpQuestion.objects.create(signup=signup, **asked)

    def forget(self, now: datetime) -> int:
        """Delete the replies, and keep how many there were."""
        number, _rows = self.replies.all().delete()
        SignUpQuestion.objects.filter(pk=self.pk).update(
            forgotten_at=now, forgotten_number=F("forgotten_number") + number
        )
        return number


class ReplyQuerySet(models.QuerySet["Reply"]):
    def store(self, participation: Participation, replies: Mapping[int, str]) -> None:
        """What a person replies now, question by question; an empty reply takes an earlier one back."""
        said = [Reply(participation=participation, question_id=pk, text=text) for pk, text in replies.items() if text]
        silent = [pk for pk, text in replies.items() if not text]
        self.filter(participation=participation, question__in=silent).delete()
        Reply.objects.bulk_create(
            said, update_conflicts=True, unique_fields=["participation", "question"], update_fields=["text"]
        )

    def of(self, participation: Participation) -> dict[int, str]:
        return dict(self.filter(participation=participation).values_list("question", "text"))


class Reply(models.Model):
    """What one person answered to one question."""

    participation = models.ForeignKey(
        Participation, on_delete=models.CASCADE, related_name="replies", verbose_name=_("participant")
    )
    question = models.ForeignKey(
        SignUpQuestion, on_delete=models.CASCADE, related_name="replies", verbose_name=_("question")
    )
    text = models.CharField(_("reply"), max_length=500)

    objects = ReplyQuerySet.as_manager()

    if TYPE_CHECKING:
        question_id: Any

    class Meta:
        verbose_name = _("reply to a question")
        verbose_name_plural = _("replies to questions")
        constraints = [models.UniqueConstraint(fields=["participation", "question"], name="reply_once")]

    def __str__(self) -> str:
        return self.text
