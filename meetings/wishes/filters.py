"""What the list of wishes can be narrowed by; everything stands in the page's address."""

from typing import Any

import django_filters
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from meetings.filters import Narrowing
from meetings.models import Wish
from networks.models import Network

ALL, MINE = "all", "mine"
SHOWN_AT_FIRST = pgettext_lazy("wishes", "Open and taken up")


class WishFilter(Narrowing):
    """Those that can still be supported, unless others are asked for."""

    state = django_filters.ChoiceFilter(
        label=_("State"),
        choices=[*Wish.STATES, (ALL, pgettext_lazy("wishes", "all"))],
        empty_label=SHOWN_AT_FIRST,
        method="as_it_is",
    )
    network = django_filters.ModelChoiceFilter(
        label=_("Network"),
        queryset=lambda request: Network.objects.visible_to(request.user).active().in_order(),
        to_field_name="slug",
        empty_label=pgettext_lazy("networks", "All"),
    )
    whose = django_filters.ChoiceFilter(
        label=pgettext_lazy("wishes", "Whose"),
        choices=[(MINE, _("mine, and those I support"))],
        empty_label=pgettext_lazy("wishes", "Everybody's"),
        method="of_whom",
    )

    class Meta:
        model = Wish
        fields: list[str] = []

    def of_whom(self, queryset: Any, name: str, value: str) -> Any:
        user: Any = self.request.user
        return queryset.filter(Q(proposer=user) | Q(pk__in=user.wish_supports.values("wish")))

    def as_it_is(self, queryset: Any, name: str, value: str) -> Any:
        """The choice is made in `found`, because open wishes are shown without being asked for."""
        return queryset

    def found(self) -> Any:
        """The one that most people support first."""
        state = self.data.get("state", "")
        if state == ALL:
            return self.qs.active().most_wanted()
        chosen = self.qs.in_state(state) if state in dict(Wish.STATES) else self.qs.supportable()
        return chosen.most_wanted()
