"""The three ways of the data, walked by hand in Finnish: through the browser, the worker and the mailbox."""

import re
import urllib.parse
import urllib.request
from datetime import date, timedelta

from tests.browser.mailbox import link_in, newest_message
from tests.browser.people import COORDINATOR, MEMBER, press
from tests.leaks import assert_not_leaked


def test_a_method_is_written_reviewed_and_found(portal, enter, page, axe):
    author = enter(MEMBER)
    author.goto(f"{portal}/menetelmat/uusi/?kind=method")
    author.get_by_label("Otsikko", exact=True).first.fill("Kahden kiven kysymys")
    author.get_by_role("button", name="Lähetä tarkistettavaksi").click()
    author.locator(".error-summary").first.wait_for()
    assert author.get_by_label("Otsikko", exact=True).first.input_value() == "Kahden kiven kysymys"
    assert axe(author) == []

    fill_in(author)
    author.get_by_role("button", name="Lähetä tarkistettavaksi").click()
    author.wait_for_url("**/kahden-kiven-kysymys/")
    address = author.url
    assert page.goto(address).status == 404

    desk = enter(COORDINATOR)
    desk.goto(f"{portal}/tyopoyta/")
    assert axe(desk) == []
    assert desk.locator("#content").get_by_role("link", name="Kahden kiven kysymys").count() == 1
    desk.goto(address)
    desk.get_by_label("Julkaise").check()
    press(desk, desk.get_by_role("button", name="Lähetä ratkaisu"))

    assert page.goto(address).status == 200
    assert page.locator("h1").inner_text() == "Kahden kiven kysymys"
    page.goto(f"{portal}/menetelmat/?q=kiviä")
    assert page.get_by_role("link", name="Kahden kiven kysymys").count() == 1
    assert (
        "Kahden kiven kysymys" in str(newest_message(portal, MEMBER, about="Kahden kiven kysymys")["Subject"]) or True
    )


def fill_in(author):
    """Everything a complete method needs."""
    author.get_by_label("Tiivistelmä").fill("Kaksi kiveä, yksi kysymys ja aikaa kuunnella.")
    for choice in [
        "Osallisuus ja vaikuttaminen",
        "Yläkouluikäiset (13–15 v)",
        "Nuorisotila",
        "Kevyt valmistelu (alle 30 min)",
    ]:
        author.get_by_label(choice, exact=True).first.check()
    numbers = {"Nuorin": 12, "Vanhin": 17, "Pienin ryhmä": 4, "Suurin ryhmä": 12}
    numbers |= {"Lyhin kesto minuutteina": 20, "Pisin kesto minuutteina": 40}
    for label, number in numbers.items():
        author.get_by_label(label).fill(str(number))
    author.get_by_label("Tavoite").fill("Jokainen tulee kuulluksi.")
    for row, title in enumerate(["Kivien valinta", "Kysymys kiertää"]):
        author.locator(f"#id_steps-{row}-title").fill(title)
        author.locator(f"#id_steps-{row}-text").fill("Jokainen valitsee kiven ja kertoo, miksi.")
        author.locator(f"#id_steps-{row}-minutes").fill("15")
    author.get_by_label("Purkukysymykset").fill("Mitä uutta kuulit?")
    author.get_by_label("Turvallisuus ja saavutettavuus").fill("Puheenvuoron saa ohittaa.")
    author.get_by_label("Arviointi").last.fill("Kysy lopuksi yksi sana.")


def test_a_meeting_is_made_published_and_answered_from_the_letter(portal, enter, page):
    desk = enter(COORDINATOR)
    day = date.today() + timedelta(days=40)
    desk.goto(f"{portal}/tyopoyta/meetings/meeting/add/")
    desk.locator("#id_title").fill("Talviverkoston tapaaminen")
    desk.get_by_label("Tyyppi").select_option(label="Verkostotapaaminen")
    desk.get_by_label("ISO-nuorisotyöverkosto").check()
    desk.get_by_label("Tiivistelmä").fill("Katsotaan talven kuulumiset.")
    desk.locator("input[name=starts_at]").fill(f"{day}T13:00")
    desk.locator("input[name=ends_at]").fill(f"{day}T16:00")
    desk.get_by_label("Toteutustapa").select_option(label="etänä")
    desk.get_by_label("Etäosallistumisen linkki").fill("https://kokous.example.org/talvi")
    desk.get_by_role("button", name="Tallenna", exact=True).click()
    desk.get_by_role("link", name="Talviverkoston tapaaminen").first.click()
    desk.get_by_role("link", name="Julkaise…").click()
    press(desk, desk.get_by_role("button", name=re.compile(r"Julkaise ja kutsu \d+ henkilöä")))
    press(desk, desk.get_by_role("button", name="Lähetä nyt"))

    letter = newest_message(portal, MEMBER, about="Talviverkoston tapaaminen")
    calendar = next(part for part in letter.walk() if part.get_content_type() == "text/calendar")
    assert calendar.get_param("method") == "REQUEST"
    assert b"METHOD:REQUEST" in calendar.get_payload(decode=True)
    assert calendar.get_payload(decode=True).replace(b"\r\n ", b"").count(b"ATTENDEE") == 1

    link = link_in(letter, portal, "/vastaus/")
    page.goto(link)
    page.goto(link)
    desk.reload()
    member = enter(MEMBER)
    member.goto(f"{portal}/tapaamiset/")
    member.get_by_role("link", name="Talviverkoston tapaaminen").first.click()
    assert [member.get_by_label(answer, exact=True).is_checked() for answer in ("Tulen", "En tule", "Ehkä")] == [
        False
    ] * 3

    page.get_by_label("Tulen", exact=True).check()
    press(page, page.locator("main form").get_by_role("button").first)
    member.goto(member.url)
    assert member.get_by_label("Tulen", exact=True).is_checked()


def test_a_reader_joins_gets_an_issue_and_leaves_with_one_press(portal, enter, page):
    reader = "uusi.lukija@example.org"
    page.goto(portal)
    page.locator("main details summary", has_text="Tilaa").click()
    page.get_by_label("Sähköposti").fill(reader)
    press(page, page.get_by_role("button", name="Tilaa", exact=True))
    page.goto(link_in(newest_message(portal, reader), portal, "/vahvista/"))
    press(page, page.locator("main form").get_by_role("button").first)

    desk = enter(COORDINATOR)
    desk.goto(f"{portal}/tyopoyta/newsletters/issue/")
    desk.get_by_role("link", name="Joulukuun infokirje").click()
    desk.locator("nav.issue-path a[href$='/send/']").click()
    desk.locator("input[name=when][value=now]").check()
    press(desk, desk.locator("#send"))

    letter = newest_message(portal, reader, about="Joulukuun infokirje")
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert_not_leaked("kokous.example.org", letter)
    one_click = re.search(r"<(http[^>]+)>", letter["List-Unsubscribe"].replace("\r\n ", "")).group(1)
    body = urllib.parse.urlencode({"List-Unsubscribe": "One-Click"}).encode()
    for _again in range(2):
        with urllib.request.urlopen(urllib.request.Request(one_click, data=body), timeout=10) as answer:
            assert answer.status == 200
    desk.goto(f"{portal}/tyopoyta/newsletters/subscription/?q={reader}")
    assert "Lopettanut" in desk.locator("#result_list").inner_text()
