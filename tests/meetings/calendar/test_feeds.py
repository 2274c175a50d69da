"""Calendar feeds: what stands in them, for whom, and what an unchanged one costs."""

from datetime import timedelta

import pytest
from django.core.cache import caches
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from meetings.models import CalendarKey, Meeting
from tests.leaks import assert_not_leaked, plain_text
from tests.meetings.conftest import CANARY


@pytest.fixture(autouse=True)
def nothing_kept():
    caches["calendar"].clear()


@pytest.fixture
def feed(client, world):
    """feed() fetches the public calendar of the big network."""

    def fetch(etag=None, slug=world.iso.slug):
        headers = {"if-none-match": etag} if etag else {}
        return client.get(reverse("meetings:network-feed", args=[slug]), headers=headers)

    return fetch


@pytest.fixture
def own(client, world):
    """own() fetches Aino's calendar with her secret."""
    secret = CalendarKey.renew(world.aino, timezone.now())

    def fetch(secret=secret, etag=None):
        return client.get(reverse("meetings:own-feed", args=[secret]), headers={"if-none-match": etag} if etag else {})

    return fetch


def events(answer):
    return Calendar.from_ical(answer.content).walk("VEVENT")


def test_the_public_feed_holds_public_meetings_without_link_or_address(feed, make_meeting, world):
    """Check 10."""
    for visibility in (Meeting.PUBLIC, Meeting.MEMBERS, Meeting.NETWORK):
        make_meeting(title=visibility, visibility=visibility).publish(timezone.now())
    make_meeting(title="luonnos")
    answer = feed()
    assert [str(event["SUMMARY"]) for event in events(answer)] == ["public"]
    assert_not_leaked("@", plain_text(answer).replace(str(events(answer)[0]["UID"]), ""))
    assert_not_leaked(CANARY, answer)
    assert answer["Cache-Control"] == "public, max-age=900"
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"


def test_the_area_feed_holds_the_meetings_of_all_its_networks(client, world, make_meeting):
    make_meeting(networks=[]).publish(timezone.now())
    make_meeting().publish(timezone.now())
    assert len(events(client.get(reverse("meetings:area-feed", args=[world.area.slug])))) == 2


def test_the_own_feed_holds_the_link_and_the_own_answer(own, meeting, world):
    """Check 10."""
    meeting.take_answer(world.aino, "yes", timezone.now())
    (event,) = events(own())
    assert str(event["CONFERENCE"]) == CANARY
    assert str(event["ATTENDEE"]) == f"mailto:{world.aino.email}"
    assert event["ATTENDEE"].params["PARTSTAT"] == "ACCEPTED"


def test_the_own_feed_holds_only_what_the_person_may_see_and_what_is_theirs(own, make_meeting, world):
    make_meeting(title="oma", visibility=Meeting.NETWORK).publish(timezone.now())
    make_meeting(title="muiden", networks=[world.closed], visibility=Meeting.NETWORK).publish(timezone.now())
    make_meeting(title="kaikkien", networks=[]).publish(timezone.now())
    assert [str(event["SUMMARY"]) for event in events(own())] == ["oma"]
    theirs = Meeting.objects.of_calendar_of(world.aino)
    assert not theirs.exclude(pk__in=Meeting.objects.visible_to(world.aino)).exists()


def test_a_meeting_of_two_days_is_there_for_a_calendar_on_both(feed, own, make_meeting):
    """Real use 24: also on the last day of the feed's past."""
    starts_at = (timezone.now() - timedelta(days=91)).replace(hour=18, microsecond=0)
    make_meeting(starts_at=starts_at, ends_at=starts_at + timedelta(days=1)).publish(timezone.now())
    for answer in (feed(), own()):
        (event,) = events(answer)
        assert (event.start, event.end) == (starts_at, starts_at + timedelta(days=1))


def test_a_coordinator_has_the_area_in_the_own_calendar(client, make_meeting, world):
    make_meeting(networks=[world.closed], visibility=Meeting.NETWORK).publish(timezone.now())
    secret = CalendarKey.renew(world.kaisa, timezone.now())
    assert len(events(client.get(reverse("meetings:own-feed", args=[secret])))) == 1


def test_the_own_feed_dies_with_the_membership(own, meeting, world):
    """Check 10."""
    assert own().status_code == 200
    world.aino.memberships.update(left_at=timezone.now())
    assert own().status_code == 404


def test_a_renewed_address_kills_the_old_one_and_an_ended_one_is_dead(client, world, own):
    client.force_login(world.aino)
    page = client.post(reverse("meetings:own-feed-renew"))
    assert page["Cache-Control"] == "private, no-store"
    secret = page.context["own"].rsplit("/", 1)[1].removesuffix(".ics")
    assert own().status_code == 404
    assert own(secret).status_code == 200
    assert CalendarKey.objects.get(user=world.aino).digest != secret
    client.post(reverse("meetings:own-feed-end"))
    assert own(secret).status_code == 404


@pytest.mark.parametrize("which", ["feed", "own"])
def test_an_unchanged_feed_is_304_in_two_queries_and_without_a_word(request, which, meeting, django_assert_num_queries):
    """Check 11."""
    fetch = request.getfixturevalue(which)
    first = fetch()
    assert fetch().content == first.content
    with django_assert_num_queries(2):
        again = fetch(etag=first["ETag"])
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])


def test_any_change_makes_a_new_version(feed, own, meeting, make_meeting, world):
    """Check 11."""
    now = timezone.now()
    seen = {feed()["ETag"]}
    meeting.change(now, title="Uusi nimi")
    seen.add(feed()["ETag"])
    meeting.move(meeting.starts_at + timedelta(days=1), meeting.ends_at + timedelta(days=1), timezone.now())
    seen.add(feed()["ETag"])
    make_meeting(days=20).publish(timezone.now())
    seen.add(feed()["ETag"])
    meeting.cancel(timezone.now())
    seen.add(feed()["ETag"])
    assert len(seen) == 5
    before = own()["ETag"]
    other = Meeting.objects.exclude(pk=meeting.pk).get()
    other.take_answer(world.aino, "no", timezone.now())
    assert own()["ETag"] != before


def test_the_text_of_an_event_is_that_of_its_newest_version(feed, meeting):
    feed()
    meeting.change(timezone.now(), title="Uusi nimi")
    assert [str(event["SUMMARY"]) for event in events(feed())] == ["Uusi nimi"]
    meeting.cancel(timezone.now())
    (event,) = events(feed())
    assert (str(event["STATUS"]), int(event["SEQUENCE"])) == ("CANCELLED", 1)


def test_a_feed_costs_the_same_with_one_meeting_and_with_many(own, make_meeting, django_assert_num_queries):
    make_meeting().publish(timezone.now())
    with django_assert_num_queries(5):
        own()
    for days in range(8, 33):
        make_meeting(days=days).publish(timezone.now())
    with django_assert_num_queries(5):
        assert len(events(own())) == 26
    with django_assert_num_queries(4):
        own()


def test_dtstamp_is_the_moment_of_the_change(feed, meeting):
    (event,) = events(feed())
    assert event.decoded("DTSTAMP") == meeting.changed_at.replace(microsecond=0)


def test_every_line_is_ended_and_short(own, make_meeting, world):
    make_meeting(title="Äänestys ☃ " * 12).publish(timezone.now())
    lines = own().content.split(b"\r\n")
    assert lines.pop() == b""
    assert max(map(len, lines)) <= 75
    assert b"\n" not in b"".join(lines)


def test_a_dead_address_is_not_written_to_the_log(client, caplog, db):
    """Check 11."""
    from youthnet.logging_filters import WithoutSecrets

    caplog.handler.addFilter(WithoutSecrets())
    client.get(reverse("meetings:own-feed", args=["salainen-avain-0123456789"]))
    assert_not_leaked("salainen-avain", caplog.text)
    assert "own" in caplog.text or "oma" in caplog.text


def test_the_page_tells_members_and_visitors_what_they_may_subscribe_to(client, world):
    address = reverse("meetings:subscribe")
    visitor = client.get(address)
    assert "may_have_own" not in visitor.context
    public = [name for name, _address in visitor.context["networks"]]
    assert world.closed.name not in public
    client.force_login(world.aino)
    assert client.get(address).context["may_have_own"] is True
    client.force_login(world.niilo)
    assert client.get(address).context["may_have_own"] is False
