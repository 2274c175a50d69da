"""The municipalities of an area, as its map and its table show them."""

from typing import Any

from django.db.models import Subquery
from django.db.models.functions import Coalesce

from contacts.models import CoordinationArea
from networks.models import Membership


def places_of(area: CoordinationArea) -> Any:
    """Each with `workers`: how many people working there belong to the area's networks."""
    members = Membership.objects.active().filter(network__area=area)
    return area.municipalities.annotate(workers=Coalesce(Subquery(members.working_there()), 0)).alphabetical()
