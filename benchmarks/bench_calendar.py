"""What a calendar feed costs: ours beside the `icalendar` library with the same events, and an unchanged one."""

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from statistics import median
from typing import Any

from django.core.cache import caches
from django.db import connection
from django.db.models import Count, Max
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import path, reverse
from django.utils import timezone
from icalendar import Calendar

from benchmarks.environment import Environment
from benchmarks.report import Figure
from contacts.models import CoordinationArea, Term
from meetings.calendar.event_of_meeting import event_of
from meetings.calendar.feed import AHEAD, PAST
from meetings.calendar.ical import event_text
from meetings.models import Meeting
from networks.models import Network
from youthnet import urls

EVENTS = 500
TIMES = {False: 40, True: 200}  # how often each is measured, by turns


def measure(stage: Environment, full: bool) -> Iterator[Figure]:
    network = content()
    address = reverse("meetings:network-feed", args=[network.slug])
    urls.urlpatterns.insert(0, path("bare/", bare))
    client = Client(headers={"host": "127.0.0.1"})
    etag = client.get(address)["ETag"]
    events = [event_text(event_of(meeting, with_link=False)) for meeting in Meeting.objects.all()]
    calendar = Calendar.from_ical("BEGIN:VCALENDAR\r\n" + "".join(events) + "END:VCALENDAR\r\n")
    known = {"if-none-match": etag}
    took = by_turns(
        TIMES[full],
        library=calendar.to_ical,
        feed=lambda: client.get(address),
        first=lambda: forgetful(client, address),
        unchanged=lambda: client.get(address, headers=known),
        bare=lambda: client.get("/bare/"),
    )
    yield from _figures(took)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        answer = client.get(address, headers=known)
    assert answer.status_code == 304
    yield Figure("unchanged_queries", len(queries), "queries", ("<=", 2))


def bare(request: HttpRequest) -> HttpResponse:
    """The plainest Django view that can know whether these meetings have changed, without a rule on who sees what."""
    network = Network.objects.get(slug="mittaus")
    now = timezone.now()
    shown = network.meetings.filter(ends_at__gt=now - PAST, starts_at__lt=now + AHEAD)
    version = shown.aggregate(Count("pk"), Max("changed_at"))
    return HttpResponse(status=304, headers={"ETag": f'"{network.name} {version}"'})


def forgetful(client: Client, address: str) -> None:
    caches["calendar"].clear()
    client.get(address)


def _figures(took: dict[str, float]) -> Iterator[Figure]:
    note = f"of {EVENTS} events; the library's to_ical takes {took['library']:.1f} ms"
    yield Figure("feed", took["feed"], "ms", None, note)
    yield Figure("feed_first", took["first"], "ms", None, "when nothing is kept yet")
    yield Figure("feed_share_of_library", took["feed"] / took["library"], "times", ("<=", 0.3))
    yield Figure(
        "unchanged",
        took["unchanged"],
        "ms",
        None,
        f"304; the plainest Django view that asks as much takes {took['bare']:.2f}",
    )
    yield Figure("unchanged_of_bare", took["unchanged"] / took["bare"], "times", ("<=", 2))


def by_turns(times: int, **acts: Callable[[], Any]) -> dict[str, float]:
    """Milliseconds of each, the median of rounds in which each has its turn."""
    took: dict[str, list[float]] = {name: [] for name in acts}
    for _round in range(times):
        for name, act in acts.items():
            before = time.perf_counter()
            act()
            took[name].append((time.perf_counter() - before) * 1000)
    return {name: median(values) for name, values in took.items()}


def content() -> Network:
    """One network with many public meetings, as long as meetings are."""
    area = CoordinationArea.objects.create(slug="mittaus", name_fi="Mittaus", title_fi="Mittaus")
    kind = Term.objects.create(list="event_types", code="tapaaminen", fi="Tapaaminen")
    sort = Term.objects.create(list="network_kinds", code="verkosto", fi="Verkosto")
    network = Network.objects.create(area=area, slug="mittaus", name_fi="Mittausverkosto", kind=sort)
    now = timezone.now()
    begins = [now + timedelta(days=number % 500, hours=number % 5) for number in range(EVENTS)]
    meetings = Meeting.objects.bulk_create(
        Meeting(
            area=area,
            slug=f"tapaaminen-{number}",
            title=f"Alueellisen nuorisotyöverkoston {number}. tapaaminen",
            kind=kind,
            starts_at=at,
            ends_at=at + timedelta(hours=3),
            place_name="Nuorisotila Veturitalli",
            town="Äänekoski",
            summary="Käydään läpi kevään koulutukset, yhteiset hankkeet ja kuntien kuulumiset.",
            published_at=now,
        )
        for number, at in enumerate(begins)
    )
    through = Meeting.networks.through
    through.objects.bulk_create(through(meeting=meeting, network=network) for meeting in meetings)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return network
