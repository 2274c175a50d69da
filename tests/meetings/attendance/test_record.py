"""A person's own record of attendance: hours and certificates by year (ME-09)."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from meetings.models import CertificateRule
from meetings.models.attendance import mark_present


def came(meeting, person):
    meeting.publish(timezone.now())
    mark_present(meeting.participations.get(user=person), timezone.now())


def test_the_record_adds_up_the_hours_of_each_year(client, make_meeting, world):
    earlier = make_meeting(starts_at=timezone.now() - timedelta(days=400))
    later = make_meeting(days=-1)
    for meeting in (earlier, later):
        came(meeting, world.aino)
    CertificateRule.objects.create(meeting=later, least_hours=2).issue(timezone.now())
    client.force_login(world.aino)
    years = client.get(reverse("meetings:record")).context["years"]
    assert [str(year["hours"]) for year in years] == ["3.00", "3.00"]
    assert [bool(line["token"]) for year in years for line in year["rows"]] == [True, False]
    client.force_login(world.matti)
    assert client.get(reverse("meetings:record")).context["years"] == []
