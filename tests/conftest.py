"""One small world of named people. Tests tell what happens to them."""

import os
from datetime import date, datetime
from types import SimpleNamespace

import hypothesis
import pytest
from django.core.cache import cache
from django.db import connection
from django.utils import translation

from contacts.models import CoordinationArea, Municipality, Organisation, Region, Term, User
from methods.faceted_search.facet_index import facet_index
from networks.models import Network
from search import thesaurus
from tests.clock import HELSINKI, begins_at, imports_round, refuse_rounds, started_at
from tests.snapshot import Snapshot

# How quickly a busy machine draws examples says nothing about the code.
hypothesis.settings.register_profile("house", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("house")

LONG_AGO = datetime(2019, 3, 1, 9, 0, tzinfo=HELSINKI)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """Long files begin first, so that no worker is left alone with one in the end.

    The browser comes last: while Playwright's event loop turns, Django refuses to speak with the database.
    """
    items.sort(key=lambda item: ("browser" in item.path.parts, item.get_closest_marker("long") is None))


@pytest.fixture
def noon():
    """The test, or the fixture that takes this one, runs rounds: it begins at noon also when TEST_CLOCK says night."""


@pytest.fixture
def machine_clock():
    """The test keeps the clock of the machine, as OpenSSL does."""


@pytest.fixture(autouse=True)
def clock(request, monkeypatch):
    """The hour at which a test begins comes from tests/clock.py; what starts processes keeps the machine's clock."""
    real = "machine_clock" in request.fixturenames or any(map(request.node.get_closest_marker, ["stack", "browser"]))
    by_day = "noon" in request.fixturenames or imports_round(request.module)
    with started_at(None if real else begins_at(os.environ.get("TEST_CLOCK"), by_day)) as is_set_anew:
        refuse_rounds(monkeypatch, lambda: by_day or is_set_anew())
        yield


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix):
    """The test database begins as a copy of the migrated one, where the servers of this run have one."""
    connection.settings_dict["TEST"]["TEMPLATE"] = os.environ.get("TEMPLATE_DATABASE")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """The registers that a migration fills are emptied: the small world brings its own three towns and few words.

    Tests of the registers themselves load them, and those of an upgrade or a whole portal have databases of their own.
    """
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE contacts_region, contacts_subregion, contacts_municipality, contacts_term CASCADE")


@pytest.fixture(autouse=True)
def language_of_the_house():
    """A request leaves its language behind in the process; each test begins without one."""
    translation.deactivate()


@pytest.fixture(autouse=True)
def letters_through_the_ledger(settings):
    """pytest-django swaps the mail backend; our letters must still pass through the ledger."""
    settings.EMAIL_BACKEND = "outbox.email_backend.OutboxBackend"
    settings.OUTBOX_TRANSPORT = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture(autouse=True)
def house_of_its_own(settings, tmp_path_factory):
    """What the portal makes for itself (memory of rounds, letters as files) belongs to one test."""
    settings.DATA_DIR = tmp_path_factory.getbasetemp() / "house"
    settings.MEDIA_ROOT = settings.DATA_DIR / "media"
    (settings.DATA_DIR / "outbox-last-round").unlink(missing_ok=True)


@pytest.fixture(autouse=True)
def nothing_remembered():
    """The small cache and the facet index of methods outlive a test's database: each test begins without them.

    And without other words for a word: who tests the thesaurus says `thesaurus.forget()` first.
    """
    cache.clear()
    facet_index.forget()
    thesaurus.hold([])


@pytest.fixture(autouse=True)
def finnish_first():
    """A request leaves its language behind in the thread: each test begins in Finnish, as each request does."""
    with translation.override("fi"):
        yield


@pytest.fixture
def term(db):
    """Make or find a word: term("topics", "osallisuus")."""
    return make_term


def make_term(list_name, code, **words):
    words.setdefault("fi", code.replace("-", " ").capitalize())
    return Term.objects.get_or_create(list=list_name, code=code, defaults=words)[0]


@pytest.fixture
def world(db):
    """Two areas and the people of both.

    Kaisa coordinates Keski-Suomi; Aino is a member of the big network there; Matti is a municipal contact in it;
    Niilo has an account but no network; Eetu is a member in the other area, which Kerttu coordinates; Ulla is a
    superuser; Väinö was disabled.
    """
    return WORLD.restore()


def build_world():
    region = Region.objects.create(code="13", slug="keski-suomi", name_fi="Keski-Suomi", genitive="Keski-Suomen")
    towns = {
        slug: Municipality.objects.create(
            code=code, slug=slug, region=region, name_fi=name, locative=locative, grid_row=row, grid_column=column
        )
        for code, slug, name, locative, row, column in [
            ("179", "jyvaskyla", "Jyväskylä", "Jyväskylässä", 5, 4),
            ("729", "saarijarvi", "Saarijärvi", "Saarijärvellä", 3, 3),
            ("992", "aanekoski", "Äänekoski", "Äänekoskella", 3, 4),
        ]
    }
    employer = Organisation.objects.create(
        slug="jyvaskyla-nuoriso",
        name="Jyväskylän kaupunki, nuorisopalvelut",
        type=make_term("organisation_types", "kunta"),
        sector=make_term("sectors", "nuoriso"),
        municipality=towns["jyvaskyla"],
    )
    area = CoordinationArea.objects.create(
        slug="keski-suomi", name_fi="Keski-Suomi", title_fi="Maakunnallinen nuorisotyö Keski-Suomessa", host=employer
    )
    area.municipalities.set(towns.values())
    other_area = CoordinationArea.objects.create(slug="muualla", name_fi="Muualla", title_fi="Nuorisotyö muualla")
    kind = make_term("network_types", "maakunnallinen")

    def network(in_area, slug, name, **more):
        return Network.objects.create(area=in_area, slug=slug, name_fi=name, kind=kind, **more)

    def person(email, name, **more):
        more.setdefault("organisation", employer)
        more.setdefault("municipality", towns["jyvaskyla"])
        more.setdefault("joined_at", LONG_AGO)
        user = User.objects.create_user(email, name=name, **more)
        user.emailaddress_set.create(email=email, verified=True, primary=True)
        return user

    iso = network(area, "iso", "ISO-nuorisotyöverkosto", joining=Network.OPEN)
    closed = network(area, "perus", "Perusnuorisotyön verkosto", visibility=Network.CLOSED)
    elsewhere = network(other_area, "muu", "Toisen alueen verkosto")
    people = SimpleNamespace(
        kaisa=person("kaisa@example.org", "Kaisa Koordinaattori"),
        aino=person("aino@example.org", "Aino Jäsen"),
        matti=person("matti@example.org", "Matti Yhteyshenkilö"),
        niilo=person("niilo@example.org", "Niilo Uusi"),
        eetu=person("eetu@example.org", "Eetu Muualta"),
        kerttu=person("kerttu@example.org", "Kerttu Koordinaattori"),
        ulla=person("ulla@example.org", "Ulla Ylläpitäjä", is_staff=True, is_superuser=True),
        vaino=person("vaino@example.org", "Väinö Poissa", is_active=False),
    )
    area.appoint(people.kaisa, on=date(2019, 3, 1))
    other_area.appoint(people.kerttu, on=date(2019, 3, 1))
    iso.take_in(people.aino, now=LONG_AGO)
    iso.take_in(people.vaino, now=LONG_AGO)
    iso.take_in(people.matti, now=LONG_AGO, role=make_term("network_roles", "yhteyshenkilo"))
    elsewhere.take_in(people.eetu, now=LONG_AGO)
    return SimpleNamespace(
        area=area,
        other_area=other_area,
        towns=SimpleNamespace(**towns),
        employer=employer,
        iso=iso,
        closed=closed,
        elsewhere=elsewhere,
        **vars(people),
    )


WORLD = Snapshot(build_world)


@pytest.fixture
def employed_in(world, term):
    """employed_in("aanekoski", person, …) gives people an employer in that town; they go on living where they did."""

    def employ(town, *people):
        place = getattr(world.towns, town)
        employer = Organisation.objects.create(
            slug=f"toimisto-{place.pk}",
            name=f"Toimisto {place.pk}",
            type=term("organisation_types", "kunta"),
            sector=term("sectors", "nuoriso"),
            municipality=place,
        )
        for person in people:
            person.introduce(organisation=employer)
        return employer

    return employ


@pytest.fixture
def sign_in(client):
    """sign_in(person) gives a client where that person is signed in."""

    def enter(user):
        client.force_login(user)
        return client

    return enter


@pytest.fixture
def broken(db):
    """mend = broken(row): the database refuses every change of this row, in words that name a person, until mend()."""
    mended = []

    def plant(row):
        table, name = row._meta.db_table, f"broken_{len(mended)}"
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(
                f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$"
                "BEGIN RAISE EXCEPTION 'the row of aino@example.org is broken'; END $$"
            )
            cursor.execute(
                f"CREATE TRIGGER {name} BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW"
                f" WHEN (OLD.{row._meta.pk.column} = {int(row.pk)}) EXECUTE FUNCTION {name}()"
            )

        def mend():
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                cursor.execute(f"DROP FUNCTION IF EXISTS {name}() CASCADE")

        mended.append(mend)
        return mend

    yield plant
    for mend in mended:
        mend()
