"""The shared vocabulary: every list of words a person chooses from, in three languages with codes that never change."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from lib.text.multilingual import translated

# The lists to which a coordinator may add words of the own area: nothing in the product depends on their codes alone.
OPEN_LISTS = [
    ("topics", _("Topics")),
    ("target_groups", _("Target groups")),
    ("settings", _("Places where methods are used")),
    ("competences", _("Competences")),
    ("action_kinds", _("Kinds of actions of an operating model")),
    ("work_forms", _("Forms of youth work")),
    ("sectors", _("Sectors")),
    ("organisation_types", _("Kinds of organisations")),
    ("network_types", _("Kinds of networks")),
    ("network_roles", _("Roles in a network")),
    ("event_types", _("Kinds of meetings")),
    ("news_categories", _("Categories of news")),
    ("faq_categories", _("Categories of questions")),
    ("contact_roles", _("Roles on contact cards")),
]


class TermQuerySet(models.QuerySet["Term"]):
    def run_by(self, user: Any) -> "TermQuerySet":
        """What somebody may choose from on the desk: the words that all areas share, and those of the own areas."""
        return self if user.is_superuser else self.filter(Q(area=None) | Q(area__in=user.area_ids_run()))

    def offered_to(self, user: Any, area_id: int | None = None) -> "TermQuerySet":
        """The shared words, and those of the areas that somebody belongs to or of the thing that is written."""
        areas = {*(user.area_ids() if user.is_authenticated else ()), area_id}
        return self.filter(Q(area=None) | Q(area__in=areas - {None}))

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
    area = models.ForeignKey(
        "contacts.CoordinationArea",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="terms",
        verbose_name=_("area"),
        help_text=_("Words of one area are offered in that area only; a word without an area is shared by all."),
    )
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

    def take_code(self) -> None:
        """A code of its own in its list, made of the Finnish word; an unsaved word of an area has none yet."""
        stem = slugify(self.fi)[:50] or "sana"
        used = set(Term.objects.filter(list=self.list, code__startswith=stem).values_list("code", flat=True))
        numbered = (f"{stem}-{number}" for number in range(2, len(used) + 3))
        self.code = next(code for code in [stem, *numbered] if code not in used)


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
