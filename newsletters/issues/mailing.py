"""Mailing an issue: rendered once per language and set of rights, then queued for all recipients in one query each."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Value
from django.utils import translation
from django.utils.translation import gettext as _

from contacts.models import User
from lib.absolute_urls import absolute, absolute_url
from lib.tasks import wake
from lib.text.dates import format_period
from newsletters.issues.audience import Audience, Share
from newsletters.models import Issue
from newsletters.models.block import without_bare_headings
from newsletters.models.subscription import NEWSLETTER
from newsletters.subscriptions.emails import reply_to
from newsletters.subscriptions.signed_links import Links
from outbox.compose import draft, post
from outbox.models import Delivery, Mailing, Priority, Wording
from outbox.tasks import send_queued

TEST = "newsletter-test"

Variant = tuple[str, Share]  # a language, and what its recipients may see


@transaction.atomic
def send(issue: Issue, now: datetime) -> int:
    """Write one letter per recipient into the outbox; tells how many. A second call, even at once, writes none."""
    if not issue.mark_addressed(now):
        return 0
    mailing = Mailing.objects.open(
        NEWSLETTER,
        issue.reference,
        issue.subject,
        now,
        area_id=issue.list.area_id,
        from_email=issue.list.sender,
        reply_to=reply_to(issue.list),
    )
    count = _Recipients(mailing, IssueRenderer(issue, now), now).write()
    mailing.start(now)
    wake(send_queued)
    return count


def send_test(issue: Issue, to: User, now: datetime) -> Delivery:
    """The letter as this person would read it, to this person only."""
    test = preview(issue, to.language, to.pk, now)
    test.recipient, test.kind, test.reference, test.priority = to.email, TEST, "", Priority.ORDINARY
    with translation.override(to.language):
        test.subject = _("Test: %(subject)s") % {"subject": test.subject}
    post([test], now)
    return test


def preview(issue: Issue, language: str, person: int | None, now: datetime) -> Delivery:
    """The letter as a person (or, with None, a recipient without an account) would read it; nothing is stored."""
    renderer = IssueRenderer(issue, now)
    return renderer.render(language, renderer.audience.share_of(person), Links.of_nobody(language))


class IssueRenderer:
    """Renders the letter once per language and set of rights, so that recipients cost next to nothing."""

    def __init__(self, issue: Issue, now: datetime) -> None:
        self.issue = issue
        self.audience = Audience(issue, now)
        self.reply_to = reply_to(issue.list)

    def render(self, language: str, share: Share, links: Links) -> Delivery:
        issue = self.issue
        with translation.override(language):
            blocks = without_bare_headings(self.audience.blocks, share.blocks)
            parts = [_part(block, share, language) for block in blocks]
            archive_url = absolute_url("newsletters:issue-detail", issue.slug) if issue.list.is_public else ""
        return draft(
            "newsletters/issues/emails/issue",
            to="",
            language=language,
            context={
                "area": issue.list.area,
                "issue": issue,
                "parts": parts,
                "archive_url": archive_url,
                "settings_url": links.settings_url,
                "leave_url": links.leave_url,
            },
            kind=NEWSLETTER,
            reference=issue.reference,
            priority=Priority.BULK,
            from_email=issue.list.sender,
            reply_to=self.reply_to,
            headers=_headers(issue, archive_url, links.ways_to_leave),
        )


class _Recipients:
    """Finds out which recipient gets which variant of the letter: a few queries, however many recipients."""

    def __init__(self, mailing: Mailing, renderer: IssueRenderer, now: datetime) -> None:
        self.mailing, self.renderer, self.now = mailing, renderer, now
        self.recipients: Any = renderer.issue.recipients(now)
        self.wordings: dict[Variant, Wording] = {}

    def write(self) -> int:
        """Those whom nobody knows all see the same; those with an account are taken by what they may see."""
        nobody = self.renderer.audience.share_of(None)
        unknown = self.recipients.filter(person_id=None)
        count = sum(self._write((code, nobody), unknown.filter(language=code)) for code, _name in settings.LANGUAGES)
        for key, subscriptions in self._known().items():
            count += self._write(key, self.recipients.filter(pk__in=subscriptions))
        return count

    def _known(self) -> dict[Variant, list[int]]:
        groups: dict[Variant, list[int]] = defaultdict(list)
        known = self.recipients.exclude(person_id=None).values_list("pk", "language", "person_id")
        for subscription, language, person in known.iterator():
            groups[language, self.renderer.audience.share_of(person)].append(subscription)
        return groups

    def _write(self, key: Variant, recipients: Any) -> int:
        rows = recipients.values_list("email", Value(""), "pk")
        return self.mailing.address(self._wording_for(key), rows, self.now) if recipients.exists() else 0

    def _wording_for(self, key: Variant) -> Wording:
        if key not in self.wordings:
            letter = self.renderer.render(*key, Links.of_each_recipient(key[0]))
            self.wordings[key] = self.mailing.add_wording(
                letter.language, letter.subject, letter.text, letter.html, letter.headers
            )
        return self.wordings[key]


def _part(block: Any, share: Share, language: str) -> Mapping[str, Any]:
    """A block with what the letter says of it in this language."""
    meeting, thing = block.meeting, block.thing
    may_join = meeting and meeting.pk in share.links and not meeting.is_cancelled
    return {
        "block": block,
        "meeting": meeting,
        "when": format_period(meeting.starts_at, meeting.ends_at, meeting.time_zone, language) if meeting else "",
        "url": absolute(thing.get_absolute_url()) if thing else "",
        "join_url": meeting.join_url if may_join and meeting.is_online else "",
    }


def _headers(issue: Issue, archive_url: str, ways_to_leave: str) -> dict[str, str]:
    """For mail programs and relays: RFC 2369, 2919, 3834 and 8058."""
    headers = {
        "List-Id": issue.list.list_id,
        "List-Unsubscribe": ways_to_leave,
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Precedence": "bulk",
        "Auto-Submitted": "auto-generated",
    }
    return headers | ({"List-Archive": f"<{archive_url}>"} if archive_url else {})
