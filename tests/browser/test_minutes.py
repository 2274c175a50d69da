"""Minutes in a real browser: they save themselves, tell the truth, and lose nothing."""

import re

import pytest

from tests.browser.people import COORDINATOR, press

MEETING = "koulunuorisotyo-2026-10"


@pytest.fixture
def pages(portal, enter):
    """Two windows of the coordinator on the minutes of one meeting."""
    page = enter(COORDINATOR)
    page.goto(f"{portal}/tapaamiset/{MEETING}/")
    page.locator("#papers ~ ul a").nth(1).click()
    page.wait_for_load_state()
    other = page.context.new_page()
    other.goto(page.url)
    return page, other


def box(page):
    return page.locator("section.minutes-item").nth(1)


def state(page):
    return box(page).locator(".save-state")


def test_minutes_save_themselves_and_lose_nothing(pages, axe):
    page, other = pages
    # what is typed is saved by itself
    box(page).locator("textarea").fill("Kuultiin kuulumiset.")
    page.locator(".save-state.is-saved").wait_for()
    assert re.search(r"\d{1,2}\.\d{2}$", state(page).inner_text())
    # the other window does not know of it: nothing is overwritten, both texts are shown
    box(other).locator("textarea").fill("Toisen sanat.")
    other.locator(".is-clash").wait_for()
    assert "Kuultiin kuulumiset." in other.locator(".is-clash").inner_text()
    assert box(other).locator("textarea").input_value() == "Toisen sanat."
    assert axe(other) == []
    box(other).get_by_role("button").first.click()
    other.locator(".save-state.is-saved").wait_for()
    # without a connection the words stay in the browser and come back
    page.context.set_offline(True)
    page.on("dialog", lambda dialog: dialog.accept())
    box(page).locator("textarea").fill("Ilman yhteyttä kirjoitettu.")
    page.wait_for_timeout(2500)
    assert "is-unsaved" in state(page).get_attribute("class")
    page.context.set_offline(False)
    page.reload()
    page.locator(".is-copy").get_by_role("button").first.click()
    assert box(page).locator("textarea").input_value() == "Ilman yhteyttä kirjoitettu."
    page.locator(".save-state.is-saved").wait_for()


def test_a_decision_that_was_sent_after_the_sign_in_had_ended_comes_back(pages):
    page, _other = pages
    address, cookies = page.url, [each for each in page.context.cookies() if each["name"] == "sessionid"]
    write_decision(page, "Kokeillaan keväällä.")
    page.context.clear_cookies(name="sessionid")
    press(page, box(page).locator(".minutes-add button").first)
    assert "/tunnus/kirjaudu/" in page.url
    page.context.add_cookies(cookies)  # signed in again in another tab
    page.goto(address)
    assert decision_box(page).input_value() == "Kokeillaan keväällä."
    press(page, box(page).locator(".minutes-add button").first)
    assert "Kokeillaan keväällä." in box(page).locator(".minutes-rows").first.inner_text()
    page.goto(address)
    assert decision_box(page).input_value() == ""


def decision_box(page):
    return box(page).locator("[id^=decision-]")


def write_decision(page, words):
    box(page).locator(".minutes-add summary").first.click()
    decision_box(page).fill(words)
