"""Letters about joining: a request to the coordinators, the answer to the person."""

from django.utils import timezone

from contacts.models import User
from lib.absolute_urls import absolute_url
from networks.models import Membership
from outbox.compose import letter
from outbox.models import Delivery


def asked(membership: Membership) -> list[Delivery]:
    """Somebody asks to join: each coordinator of the area gets a letter, and may answer it straight to the person."""
    coordinators = User.objects.coordinating(membership.network.area, on=timezone.localdate())
    return [_asked(membership, coordinator) for coordinator in coordinators]


def _asked(membership: Membership, coordinator: User) -> Delivery:
    return letter(
        "networks/emails/asked",
        to=coordinator.email,
        language=coordinator.language,
        context={
            "membership": membership,
            "network": membership.network,
            "area": membership.network.area,
            "person": membership.user,
            "url": absolute_url("networks:request-list", language=coordinator.language),
        },
        kind="networks.asked",
        reference=f"membership-{membership.pk}",
        reply_to=[membership.user.email],
    )


def approved(membership: Membership) -> Delivery:
    """The person is in."""
    return _answer("networks/emails/approved", "networks.approved", membership)


def refused(membership: Membership) -> Delivery:
    """The answer is no, with the reason."""
    return _answer("networks/emails/refused", "networks.refused", membership)


def _answer(template: str, kind: str, membership: Membership) -> Delivery:
    person, network = membership.user, membership.network
    page = absolute_url("networks:network-detail", network.slug, language=person.language)
    return letter(
        template,
        to=person.email,
        language=person.language,
        context={"membership": membership, "network": network, "area": network.area, "person": person, "url": page},
        kind=kind,
        reference=f"membership-{membership.pk}",
        reply_to=[membership.decided_by.email] if membership.decided_by else None,
    )
