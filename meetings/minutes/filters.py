"""What the register of decisions can be narrowed by; everything stands in the page's address."""

from typing import Any

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from meetings.models import Decision
from networks.models import Network


class DecisionFilter(django_filters.FilterSet):
    """Words of the decision, the network, the year."""

    q = django_filters.CharFilter(
        label=_("Words in the decision"), field_name="text", lookup_expr="icontains", widget=forms.SearchInput
    )
    network = django_filters.ModelChoiceFilter(
        label=_("Network"),
        queryset=lambda request: Network.objects.visible_to(request.user).in_order(),
        to_field_name="slug",
        empty_label=pgettext_lazy("networks", "All"),
    )
    year = django_filters.NumberFilter(
        label=_("Year"), min_value=2000, max_value=2100, widget=forms.NumberInput(attrs={"inputmode": "numeric"})
    )

    class Meta:
        model = Decision
        fields: list[str] = []

    @property
    def is_narrowed(self) -> Any:
        """Whether anything was chosen that a press on "clear all" would take away."""
        return any(self.data.get(name) for name in self.filters)
