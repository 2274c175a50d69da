"""The coordinator's straight path in a browser, in Finnish: from a new issue to its report, paused on the way."""

import os
import subprocess
import sys

import pytest

from tests.browser.conftest import HOUSE
from tests.browser.mailbox import newest_message
from tests.browser.people import COORDINATOR

MANY = 1200  # so many that there is time to pause
MOST_INTERACTIONS = 12

READERS = f"""
from django.utils import timezone
from newsletters.models import MailingList, Subscription
first, now = MailingList.objects.in_order().first(), timezone.now()
proof = {{"list": first, "requested_at": now, "confirmed_at": now}}
Subscription.objects.bulk_create([Subscription(email=f"lukija{{n}}@example.org", **proof) for n in range({MANY})])
"""


@pytest.fixture
def many_readers(portal, tmp_path_factory):
    """Thousands of readers of the first list, put there through the portal's own database."""
    folder = max(tmp_path_factory.getbasetemp().glob("portal*"), key=lambda path: path.stat().st_mtime)
    mine = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}
    environment = mine | {"DEBUG": "1", "DATA_DIR": str(folder / "var"), "SITE_URL": portal}
    subprocess.run([sys.executable, "manage.py", "shell", "-c", READERS], cwd=HOUSE, env=environment, check=True)


@pytest.fixture
def desk(enter):
    return enter(COORDINATOR)


class Hand:
    """Counts what the coordinator does, and lets axe-core look at every page on the way."""

    def __init__(self, page, axe):
        self.page, self.axe, self.interactions = page, axe, 0

    def click(self, selector, **which):
        self.looks_well()
        self.page.locator(selector, **which).first.click()
        self.interactions += 1

    def write(self, selector, words):
        self.page.locator(selector).first.fill(words)
        self.interactions += 1

    def looks_well(self):
        assert self.axe(self.page) == []
        assert self.page.locator("html").get_attribute("lang") == "fi"


def in_state(page, state, patience=60):
    page.locator(f"#state[data-state={state}]").wait_for(timeout=patience * 1000)


def test_a_new_issue_goes_to_its_report_in_few_steps(portal, desk, axe, many_readers):
    hand = Hand(desk, axe)
    desk.goto("/tyopoyta/newsletters/issue/")
    hand.click(".object-tools a.addlink")
    hand.click("#content form input[type=submit]")
    desk.wait_for_url("**/change/")
    desk.locator("#blocks-2.has_original").wait_for()  # it comes prefilled
    hand.write("#blocks-0 [contenteditable=true]", "Hei verkosto, tässä talven kuulumiset.")
    hand.click("input[name=_preview]")
    desk.frame_locator("iframe.issue-letter").get_by_text("talven kuulumiset").first.wait_for()
    hand.click("#test-to-me")
    test = newest_message(portal, COORDINATOR, about="talven kuulumiset")
    assert test["To"] == COORDINATOR
    hand.click("#to-send")
    hand.click("input[name=when][value=now]")
    hand.click("#send")

    in_state(desk, "sending")
    paused_for_fun = Hand(desk, axe)
    paused_for_fun.click("#pause")
    in_state(desk, "paused")
    held = [desk.locator("#bar").get_attribute("value") for _look in (1, 2) if desk.wait_for_timeout(2500) is None]
    assert held[0] == held[1] and int(held[1]) < MANY, "nothing leaves while it is paused"
    paused_for_fun.click("#resume")

    in_state(desk, "sent", patience=120)
    hand.click("#to-report")
    hand.looks_well()
    assert hand.interactions <= MOST_INTERACTIONS
