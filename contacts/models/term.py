"""The shared vocabulary: every list of words a person chooses from, in three languages with codes that never change."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from lib.text.multilingual import translated


class TermQuerySet(models.QuerySet["Term"]):
    def in_list(self, name: str) -> "TermQuerySet":
        """The words of one list in use, in their own order."""
        return self.filter(list=name, is_active=True).order_by("order", "pk")

    def words_for_everybody(self) -> "list[tuple[str, str]]":
        """(words, language) of what is in use; suggestions of the search know them."""
        rows = self.filter(is_active=True).values_list("fi", "sv", "en")
        return [(words, language) for row in rows for words, language in zip(row, ("fi", "sv", "en"), strict=True)]


class Term(models.Model):
    """One word of one list. A word out of use stays for old rows and is no longer offered."""

    list = models.SlugField(_("list"), max_length=40)
    code = models.SlugField(
        _("code"), max_length=60, help_text=_("Never changes, never used again for something else.")
    )
    fi = models.CharField(_("in Finnish"), max_length=200)
    sv = models.CharField(_("in Swedish"), max_length=200, blank=True)
    en = models.CharField(_("in English"), max_length=200, blank=True)
    help = models.CharField(_("help"), max_length=300, blank=True)
    minimum = models.IntegerField(_("from"), null=True, blank=True)
    maximum = models.IntegerField(_("to"), null=True, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    is_active = models.BooleanField(_("in use"), default=True)

    objects = TermQuerySet.as_manager()

    class Meta:
        verbose_name = _("word")
        verbose_name_plural = _("vocabulary")
        constraints = [models.UniqueConstraint(fields=["list", "code"], name="term_once_per_list")]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The word in the reader's language."""
        return translated(_TranslatedColumns(self), "word")


class _TranslatedColumns:
    """Lets a term's short column names answer to `translated`."""

    def __init__(self, term: Term) -> None:
        self.word_fi, self.word_sv, self.word_en = term.fi, term.sv, term.en


def term_field(list_name: str, verbose_name: Any, **kwargs: Any) -> "models.ForeignKey[Term, Term]":
    """A foreign key that offers the words of one list."""
    return models.ForeignKey(
        "contacts.Term",
        verbose_name=verbose_name,
        on_delete=models.PROTECT,
        related_name="+",
        limit_choices_to={"list": list_name, "is_active": True},
        **kwargs,
    )


def terms_field(list_name: str, verbose_name: Any, **kwargs: Any) -> "models.ManyToManyField[Term, Term]":
    """Many words of one list."""
    return models.ManyToManyField(
        "contacts.Term",
        verbose_name=verbose_name,
        related_name="+",
        limit_choices_to={"list": list_name, "is_active": True},
        **kwargs,
    )
