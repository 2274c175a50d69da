"""From a tick on the list to the certificate in its owner's hands, and a turn in line explained to a visitor."""

from pathlib import Path

from tests.browser.people import COORDINATOR, MEMBER, press

HELD = "tyoparit-2026-09"
FULL = "koulutus-digi-2027-03"


def test_a_tick_becomes_a_certificate_that_its_owner_downloads(portal, enter, axe):
    desk = enter(COORDINATOR)
    desk.set_viewport_size({"width": 360, "height": 740})
    desk.goto(f"{portal}/tapaamiset/{HELD}/")
    press(desk, desk.locator(".tool-bar").get_by_role("link", name="Merkitse, ketkä tulivat"))
    assert axe(desk) == []
    desk.locator("input[name=email]").fill(MEMBER)
    press(desk, desk.locator("button[name=walk_in]"))
    row = desk.locator("li.attendee").first
    row.locator("button[value^=absent]").click()  # taken back and marked again, without leaving the page
    row.locator("button[value^=here]").click()
    row.locator("button[value^=absent]").wait_for()

    desk.goto(f"{portal}/tapaamiset/{HELD}/")
    press(desk, desk.locator(".tool-bar a[href*='/tyopoyta/']"))
    press(desk, desk.locator("a[href$='/certificates/']"))
    press(desk, desk.locator("#content input[type=submit].default"))
    assert axe(desk) == []

    owner = enter(MEMBER)
    press(owner, owner.locator("aside .actions a[href^='/tapaamiset/omat/']"))
    assert axe(owner) == []
    with owner.expect_download() as waiting:
        owner.locator("a[href$='.pdf']").first.click()
    assert Path(waiting.value.path()).read_bytes()[:5] == b"%PDF-"


def test_a_visitor_sees_that_a_training_is_full_and_signs_up_for_the_line(portal, page, axe):
    page.goto(f"{portal}/tapaamiset/{FULL}/")
    press(page, page.locator("section[aria-labelledby=sign-up] a.btn"))
    assert axe(page) == []
    press(page, page.locator("button[name=join]"))
    assert page.locator(".error-summary li").count() == 3  # name, e-mail, and the question that must be answered
    page.locator("input[name=name]").fill("Virpi Vieras")
    page.locator("input[name=email]").fill("virpi@example.org")
    page.locator("input[type=radio]").first.check()
    press(page, page.locator("button[name=join]"))
    assert page.locator("h1").count() == 1 and axe(page) == []
