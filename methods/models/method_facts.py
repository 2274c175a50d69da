"""What a reader wants to know of a method at a glance, in words."""

from django.db.models import Q
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from contacts.models import Term
from methods.models.method_content import MethodText

VOCABULARY = {
    "topics": gettext_lazy("Topics"),
    "target_groups": gettext_lazy("Target groups"),
    "settings": pgettext_lazy("where a method is used", "Places"),
    "languages": gettext_lazy("Languages"),
    "competences": gettext_lazy("Competences"),
}
LICENCE_URLS = {
    "cc-by-4.0": "https://creativecommons.org/licenses/by/4.0/",
    "cc-by-sa-4.0": "https://creativecommons.org/licenses/by-sa/4.0/",
    "cc0-1.0": "https://creativecommons.org/publicdomain/zero/1.0/",
}
LONG = 120  # minutes from which the time is told in hours


class Glance(MethodText):
    """Ranges and licence in words. An end that is not given is left open."""

    class Meta:
        abstract = True

    @property
    def age_words(self) -> str:
        """ "12–16 years", or nothing when no age is given."""
        return _("%(range)s years") % {"range": found} if (found := _range(self.age_min, self.age_max)) else ""

    @property
    def group_words(self) -> str:
        return _("%(range)s people") % {"range": found} if (found := _range(self.group_min, self.group_max)) else ""

    @property
    def time_words(self) -> str:
        """ "10–15 min", "1.5–3 h"."""
        low, high = self.duration_min, self.duration_max
        if not low and not high:
            return ""
        ends = [end for end in (low, high) if end]
        if max(ends) < LONG or any(end % 30 for end in ends):
            return _("%(range)s min") % {"range": _range(low, high)}
        hours = [number_format(end / 60, decimal_pos=1 if end % 60 else 0) if end else None for end in (low, high)]
        return _("%(range)s h") % {"range": _range(*hours)}

    @property
    def facts(self) -> list[str]:
        """Age, group and time, those that are given."""
        return [words for words in (self.age_words, self.group_words, self.time_words) if words]

    @property
    def reuse_url(self) -> str:
        """The text of the licence, in the Creative Commons' own words."""
        return LICENCE_URLS.get(self.licence.code, "") if self.licence else ""

    def vocabulary(self) -> list[tuple[str, list[Term]]]:
        """(label, words) of each list of the vocabulary, in one query."""
        chosen = Q(pk=None)
        for name in VOCABULARY:
            through = getattr(type(self), name).through
            chosen |= Q(pk__in=through.objects.filter(method=self).values("term"))
        terms = list(Term.objects.filter(chosen).order_by("order", "pk"))
        return [(str(label), [term for term in terms if term.list == name]) for name, label in VOCABULARY.items()]


def _range(low: object, high: object) -> str:
    if low is None and high is None:
        return ""
    if low == high:
        return str(low)
    return f"{'' if low is None else low}–{'' if high is None else high}"
