"""Bringing a picture to a method in a browser: with JavaScript it tells how far it is, without it works as well."""

import pytest

from tests.browser.people import COORDINATOR
from tests.lib.uploading import pdf, picture

FILES = "/en/methods/kympin-keittio/files/"


@pytest.fixture
def state(states):
    """What a browser keeps after the coordinator has signed in."""
    return states(COORDINATOR)


@pytest.mark.parametrize("has_scripts", [True, False])
def test_a_picture_is_brought_refused_in_words_and_removed(portal, browser, axe, state, has_scripts):
    context = browser.new_context(base_url=portal, storage_state=state, java_script_enabled=has_scripts)
    page = context.new_page()
    heard = []
    page.on("console", lambda said: heard.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.goto(FILES)
    form = page.locator("form[data-upload]").first
    form.locator("input[type=file]").set_input_files(
        {"name": "a.svg", "mimeType": "image/svg+xml", "buffer": b"<svg/>"}
    )
    form.locator("button[type=submit]").click()
    page.locator(".error-summary").wait_for()
    form.locator("input[type=file]").set_input_files(
        {"name": "k.png", "mimeType": "image/png", "buffer": picture(size=(900, 500))}
    )
    form.locator("input[name=cover-alt]").fill("A pot of soup")
    form.locator("input[name=cover-agrees]").check()
    form.locator("button[type=submit]").click()
    page.locator("img[alt='A pot of soup']").wait_for()
    assert page.locator(".alert-success").count() == 1
    if has_scripts:
        assert axe(page) == []
    page.locator(".file-row").first.locator("button[value=remove]").click()
    page.locator("button[value=put_back]").first.wait_for()
    assert page.locator(".file-row").count() == 0
    assert [each for each in heard if "422" not in each] == []
    context.close()


def test_a_document_is_saved_and_never_shown(portal, browser, state):
    context = browser.new_context(base_url=portal, storage_state=state, accept_downloads=True)
    page = context.new_page()
    page.goto(FILES)
    form = page.locator("form[data-upload]").last
    form.locator("input[type=file]").set_input_files(
        {"name": "Ohje.pdf", "mimeType": "application/pdf", "buffer": pdf()}
    )
    form.locator("input[name=file-agrees]").check()
    form.locator("button[type=submit]").click()
    page.locator(".file-row a").wait_for()
    with page.expect_download() as download:
        page.locator(".file-row a").click()
    assert download.value.suggested_filename == "Ohje.pdf"
    page.locator(".file-row").first.locator("button[value=remove]").click()
    page.locator("button[value=put_back]").first.wait_for()
    context.close()
