"""Pasting from Word, Outlook, Google Docs and web pages: into the editor as rich text, into plain boxes as lines."""

import base64
from pathlib import Path

import pytest

from tests.browser.people import COORDINATOR

HOUSE = Path(__file__).resolve().parents[2]
DATA = HOUSE / "tests" / "lib" / "data" / "pasted"
CASES = sorted(path.name.removesuffix(".clean.html") for path in DATA.glob("*.clean.html"))
PASTE = """(box, {html, text}) => {
  const clipboardData = new DataTransfer();
  if (html) clipboardData.setData("text/html", html);
  clipboardData.setData("text/plain", text);
  box.focus();
  box.dispatchEvent(new ClipboardEvent("paste", {clipboardData, bubbles: true, cancelable: true}));
}"""
AS_TEXT = """## Tammikuun teemat

Hei kaikki! Tervetuloa.

- Ensimmäinen kohta
  - Alakohta

1. Numeroitu kohta

Päivä | Aihe
12.1. | Ryhmäilmiöt

Ilmoittaudu tästä (https://example.org/ilmo) [Kuva jäi pois: Logo.]"""


def read(name):
    return (DATA / name).read_text(encoding="utf-8").rstrip("\n")


@pytest.mark.parametrize("case", CASES)
def test_the_browser_cleans_as_the_server_does(page, case):
    """Real use 28: lists, headings, tables and links survive, pictures are named."""
    source = (HOUSE / "static" / "js" / "pasted.js").read_text(encoding="utf-8")
    module = f"data:text/javascript;base64,{base64.b64encode(source.encode()).decode()}"
    clean = "async ([module, html]) => (await import(module)).clean(html)"
    assert page.evaluate(clean, [module, read(f"{case}.html")]) == read(f"{case}.clean.html")


def test_a_page_of_word_lands_in_the_editor_and_in_a_plain_box(portal, enter):
    """Real use 28: with the file that Word wrote."""
    page = enter(COORDINATOR)
    page.goto("/tyopoyta/networks/newsitem/add/")
    box = page.locator('.prose-editor [contenteditable="true"]').first
    box.evaluate(PASTE, {"html": read("word.html"), "text": "x"})
    shown = box.inner_html()
    assert box.locator("h2").inner_text() == "Tammikuun teemat"
    assert box.locator("ul > li > ul > li").inner_text().strip() == "Alakohta"
    assert box.locator("ol > li").inner_text().strip() == "Numeroitu kohta"
    assert box.locator("tr").nth(1).inner_text().split() == ["12.1.", "Ryhmäilmiöt"]
    assert 'href="https://example.org/ilmo"' in shown and "safelinks" not in shown
    assert "[Kuva jäi pois: Logo.]" in box.inner_text()

    page.goto("/menetelmat/uusi/?kind=method")
    goal = page.locator("#id_goal")
    goal.focus()
    page.wait_for_timeout(500)  # the cleaner is fetched
    goal.evaluate(PASTE, {"html": read("word.html"), "text": "x"})
    assert goal.input_value() == AS_TEXT
    goal.fill("")
    wrapped = "https://a.safelinks.protection.outlook.com/?url=https%3A%2F%2Fexample.org%2F&data=1"
    goal.evaluate(PASTE, {"html": "", "text": wrapped})
    assert goal.input_value() == "https://example.org/"
