"""The search by keyboard and by finger: the key, an inflected word, results while typing, and without scripts."""

import re

import pytest

LOOKS = [(320, "light"), (320, "dark"), (1280, "light"), (1280, "dark")]


@pytest.fixture
def search_url(portal, page):
    """The address of the search page in Finnish, as the head of the front page knows it."""
    page.goto(portal + "/")
    return portal + page.locator(".site-nav-search a").get_attribute("href")


def found(page):
    return page.locator("#found h3").all_inner_texts()


def test_the_slash_leads_to_the_field_and_a_word_to_results(portal, page, axe):
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(portal + "/")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "site-q"
    page.keyboard.type("verkostoihin")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "ISO-nuorisotyöverkosto" in found(page)
    assert re.match(r"\d+ ", page.locator("#count").inner_text())
    assert axe(page) == []


def test_escape_leaves_and_a_slash_in_a_field_is_a_slash(portal, page):
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(portal + "/")
    page.keyboard.press("Tab")
    page.keyboard.press("/")
    page.keyboard.type("a/b")
    assert page.locator("#site-q").input_value() == "a/b"
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.className") == "skip-link"


def test_on_a_phone_the_slash_opens_the_page_of_the_search(portal, page, search_url):
    page.set_viewport_size({"width": 320, "height": 700})
    page.goto(portal + "/")
    with page.expect_navigation():
        page.keyboard.press("/")
    assert page.url == search_url
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "q"


def test_results_come_while_typing_and_the_address_keeps_the_words(page, search_url):
    told = []
    page.on("console", lambda message: told.append(message.text))
    page.goto(search_url)
    page.locator("#q").focus()
    page.keyboard.type("välituntikello", delay=20)
    page.wait_for_url("**q=v%C3%A4lituntikello**")
    page.locator("#found h3", has_text="Välituntikello").first.wait_for()
    number = int(re.match(r"\d+", page.locator("#count").inner_text())[0])
    assert number >= 1
    assert page.evaluate("document.activeElement.id") == "q"
    assert told == []


def test_without_scripts_the_search_works_as_well(browser, search_url):
    context = browser.new_context(java_script_enabled=False, locale="fi-FI")
    page = context.new_page()
    page.goto(search_url)
    page.locator("#q").fill("menetelmien")
    with page.expect_navigation():
        page.locator("main form button").click()
    assert len(found(page)) >= 1
    with page.expect_navigation():
        page.locator("#found nav a").nth(1).click()
    assert "in=" in page.url and len(found(page)) >= 1
    context.close()


@pytest.mark.parametrize("width, scheme", LOOKS)
@pytest.mark.parametrize("asked", ["", "?q=nuorten", "?q=nuorten&in=methods", "?q=qqxyzzy"])
def test_the_page_is_accessible_and_fits(browser, axe, search_url, width, scheme, asked):
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, locale="fi-FI")
    page = context.new_page()
    page.goto(search_url + asked)
    assert axe(page) == []
    assert page.locator("h1").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()
