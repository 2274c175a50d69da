"""An empty installation in a real browser: from the first page to an invited first meeting, without a shell."""

import re
import subprocess
import sys
from datetime import date, timedelta

import pytest

from tests.browser.conftest import HOUSE, running_portal
from tests.browser.mailbox import codes, link_in, newest_code, newest_message
from tests.browser.people import press

BOSS, KAISA, AINO = "yllapito@kainuu.example.com", "kaisa@kainuu.example.com", "aino@kainuu.example.com"


@pytest.fixture(scope="module")
def empty(tmp_path_factory):
    """A portal that nobody has written anything into, and its first superuser: all that takes a shell."""
    with running_portal(tmp_path_factory.mktemp("empty"), "--no-demo") as (address, environment):
        subprocess.run(
            [sys.executable, "manage.py", "createsuperuser", "--noinput", "--email", BOSS],
            cwd=HOUSE,
            env=environment,
            check=True,
            capture_output=True,
        )
        yield address


@pytest.fixture
def somebody(empty, browser):
    """somebody(width=1280) gives an empty page in a browser of its own."""
    contexts = []

    def open_page(width=1280):
        context = browser.new_context(viewport={"width": width, "height": 900}, locale="fi-FI", base_url=empty)
        contexts.append(context)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()


def sign_in(portal, page, email):
    """On the page of the sign-in: by the code from the letter."""
    before = codes(portal, email)
    page.get_by_label("Sähköposti").fill(email)
    press(page, page.locator("main form").get_by_role("button").first)
    page.locator("input[name=code]").fill(newest_code(portal, email, not_among=before))
    press(page, page.locator("main form").get_by_role("button").first)


def well(page, axe):
    assert axe(page) == []
    assert page.locator("h1").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_from_empty_to_an_invited_first_meeting_in_kainuu(empty, somebody, axe):
    """Real use 35: a real region can start."""
    boss = somebody(width=320)
    begin_the_region(empty, boss, axe)
    desk = somebody()
    accept_the_invitation(empty, desk, axe)
    take_the_steps(empty, desk, axe)
    make_the_first_network(desk)
    take_in_a_member(desk)
    invite_to_the_first_meeting(empty, desk)


def begin_the_region(portal, boss, axe):
    """The superuser signs in, chooses Kainuu, leaves one municipality out, and names the coordinator."""
    boss.goto("/")
    well(boss, axe)
    press(boss, boss.get_by_role("link", name="Kirjaudu ja aloita"))
    sign_in(portal, boss, BOSS)
    well(boss, axe)
    press(boss, boss.get_by_role("link", name="Kainuu"))
    assert boss.locator("input[name=municipalities]:checked").count() == 8
    boss.get_by_label("Puolanka").uncheck()
    boss.get_by_label("Muiden maakuntien kuntia").fill("Vaala")
    boss.get_by_label("Koordinaattorin sähköposti").fill(KAISA)
    boss.get_by_label("Koordinaattorin nimi").fill("Kaisa Koordinaattori")
    well(boss, axe)
    press(boss, boss.get_by_role("button", name="Luo alue"))
    assert boss.get_by_text("Kutsu lähetettiin osoitteeseen").count() == 1
    well(boss, axe)


def accept_the_invitation(portal, desk, axe):
    desk.goto(link_in(newest_message(portal, KAISA, about="Kutsu koordinaattoriksi"), portal, "/kutsu/"))
    well(desk, axe)
    press(desk, desk.get_by_role("button", name="Hyväksy kutsu"))
    well(desk, axe)
    press(desk, desk.locator("main").get_by_role("link", name="Kirjaudu"))
    sign_in(portal, desk, KAISA)


def steps_of(desk):
    return desk.locator("section[aria-labelledby^=desk-setup]")


def take_the_steps(portal, desk, axe):
    """Each step begins on the desk and leads back to it."""

    def step(name):
        desk.goto("/tyopoyta/")
        press(desk, steps_of(desk).get_by_role("link", name=name, exact=True))
        well(desk, axe)

    def done():
        press(desk, desk.get_by_role("button", name="Tallenna ja merkitse vaihe tehdyksi"))
        assert desk.url.endswith("/tyopoyta/")

    step("Nimi ja kielet")
    assert desk.locator("#id_title_fi").input_value() == "Maakunnallinen nuorisotyö Kainuussa"
    desk.locator("#id_lead_fi").fill("Kainuun nuorisotyöntekijät yhdessä.")
    done()
    step("Kunnat")
    assert desk.locator("input[name=municipalities]:checked").count() == 8
    done()
    step("Logo ja väri")
    desk.locator("input[name=accent]").fill("#7a1f5c")
    done()
    step("Sähköpostin kokeilu")
    press(desk, desk.get_by_role("button", name="Lähetä koeviesti"))
    desk.goto(link_in(newest_message(portal, KAISA, about="Koeviesti"), portal, "/alku/"))
    well(desk, axe)
    press(desk, desk.get_by_role("button", name="Viesti on tullut perille"))


def make_the_first_network(desk):
    press(desk, steps_of(desk).get_by_role("link", name="Ensimmäinen verkosto", exact=True))
    desk.locator("#id_name_fi").fill("Kainuun nuorisotyöverkosto")
    desk.locator("#id_kind").select_option(index=1)
    press(desk, desk.get_by_role("button", name="Tallenna", exact=True))
    desk.goto("/tyopoyta/")
    assert desk.get_by_role("heading", name="Alkuvaiheet").count() == 0


def take_in_a_member(desk):
    desk.goto("/tyopoyta/contacts/user/add/")
    desk.locator("#id_email").fill(AINO)
    desk.locator("#id_name").fill("Aino Jäsen")
    desk.locator("#id_municipality").select_option(label="Kuhmo")
    press(desk, desk.get_by_role("button", name="Tallenna", exact=True))
    desk.goto("/tyopoyta/networks/membership/add/")
    desk.locator("#id_network").select_option(label="Kainuun nuorisotyöverkosto")
    desk.locator("#id_user").select_option(label="Aino Jäsen")
    press(desk, desk.get_by_role("button", name="Tallenna", exact=True))


def invite_to_the_first_meeting(portal, desk):
    day = date.today() + timedelta(days=40)
    desk.goto("/tyopoyta/meetings/meeting/add/")
    desk.locator("#id_title").fill("Ensimmäinen tapaaminen")
    desk.get_by_label("Tyyppi").select_option(label="Verkostotapaaminen")
    desk.get_by_label("Kainuun nuorisotyöverkosto").check()
    desk.get_by_label("Tiivistelmä").fill("Tutustutaan ja sovitaan vuoden kulusta.")
    desk.locator("input[name=starts_at]").fill(f"{day}T13:00")
    desk.locator("input[name=ends_at]").fill(f"{day}T16:00")
    desk.get_by_label("Toteutustapa").select_option(label="etänä")
    desk.get_by_label("Etäosallistumisen linkki").fill("https://kokous.example.org/kainuu")
    press(desk, desk.get_by_role("button", name="Tallenna", exact=True))
    press(desk, desk.get_by_role("link", name="Ensimmäinen tapaaminen").first)
    press(desk, desk.get_by_role("link", name="Julkaise…"))
    press(desk, desk.get_by_role("button", name=re.compile(r"Julkaise ja kutsu \d+ henkilöä?")))
    press(desk, desk.get_by_role("button", name="Lähetä nyt"))
    letter = newest_message(portal, AINO, about="Ensimmäinen tapaaminen")
    assert link_in(letter, portal, "/vastaus/")
