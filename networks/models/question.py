"""Questions that people ask again and again, with their answers (the FAQ)."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contacts.models import CoordinationArea
from contacts.models.term import term_field
from lib.querysets import InArea
from networks.models.network import Network
from search.searchable import Searchable, SearchableQuerySet


class QuestionQuerySet(InArea, SearchableQuerySet):
    def visible_to(self, user: Any) -> "QuestionQuerySet":
        """Published ones; those of a network to whoever sees the network."""
        inside = models.Q(network=None) | models.Q(network__in=Network.objects.visible_to(user))
        return self.filter(inside, published_at__lte=timezone.now())

    def fresh(self, since: datetime, until: datetime) -> "QuestionQuerySet":
        """What was answered after `since`, up to `until`; `fresh_at` is when."""
        return self.filter(published_at__gt=since, published_at__lte=until).annotate(fresh_at=F("published_at"))

    def best(self) -> "QuestionQuerySet":
        """The best match first; only after `matching`."""
        return self.select_related("category").order_by("-rank", "order", "pk")

    def in_order(self) -> "QuestionQuerySet":
        """By category, with the word of each."""
        return self.select_related("category").order_by("category__order", "category", "order", "pk")


class Question(Searchable):
    """A question and its answer, published without the name of whoever asked."""

    area = models.ForeignKey(
        CoordinationArea, on_delete=models.CASCADE, related_name="questions", verbose_name=_("area")
    )
    network = models.ForeignKey(
        Network, on_delete=models.SET_NULL, null=True, blank=True, related_name="questions", verbose_name=_("network")
    )
    category = term_field("faq_categories", _("category"))
    question = models.CharField(_("question"), max_length=200)
    answer = models.TextField(_("answer"))
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    published_at = models.DateTimeField(_("published"), null=True, blank=True, default=timezone.now)

    objects = QuestionQuerySet.as_manager()

    class Meta(Searchable.Meta):
        verbose_name = _("question")
        verbose_name_plural = _("questions and answers")

    def __str__(self) -> str:
        return self.question

    def weighted_words(self) -> Iterator[tuple[str, str, str]]:
        """The question, the answer."""
        yield self.question, "fi", "A"
        yield self.answer, "fi", "B"
