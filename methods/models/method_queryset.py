"""Which methods a person may see and run, and how they are found."""

from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.expressions import RawSQL
from django.utils import timezone

from methods.models.harvest import HarvestQuerySet
from methods.models.ranking import lift
from methods.models.search_text import LISTS, TEXTS
from methods.models.verification import ShelfLifeQuerySet
from search.query import search_query
from search.ranking import rank

VECTOR = "findable__search_vector"


class SeenQuerySet(models.QuerySet[Any]):
    """Who sees a method. Asked of methods and of their narrow rows alike, which have these columns in common."""

    def visible_to(self, user: Any) -> Self:
        """Published ones by their visibility; one's own always; all of the area to its coordinator."""
        return self.filter(shown_to(user))

    def published(self) -> Self:
        return self.filter(is_published())


class MethodQuerySet(HarvestQuerySet, ShelfLifeQuerySet, SeenQuerySet):  # type: ignore[override]
    # who

    def run_by(self, user: Any) -> "MethodQuerySet":
        """The methods of the areas this person coordinates."""
        return self if user.is_superuser else self.filter(area__in=user.area_ids_run())

    def editable_by(self, user: Any) -> "MethodQuerySet":
        """One's own, and those of the areas one coordinates."""
        if user.is_superuser:
            return self
        return self.filter(_written_by(user) | Q(area__in=user.area_ids_run()))

    def written_by(self, user: Any) -> "MethodQuerySet":
        return self.filter(_written_by(user))

    def drafts_of(self, user: Any) -> "MethodQuerySet":
        """A person's unfinished ones, returned ones with them."""
        return self.written_by(user).filter(submitted_at=None, archived_at=None)

    # which

    def waiting(self) -> "MethodQuerySet":
        """Those that wait for a review."""
        return self.filter(published_at=None, archived_at=None).exclude(submitted_at=None)

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

    def matching(self, words: str) -> "MethodQuerySet":
        """Those in which every word of the search is found, with `rank`; all of them when there are no words."""
        query = search_query(words)
        if query is None:
            return self
        fits = rank(query, VECTOR)
        # `best` puts many in order and few are shown: PostgreSQL asks a subquery for those only that a LIMIT leaves
        shown = self.model.objects.filter(pk=OuterRef("pk")).values_list(fits)
        return self.filter(**{VECTOR: query}).alias(fits=fits).annotate(rank=Subquery(shown))

    def ranked(self, words: str, now: datetime) -> "MethodQuerySet":
        """The best match first among rows that are known to match."""
        query = search_query(words)
        return self.newest() if query is None else self.alias(fits=rank(query, VECTOR)).best(now)

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
        from methods.models.attachment import with_cover  # it stands on Method, which stands on this module

        named = self.select_related("organisation", "municipality", "preparation", "stage")
        return with_cover(named.prefetch_related("topics").defer(*TEXTS, *LISTS))


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
