"""The coordinator's ways with meetings, by hand: the short one, and a series of eight from plan to certificate."""

import re
from datetime import datetime, timedelta
from pathlib import Path

from tests.browser.mailbox import link_in, newest_message
from tests.browser.people import COORDINATOR, MEMBER, press
from tests.conftest import HELSINKI


class Hand:
    """A person at the desk; every press and every box filled is counted."""

    def __init__(self, page):
        self.page, self.count = page, 0

    def fill(self, name, text):
        self.count += 1
        self.page.locator(f"[name={name}]").fill(text)

    def choose(self, name, value):
        self.count += 1
        self.page.locator(f"[name={name}]").select_option(value)

    def press(self, button):
        self.count += 1
        press(self.page, button)


def moment(at):
    return f"{at:%Y-%m-%dT%H:%M}"


def test_a_new_meeting_is_invited_to_in_eight_interactions(portal, enter):
    desk = enter(COORDINATOR)
    desk.goto(f"{portal}/tyopoyta/")
    hand = Hand(desk)
    hand.press(desk.locator(".desk-hello a.is-main"))
    hand.fill("title", "Pikakutsu keväälle")
    hand.fill("summary", "Sovitaan kevään työnjaosta.")
    hand.fill("starts_at", moment(datetime.now() + timedelta(days=50)))
    hand.choose("mode", "online")
    hand.fill("join_url", "https://kokous.example.org/pika")
    hand.press(desk.locator("input[name=_publish]"))
    hand.press(desk.get_by_role("button", name=re.compile(r"Julkaise ja kutsu \d+ henkilöä")))
    assert hand.count <= 8


def test_a_series_of_eight_from_the_plan_to_the_certificate(portal, enter, page, axe):
    """The first meeting goes on now, so its letters do not wait; those of the other seven wait to be recalled."""
    desk = enter(COORDINATOR)
    series = plan_eight(portal, desk)
    eight = [link.get_attribute("href") for link in desk.locator(".days-to-choose a").all()]
    assert len(eight) == 8 and axe(desk) == []

    # one is moved by the form; nobody has been invited yet, so nobody is asked whom to tell
    move_by_a_day(portal, desk, eight[2])
    desk.goto(portal + series)
    assert desk.locator(".days-to-choose li", has_text="·").nth(2).inner_text().count("·") == 2

    # all are published and their people invited in one motion; the page says before who gets what
    press(desk, desk.locator("a[href*='/together/']"))
    assert axe(desk) == [] and desk.locator("table.places tbody tr").count() > 2
    press(desk, desk.locator("input[name=_tell]"))
    first = newest_message(portal, MEMBER, about="Kahdeksan kertaa")

    # one is cancelled before the letters have left: nobody has heard of it. Then they are sent at once
    desk.goto(portal + eight[4].replace("/change/", "/cancel/"))
    desk.locator("textarea[name=reason]").fill("Samana päivänä on seminaari.")
    assert desk.locator("input[name=_tell]").count() == 0
    press(desk, desk.locator("input[name=_quiet]"))
    desk.goto(portal + series)
    press(desk, desk.locator(".desk-held button[name=send]"))
    letter = newest_message(portal, MEMBER, about="Kutsu 6 tapaamiseen")
    assert [part.get_content_type() for part in letter.walk()].count("text/calendar") == 6

    # the answer from the mailbox page: looking answers nothing, the button does
    page.goto(link_in(first, portal, "/vastaus/"))
    page.get_by_label("Tulen", exact=True).check()
    press(page, page.locator("main form").get_by_role("button").first)
    assert axe(page) == []

    slug = slug_of(portal, desk, eight[0])
    tick_and_write(portal, desk, slug, axe)
    assert "Kahdeksan kertaa" in newest_message(portal, MEMBER, about="Sovittiin kevään vuorot.").as_string()

    desk.goto(portal + eight[0].replace("/change/", "/certificates/"))
    press(desk, desk.locator("#content input[type=submit].default"))
    assert certificate_of(portal, enter(MEMBER))[:5] == b"%PDF-"


def plan_eight(portal, desk):
    """A meeting that has just begun, and seven drafts of the months after it; gives the address of the series."""
    begins = datetime.now(HELSINKI).replace(tzinfo=None, second=0, microsecond=0) - timedelta(minutes=10)
    desk.goto(f"{portal}/tyopoyta/meetings/meeting/add/")
    desk.locator("[name=title]").fill("Kahdeksan kertaa")
    desk.locator("[name=summary]").fill("Joka kuukausi sama paikka.")
    desk.locator("[name=starts_at]").fill(moment(begins))
    desk.locator("[name=mode]").select_option("onsite")
    desk.locator("[name=place_name]").fill("Nuorisotila")
    press(desk, desk.locator("input[name=_continue]"))
    press(desk, desk.locator("a[href$='/repeat/']"))
    desk.locator("[name=count]").fill("8")
    press(desk, desk.locator("form[method=get] input[type=submit]"))
    for box in desk.locator("input[name=on]").all():
        box.check()  # a holiday among them is meant
    press(desk, desk.locator("form[method=post] input.default"))
    return desk.url.removeprefix(portal)


def move_by_a_day(portal, desk, change):
    """The same hours one day later, typed into the form."""
    desk.goto(portal + change)
    for name in ("starts_at", "ends_at"):
        box = desk.locator(f"[name={name}]")
        box.fill(moment(datetime.fromisoformat(box.input_value()) + timedelta(days=1)))
    press(desk, desk.locator("input[name=_save]"))


def certificate_of(portal, owner):
    """What its owner downloads from the own record."""
    owner.goto(f"{portal}/tapaamiset/omat/")
    with owner.expect_download() as waiting:
        owner.locator("li, tr").filter(has_text="Kahdeksan kertaa").locator("a[href$='.pdf']").first.click()
    return Path(waiting.value.path()).read_bytes()


def slug_of(portal, desk, change):
    """The public address of a meeting on the desk."""
    desk.goto(portal + change)
    return desk.locator(".desk-doors a[href$='/muistio/kirjoita/']").get_attribute("href").split("/")[2]


def tick_and_write(portal, desk, slug, axe):
    """One person is ticked as present, and the minutes are written, approved and sent."""
    desk.goto(f"{portal}/tapaamiset/{slug}/lasnaolo/")
    assert axe(desk) == []
    row = desk.locator("li.attendee").filter(has_text="Saarijärvi")
    row.locator("button[value^=here]").click()
    row.locator("button[value^=absent]").wait_for()
    desk.goto(f"{portal}/tapaamiset/{slug}/muistio/kirjoita/")
    desk.locator("section.minutes-item textarea").first.fill("Sovittiin kevään vuorot.")
    desk.locator(".save-state.is-saved").wait_for()
    press(desk, desk.locator("a[href$='/muistio/hyvaksy/']"))
    press(desk, desk.locator("button[name=_tell]"))
