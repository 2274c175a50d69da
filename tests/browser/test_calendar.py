"""A calendar file on the desk as people see it, and that a click on the link for joining tells nobody where from."""

import pytest

from tests.browser.people import COORDINATOR, MEMBER
from tests.browser.test_desk import LOOKS

FILE = "\r\n".join(
    [
        "BEGIN:VCALENDAR", "VERSION:2.0", "BEGIN:VEVENT", "UID:1@example.net",
        "DTSTART;TZID=Europe/Helsinki:20270113T130000",
        "DTEND;TZID=Europe/Helsinki:20270113T160000", "RRULE:FREQ=MONTHLY;BYDAY=2WE;COUNT=3",
        "SUMMARY:Monialaisen yhteistyön kehittämisiltapäivä", "LOCATION:Nuorisotila\\; Microsoft Teams Meeting",
        "DESCRIPTION:Tervetuloa!", "END:VEVENT", "BEGIN:VEVENT", "UID:2@example.net", "DTSTART;VALUE=DATE:20270106",
        "SUMMARY:Suunnittelupäivä", "END:VEVENT", "END:VCALENDAR", "",
    ]
)  # fmt: skip


@pytest.mark.parametrize("width, scheme", LOOKS)
def test_the_events_of_a_file_are_accessible_and_fit(look_as, axe, width, scheme):
    page = look_as(COORDINATOR, width, scheme)
    page.goto("/tyopoyta/meetings/meeting/import/")
    page.set_input_files("input[type=file]", {"name": "k.ics", "mimeType": "text/calendar", "buffer": FILE.encode()})
    page.locator("input[type=submit].default").click()
    page.locator("input[name=take]").first.wait_for()
    assert page.locator("input[name=take]").count() == 4
    assert page.locator("input[name=take]:checked").count() == 3
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_provider_of_the_video_meeting_does_not_hear_where_the_visitor_came_from(look_as):
    """TK-05, with the browser's own judgement of rel and Referrer-Policy."""
    page = look_as(MEMBER, 1280, "light")
    page.goto("/tapaamiset/iso-verkosto-2027-01/")
    link = page.locator("section[aria-labelledby=join] a")
    heard = []

    def answer(route):
        heard.append(route.request.all_headers())
        route.fulfill(status=200, content_type="text/html", body="<h1>Teams</h1>")

    page.context.route(f"{link.get_attribute('href').split('?')[0]}**", answer)
    link.click()
    page.get_by_role("heading", name="Teams").wait_for()
    assert len(heard) == 1
    assert "referer" not in heard[0]
    assert page.evaluate("document.referrer") == ""
