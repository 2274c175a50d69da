"""Calendar feeds: what a calendar program subscribes to, public for a network or an area, and one's own.

A program asks every hour for years, so an unchanged feed is answered without writing it (304, RFC 9110, 15.4.5), and
the text of each meeting is made once for each of its versions and kept. DTSTAMP is the moment of the change, never now.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.db.models import Count, Max, Sum
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import get_language

from meetings.calendar.event_of_meeting import event_of
from meetings.calendar.ical import calendar_head, event_text, folded, own_answer_line
from meetings.models import Meeting
from meetings.models.meeting_queryset import MeetingQuerySet

PAST, AHEAD = timedelta(days=90), timedelta(days=548)
WRITTEN_AS = 3  # grows when the way of writing changes, so that everybody fetches anew


@dataclass
class Feed:
    """Some meetings as one calendar; with the links for joining and the owner's answers when it is somebody's own."""

    name: str
    meetings: MeetingQuerySet
    now: datetime
    owner: Any = None
    extra: tuple[Any, ...] = ()  # what else the text depends on
    language: str = field(default_factory=lambda: get_language() or settings.LANGUAGE_CODE)

    def answer(self, request: HttpRequest, caching: str) -> HttpResponse:
        """The calendar, or 304 when the program has it already."""
        etag = self.etag()
        unchanged = get_conditional_response(request, etag=etag)
        response = unchanged or HttpResponse(self.text(), content_type="text/calendar; charset=utf-8")
        response["ETag"] = etag
        response["Cache-Control"] = caching
        return response

    def etag(self) -> str:
        """A strong mark of this version, from one query over columns (RFC 9110, 8.8.3)."""
        version = self._in_window().aggregate(
            count=Count("pk"), changed=Max("changed_at"), moved=Sum("sequence"), which=Sum("pk")
        )
        parts = (WRITTEN_AS, self.name, self.language, bool(self.owner), self.extra, self._day(), *version.values())
        return quote_etag(sha256(repr(parts).encode()).hexdigest()[:32])

    def text(self) -> str:
        shown = self._in_window().with_link_in_calendar_of(self.owner).next_first()
        rows = list(shown.values_list("pk", "changed_at", "has_link", "time_zone"))
        zones = sorted({zone for *_version, zone in rows}) or [settings.TIME_ZONE]
        events = self._events([(pk, changed_at, has_link) for pk, changed_at, has_link, _zone in rows])
        return "".join([calendar_head(self.name, zones), *events, "END:VCALENDAR\r\n"])

    def _events(self, versions: list[tuple[int, datetime, bool]]) -> Iterator[str]:
        """Each event's text: kept ones from memory, the others written now and kept."""
        linked = {pk for pk, _changed_at, has_link in versions if has_link}
        keys = {self._key(*version): version[0] for version in versions}
        kept = caches["calendar"].get_many(keys)
        missing = {pk: key for key, pk in keys.items() if key not in kept}
        rows = Meeting.objects.filter(pk__in=missing)
        fresh = {missing[meeting.pk]: self._written(meeting, meeting.pk in linked) for meeting in rows}
        caches["calendar"].set_many(fresh)
        answers = self._answers()
        for key, pk in keys.items():
            if text := kept.get(key) or fresh.get(key):
                yield _with_answer(text, self.owner.email, answers[pk]) if pk in answers else text

    def _written(self, meeting: Meeting, with_link: bool) -> str:
        return event_text(event_of(meeting, with_link=with_link, language=self.language))

    def _answers(self) -> dict[int, str]:
        if not self.owner:
            return {}
        return dict(self.owner.participations.exclude(answer="").values_list("meeting_id", "answer"))

    def _key(self, pk: int, changed_at: datetime, with_link: bool) -> str:
        return f"{WRITTEN_AS}.{pk}.{changed_at.timestamp()}.{self.language}.{with_link}"

    def _in_window(self) -> MeetingQuerySet:
        day = self._day()
        return self.meetings.in_feed(day - PAST, day + AHEAD)

    def _day(self) -> datetime:
        """The window moves once a day, so that a feed changes by itself at most so often."""
        return self.now.replace(hour=0, minute=0, second=0, microsecond=0)


def _with_answer(text: str, address: str, answer: str) -> str:
    end = "END:VEVENT\r\n"
    return text.removesuffix(end) + folded(own_answer_line(address, answer)) + end
