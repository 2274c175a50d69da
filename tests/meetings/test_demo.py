"""The demo year of meetings: loaded twice it stands once, and the two meetings everybody asks about are public."""

from datetime import date, timedelta

import pytest
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from contacts.models import User
from lib.text.dates import format_period
from meetings.models import ExternalNotes, Meeting, Participation, ReminderRule, Task, VisitReport
from meetings.models.reminder_rule import Step
from networks.models import Network
from tests.leaks import assert_not_leaked
from tests.snapshot import Snapshot
from youthnet.demo import contacts, meetings, networks, signup
from youthnet.demo.pack_reader import Pack


def load(today=None):
    pack = Pack(today or timezone.localdate())
    for room in (contacts, networks, meetings, signup):
        room.load(pack)
    return pack


DEMO = Snapshot(load, lasts=timedelta(minutes=10))


@pytest.fixture
def loaded(db):
    return DEMO.restore()


def came(slug):
    """How many came, from how many municipalities and organisations, as the report will count them."""
    heads = Meeting.objects.get(slug=slug).participations.exclude(attended_at=None)
    return (
        heads.count(),
        heads.filter(attended_mode="online").count(),
        heads.values("municipality").distinct().count(),
        heads.values("organisation").distinct().count(),
    )


def test_loading_twice_changes_nothing(loaded):
    before = Meeting.objects.count(), Participation.objects.count()
    meetings.load(loaded)
    signup.load(loaded)
    assert (Meeting.objects.count(), Participation.objects.count()) == before
    assert before[0] == len(loaded.file("meetings")["meetings"])


def test_those_who_came_are_counted_as_the_pack_tells(loaded):
    assert came("iso-verkosto-2026-08") == (48, 17, 18, 26)
    assert came("kuntavierailu-saarijarvi-2026-09") == (7, 0, 1, 3)
    visit = Meeting.objects.get(slug="kuntavierailu-saarijarvi-2026-09").participations.first()
    assert str(visit.municipality) == "Saarijärvi"


def test_nobody_who_came_counts_for_another_municipality_than_the_employers(loaded):
    came = Participation.objects.exclude(attended_at=None)
    assert not came.exclude(organisation__municipality=F("municipality")).exclude(organisation__municipality=None)
    for row in came.exclude(user=None):
        assert (row.organisation, row.municipality) == (row.user.organisation, row.user.municipality_of_work())


def test_the_states_of_the_pack_become_dates(loaded):
    assert Meeting.objects.get(slug="iso-verkosto-2027-05").is_draft
    assert Meeting.objects.get(slug="webinaari-talous-2026-11").is_cancelled
    assert Meeting.objects.published().upcoming(timezone.now()).exists()


@pytest.mark.parametrize(
    ("slug", "hours"), [("iso-verkosto-2027-01", "klo 13–16"), ("koulunuorisotyo-2027-02", "klo 9–11")]
)
def test_visitors_see_the_next_meetings_at_their_hours_without_the_link(client, loaded, slug, hours):
    meeting = Meeting.objects.get(slug=slug)
    assert format_period(meeting.starts_at, meeting.ends_at, meeting.time_zone, "fi").endswith(hours)
    page = client.get(reverse("meetings:meeting-list"))
    assert meeting.title in page.text and hours in page.text
    assert_not_leaked("kokous.example.org", page, client.get(meeting.get_absolute_url()))


def test_the_hours_stay_when_the_dates_are_shifted_over_a_change_of_clocks(db):
    load(date(2027, 7, 1))
    starts_at = timezone.localtime(Meeting.objects.get(slug="iso-verkosto-2027-01").starts_at)
    assert (starts_at.hour, starts_at.weekday()) == (13, 2)


def test_one_training_is_full_and_people_wait(loaded):
    (figures,) = Meeting.objects.get(slug="koulutus-digi-2027-03").signup.figures()
    assert (figures["taken"], figures["waiting"], figures["offered"]) == (8, 3, 0)
    assert Meeting.objects.get(slug="koulutus-digi-2027-03").signup.questions.count() == 3


def test_feedback_adds_up_to_the_figures_of_the_pack(loaded):
    told = Meeting.objects.get(slug="koulutus-ryhmailmiot-2026-10").feedback.all().summary()
    assert (told["number"], told["mean"], told["recommend"]) == (21, 4.8, 100)


def test_the_demo_member_has_a_record_with_a_certificate(client, loaded):
    client.force_login(User.objects.get(email="nuorisotyontekija.saarijarvi@example.org"))
    years = client.get(reverse("meetings:record")).context["years"]
    assert [line for year in years for line in year["rows"] if line["token"]] != []


def test_one_network_reminds_by_a_timeline_of_its_own(loaded):
    meetings.load(loaded)
    (network,) = Network.objects.exclude(reminder_rules=None).distinct()
    plans = ReminderRule.objects.timeline_of_network(network)
    assert network.slug == "koulunuorisotyon-verkosto"
    assert [plans[step].facts for step in Step] == [(True, 28, 7), (True, 10, 7), (True, 1, 14), (True, 1, 9)]


def test_visits_and_meetings_of_others_are_loaded_once(loaded):
    from youthnet.demo import visits

    visits.load(loaded)
    counted = Meeting.objects.count(), VisitReport.objects.count(), Task.objects.count(), ExternalNotes.objects.count()
    visits.load(loaded)
    again = Meeting.objects.count(), VisitReport.objects.count(), Task.objects.count(), ExternalNotes.objects.count()
    assert counted == again
    pihtipudas = VisitReport.objects.get(meeting__slug="kuntavierailu-pihtipudas-kinnula-2026-11")
    assert {str(town) for town in pihtipudas.municipalities.all()} == {"Pihtipudas", "Kinnula"}
    assert (pihtipudas.met_number, pihtipudas.meeting.tasks.count()) == (5, 2)
    assert VisitReport.objects.filter(reported_at=None).count() == 1
    assert Meeting.objects.filter(is_external=True).count() == len(loaded.file("visits")["external"])
