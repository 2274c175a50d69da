"""The tables of this room: words that everybody may read, for suggestions; words that mean the same (the thesaurus)."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import TrigramSimilarity
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Sum
from django.utils.translation import gettext_lazy as _


class WordQuerySet(models.QuerySet[Any]):
    def beginning(self, begin: str) -> "WordQuerySet":
        """The most frequent first; a sign that stands for others in SQL stands for itself."""
        return self.filter(text__startswith=begin).order_by("-count", "text")

    def resembling(self, text: str) -> "WordQuerySet":
        """Words that share many groups of three letters with this one, those that share most first."""
        alike = TrigramSimilarity("text", text)
        return self.filter(text__trigram_similar=text).annotate(alike=alike).order_by("-alike", "-count", "text")

    def counts(self, texts: Iterable[str]) -> dict[str, int]:
        """How often each word stands in all languages together; without those that do not."""
        return dict(self.filter(text__in=texts).values_list("text").annotate(Sum("count")))

    def replace_all(self, counted: dict[tuple[str, str], int], now: datetime) -> None:
        """Put what was counted, by (word, language), in the place of what stands here."""
        words = [
            Word(text=text, language=language, count=count, counted_at=now)
            for (text, language), count in counted.items()
        ]
        with transaction.atomic():
            self.all().delete()
            Word.objects.bulk_create(words, batch_size=2_000)


class Word(models.Model):
    """A word in the form that dictionaries have it, and how often it stands in what everybody may read."""

    text = models.CharField(_("word"), max_length=100)
    language = models.CharField(_("language"), max_length=2)
    count = models.PositiveIntegerField(_("how often"))
    counted_at = models.DateTimeField(_("counted"))

    objects = WordQuerySet.as_manager()

    class Meta:
        verbose_name = _("word that is searched for")
        verbose_name_plural = _("words that are searched for")
        constraints = [models.UniqueConstraint(fields=["text", "language"], name="word_once_per_language")]
        indexes = [
            GinIndex(OpClass("text", name="gin_trgm_ops"), name="word_trigrams"),
            models.Index(OpClass("text", name="varchar_pattern_ops"), name="word_beginning"),
        ]

    def __str__(self) -> str:
        return self.text


class ThesaurusQuerySet(models.QuerySet["ThesaurusEntry"]):
    def run_by(self, user: Any) -> "ThesaurusQuerySet":
        """Whoever coordinates an area edits the words of all."""
        return self if user.is_authenticated and user.is_coordinator() else self.none()

    def in_use(self) -> list[str]:
        return list(self.filter(is_active=True).order_by("pk").values_list("words", flat=True))


class ThesaurusEntry(models.Model):
    """Words of the field that mean the same for a search: nuorisotila, nuokkari, nuta."""

    words = models.CharField(
        _("words that mean the same"),
        max_length=500,
        help_text=_(
            "Separated by commas, each as it stands in a dictionary: telephone, mobile, phone."
            " Who looks for one of them finds the others too."
        ),
    )
    note = models.CharField(_("note"), max_length=200, blank=True)
    is_active = models.BooleanField(_("in use"), default=True)

    objects = ThesaurusQuerySet.as_manager()

    class Meta:
        verbose_name = _("words that mean the same")
        verbose_name_plural = _("thesaurus of the search")

    def __str__(self) -> str:
        return self.words

    def clean(self) -> None:
        if len([word for word in self.words.split(",") if word.strip()]) < 2:
            raise ValidationError({"words": _("Write at least two words, with a comma between them.")})
