"""Checks of an issue before it is sent: what is in order, what is worth a look, what must be mended."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from newsletters.issues import mailing as mailing
from newsletters.issues.audience import Audience
from newsletters.issues.audience_counts import AudienceCounts
from newsletters.issues.link_check import CLOSED, DEAD, Content, check_links
from newsletters.models import Block, Issue

OK, LOOK, MEND = "ok", "look", "mend"
LONGEST_SUBJECT = 60
MOST_BYTES = 100_000  # mail programs cut what is longer


@dataclass(frozen=True)
class Item:
    """What one check found; `url` leads to the place."""

    level: str
    words: str
    url: str = ""

    @property
    def level_in_words(self) -> str:
        return {OK: _("In order"), LOOK: _("Have a look"), MEND: _("Must be mended")}[self.level]


def checklist(issue: Issue, counts: AudienceCounts, now: datetime) -> list[Item]:
    """Everything, the gravest first."""
    checker = _Checker(issue, counts, now)
    checks = [
        checker.content, checker.subject, checker.recipients, checker.empty_blocks, checker.translations,
        checker.meetings, checker.left_out, checker.links, checker.headings, checker.pictures, checker.size,
    ]  # fmt: skip
    found = [item for check in checks for item in check()]
    return sorted(found, key=lambda item: [MEND, LOOK, OK].index(item.level))


def may_be_sent(items: Iterable[Item]) -> bool:
    return all(item.level != MEND for item in items)


class _Checker:
    """The issue with what the checks ask of it more than once."""

    def __init__(self, issue: Issue, counts: AudienceCounts, now: datetime) -> None:
        self.issue, self.counts, self.now = issue, counts, now
        self.audience = Audience(issue, now)
        self.blocks: list[Any] = self.audience.blocks
        self.page = reverse("admin:newsletters_issue_change", args=[issue.pk])
        self.languages = [(code, name) for code, name, _number in counts.languages]

    def place(self, block: Block) -> str:
        """Where the block stands on the page."""
        return f"{self.page}#blocks-{self.blocks.index(block)}"

    def content(self) -> Iterator[Item]:
        if all(block.is_empty for block in self.blocks):
            words = _("The issue says nothing yet. Write a text or add a meeting, a method or a piece of news.")
            yield Item(MEND, words, f"{self.page}#blocks-group")

    def subject(self) -> Iterator[Item]:
        if not self.issue.subject_fi.strip():
            yield Item(MEND, _("There is no subject in Finnish."), f"{self.page}#id_subject_fi")
            return
        long = [code for code, _name in settings.LANGUAGES if len(self._subject_in(code)) > LONGEST_SUBJECT]
        for code in long:
            words = _("The subject has %(count)d characters. Telephones show about %(most)d: “%(subject)s”") % {
                "count": len(self._subject_in(code)),
                "most": LONGEST_SUBJECT,
                "subject": self._subject_in(code),
            }
            yield Item(LOOK, words, f"{self.page}#id_subject_{code}")
        if not long:
            yield Item(OK, _("The subject fits on a telephone."))

    def _subject_in(self, code: str) -> str:
        return getattr(self.issue, f"subject_{code}")

    def recipients(self) -> Iterator[Item]:
        if not self.counts.recipients:
            yield Item(LOOK, _("Nobody would get this letter now."), f"{self.page}#id_segment")
        if self.counts.stopped:
            words = ngettext(
                "%(count)d address is on the stop list and gets nothing.",
                "%(count)d addresses are on the stop list and get nothing.",
                self.counts.stopped,
            )
            yield Item(LOOK, words % {"count": self.counts.stopped})

    def empty_blocks(self) -> Iterator[Item]:
        for block in self.blocks:
            if block.is_empty:
                words = _("Block %(order)d is empty and is left out of the letter.") % {"order": block.order}
                yield Item(LOOK, words, self.place(block))

    def translations(self) -> Iterator[Item]:
        lacking = [item for code, name in self.languages if code != "fi" for item in self._untranslated(code, name)]
        yield from lacking
        if not lacking and self.languages:
            yield Item(OK, _("Everybody reads the letter's own words in their own language."))

    def _untranslated(self, code: str, name: str) -> Iterator[Item]:
        words = {"language": name, "count": self.counts.in_language(code)}
        if not self._subject_in(code):
            text = _("No subject in this language: %(language)s. %(count)d readers get it in Finnish.")
            yield Item(LOOK, text % words, f"{self.page}#id_subject_{code}")
        for block in self.blocks:
            if not block.is_translated_to(code):
                text = _("No words in this language: %(language)s, “%(block)s”. %(count)d readers get it in Finnish.")
                yield Item(LOOK, text % {**words, "block": block}, self.place(block))

    def meetings(self) -> Iterator[Item]:
        for block in self.blocks:
            meeting = block.meeting
            if meeting and meeting.is_cancelled:
                yield Item(LOOK, _("The meeting has been cancelled: “%(block)s”") % {"block": block}, self.place(block))
            elif meeting and meeting.is_over(self.now):
                yield Item(LOOK, _("The meeting is over: “%(block)s”") % {"block": block}, self.place(block))

    def left_out(self) -> Iterator[Item]:
        """Blocks that some recipients or all do not see, for they may not see the thing on the site either."""
        seen = self._count_readers()
        for block in self.blocks:
            words = {"block": block, "count": seen[block.pk], "total": self.counts.recipients}
            if block.pk not in self.audience.published:
                text = _("Left out, for it is not published: “%(block)s”")
                yield Item(LOOK, text % words, self.place(block))
            elif seen[block.pk] < self.counts.recipients:
                text = _("Only those who may see it on the site get this block, %(count)d of %(total)d: “%(block)s”")
                yield Item(LOOK, text % words, self.place(block))

    def _count_readers(self) -> Counter[int]:
        """How many recipients see each block."""
        recipients: Any = self.issue.recipients(self.now)
        recipients = recipients.values_list("person_id", flat=True)
        seen: Counter[int] = Counter()
        for person, number in Counter(recipients.iterator(chunk_size=2000)).items():
            seen.update(dict.fromkeys(self.audience.share_of(person).blocks, number))
        return seen

    def links(self) -> Iterator[Item]:
        written = {block: Content(" ".join(self._bodies(block))).links for block in self.blocks}
        fates = check_links(link for links in written.values() for link in links)
        said = {
            DEAD: _("This link leads nowhere: %(link)s"),
            CLOSED: _("Not everybody can open this link: %(link)s"),
        }
        for block, links in written.items():
            for link in dict.fromkeys(links):
                if fates[link] in said:
                    yield Item(LOOK, said[fates[link]] % {"link": link or "–"}, self.place(block))
        if not set(fates.values()) & said.keys():
            yield Item(OK, _("The links are well. Those that lead out of the portal have not been tried."))

    def headings(self) -> Iterator[Item]:
        skipping = [
            block
            for block in self.blocks
            if any(Content(f"<h2></h2>{body}" if block.title else body).skips_a_heading for body in self._bodies(block))
        ]
        for block in skipping:
            words = _("A heading leaves out a level, which confuses screen readers: “%(block)s”") % {"block": block}
            yield Item(LOOK, words, self.place(block))
        if not skipping:
            yield Item(OK, _("The headings follow each other in order."))

    def pictures(self) -> Iterator[Item]:
        bare = [b for b in self.blocks if any(Content(body).wordless_pictures for body in self._bodies(b))]
        for block in bare:
            words = _("A picture has no words for those who do not see it: “%(block)s”") % {"block": block}
            yield Item(LOOK, words, self.place(block))
        if not bare:
            yield Item(OK, _("No picture lacks words for those who do not see it."))

    def _bodies(self, block: Block) -> list[str]:
        return [body for code, _name in settings.LANGUAGES if (body := getattr(block, f"body_{code}"))]

    def size(self) -> Iterator[Item]:
        """The longest letter is that of somebody who sees everything."""
        person = next(iter(self.audience.superusers), None) or self.issue.author_id
        for code, name in self.languages or [("fi", "")]:
            size = len(mailing.preview(self.issue, code, person, self.now).html.encode())
            words = {"kilobytes": round(size / 1000), "most": MOST_BYTES // 1000, "language": name}
            if size > MOST_BYTES:
                text = _("The letter is too long: %(kilobytes)d kB of at most %(most)d kB (%(language)s).")
                yield Item(LOOK, text % words, f"{self.page}#blocks-group")
            else:
                yield Item(OK, _("The letter is %(kilobytes)d kB of at most %(most)d kB (%(language)s).") % words)
