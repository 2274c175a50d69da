"""Behind the sign-in: the coordinator's desk and a member's own pages; axe-core finds nothing, and they fit."""

import pytest

from tests.browser.people import COORDINATOR, MEMBER

LOOKS = [(1280, "light"), (320, "dark")]

DESK = [
    "/tyopoyta/",
    "/tyopoyta/meetings/meeting/",
    "/tyopoyta/meetings/meeting/add/",
    "/tyopoyta/meetings/meeting/calendar/",
    "/tyopoyta/meetings/meeting/import/",
    "/tyopoyta/meetings/meeting/ready/",
    "/tyopoyta/meetings/meeting/reminders/",
    "/tyopoyta/meetings/meeting/visits/",
    "/tyopoyta/meetings/meeting/visits/log/",
    "/tyopoyta/meetings/wish/",
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
    "/odottavat-tekstit/",
    "/tyopoyta/networks/newsitem/add/",
]
# A box of the desk's first page, and the page of its first row that follows "change".
STEPS = [
    ("desk-drafts", "change"),
    ("desk-drafts", "publish"),
    ("desk-meetings", "invite"),
    ("desk-meetings", "cancel"),
    ("desk-meetings", "copy"),
    ("desk-meetings", "letters"),
    ("desk-meetings", "ready"),
    ("desk-meetings", "reminders"),
    ("desk-meetings", "letters"),
    ("desk-methods", "change"),
    ("desk-issues", "change"),
    ("desk-issues", "send"),
]
MINE = [
    "/yhteystiedot/oma/",
    "/yhteystiedot/oma/tiedot/",
    "/tapaamiset/2027/",
    "/tapaamiset/toiveet/",
    "/tapaamiset/toiveet/uusi/",
    "/menetelmat/uusi/",
    "/menetelmat/uusi/?kind=method",
    "/menetelmat/uusi/pika/",
    "/menetelmat/omat/",
    "/verkostot/koulunuorisotyon-verkosto/liity/",
    "/tapaamiset/iso-verkosto-2027-01/",
    "/tunnus/osoite/",
]


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
    first = page.locator(f"section[aria-labelledby={box}] :is(li, tbody) a").first.get_attribute("href")
    is_well(page, first.replace("/change/", f"/{step}/"), axe, width)


@pytest.mark.parametrize("width, scheme", LOOKS)
def test_the_bar_of_letters_that_wait_is_accessible_fits_and_recalls(look_as, axe, width, scheme):
    page = look_as(COORDINATOR, width, scheme)
    page.goto("/tyopoyta/")
    first = page.locator("section[aria-labelledby=desk-meetings] tbody a").first.get_attribute("href")
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
    links = page.locator("section[aria-labelledby=desk-meetings] tbody a").all()
    pks = [part for link in links for part in link.get_attribute("href").split("/") if part.isdecimal()]
    is_well(page, f"/tyopoyta/meetings/meeting/together/?meetings={','.join(pks)}", axe, width)


@pytest.mark.parametrize("width, scheme", LOOKS)
@pytest.mark.parametrize("path", MINE)
def test_a_page_of_a_member_is_accessible_and_fits(look_as, axe, path, width, scheme):
    is_well(look_as(MEMBER, width, scheme), path, axe, width)
