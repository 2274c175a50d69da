"""Every main page, in three languages, light and dark, on a phone and on a desk: axe-core finds nothing."""

import re
import urllib.request

import pytest

from tests.browser.people import COORDINATOR, MEMBER
from tests.leaks import assert_not_leaked

PUBLIC = [
    "/",
    "/tietoa-verkostosta/",
    "/tapaamiset/",
    "/tapaamiset/iso-verkosto-2027-01/",
    "/tapaamiset/2026/12/",
    "/tapaamiset/2026/",
    "/menetelmat/",
    "/menetelmat/valituntikello/",
    "/menetelmat/nuorten-kehittajatyoryhma-malli/",
    "/en/methods/valituntikello/card/",
    "/en/methods/cards/",
    "/en/methods/cards/?m=valituntikello&show=1",
    "/verkostot/",
    "/verkostot/iso-nuorisotyoverkosto/",
    "/ajankohtaista/",
    "/ajankohtaista/tervetuloa-portaaliin/",
    "/yhteystiedot/",
    "/infokirje/",
    "/infokirje/tilaa/",
    "/toimintasuunnitelma/toimintasuunnitelma-2026-2027/",
    "/kysymykset/",
    "/sivut/keski-suomi/saavutettavuusseloste/",
    "/tunnus/kirjaudu/",
    "/tunnus/luo/",
]
LOOKS = [(1280, "light"), (320, "dark")]


@pytest.mark.parametrize("width, scheme", LOOKS)
@pytest.mark.parametrize("path", PUBLIC)
def test_a_public_page_is_accessible_and_fits(portal, browser, axe, path, width, scheme):
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, locale="fi-FI")
    page = context.new_page()
    page.goto(portal + path)
    assert axe(page) == []
    assert page.locator("h1").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()


@pytest.mark.parametrize("width, most", [(1280, 2400), (390, 4500)])
def test_the_front_page_is_short_and_begins_with_the_next_meeting(portal, browser, width, most):
    context = browser.new_context(viewport={"width": width, "height": 900}, locale="fi-FI")
    page = context.new_page()
    page.goto(portal + "/")
    assert page.evaluate("document.documentElement.scrollHeight") <= most
    door = page.locator(".next-meeting .btn").first.bounding_box()
    assert door["y"] + door["height"] <= 900
    context.close()


@pytest.mark.parametrize("width, most", [(1280, 2400), (390, 4500)])
@pytest.mark.parametrize("who", [MEMBER, COORDINATOR])
def test_the_front_page_of_somebody_signed_in_is_short_too(look_as, axe, who, width, most):
    page = look_as(who, width)
    page.goto("/")
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollHeight") <= most
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize(
    "who, path, words",
    [
        (None, "/tapaamiset/maakuntaseminaari-2026-12/", "Ilmoittaudu"),
        (MEMBER, "/tapaamiset/maakuntaseminaari-2026-12/", "Ilmoittaudu"),
        (MEMBER, "/tapaamiset/iso-verkosto-2027-01/", "Tulen"),
    ],
)
def test_a_phone_shows_at_once_what_a_meeting_needs_next(portal, browser, look_as, axe, who, path, words):
    page = look_as(who, 390) if who else browser.new_page(base_url=portal, locale="fi-FI")
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(path)
    place = page.locator(".bottom-bar .btn").first.bounding_box()
    assert page.locator(".bottom-bar .btn").first.inner_text().strip() == words
    assert place["y"] >= 0 and place["y"] + place["height"] <= 844
    assert axe(page) == []
    if not who:
        page.close()


@pytest.mark.parametrize("who", [None, MEMBER])
def test_a_phone_offers_at_once_to_tell_that_a_method_was_tried(portal, browser, look_as, axe, who):
    page = look_as(who, 390) if who else browser.new_page(base_url=portal, locale="fi-FI")
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/menetelmat/valituntikello/")
    tell = page.get_by_role("link", name="Kokeilin tätä")
    place = tell.bounding_box()
    assert tell.count() == 1 and place["y"] >= 0 and place["y"] + place["height"] <= 844
    assert axe(page) == []
    tell.click()
    page.wait_for_url("**/kokeilu/" if who else "**/tunnus/kirjaudu/**")
    if not who:
        page.close()


@pytest.mark.parametrize("width, scheme", [(320, "light"), (1280, "dark")])
@pytest.mark.parametrize("language", ["sv", "en"])
def test_the_other_languages_are_accessible_too(portal, browser, axe, language, width, scheme):
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    page.goto(portal + "/")
    links = {"sv": "Svenska", "en": "English"}
    if width == 320:
        page.locator(".menu-open").click()
    page.locator(".tongues").get_by_role("link", name=links[language]).click()
    assert page.locator("html").get_attribute("lang") == language
    for name in {"sv": ["Träffar", "Metoder"], "en": ["Meetings", "Methods"]}[language]:
        page.goto(portal + f"/{language}/")
        if width == 320:
            page.locator(".menu-open").click()
        page.locator(".site-nav").get_by_role("link", name=name, exact=True).click()
        assert axe(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()


def test_a_visitor_loads_nothing_from_elsewhere_and_gets_no_cookie(portal, browser):
    context = browser.new_context()
    page = context.new_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    for path in PUBLIC[:-2]:
        page.goto(portal + path)
    foreign = [url for url in asked if not url.startswith((portal, "data:"))]
    # A form that anybody may send needs its CSRF cookie; nothing else is ever set.
    assert (foreign, {cookie["name"] for cookie in context.cookies()} - {"csrftoken"}) == ([], set())
    context.close()


def test_no_page_breaks_the_content_security_policy(portal, browser):
    context = browser.new_context()
    page = context.new_page()
    told = []
    page.on("console", lambda message: told.append(message.text) if "Content Security" in message.text else None)
    for path in PUBLIC:
        page.goto(portal + path)
    assert told == []
    context.close()


def test_no_public_answer_holds_a_join_link(portal):
    """Every page that a crawler finds, the calendar files included."""
    todo, seen = ["/"], set()
    while todo and len(seen) < 400:
        path = todo.pop()
        if path in seen:
            continue
        seen.add(path)
        try:
            with urllib.request.urlopen(portal + path, timeout=20) as answer:
                body = answer.read()
        except OSError:
            continue
        assert_not_leaked("kokous.example.org", body, where=path)
        links = re.findall(r'href="(/[^"#]*)"', body.decode("utf-8", "ignore"))
        todo += [p for p in links if not p.startswith(("/dev/", "/static/"))]
    assert len(seen) > 60


def test_the_front_page_shows_the_region_and_its_next_meetings(portal, page):
    page.goto(portal + "/")
    assert page.locator("h1").inner_text() == "Maakunnallinen nuorisotyö Keski-Suomessa"
    meetings = page.locator("main").inner_text()
    assert re.search(r"ke\s*\d+\s*\w+\s+ISO-nuorisotyöverkosto\s+klo 13–16", meetings)
    assert re.search(r"ma\s*\d+\s*\w+\s+.*nuorisotyötä tekevien verkosto\s+klo 9–11", meetings)


def test_a_keyboard_reaches_the_content_first(portal, page):
    page.goto(portal + "/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
