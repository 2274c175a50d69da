"""Minutes in a real browser: they save themselves, tell the truth, and lose nothing."""

import re

import pytest

from tests.browser.people import COORDINATOR

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
