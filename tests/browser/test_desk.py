"""Behind the sign-in: the coordinator's desk and a member's own pages; axe-core finds nothing, and they fit."""

import pytest

from tests.browser.mailbox import codes, newest_code

MEMBER = "nuorisotyontekija.saarijarvi@example.org"
COORDINATOR = "koordinaattori.keski-suomi@example.org"
LOOKS = [(1280, "light"), (320, "dark")]

DESK = [
    "/tyopoyta/",
    "/tyopoyta/meetings/meeting/",
    "/tyopoyta/meetings/meeting/add/",
    "/tyopoyta/meetings/meeting/calendar/",
    "/tyopoyta/meetings/meeting/import/",
    "/tyopoyta/methods/method/",
    "/tyopoyta/networks/membership/",
    "/tyopoyta/newsletters/issue/",
    "/tyopoyta/newsletters/issue/begin/",
    "/tyopoyta/contacts/user/",
    "/tyopoyta/outbox/delivery/",
    "/yhteystiedot/oma/",
    "/en/methods/valituntikello/files/",
    "/liittymispyynnot/",
    "/menetelmat/tarkistukset/",
]
# A box of the desk's first page, and the page of its first row that follows "change".
STEPS = [
    ("desk-drafts", "change"),
    ("desk-drafts", "publish"),
    ("desk-meetings", "invite"),
    ("desk-meetings", "cancel"),
    ("desk-meetings", "letters"),
    ("desk-methods", "change"),
    ("desk-issues", "change"),
    ("desk-issues", "send"),
]
MINE = [
    "/yhteystiedot/oma/",
    "/yhteystiedot/oma/tiedot/",
    "/menetelmat/uusi/",
    "/menetelmat/uusi/?kind=method",
    "/menetelmat/omat/",
    "/verkostot/koulunuorisotyon-verkosto/liity/",
    "/tapaamiset/iso-verkosto-2027-01/",
    "/tunnus/osoite/",
]


@pytest.fixture(scope="module")
def states(portal, browser):
    """states(email) gives what a browser keeps after that person has signed in once."""
    kept = {}

    def of(email):
        if email not in kept:
            before = codes(portal, email)
            context = browser.new_context(locale="fi-FI")
            page = context.new_page()
            page.goto(f"{portal}/tunnus/kirjaudu/")
            page.get_by_label("Sähköposti").fill(email)
            page.locator("main form").get_by_role("button").first.click()
            page.locator("input[name=code]").fill(newest_code(portal, email, not_among=before))
            page.locator("main form").get_by_role("button").first.click()
            page.wait_for_url("**/oma/")
            kept[email] = context.storage_state()
            context.close()
        return kept[email]

    return of


@pytest.fixture
def look_as(portal, browser, states):
    """look_as(email, width, scheme) gives an empty page of somebody who has signed in."""
    contexts = []

    def open_page(email, width, scheme):
        view = {"width": width, "height": 900}
        context = browser.new_context(
            viewport=view, color_scheme=scheme, locale="fi-FI", storage_state=states(email), base_url=portal
        )
        contexts.append(context)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()


def is_well(page, path, axe, width):
    """The page is there, says nothing to axe-core and needs no sideways scrolling."""
    assert page.goto(path).status == 200
    assert axe(page) == []
    assert page.locator("h1").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width, scheme", LOOKS)
@pytest.mark.parametrize("path", DESK)
def test_a_page_of_the_desk_is_accessible_and_fits(look_as, axe, path, width, scheme):
    is_well(look_as(COORDINATOR, width, scheme), path, axe, width)


@pytest.mark.parametrize("width, scheme", LOOKS)
@pytest.mark.parametrize("box, step", STEPS)
def test_a_step_of_the_coordinator_is_accessible_and_fits(look_as, axe, box, step, width, scheme):
    page = look_as(COORDINATOR, width, scheme)
    page.goto("/tyopoyta/")
    first = page.locator(f"section[aria-labelledby={box}] li a").first.get_attribute("href")
    is_well(page, first.replace("/change/", f"/{step}/"), axe, width)


@pytest.mark.parametrize("width, scheme", LOOKS)
def test_the_bar_of_letters_that_wait_is_accessible_fits_and_recalls(look_as, axe, width, scheme):
    page = look_as(COORDINATOR, width, scheme)
    page.goto("/tyopoyta/")
    first = page.locator("section[aria-labelledby=desk-meetings] li a").first.get_attribute("href")
    page.goto(first.replace("/change/", "/invite/"))
    page.locator("input[name=_tell]").click()
    is_well(page, first, axe, width)
    page.locator(".desk-held button[name=recall]").click()
    page.wait_for_selector(".messagelist .success")
    assert page.locator(".desk-held").count() == 0


@pytest.mark.parametrize("width, scheme", LOOKS)
def test_the_page_of_several_meetings_at_once_is_accessible_and_fits(look_as, axe, width, scheme):
    page = look_as(COORDINATOR, width, scheme)
    page.goto("/tyopoyta/")
    links = page.locator("section[aria-labelledby=desk-meetings] li a").all()
    pks = [part for link in links for part in link.get_attribute("href").split("/") if part.isdecimal()]
    is_well(page, f"/tyopoyta/meetings/meeting/together/?meetings={','.join(pks)}", axe, width)


@pytest.mark.parametrize("width, scheme", LOOKS)
@pytest.mark.parametrize("path", MINE)
def test_a_page_of_a_member_is_accessible_and_fits(look_as, axe, path, width, scheme):
    is_well(look_as(MEMBER, width, scheme), path, axe, width)
