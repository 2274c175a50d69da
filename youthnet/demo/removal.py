"""Takes the demo content out again: rows are known by the codes, addresses and words that the pack gave them.

What people have added stays, and so does a demo row that something of theirs stands on: an organisation that somebody
works for, a network with members of its own. Whatever stays is told with its reason.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import models, transaction
from django.db.models import ProtectedError, QuerySet

from contacts.models import ContactCard, CoordinationArea, Funding, Organisation, User
from meetings.models import Meeting, Proposal, VisitReport, Wish
from methods.models import Method
from networks.models import Membership, Network, NewsItem, Page, Question
from newsletters.models import Issue, MailingList, Subscription
from plans.models import Plan
from youthnet.demo.minutes import PROPOSALS
from youthnet.demo.pack_reader import Pack
from youthnet.demo.wishes import WISHES

# What goes with a row and is no reason to keep it.
PARTS = {"setup_steps", "coordinator_invitations", "reminder_rules"}
# Rows that hold rows of others: they stay as long as anything of somebody else's is in them.
HOLDERS = (CoordinationArea, Network, MailingList)


@dataclass
class Removal:
    """What went, by the name of its kind, and what stayed with the reason."""

    removed: Counter[str] = field(default_factory=Counter)
    kept: list[str] = field(default_factory=list)


@transaction.atomic
def remove(pack: Pack, *, dry_run: bool = False) -> Removal:
    """Remove the demo rows, all or, when trying out, none. A row that waits for another is tried again after it."""
    done = Removal()
    waiting = [row for rows in demo_rows(pack) for row in rows]
    while waiting:
        reasons = {row: _remove(row, done) for row in waiting}
        left = [row for row, reason in reasons.items() if reason]
        if len(left) == len(waiting):
            done.kept = [f"{row._meta.verbose_name} {row}: {reasons[row]}" for row in left]
            break
        waiting = left
    transaction.set_rollback(dry_run)
    return done


def demo_rows(pack: Pack) -> Iterator[QuerySet[Any]]:
    """The rows of the pack, those that point at others first."""
    area = CoordinationArea.objects.filter(slug=pack.file("pages")["region_page"]["slug"])
    people = [row["email"] for row in pack.file("members")["members"]]
    letters, visits = pack.file("newsletter"), pack.file("visits")
    yield Issue.objects.filter(slug__in=_all(letters["issues"], "slug"))
    yield Subscription.objects.filter(list__area__in=area, email__in=people)
    yield MailingList.objects.filter(area__in=area, code__in=_all(letters["lists"], "code"))
    yield Plan.objects.filter(slug=pack.file("plan")["plan"]["slug"])
    yield Method.objects.filter(slug__in=_all(pack.file("methods")["methods"], "slug"))
    yield _meetings(pack, area, visits)
    yield Wish.objects.filter(area__in=area, title__in=[row[0] for row in WISHES])
    yield Proposal.objects.filter(network__area__in=area, title__in=PROPOSALS)
    yield NewsItem.objects.filter(slug__in=_all(pack.file("news")["news"], "slug"))
    yield Page.objects.filter(area__in=area, slug__in=_all(pack.file("pages")["pages"], "slug"))
    yield Question.objects.filter(area__in=area, question__in=_all(pack.file("faq")["faq"], "question"))
    yield Membership.objects.filter(user__email__in=people)
    yield Network.objects.filter(slug__in=_all(pack.file("networks")["networks"], "slug"))
    yield ContactCard.objects.filter(area__in=area, name__in=_all(pack.file("pages")["contacts"], "display_name"))
    funders = _all(pack.file("pages")["region_page"]["fundings"], "funder")
    yield Funding.objects.filter(area__in=area, funder__slug__in=funders)
    yield User.objects.filter(email__in=people)
    yield area
    yield Organisation.objects.filter(slug__in=_all(pack.file("organisations")["organisations"], "slug"))


def _meetings(pack: Pack, area: Any, visits: dict[str, Any]) -> QuerySet[Meeting]:
    """Those with an address of the pack, visits with its words, and the training that a wish became."""
    slugs = _all([*pack.file("meetings")["meetings"], *visits["external"]], "slug")
    reports = VisitReport.objects.filter(meeting__area__in=area, met__in=_all(visits["visits"], "met"))
    trainings = Wish.objects.filter(area__in=area, title__in=[row[0] for row in WISHES]).exclude(meeting=None)
    known = models.Q(slug__in=slugs) | models.Q(pk__in=reports.values("meeting"))
    return Meeting.objects.filter(known | models.Q(pk__in=trainings.values("meeting")))


def _all(rows: list[dict[str, Any]], name: str) -> list[Any]:
    return [row[name] for row in rows if row.get(name)]


def _remove(row: models.Model, done: Removal) -> str:
    """Delete one row and what belongs to it. Gives the reason when it has to stay."""
    if isinstance(row, HOLDERS) and (held := _kept_rows_of(row)):
        return held
    try:
        with transaction.atomic():
            type(row)._base_manager.filter(pk=row.pk).delete()
    except ProtectedError as error:
        return _named(error.protected_objects)
    done.removed[str(row._meta.verbose_name_plural)] += 1
    return ""


def _kept_rows_of(row: models.Model) -> str:
    """The rows that point at this one, whatever would become of them."""
    relations = [each for each in row._meta.related_objects if each.get_accessor_name() not in PARTS]
    found = [each for relation in relations for each in _pointing(relation, row)]
    return _named(found)


def _pointing(relation: Any, row: models.Model) -> list[models.Model]:
    return list(relation.related_model._base_manager.filter(**{relation.field.name: row.pk}))


def _named(rows: Any) -> str:
    """ "3 meetings, 1 person" """
    counts = Counter(str(row._meta.verbose_name_plural) for row in rows)
    return ", ".join(f"{number} {name}" for name, number in counts.most_common())
