"""Series: days from a rule in local time, drafts on them, and changes that reach one, the rest or all."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr
from django.urls import reverse
from django.utils import timezone, translation
from hypothesis import given, settings
from hypothesis import strategies as st

from meetings.models import Meeting, MeetingSeries, Participation
from meetings.models.series import ALL, FOLLOWING, THIS
from meetings.series import recurrence
from meetings.series.recurrence import Rule, days_of, exists, occasions

HELSINKI = ZoneInfo("Europe/Helsinki")


def rule(frequency=recurrence.MONTH_BY_WEEKDAY, starts_on=date(2027, 1, 6), **more):
    return Rule(frequency, starts_on, more.pop("at", time(13)), "Europe/Helsinki", **more)


# the days


def test_the_first_wednesday_is_at_one_o_clock_all_the_year():
    found = occasions(rule(count=12), "FI", "fi")
    assert {f"{each.starts_at:%H:%M %w}" for each in found} == {"13:00 3"}
    assert {each.starts_at.utcoffset() for each in found} == {timedelta(hours=2), timedelta(hours=3)}
    assert [each.on.day for each in found[:3]] == [6, 3, 3]


def test_holidays_weekends_july_and_hours_that_do_not_exist_are_pointed_out():
    with translation.override("en"):
        found = occasions(rule(count=7), "FI", "en")
        assert [each.warnings for each in found] == [
            ("Public holiday: Epiphany",),
            *[()] * 5,
            ("In July, when most are on holiday",),
        ]
        (gap,) = occasions(rule(recurrence.CHOSEN, days=[date(2027, 3, 28)], at=time(3, 30)), "NO", "en")
        assert gap.warnings[-1] == "This hour does not exist: the clocks go forward"
    assert not exists(date(2027, 3, 28), time(3, 30), "Europe/Helsinki")
    assert exists(date(2027, 10, 31), time(3, 30), "Europe/Helsinki")


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(["weeks", "weekday", "date"]),
    st.dates(date(2024, 1, 1), date(2030, 12, 31)),
    st.integers(1, 6),
    st.integers(1, 30),
)
def test_the_days_are_those_of_the_rule_as_the_standard_writes_it(frequency, starts_on, every, count):
    nth = recurrence.nth_of(starts_on)
    weekday = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"][starts_on.weekday()]
    words = {
        "weeks": f"FREQ=WEEKLY;INTERVAL={every};COUNT={count}",
        "weekday": f"FREQ=MONTHLY;INTERVAL={every};COUNT={count};BYDAY={nth}{weekday}",
        "date": f"FREQ=MONTHLY;INTERVAL={every};COUNT={count};BYMONTHDAY={starts_on.day}",
    }[frequency]
    wanted = [each.date() for each in rrulestr(words, dtstart=datetime.combine(starts_on, time(13)))]
    assert days_of(rule(frequency, starts_on, every=every, nth=nth, count=count)) == wanted


def test_a_series_has_at_most_sixty_days():
    assert len(days_of(rule(recurrence.WEEKS, until=date(2040, 1, 1)))) == recurrence.MOST


# the drafts


@pytest.fixture
def first(make_meeting):
    return make_meeting(starts_at=datetime(2027, 1, 13, 13, tzinfo=HELSINKI))


@pytest.fixture
def kaisa(client, world):
    client.force_login(world.kaisa)
    return client


@pytest.fixture
def series(first, world):
    """Eight meetings on the second Wednesdays, published."""
    made = MeetingSeries(
        area=world.area, frequency="weekday", nth=2, starts_on=date(2027, 1, 13), at=time(13), minutes=180,
        time_zone="Europe/Helsinki", count=8,
    )  # fmt: skip
    days = days_of(rule(starts_on=date(2027, 1, 13), nth=2, count=8))
    made.start(first, days, timezone.now())
    for meeting in made.meetings.all():
        meeting.publish(timezone.now())
    return made


def of(series):
    return list(series.meetings.next_first())


def local(meeting):
    return f"{meeting.starts_at.astimezone(HELSINKI):%d.%m. %H:%M}"


def repeat_url(meeting):
    return reverse("admin:meetings_meeting_repeat", args=[meeting.pk])


CHOICE = {"frequency": "weekday", "every": "1", "count": "8", "until": "", "days": ""}


def test_looking_at_the_days_makes_nothing_and_the_ticked_ones_become_drafts(kaisa, first):
    page = kaisa.get(repeat_url(first), CHOICE)
    assert [each.on.isoformat() for each in page.context["occasions"]][:2] == ["2027-02-10", "2027-03-10"]
    assert len(page.context["occasions"]) == 7
    assert MeetingSeries.objects.count() == 0
    ticked = [each.on.isoformat() for each in page.context["occasions"] if not each.warnings]
    kaisa.post(repeat_url(first), CHOICE | {"on": ticked})
    series = MeetingSeries.objects.get()
    assert [local(meeting) for meeting in of(series)] == [
        "13.01. 13:00", "10.02. 13:00", "10.03. 13:00", "14.04. 13:00", "12.05. 13:00", "09.06. 13:00", "11.08. 13:00",
    ]  # fmt: skip
    assert len({meeting.uid for meeting in of(series)}) == 7
    assert all(meeting.is_draft for meeting in of(series))


def test_chosen_days_are_read_as_finns_write_them_and_nonsense_is_named(kaisa, first):
    page = kaisa.get(repeat_url(first), CHOICE | {"frequency": "chosen", "count": "", "days": "20.1.2027\n3.2.2027"})
    assert [each.on for each in page.context["occasions"]] == [date(2027, 1, 20), date(2027, 2, 3)]
    page = kaisa.get(repeat_url(first), CHOICE | {"frequency": "chosen", "days": "ensi viikolla"})
    assert "ensi viikolla" in str(page.context["form"].errors["days"])


@pytest.mark.parametrize(
    "wrong",
    [{"count": "61"}, {"count": "", "until": ""}, {"until": "2026-01-01", "count": ""},
     {"count": "3", "until": "2027-05-01"}, {"every": "0"}, {"frequency": "chosen", "days": ""},
     {"frequency": "hourly"}],
)  # fmt: skip
def test_a_rule_that_cannot_be_is_refused_in_words(kaisa, first, wrong):
    page = kaisa.get(repeat_url(first), CHOICE | wrong)
    assert page.status_code == 200
    assert page.context["form"].errors
    assert page.context["occasions"] == []


def test_a_series_goes_on_without_making_a_day_twice(kaisa, series):
    last = of(series)[-1]
    kaisa.post(repeat_url(last), CHOICE | {"count": "3", "on": ["2027-09-08", "2027-10-13"]})
    assert MeetingSeries.objects.count() == 1
    assert [local(meeting) for meeting in of(series)][-2:] == ["08.09. 13:00", "13.10. 13:00"]
    kaisa.post(repeat_url(last), CHOICE | {"count": "3", "on": ["2027-09-08"]})
    assert series.meetings.count() == 10


# changes


def face(meeting):
    meeting.refresh_from_db()
    return meeting.uid, meeting.sequence, meeting.changed_at, meeting.starts_at


def test_moving_one_leaves_the_others_as_they_are_to_the_byte(series):
    meetings = of(series)
    before = [face(meeting) for meeting in meetings]
    moved = meetings[2]
    began = moved.starts_at
    moved.move(began + timedelta(days=1), moved.ends_at + timedelta(days=1), timezone.now())
    assert series.spread(moved, {"starts_at", "ends_at"}, began, THIS, timezone.now()) == []
    after = [face(meeting) for meeting in meetings]
    assert [n for n in range(8) if before[n] != after[n]] == [2]
    assert after[2][:2] == (before[2][0], 1)
    assert Meeting.objects.get(pk=moved.pk).detached_at


def test_this_and_following_move_on_the_wall_clock_and_the_past_keeps_its_answers(series, world):
    meetings = of(series)
    meetings[0].take_answer(world.aino, "yes", timezone.now())
    chosen = meetings[2]
    began = chosen.starts_at
    chosen.move(began + timedelta(days=1, hours=1), chosen.ends_at + timedelta(days=1, hours=1), timezone.now())
    reached = series.spread(chosen, {"starts_at", "ends_at"}, began, FOLLOWING, timezone.now())
    rest = MeetingSeries.objects.exclude(pk=series.pk).get()
    assert (len(reached), rest.continues) == (5, series)
    assert [local(meeting) for meeting in of(series)] == ["13.01. 13:00", "10.02. 13:00"]
    assert [local(meeting) for meeting in of(rest)] == [
        "11.03. 14:00", "15.04. 14:00", "13.05. 14:00", "10.06. 14:00", "15.07. 14:00", "12.08. 14:00",
    ]  # fmt: skip
    assert [meeting.sequence for meeting in of(rest)] == [1] * 6
    assert meetings[0].participations.get(user=world.aino).answer == "yes"


def test_all_leaves_those_changed_by_themselves_cancelled_or_over(series):
    now = timezone.now()
    meetings = of(series)
    meetings[1].detach(now)
    meetings[2].cancel(now)
    meetings[3].change(now, starts_at=now - timedelta(days=2), ends_at=now - timedelta(days=1))
    meetings[0].change(now, title="Uusi nimi", join_url="https://kokous.example.org/uusi")
    reached = series.spread(meetings[0], {"title", "join_url"}, meetings[0].starts_at, ALL, now)
    assert {meeting.pk for meeting in reached} == {meeting.pk for meeting in meetings[4:]}
    assert {meeting.title for meeting in of(series)} == {"Uusi nimi", "Verkoston tapaaminen"}
    assert Meeting.objects.filter(title="Uusi nimi", sequence=0).count() == 5


def test_the_form_of_the_desk_carries_a_change_over_and_offers_to_tell_all(kaisa, series, send):
    from tests.meetings.test_desk import change_url, typed

    meetings = of(series)
    for meeting in meetings[:3]:
        meeting.invite(timezone.now())
    send()
    answer = kaisa.post(change_url(meetings[1]), typed(meetings[1], place_name="Kirjasto", spread=FOLLOWING))
    assert answer.status_code == 302
    assert [meeting.place_name for meeting in Meeting.objects.next_first()] == ["Nuorisotila"] + ["Kirjasto"] * 7
    assert answer.url.startswith(reverse("admin:meetings_meeting_tell", args=[meetings[1].pk]) + "?also=")
    page = kaisa.get(answer.url)
    assert len(page.context["people"]) == len(Participation.objects.to_notify(meetings[1]))
    kaisa.post(answer.url, {"_tell": "1"})
    told = set(Meeting.objects.exclude(announced_at=None))
    assert told == set(meetings[1:])


def test_a_foreign_coordinator_neither_repeats_nor_sees_the_series(client, world, series):
    client.force_login(world.kerttu)
    assert client.get(repeat_url(of(series)[0]), CHOICE).status_code == 404
    assert client.get(reverse("admin:meetings_meetingseries_change", args=[series.pk])).status_code == 302
    assert client.get(reverse("admin:meetings_meetingseries_changelist")).context["cl"].result_count == 0
