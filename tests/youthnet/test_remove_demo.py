"""The demo content goes as it came: all of it, and nothing else."""

from datetime import timedelta
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import call_command
from django.utils import timezone

from contacts.models import CoordinationArea, Organisation, User
from contacts.reference_data import loading
from meetings.models import Meeting
from methods.models import Findable
from networks.models import Network
from tests.snapshot import all_rows


def said(*options):
    out = StringIO()
    call_command("remove_demo", *options, stdout=out)
    return out.getvalue()


@pytest.fixture
def before(db, noon):
    """The rows of an installation before somebody loaded the demo."""
    loading.load(apps.get_model)
    boss = User.objects.create_superuser("eka@oma.example.com", name="Oma Ylläpitäjä")
    area = CoordinationArea.objects.create(slug="kainuu", name_fi="Kainuu", title_fi="Kainuun nuorisotyö")
    area.appoint(boss, on=timezone.localdate())
    rows = all_rows()
    call_command("load_demo", stdout=StringIO())
    return rows


def test_all_of_the_demo_goes_and_nothing_else(before):
    """Real use 35: `load_demo` content can be removed by one command."""
    loaded = all_rows()
    assert "would be removed" in said("--dry-run")
    assert all_rows() == loaded
    told = said()
    assert "stay" not in told
    after = all_rows()
    after.pop("methods_findable")  # what is gone leaves an empty row behind, so that other processes learn of it
    assert {table: len(rows) for table, rows in after.items()} == {table: len(rows) for table, rows in before.items()}
    assert after == before
    assert Findable.objects.of_methods().count() == 0
    assert said().startswith("0 demo rows were removed")


def test_what_people_have_added_stays_and_holds_what_it_stands_on(before, term):
    """Real use 35: only demo rows; whatever stays is told with its reason."""
    area, now = CoordinationArea.objects.get(slug="keski-suomi"), timezone.now()
    employer = Organisation.objects.order_by("pk").first()
    person = User.objects.create_user("uusi@oma.example.com", name="Uusi Työntekijä", organisation=employer)
    network = Network.objects.filter(area=area).order_by("pk").first()
    network.take_in(person, now)
    own = Meeting.objects.create(
        area=area,
        slug="oma",
        title="Oma tapaaminen",
        kind=term("event_types", "tyopaja"),
        starts_at=now + timedelta(days=9),
        ends_at=now + timedelta(days=9, hours=1),
    )
    told = said()
    assert "stay, because rows of your own need them" in told
    assert [Meeting.objects.get().pk, network.memberships.get().user] == [own.pk, person]
    assert list(Network.objects.all()) == [network]
    assert set(CoordinationArea.objects.values_list("slug", flat=True)) == {"kainuu", "keski-suomi"}
    assert set(User.objects.values_list("email", flat=True)) == {"eka@oma.example.com", "uusi@oma.example.com"}
    person.refresh_from_db()
    assert person.organisation == employer
