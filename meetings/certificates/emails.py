"""Letters after a meeting: thanks with the link to feedback and the certificate, and a certificate sent again."""

from datetime import datetime

from lib.absolute_urls import absolute_url
from lib.tokens import sign
from meetings.invitations.emails import language_of, meeting_letter
from meetings.models import Certificate, Participation
from outbox.models import Delivery

THANKS, CERTIFICATE = "meeting-thanks", "meeting-certificate"


def thanks(participation: Participation) -> Delivery:
    """Thanks for coming, asks how it was, and brings the certificate if there is one."""
    language = language_of(participation)
    certificate = Certificate.objects.filter(participation=participation).first()
    words = {
        "feedback_url": absolute_url(
            "meetings:feedback", sign("meetings.feedback", participation.pk), language=language
        ),
        "certificate_url": certificate_url(certificate, language) if certificate else "",
    }
    return meeting_letter(
        participation, THANKS, "meetings/certificates/emails/thanks", "", version="thanks", words=words
    )


def certificate(of: Certificate, now: datetime) -> Delivery:
    """The certificate's link, once more."""
    person = of.participation
    words = {"certificate_url": certificate_url(of, language_of(person))}
    version = f"certificate-{now:%Y%m%d%H%M%S%f}"
    return meeting_letter(
        person, CERTIFICATE, "meetings/certificates/emails/certificate", "", version=version, words=words
    )


def certificate_url(of: Certificate, language: str | None = None) -> str:
    """Where its owner gets it as a PDF."""
    return absolute_url("meetings:certificate-pdf", sign("meetings.certificate", of.pk), language=language)
