"""Questions to those who know: asked and answered through the portal, so that no address need be shown."""

from datetime import datetime, timedelta
from typing import Any, Self

from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from contacts.models import User
from contacts.models.term import term_field
from lib.exceptions import Refused
from methods.models.competence import CompetenceOffer

PER_DAY = 10


class TooManyQuestions(Refused):
    """One person has asked enough for a day."""

    words = _("You have asked many people today. Go on tomorrow.")


class AskedAlready(Refused):
    """The same question still waits for an answer."""

    words = _("You have asked this person already, and the question waits for an answer.")


class OwnOffer(Refused):
    """Nobody asks themselves."""

    words = _("This is your own offer.")


class CompetenceQuestionQuerySet(models.QuerySet["CompetenceQuestion"]):
    def visible_to(self, user: Any) -> Self:
        """The two who talk."""
        return self.filter(Q(asker=user) | Q(asked=user))

    def open(self) -> Self:
        return self.filter(answered_at=None, closed_at=None)

    def latest_first(self) -> Self:
        return self.select_related("asker", "asked", "competence").order_by("-asked_at", "-pk")

    def ask(self, offer: CompetenceOffer, asker: User, text: str, now: datetime) -> "CompetenceQuestion":
        """Store a question. Raises OwnOffer, AskedAlready or TooManyQuestions."""
        if offer.member_id == asker.pk:
            raise OwnOffer
        with transaction.atomic():
            User.objects.select_for_update().get(pk=asker.pk)  # two clicks at once are judged one after the other
            if self.open().filter(asker=asker, offer=offer).exists():
                raise AskedAlready
            if self.filter(asker=asker, asked_at__gt=now - timedelta(days=1)).count() >= PER_DAY:
                raise TooManyQuestions
            words = {"text": text, "competence": offer.competence, "asked_at": now}
            return self.create(offer=offer, asker=asker, asked=offer.member, **words)


class CompetenceQuestion(models.Model):
    """One question and its answer. Whoever is asked may also answer by e-mail: then the asker closes it."""

    offer = models.ForeignKey(
        CompetenceOffer, on_delete=models.SET_NULL, null=True, blank=True, related_name="questions"
    )
    competence = term_field("competences", _("competence"))
    asker = models.ForeignKey(User, on_delete=models.CASCADE, related_name="asked_questions", verbose_name=_("asker"))
    asked = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="received_questions", verbose_name=_("who is asked")
    )
    text = models.TextField(_("question"), max_length=2000)
    asked_at = models.DateTimeField(pgettext_lazy("a question", "asked"))
    answer = models.TextField(_("answer"), blank=True, max_length=4000)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)

    objects = CompetenceQuestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("question about competence")
        verbose_name_plural = _("questions about competence")
        constraints = [
            models.UniqueConstraint(
                fields=["offer", "asker"],
                condition=Q(answered_at=None, closed_at=None, offer__isnull=False),
                name="competence_question_one_open",
            ),
            models.CheckConstraint(
                condition=Q(answered_at=None) | ~Q(answer=""), name="competence_question_answered_with_words"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.asker} → {self.asked}: {self.competence}"

    def get_absolute_url(self) -> str:
        return reverse("methods:question-detail", args=[self.pk])

    @property
    def asked_name(self) -> str:
        """The name of who is asked, or the post; never the address."""
        return self.asked.name or self.asked.title or str(_("a member"))

    @property
    def is_open(self) -> bool:
        return self.answered_at is None and self.closed_at is None

    @property
    def state_words(self) -> str:
        if self.answered_at:
            return str(_("answered"))
        return str(_("closed")) if self.closed_at else str(_("waits for an answer"))

    def reply(self, text: str, now: datetime) -> bool:
        """Answer through the portal. True when this call did it."""
        return self._update_once(answer=text, answered_at=now)

    def close(self, now: datetime) -> bool:
        """The answer came another way, or is not needed any more. True when this call did it."""
        return self._update_once(closed_at=now)

    def _update_once(self, **values: Any) -> bool:
        taken = type(self).objects.open().filter(pk=self.pk).update(**values)
        self.refresh_from_db()
        return taken == 1
