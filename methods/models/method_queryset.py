"""Which methods a person may see and run, and how they are found."""

from datetime import date, datetime
from typing import Any, Self
from uuid import UUID

from django.db import models, transaction
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.expressions import RawSQL
from django.utils import timezone
from django.utils.translation import gettext as _

from contacts.models import Term, User
from lib.querysets import InArea
from methods.models.method_fields import FREE_LICENCE
from methods.models.ranking import lift
from methods.models.search_text import LISTS, TEXTS
from methods.models.verification import MONTHS, PATIENCE, months_before
from search.query import search_query
from search.ranking import rank

VECTOR = "findable__search_vector"
MOST_GENERATIONS = 12  # so many forebears are shown; it also ends a line that bites its own tail

_FOREBEARS = """
    WITH RECURSIVE line (id, parent, distance) AS (
        SELECT id, derived_from_id, 0 FROM methods_method WHERE id = %s
        UNION ALL
        SELECT m.id, m.derived_from_id, distance + 1 FROM methods_method m JOIN line ON m.id = line.parent
        WHERE distance < %s
    )
    SELECT m.*, line.distance FROM methods_method m JOIN line ON m.id = line.id WHERE distance > 0 ORDER BY distance
"""


class VisibleQuerySet(models.QuerySet[Any]):
    """Who sees a method. Asked of methods and of their narrow rows alike, which have these columns in common."""

    def visible_to(self, user: Any) -> Self:
        """Published ones by their visibility; one's own always; all of the area to its coordinator."""
        return self.filter(shown_to(user))

    def published(self) -> Self:
        return self.filter(is_published())


class MethodQuerySet(InArea, VisibleQuerySet):
    # who

    def editable_by(self, user: Any) -> "MethodQuerySet":
        """One's own, and those of the areas one coordinates."""
        if user.is_superuser:
            return self
        return self.filter(_written_by(user) | Q(area__in=user.area_ids_run()))

    def written_by(self, user: Any) -> "MethodQuerySet":
        return self.filter(_written_by(user))

    # which

    def waiting(self) -> "MethodQuerySet":
        """Those that wait for a review."""
        return self.filter(published_at=None, archived_at=None).exclude(submitted_at=None)

    def handed_over(self) -> "MethodQuerySet":
        """Drafts told in a few words, which the coordinator completes, the oldest first."""
        own = self.filter(submitted_at=None, archived_at=None).exclude(handed_over_at=None)
        return own.order_by("handed_over_at", "pk")

    def in_state(self, state: str) -> "MethodQuerySet":
        """Those that stand at one place of their life (Method.STATES)."""
        if state == "archived":
            return self.exclude(archived_at=None)
        if state == "waiting":
            return self.waiting()
        if state == "published":
            return self.published()
        unsent = self.filter(submitted_at=None, published_at=None, archived_at=None)
        return unsent.filter(returned_at=None) if state == "draft" else unsent.exclude(returned_at=None)

    def published_since(self, moment: datetime) -> "MethodQuerySet":
        return self.published().filter(published_at__gte=moment)

    def fresh(self, since: datetime, until: datetime) -> "MethodQuerySet":
        """What was published after `since`, up to `until`; `fresh_at` is when."""
        shown = self.published().filter(published_at__gt=since, published_at__lte=until)
        return shown.annotate(fresh_at=F("published_at"))

    def matching(self, words: Any) -> "MethodQuerySet":
        """Those in which every word of the search is found, with `rank`; all of them when there are no words."""
        query = search_query(words)
        if query is None:
            return self
        fits = rank(query, VECTOR)
        # `best` puts many in order and few are shown: PostgreSQL asks a subquery for those only that a LIMIT leaves
        shown = self.model.objects.filter(pk=OuterRef("pk")).values_list(fits)
        return self.filter(**{VECTOR: query}).alias(fits=fits).annotate(rank=Subquery(shown))

    def ranked(self, words: Any, now: datetime) -> "MethodQuerySet":
        """The best match first among rows that are known to match."""
        query = search_query(words)
        return self.newest() if query is None else self.alias(fits=rank(query, VECTOR)).best(now)

    # which are to be verified; all of them are published

    def old(self, today: date) -> "MethodQuerySet":
        """Not checked for 24 months."""
        limit = Q(verified_on__lte=months_before(today, MONTHS))
        return self.filter(limit, published_at__isnull=False, archived_at=None)

    def to_ask(self, now: datetime) -> "MethodQuerySet":
        """Old ones whose authors have not been asked yet."""
        return self.old(timezone.localdate(now)).filter(check_asked_at=None)

    def to_remind(self, now: datetime) -> "MethodQuerySet":
        """Old ones whose authors were asked a month ago and have said nothing."""
        asked = Q(check_asked_at__lte=now - PATIENCE, check_reminded_at=None)
        return self.old(timezone.localdate(now)).filter(asked)

    def unanswered(self, now: datetime) -> "MethodQuerySet":
        """Old ones whose authors were asked twice: the coordinator decides."""
        old = self.old(timezone.localdate(now)).exclude(check_reminded_at=None)
        return old.order_by("verified_on", "pk")

    # in which order

    def newest(self) -> "MethodQuerySet":
        return self.order_by(F("published_at").desc(nulls_last=True), "-pk")

    def best(self, now: datetime) -> "MethodQuerySet":
        """The best match first, of equal ones those that were tried and checked; only after `matching`."""
        fits_best = (F("fits") * lift(timezone.localdate(now))).desc()
        return self.order_by(fits_best, F("published_at").desc(nulls_last=True), "-pk")

    def by_title(self) -> "MethodQuerySet":
        return self.order_by("title", "pk")

    def longest_waiting(self) -> "MethodQuerySet":
        return self.order_by("submitted_at", "pk")

    def last_changed(self) -> "MethodQuerySet":
        return self.order_by("-changed_at", "-pk")

    # with what

    def among(self, numbers: list[int]) -> "MethodQuerySet":
        """Those with these numbers, however many, as one value: a thousand values cost more to read than to find."""
        listed = "{" + ",".join(map(str, numbers)) + "}"
        return self.filter(pk__in=RawSQL("SELECT unnest(%s::bigint[])", [listed]))

    def for_cards(self) -> "MethodQuerySet":
        """With what a card of a list shows, whatever their number, and without the long texts."""
        named = self.select_related("organisation", "municipality", "preparation", "stage")
        return named.prefetch_related("topics").defer(*TEXTS, *LISTS).with_cover()

    def with_cover(self) -> "MethodQuerySet":
        """Each with its cover in `covers`, in one query more."""
        attachments = self.model.attachments.rel.related_model.objects
        return self.prefetch_related(models.Prefetch("attachments", attachments.covers(), to_attr="covers"))

    def forebears_of(self, method: Any) -> list[Any]:
        """The methods that one goes back to, the nearest first, those among these only."""
        line = list(self.model.objects.raw(_FOREBEARS, [method.pk, MOST_GENERATIONS]))
        shown = set(self.filter(pk__in=[each.pk for each in line]).values_list("pk", flat=True))
        return [each for each in line if each.pk in shown and each.pk != method.pk]

    # verbs

    def draft_from_meeting(self, *, kind: str, title: str, author: User, now: datetime, **prefilled: Any) -> Any:
        """Start a draft in the name of who told of it at a meeting. Nothing is sent.

        `prefilled` may hold `summary`, `credits` and `source_url`.
        """
        with transaction.atomic():
            draft = self.model(
                kind=kind,
                title=title,
                author_role=author.title,
                organisation=author.organisation,
                municipality=author.municipality_of_work(),
                **prefilled,
            )
            draft.start(author, now)
            draft.save_changes(now)
        return draft

    @transaction.atomic
    def hand_over(
        self, *, key: UUID, title: str, text: str, target_groups: Any, minutes: int, author: User, now: datetime
    ) -> Any:
        """Start a draft from a few words of its author; the coordinator completes it. Nothing is sent."""
        terms = Term.objects.filter(is_active=True)
        draft = self.model(
            key=key,
            kind=self.model.METHOD,
            title=title,
            language=author.language,
            author_role=author.title,
            organisation=author.organisation,
            municipality=author.municipality_of_work(),
            licence=terms.filter(list="licences", code=FREE_LICENCE).first(),
            duration_min=minutes,
            duration_max=minutes,
            facilitators=1,
            handed_over_at=now,
        )
        draft.start(author, now)
        draft.target_groups.set(target_groups)
        draft.languages.set(terms.filter(list="languages", code=author.language))
        step = self.model.steps.rel.related_model(title=_("What we did"), text=text, minutes=min(minutes, 32_000))
        draft.save_changes(now, [step])
        return draft


def is_published() -> Q:
    return Q(published_at__isnull=False, archived_at=None)


def shown_to(user: Any) -> Q:
    """The rule of who sees a method. It stands here and nowhere else; `visible_to` asks it."""
    public = Q(visibility="public")
    if not user.is_authenticated:
        return is_published() & public
    if user.is_superuser:
        return Q()
    members = Q(visibility="members", area__in=user.area_ids())
    network = Q(visibility="network", network__in=user.network_ids())
    shown = public | members | network
    if user.is_coordinator():
        shown |= Q(visibility="coordinators")
    return (is_published() & shown) | _written_by(user) | Q(area__in=user.area_ids_run())


def _written_by(user: Any) -> Q:
    """Authors by a subquery, so that a method with two authors is not listed twice."""
    return Q(author=user) | Q(pk__in=user.co_authored.values("pk"))
