"""The room's letters: the one to confirm, the welcome, and the issues."""

import logging
from collections.abc import Iterable, Iterator, Mapping
from copy import copy
from datetime import datetime
from itertools import islice
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from contacts.models import User
from newsletters import keys
from newsletters.audience import Audience, Share, readers
from newsletters.models import AddressChange, Issue, LetterTally, MailingList, Subscription
from newsletters.models.subscription import NEWSLETTER
from outbox.envelope import address
from outbox.models import Delivery, LetterRefused, Priority
from youthnet.links import absolute, absolute_url
from youthnet.mail import draft, letter, post
from youthnet.when import when

CONFIRM, WELCOME, TEST = "newsletter-confirm", "newsletter-welcome", "newsletter-test"
NEW_ADDRESS, MOVED = "newsletter-address", "newsletter-moved"
CHUNK = 500

log = logging.getLogger(__name__)

# Stand in the letter of a group of readers until each reader's own links take their place.
SETTINGS_SLOT, LEAVE_SLOT = "https://settings.invalid/slot/", "https://leave.invalid/slot/"


@transaction.atomic
def ask_to_confirm(email: str, now: datetime) -> Delivery | None:
    """One letter for all that an address waits for, unless it has had one today or three without an answer."""
    stays = Subscription.objects.of(email)
    asked = list(stays.wanting_letter().select_for_update(skip_locked=True))
    waiting = list(stays.unconfirmed().select_related("list__area").order_by("pk")) if asked else []
    stays.filter(pk__in=[row.pk for row in asked]).update(letter_wanted_at=None)
    if not waiting or not LetterTally.objects.take(email, now):
        return None
    stays.unconfirmed().update(letter_sent_at=now)
    return _confirmation(waiting, now)


def _confirmation(waiting: Iterable[Subscription], now: datetime) -> Delivery:
    waiting = list(waiting)
    newest = waiting[-1]
    return letter(
        "newsletters/emails/confirm",
        to=newest.email,
        language=newest.language,
        context={
            "area": newest.list.area,
            "lists": [subscription.list for subscription in waiting],
            "confirm_url": keys.confirm_url(waiting, newest.language),
        },
        kind=CONFIRM,
        reply_to=_reply_to(newest.list),
        priority=Priority.URGENT,
        now=now,
    )


def welcome(subscription: Subscription, now: datetime) -> Delivery:
    """Tells a reader whom the coordinator added what comes and how to leave."""
    return letter(
        "newsletters/emails/welcome",
        to=subscription.email,
        language=subscription.language,
        context={
            "area": subscription.list.area,
            "list": subscription.list,
            "settings_url": keys.settings_url(subscription.pk, subscription.language),
        },
        kind=WELCOME,
        reference=f"subscription:{subscription.pk}",
        reply_to=_reply_to(subscription.list),
        now=now,
    )


@transaction.atomic
def ask_new_address(change: AddressChange, now: datetime) -> Delivery | None:
    """The letter to the new address; none when it has had one today or three without an answer. Names no list and no
    earlier address: whoever reads it may be a stranger."""
    if not AddressChange.objects.wanting_letter().filter(pk=change.pk).update(letter_sent_at=now):
        return None
    if not LetterTally.objects.take(change.new_email, now):
        change.delete()
        return None
    return letter(
        "newsletters/emails/new_address",
        to=change.new_email,
        language=change.language,
        context={"confirm_url": keys.new_address_url(change.pk, change.language)},
        kind=NEW_ADDRESS,
        priority=Priority.URGENT,
        now=now,
    )


def address_changed(left: Subscription, now: datetime) -> Delivery:
    """Tells the earlier address that the letters now go elsewhere, without saying where."""
    return letter(
        "newsletters/emails/address_changed",
        to=left.email,
        language=left.language,
        context={"area": left.list.area, "settings_url": keys.settings_url(left.pk, left.language)},
        kind=MOVED,
        reply_to=_reply_to(left.list),
        now=now,
    )


# --- issues ---


def send_issue(issue: Issue, now: datetime) -> int:
    """One letter per reader into the ledger, some hundreds at a time; tells how many."""
    letters = _issue_letters(issue, now)
    count = 0
    while some := list(islice(letters, CHUNK)):
        count += post(some, now)
    return count


def send_test(issue: Issue, to: User, now: datetime) -> Delivery:
    """The letter as this person would read it, to this person only."""
    test = copy(_Press(issue, now).letter(to.language, to.pk))
    test.recipient, test.kind, test.reference, test.priority = to.email, TEST, "", Priority.ORDINARY
    with translation.override(to.language):
        test.subject = _("Test: %(subject)s") % {"subject": test.subject}
    post([_with_links(test, _no_links(to.language))], now)
    return test


def preview(issue: Issue, language: str, reader: int | None, now: datetime) -> Delivery:
    """The letter as a person (or, with None, a reader without an account) would read it; nothing is stored."""
    return _with_links(copy(_Press(issue, now).letter(language, reader)), _no_links(language))


class _Press:
    """Sets the letter once per language and set of rights, so that readers cost next to nothing."""

    def __init__(self, issue: Issue, now: datetime) -> None:
        self.issue = issue
        self.audience = Audience(issue, now)
        self.reply_to = _reply_to(issue.list)
        self.set: dict[tuple[str, Share], Delivery] = {}

    def letter(self, language: str, reader: int | None) -> Delivery:
        key = language, self.audience.share_of(reader)
        if key not in self.set:
            self.set[key] = self._typeset(*key)
        return self.set[key]

    def _typeset(self, language: str, share: Share) -> Delivery:
        issue = self.issue
        with translation.override(language):
            parts = [_part(block, share, language) for block in self.audience.blocks if block.pk in share.blocks]
            archive_url = absolute_url("newsletters:issue-detail", issue.slug) if issue.list.is_public else ""
        return draft(
            "newsletters/emails/issue",
            to="",
            language=language,
            context={
                "area": issue.list.area,
                "issue": issue,
                "parts": parts,
                "archive_url": archive_url,
                "settings_url": SETTINGS_SLOT,
                "leave_url": LEAVE_SLOT,
            },
            kind=NEWSLETTER,
            reference=issue.reference,
            priority=Priority.BULK,
            from_email=issue.list.sender,
            reply_to=self.reply_to,
            headers=_headers(issue, archive_url),
        )


def _issue_letters(issue: Issue, now: datetime) -> Iterator[Delivery]:
    press = _Press(issue, now)
    for subscription in readers(issue, now):
        own = copy(press.letter(subscription.language, subscription.reader_id))  # type: ignore[attr-defined]
        try:
            own.recipient = address(subscription.email)
        except LetterRefused:
            log.warning("subscription %s has no usable address", subscription.pk)
        else:
            yield _with_links(own, _links(subscription))


def _part(block: Any, share: Share, language: str) -> Mapping[str, Any]:
    """A block with what the letter says of it in this language."""
    meeting, thing = block.meeting, block.thing
    may_join = meeting and meeting.pk in share.links and not meeting.is_cancelled
    return {
        "block": block,
        "meeting": meeting,
        "when": when(meeting.starts_at, meeting.ends_at, meeting.time_zone, language) if meeting else "",
        "url": absolute(thing.get_absolute_url()) if thing else "",
        "join_url": meeting.join_url if may_join and meeting.is_online else "",
    }


def _headers(issue: Issue, archive_url: str) -> dict[str, str]:
    """For mail programs and relays: RFC 2369, 2919, 3834 and 8058."""
    headers = {
        "List-Id": issue.list.list_id,
        "List-Unsubscribe": f"<{LEAVE_SLOT}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Precedence": "bulk",
        "Auto-Submitted": "auto-generated",
    }
    return headers | ({"List-Archive": f"<{archive_url}>"} if archive_url else {})


def _links(subscription: Subscription) -> dict[str, str]:
    return {
        SETTINGS_SLOT: keys.settings_url(subscription.pk, subscription.language),
        LEAVE_SLOT: keys.leave_url(subscription.pk, subscription.language),
    }


def _no_links(language: str) -> dict[str, str]:
    """In tests and previews the reader's own links lead to the page for everybody."""
    page = absolute_url("newsletters:subscribe", language=language)
    return {SETTINGS_SLOT: page, LEAVE_SLOT: page}


def _with_links(own: Delivery, links: Mapping[str, str]) -> Delivery:
    own.headers = dict(own.headers)
    for slot, url in links.items():
        own.text, own.html = own.text.replace(slot, url), own.html.replace(slot, url)
        own.headers["List-Unsubscribe"] = own.headers["List-Unsubscribe"].replace(slot, url)
    return own


def _reply_to(mailing_list: MailingList) -> list[str]:
    address = mailing_list.reply_address()
    return [address] if address else []
