"""What a meeting is about, in words one can search by; `Meeting` stands on this."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from contacts.models import Term
from contacts.models.term import terms_field

MOST_KEYWORDS = 8


def counted(rows: models.QuerySet[Any]) -> list[tuple[Term, int]]:
    """How often each term stands in rows that join something with terms, the most frequent first. Two questions."""
    found = rows.values_list("term").annotate(number=Count("pk")).order_by("-number", "term")
    terms = Term.objects.in_bulk([term for term, _number in found])
    return [(terms[term], number) for term, number in found]


class HasThemes(models.Model):
    """Themes of the shared vocabulary, and free words for what the vocabulary lacks."""

    themes = terms_field("topics", _("themes"), blank=True, help_text=_("Meetings are found and counted by these."))
    keywords = ArrayField(
        models.CharField(max_length=40),
        verbose_name=_("keywords"),
        default=list,
        db_default=[],
        blank=True,
        size=MOST_KEYWORDS,
    )

    class Meta:
        abstract = True
