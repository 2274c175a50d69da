"""What a list of meetings can be narrowed by; everything stands in the page's address."""

from typing import Any, NamedTuple

import django_filters
from django import forms
from django.db.models import Model, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from contacts.models import Municipality, Term
from meetings.models import Meeting
from networks.models import Network
from search.query import search_query


def _networks(request: Any) -> Any:
    return Network.objects.visible_to(request.user).active().in_order()


class Chosen(NamedTuple):
    """One thing by which a list is narrowed."""

    words: str
    without: str


class Narrowing(django_filters.FilterSet):
    """What lists of findable rows share: the words, and whether anything was chosen."""

    q = django_filters.CharFilter(label=_("Words to look for"), method="with_words", widget=forms.SearchInput)

    def with_words(self, queryset: Any, name: str, value: str) -> Any:
        """Inflected words wherever they stand, and letters of the title."""
        query, in_title = search_query(value), Q(title__icontains=value)
        return queryset.filter(in_title | Q(search_vector=query) if query else in_title)

    @property
    def is_narrowed(self) -> bool:
        """Whether anything was chosen that a press on "clear all" would take away."""
        return any(self.data.get(name) for name in self.filters)

    @property
    def chosen(self) -> list[Chosen]:
        """What was chosen, each with the address of the list without it."""
        given = {name: value for name, value in self.form.cleaned_data.items() if value not in (None, "")}
        return [Chosen(self._words_of(name, value), self._query_without(name)) for name, value in given.items()]

    def _words_of(self, name: str, value: Any) -> str:
        choices = getattr(self.form.fields[name], "choices", ())
        is_row = isinstance(value, Model)
        return str(value if is_row else dict(choices).get(value, value))

    def _query_without(self, name: str) -> str:
        rest = self.data.copy()
        for gone in {name, "page"} & rest.keys():
            del rest[gone]
        return f"?{rest.urlencode()}"


class MeetingFilter(Narrowing):
    """Coming meetings, or past ones when asked for, narrowed by what the reader chose."""

    network = django_filters.ModelChoiceFilter(
        label=_("Network"),
        field_name="networks",
        queryset=_networks,
        to_field_name="slug",
        empty_label=pgettext_lazy("networks", "All"),
    )
    kind = django_filters.ModelChoiceFilter(
        label=_("Kind"),
        queryset=lambda request: Term.objects.in_list("event_types"),
        to_field_name="code",
        empty_label=pgettext_lazy("kinds of meetings", "All"),
    )
    municipality = django_filters.ModelChoiceFilter(
        label=_("Municipality"),
        queryset=lambda request: Municipality.objects.exclude(areas=None).distinct().alphabetical(),
        to_field_name="code",
        empty_label=pgettext_lazy("municipalities", "All"),
    )
    mode = django_filters.ChoiceFilter(
        label=_("Way of meeting"), choices=Meeting.MODES, empty_label=pgettext_lazy("ways of meeting", "All")
    )
    theme = django_filters.ModelChoiceFilter(
        label=_("Theme"),
        field_name="themes",
        queryset=lambda request: Term.objects.in_list("topics"),
        to_field_name="code",
        empty_label=pgettext_lazy("themes", "All"),
    )
    held = django_filters.ChoiceFilter(
        label=_("Who holds it"),
        field_name="is_external",
        choices=[("False", _("Our own meetings")), ("True", _("Held by others; we attend"))],
        empty_label=pgettext_lazy("holders of meetings", "All"),
    )
    when = django_filters.ChoiceFilter(
        label=pgettext_lazy("meetings", "When"),
        choices=[("past", _("Past meetings"))],
        empty_label=_("Coming meetings"),
        method="past_or_coming",
    )

    class Meta:
        model = Meeting
        fields: list[str] = []

    def past_or_coming(self, queryset: Any, name: str, value: str) -> Any:
        """The choice is made in `found`, because coming meetings are shown without being asked for."""
        return queryset

    @property
    def shows_past(self) -> bool:
        return self.data.get("when") == "past"

    def found(self) -> Any:
        """The meetings in the order of reading: the next first, of past ones the latest."""
        now = timezone.now()
        return self.qs.over(now).latest_first() if self.shows_past else self.qs.not_over(now).next_first()
