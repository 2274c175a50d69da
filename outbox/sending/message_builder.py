"""Builds the outgoing message of a claimed delivery; the wordings of mailings are compiled once."""

from collections.abc import Iterable
from dataclasses import dataclass
from email.utils import parseaddr

from lib.text.mailboxes import ascii_address
from outbox.incoming import verp
from outbox.message import builder, merge_fields
from outbox.models import Delivery, Wording
from outbox.sending.claim import ClaimedDelivery
from outbox.sending.smtp_connection import OutgoingMessage


@dataclass(frozen=True, slots=True)
class PreparedTemplate:
    """A wording, ready for all its readers."""

    template: builder.Template
    key: str
    domain: str
    sender: str


class MessageBuilder:
    """Keeps what the letters at hand have in common."""

    def __init__(self) -> None:
        self.wordings: dict[int, PreparedTemplate] = {}
        self.singles: dict[int, Delivery] = {}

    def fetch(self, claimed: Iterable[ClaimedDelivery]) -> None:
        """Get the words of these letters, all at once."""
        claimed = list(claimed)
        singles = [letter.pk for letter in claimed if letter.wording_id is None]
        self.singles |= Delivery.objects.in_bulk(singles) if singles else {}
        unknown = {letter.wording_id for letter in claimed if letter.wording_id} - set(self.wordings)
        for wording in Wording.objects.filter(pk__in=unknown).select_related("mailing") if unknown else ():
            self.wordings[wording.pk] = _prepared(wording)

    def outgoing(self, claimed: ClaimedDelivery) -> OutgoingMessage:
        """Raises whatever a letter that cannot be built brings about; only that letter is to blame."""
        if claimed.wording_id is None:
            letter = self.singles[claimed.pk].as_letter()
            return self._packed(claimed, parseaddr(letter.sender)[1], builder.raw(letter))
        wording = self.wordings[claimed.wording_id]
        values = builder.recipient_values(
            claimed.recipient, claimed.recipient_name, builder.message_id(wording.key, claimed.pk, wording.domain)
        )
        content = wording.template.fill(
            {**values, **merge_fields.values_for(claimed.kind, claimed.origin_id, claimed.language)}
        )
        return self._packed(claimed, wording.sender, content)

    def forget(self, pk: int) -> None:
        self.singles.pop(pk, None)

    def _packed(self, claimed: ClaimedDelivery, sender: str, content: bytes) -> OutgoingMessage:
        way_back = ascii_address(verp.envelope_sender(claimed.pk, sender))
        return OutgoingMessage(way_back, ascii_address(claimed.recipient), content, claimed)


def _prepared(wording: Wording) -> PreparedTemplate:
    mailing = wording.mailing
    sender = parseaddr(mailing.from_email)[1]
    return PreparedTemplate(wording.template(), mailing.key, builder.domain_of(mailing.from_email), sender)
