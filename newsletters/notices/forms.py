"""The page of notices as a form: a rule, and exceptions for each network and kind."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from contacts.models import CoordinationArea, User
from lib.forms.versions import VersionedForm
from networks.models import Network
from newsletters.models import Frequency, NoticeRule
from newsletters.models.notice import Cell
from newsletters.notices.sources import KINDS


class NoticesForm(VersionedForm, forms.Form):
    """An empty box follows the rule, so that only what differs is kept."""

    rule = forms.ChoiceField(label=gettext_lazy("How often you get notices, as a rule"), choices=Frequency.choices)

    def __init__(self, person: User, data: Any = None) -> None:
        self.person = person
        kept = NoticeRule.objects.filter(user=person).first() or NoticeRule(user=person)
        super().__init__(data, initial={"rule": kept.rhythm})
        self.is_default = kept.rhythm == Frequency.WEEKLY and not person.notice_choices.exists()
        self.is_stopped = kept.rhythm == Frequency.NEVER and not person.notice_choices.exists()
        self.places = list(_places(person))
        chosen = kept.cells()
        for _place, cells in self.places:
            for cell in cells:
                self.fields[_box(cell)] = _field(chosen.get(cell, ""))

    def rows(self) -> list[dict[str, Any]]:
        """The table: a place, and a box for each kind."""
        names = [kind.name for kind in KINDS]
        return [
            {"name": place, "boxes": list(zip(names, [self[_box(cell)] for cell in cells], strict=True))}
            for place, cells in self.places
        ]

    def choose(self, now: datetime) -> None:
        given = self.cleaned_data
        cells = {cell: given[_box(cell)] for _place, cells in self.places for cell in cells if given[_box(cell)]}
        NoticeRule.objects.choose(self.person, given["rule"], cells, now)


def _places(person: User) -> Iterator[tuple[str, list[Cell]]]:
    """Own networks by name, then the rest of each own area."""
    for network in Network.objects.filter(pk__in=person.network_ids()).in_order():
        yield network.name, [(network.area_id, network.pk, kind.code) for kind in KINDS]
    for area in CoordinationArea.objects.filter(pk__in=person.area_ids()).alphabetical():
        yield _("Everything else: %(area)s") % {"area": area.name}, [(area.pk, None, kind.code) for kind in KINDS]


def _box(cell: Cell) -> str:
    area, network, kind = cell
    return f"{kind}-{f'network-{network}' if network else f'area-{area}'}"


def _field(chosen: str) -> forms.ChoiceField:
    usual = ("", pgettext("how often", "as a rule"))
    return forms.ChoiceField(choices=[usual, *Frequency.choices], required=False, initial=chosen)
