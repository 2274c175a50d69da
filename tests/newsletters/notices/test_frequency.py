"""When letters of notices fall due: seven by the local clock, whatever summer time does (ME-05)."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from newsletters.notices.frequency import DAILY, NOW, WEEKLY, due_before, last_due_at

ZONE = ZoneInfo("Europe/Helsinki")
UTC = ZoneInfo("UTC")


def at(words):
    return datetime.fromisoformat(words).replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("rhythm", "now", "end"),
    [
        (DAILY, "2026-11-26T06:59:59", "2026-11-25T07:00"),
        (DAILY, "2026-11-26T07:00", "2026-11-26T07:00"),
        (DAILY, "2026-11-28T12:00", "2026-11-27T07:00"),  # Saturday: Friday's
        (DAILY, "2026-11-30T06:00", "2026-11-27T07:00"),  # Monday before seven
        (WEEKLY, "2026-11-30T06:59", "2026-11-23T07:00"),
        (WEEKLY, "2026-11-30T07:00", "2026-11-30T07:00"),
        (WEEKLY, "2026-12-06T23:00", "2026-11-30T07:00"),
        (NOW, "2026-11-26T10:09:59", "2026-11-26T10:00"),
        (NOW, "2026-11-26T10:10", "2026-11-26T10:10"),
    ],
)
def test_letters_fall_due_at_their_hour(rhythm, now, end):
    assert last_due_at(rhythm, at(now), ZONE) == at(end)
    assert last_due_at(rhythm, at(now).astimezone(UTC), ZONE) == at(end)


@pytest.mark.parametrize(
    ("end", "hours"),
    [("2027-03-29T07:00", 3 * 24 - 1), ("2026-10-26T07:00", 3 * 24 + 1), ("2026-11-30T07:00", 3 * 24)],
)
def test_the_weekend_of_a_change_of_clocks_is_an_hour_shorter_or_longer(end, hours):
    before = due_before(DAILY, at(end), ZONE)
    assert at(end).astimezone(UTC) - before.astimezone(UTC) == timedelta(hours=hours)
    assert (before.hour, before.weekday()) == (7, 4)


@pytest.mark.parametrize("rhythm", [NOW, DAILY, WEEKLY])
def test_stretches_touch_each_other_all_year_long(rhythm):
    end = last_due_at(rhythm, at("2027-04-15T12:00"), ZONE)
    for _each in range(60):
        before = due_before(rhythm, end, ZONE)
        assert before < end
        assert last_due_at(rhythm, before, ZONE) == before
        assert last_due_at(rhythm, end.astimezone(UTC) - timedelta(seconds=1), ZONE) == before
        end = before
