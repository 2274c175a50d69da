"""A copy of a meeting carries sign-up and the rule of certificates along: rules, questions and days, but no people."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from meetings.models import Certificate, CertificateRule, MeetingSeries, Participation, Reply, SignUp
from tests.meetings.conftest import CANARY
from tests.meetings.test_desk import typed

HELSINKI = ZoneInfo("Europe/Helsinki")
# Three weeks before the clocks go forward: the copy four weeks later lies on the other side.
BEGINS = datetime(2027, 3, 10, 9, tzinfo=HELSINKI)


@pytest.fixture
def rules(make_training, world):
    """A training of two places with everything a sign-up can have, and somebody in it."""
    made = make_training(
        starts_at=BEGINS,
        price_note="20 €",
        open_to=SignUp.ANYBODY,
        opens_at=datetime(2027, 2, 1, 9, tzinfo=HELSINKI),
        closes_at=datetime(2027, 3, 3, 16, tzinfo=HELSINKI),
        fair_until=datetime(2027, 2, 20, 12, tzinfo=HELSINKI),
        offer_hours=24,
        most_colleagues=2,
    )
    made.questions.create(text="Ruokavalio", keep_days=7, order=1)
    made.questions.create(text="Työpaja", kind="choice", choices=["A", "B"], is_required=True, order=0)
    CertificateRule.objects.create(meeting=made.meeting, least_hours=2)
    own = made.meeting.participations.get(user=world.aino)
    made.assign_places([own], datetime(2027, 2, 2, tzinfo=UTC), "web")
    made.questions.first().replies.create(participation=own, text="Vegaani")
    return made


def local(moment):
    return f"{moment.astimezone(HELSINKI):%d.%m. %H:%M}"


def test_a_copy_carries_the_rules_and_questions_and_its_days_on_the_wall_clock(rules):
    copied = rules.meeting.copy(timezone.now())
    assert (local(copied.starts_at), copied.price_note, copied.is_draft) == ("07.04. 09:00", "20 €", True)
    signup = copied.signup
    assert [local(getattr(signup, name)) for name in SignUp.DAYS] == ["01.03. 09:00", "31.03. 16:00", "20.03. 12:00"]
    assert {name: getattr(signup, name) for name in SignUp.RULES} == {
        "open_to": "anybody", "capacity": 2, "onsite_capacity": None, "offer_hours": 24, "most_colleagues": 2
    }  # fmt: skip
    assert list(signup.questions.in_order().values_list("text", "kind", "choices", "is_required", "keep_days")) == [
        ("Työpaja", "choice", ["A", "B"], True, 14),
        ("Ruokavalio", "text", [], False, 7),
    ]
    assert copied.certificate_rule.least_hours == 2


def test_a_copy_carries_no_people_no_replies_no_certificates_and_no_link(rules, world):
    copied = rules.meeting.copy(timezone.now())
    assert copied.participations.count() == 0
    assert Reply.objects.filter(question__signup=copied.signup).count() == 0
    assert (copied.join_url, copied.signup.fair_given_at) == ("", None)
    assert rules.meeting.join_url == CANARY
    copied.publish(timezone.now())
    assert Participation.objects.filter(meeting=copied).placed().count() == 0
    assert Certificate.objects.count() == 0


def test_every_rule_of_a_sign_up_is_copied_or_named_as_not_to_be(rules):
    told = {*SignUp.RULES, *SignUp.DAYS, "id", "meeting", "fair_given_at"}
    assert {field.name for field in SignUp._meta.fields} == told


def test_a_copy_without_sign_up_has_none(make_meeting):
    assert make_meeting().copy(timezone.now()).rules_of_signup() is None


def test_the_drafts_of_a_series_have_sign_up_each_with_days_of_its_own(rules, world):
    series = MeetingSeries(
        area=world.area, frequency="weeks", starts_on=BEGINS.date(), at=time(9), minutes=180,
        time_zone="Europe/Helsinki", count=3,
    )  # fmt: skip
    made = series.start(rules.meeting, [date(2027, 3, 17), date(2027, 3, 31)], timezone.now())
    assert [local(meeting.signup.closes_at) for meeting in made] == ["10.03. 16:00", "24.03. 16:00"]
    assert SignUp.objects.count() == 3


def test_a_change_carried_over_to_the_series_leaves_the_sign_up_of_the_others_alone(rules, world, client):
    series = MeetingSeries(
        area=world.area, frequency="weeks", starts_on=BEGINS.date(), at=time(9), minutes=180,
        time_zone="Europe/Helsinki", count=2,
    )  # fmt: skip
    (other,) = series.start(rules.meeting, [date(2027, 3, 17)], timezone.now())
    other.signup.resize(timezone.now(), 9)
    rules.meeting.change(timezone.now(), title="Uusi nimi")
    series.spread(rules.meeting, {"title"}, BEGINS, "all", timezone.now())
    other.refresh_from_db()
    assert (other.title, SignUp.objects.get(meeting=other).capacity) == ("Uusi nimi", 9)
    client.force_login(world.kaisa)
    page = reverse("admin:meetings_signup_change", args=[rules.pk])
    assert client.get(page).context["adminform"].fieldsets[0][1]["description"]


def test_the_desk_says_what_comes_along(rules, world, client, make_meeting):
    client.force_login(world.kaisa)
    plain = make_meeting(title="Ilman ilmoittautumista")
    leads = [
        client.get(reverse("admin:meetings_meeting_copy", args=[meeting.pk])).context["lead"]
        for meeting in (rules.meeting, plain)
    ]
    assert leads[0].startswith(leads[1]) and len(leads[0]) > len(leads[1]) + 40
    assert client.get(reverse("admin:meetings_meeting_repeat", args=[rules.meeting.pk])).context["what_comes"]


def test_the_days_move_by_as_much_as_the_day_and_the_hour(rules):
    moved = rules.meeting.copy_to(BEGINS + timedelta(days=1, hours=2), timezone.now())
    assert local(moved.signup.closes_at) == "04.03. 18:00"


def test_a_move_says_that_the_days_of_sign_up_stay(client, world, make_training):
    now = timezone.now().replace(second=0, microsecond=0)
    with_days = make_training(starts_at=now + timedelta(days=20), closes_at=now + timedelta(days=15)).meeting
    without = make_training(title="Ilman päiviä", starts_at=now + timedelta(days=20)).meeting
    client.force_login(world.kaisa)
    for meeting, number in ((with_days, 1), (without, 0)):
        day = timezone.localdate(meeting.starts_at) + timedelta(days=1)
        page = client.get(reverse("admin:meetings_meeting_move", args=[meeting.pk]), {"to": day})
        assert sum("Ilmoittautumisen päivät" in str(words) for words in page.context["warnings"]) == number
        facts = typed(meeting, starts_at=f"{timezone.localtime(meeting.starts_at) + timedelta(hours=1):%Y-%m-%dT%H:%M}")
        answer = client.post(reverse("admin:meetings_meeting_change", args=[meeting.pk]), facts, follow=True)
        assert sum("Ilmoittautumisen päivät" in str(words) for words in answer.context["messages"]) == number
