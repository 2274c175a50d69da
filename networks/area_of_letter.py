"""Which area a letter that came in belongs to: by the network it was written to, or by who wrote it."""

from collections.abc import Sequence

from contacts.models import CoordinationArea, User
from lib.text.addresses import normal
from networks.models import Membership, Network


def area_of_letter(sender: str, addressed_to: Sequence[str]) -> int | None:
    """The number of the area, or None when nobody here knows either of them and there are several areas."""
    addresses = [normal(address) for address in addressed_to]
    written_to = Network.objects.filter(sender_email__in=addresses).exclude(sender_email="")
    belongs = Membership.objects.ongoing().filter(user__email=sender) if sender else Membership.objects.none()
    return (
        written_to.order_by("pk").values_list("area_id", flat=True).first()
        or belongs.order_by("-pk").values_list("network__area_id", flat=True).first()
        or _area_run_by(sender)
        or _sole_area()
    )


def _area_run_by(sender: str) -> int | None:
    person = User.objects.active().filter(email=sender).first() if sender else None
    return min(person.area_ids_run(), default=None) if person else None


def _sole_area() -> int | None:
    areas = CoordinationArea.objects.values_list("pk", flat=True)[:2]
    return areas[0] if len(areas) == 1 else None
