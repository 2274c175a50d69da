"""Certificates by the hours of a whole series: who gets one, what it says, and what a code proves."""

from datetime import date, datetime, time, timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from lib.tokens import sign
from meetings.models import Certificate, CertificateRule, MeetingSeries, Participation
from meetings.models.attendance import mark_absent, mark_present, walk_in
from meetings.tasks import send_thanks
from outbox.models import Delivery


@pytest.fixture
def series(make_meeting, world):
    """Three meetings, one a week, of which the last was yesterday."""
    first = make_meeting(days=-15)
    starts_at = timezone.localtime(first.starts_at)
    days = [(starts_at + timedelta(days=7 * week)).date() for week in range(3)]
    made = MeetingSeries(
        area=world.area, frequency="weeks", starts_on=days[0], at=time(starts_at.hour, starts_at.minute), minutes=180,
        time_zone="Europe/Helsinki", count=3,
    )  # fmt: skip
    made.start(first, days[1:], timezone.now())
    for meeting in made.meetings.all():
        meeting.publish(timezone.now())
    return made


@pytest.fixture
def meetings(series):
    return list(series.meetings.next_first())


@pytest.fixture
def came(meetings, world):
    """Aino came to all three, Matti to the first two, Virpi without an account twice, and one by name only twice."""
    now = timezone.now()
    for meeting in meetings:
        mark_present(meeting.participations.get(user=world.aino), now)
    for meeting in meetings[:2]:
        mark_present(meeting.participations.get(user=world.matti), now)
        walk_in(meeting, now, name="Virpi", email="virpi@example.org", hours=3)
        walk_in(meeting, now, name="Pelkkä Nimi", hours=3)
    return meetings


def rule_of(meeting, least):
    return CertificateRule.objects.create(meeting=meeting, least_hours=least, whole_series=True)


def owners():
    rows = Certificate.objects.order_by("participation__user__name", "participation__name")
    return [(str(row.participation), row.participation.meeting.starts_at) for row in rows]


def test_the_hours_of_all_meetings_count_together_and_each_person_gets_one(came):
    rule = rule_of(came[2], 6)
    assert (rule.issue(timezone.now()), rule.issue(timezone.now())) == (3, 0)
    assert owners() == [
        ("Aino Jäsen", came[2].starts_at), ("Matti Yhteyshenkilö", came[1].starts_at), ("Virpi", came[1].starts_at)
    ]  # fmt: skip


def test_who_has_fewer_hours_gets_none_and_names_are_never_joined(came):
    assert rule_of(came[2], 9).issue(timezone.now()) == 1
    assert str(Certificate.objects.get().participation) == "Aino Jäsen"


def test_meetings_after_the_one_with_the_rule_and_cancelled_ones_do_not_count(came):
    assert rule_of(came[1], 7).issue(timezone.now()) == 0
    came[0].cancelled_at = timezone.now()
    came[0].save(update_fields=["cancelled_at"])
    assert rule_of(came[2], 7).issue(timezone.now()) == 0


def test_a_series_split_in_two_is_still_one(came, series):
    series.spread(came[1], {"title"}, came[1].starts_at, "following", timezone.now())
    for meeting in came:
        meeting.refresh_from_db()
    assert came[0].series != came[2].series
    assert rule_of(came[2], 9).issue(timezone.now()) == 1


def test_a_certificate_of_the_last_meeting_grows_to_the_whole_series_and_keeps_its_code(came, world):
    rule = CertificateRule.objects.create(meeting=came[2])
    rule.issue(timezone.now())
    code = Certificate.objects.get().code
    rule.whole_series, rule.least_hours = True, 9
    rule.save()
    assert rule.issue(timezone.now()) == 1
    assert (Certificate.objects.get().code, Certificate.objects.get().series) == (code, came[2].series)


def test_the_paper_and_the_proof_name_every_meeting_and_the_hours_in_all(client, came):
    rule_of(came[2], 6).issue(timezone.now())
    made = Certificate.objects.get(participation__user__name="Matti Yhteyshenkilö")
    answer = client.get(reverse("meetings:certificate-pdf", args=[sign("meetings.certificate", made.pk)]))
    pdf = PdfReader(BytesIO(answer.content))
    text = pdf.pages[0].extract_text()
    assert len(pdf.pages) == 1 and text.count(came[0].title) == 3
    page = client.get(made.get_absolute_url())
    assert [part.meeting for part in page.context["parts"]] == came[:2]
    assert page.context["hours"] == 6
    mark_absent(made.participation)
    assert client.get(made.get_absolute_url()).status_code == 404


def test_the_day_after_the_last_meeting_everybody_who_earned_it_hears_of_it_once(came):
    rule_of(came[2], 6)
    Participation.objects.exclude(meeting=came[2]).update(thanked_at=timezone.now())
    for _round in range(2):
        send_thanks()
    letters = Delivery.objects.filter(text__contains="todistukset/omat").values_list("recipient", "kind")
    assert sorted(letters) == [
        ("aino@example.org", "meeting-thanks"),
        ("matti@example.org", "meeting-certificate"),
        ("virpi@example.org", "meeting-certificate"),
    ]


def test_the_coordinator_gives_and_sends_again_also_to_those_who_missed_the_last(client, came, world, make_meeting):
    client.force_login(world.kaisa)
    desk = reverse("admin:meetings_meeting_certificates", args=[came[2].pk])
    client.post(desk, {"least_hours": "6", "whole_series": "on"})
    assert Certificate.objects.count() == 3
    send_thanks()
    matti = Certificate.objects.get(participation__user=world.matti)
    assert matti.participation in list(client.get(desk).context["people"])
    before = Delivery.objects.count()
    assert client.post(desk, {"again": str(matti.pk)}).status_code == 302
    send_thanks()
    assert Delivery.objects.count() == before + 1
    alone = make_meeting(days=-1)
    alone.publish(timezone.now())
    page = client.get(reverse("admin:meetings_meeting_certificates", args=[alone.pk]))
    assert list(page.context["form"].fields) == ["least_hours"]
    other = reverse("admin:meetings_meeting_certificates", args=[alone.pk])
    assert client.post(other, {"again": str(matti.pk)}).status_code == 404


def test_a_rule_of_a_series_is_not_copied_to_a_meeting_outside_it(came):
    rule_of(came[2], 6)
    copied = came[2].copy_to(datetime.combine(date(2027, 9, 1), time(9), came[2].zone), timezone.now())
    assert not CertificateRule.objects.filter(meeting=copied).exists()
