"""What a meeting is about, in words one can search by; `Meeting` stands on this."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from contacts.models.vocabulary import terms_field

MOST_KEYWORDS = 8


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
