"""Letters of the first run: the invitation to coordinate an area, and a test that letters arrive."""

from datetime import datetime

from contacts.models import CoordinationArea, CoordinatorInvitation, User
from lib.absolute_urls import absolute_url
from lib.tokens import sign
from outbox.compose import letter
from outbox.models import Delivery, Priority

PURPOSE = "coordinator-invitation"
TEST = "setup-test"


def invited(invitation: CoordinatorInvitation, now: datetime) -> Delivery:
    """The link in it is signed, and good for one acceptance. Sent anew, it is another letter with a younger link."""
    token = sign(PURPOSE, {"invitation": invitation.pk, "sent": invitation.sent_at.isoformat()})
    return letter(
        "youthnet/emails/coordinator_invitation",
        to=invitation.email,
        language=invitation.language,
        context={
            "invitation": invitation,
            "area": invitation.area,
            "url": absolute_url("setup-invitation", token, language=invitation.language),
        },
        kind=PURPOSE,
        reference=f"invitation-{invitation.pk}-{invitation.sent_at:%Y%m%d%H%M%S%f}",
        reply_to=[invitation.invited_by.email] if invitation.invited_by else None,
        priority=Priority.URGENT,
        secret=True,
        now=now,
    )


def tested(area: CoordinationArea, person: User, now: datetime) -> Delivery:
    """A letter to oneself, with a button that leads back to the step."""
    url = absolute_url("setup-step", area.slug, "mail", language=person.language)
    return letter(
        "youthnet/emails/setup_test",
        to=person.email,
        language=person.language,
        context={"area": area, "url": url},
        kind=TEST,
        priority=Priority.URGENT,
        now=now,
    )
