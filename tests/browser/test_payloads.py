"""More than five hundred harmful texts in every column of words: no page, list, search or letter lets one of them live.

Some pages are opened for real, with an ear for dialogs, errors and reports of the content security policy. The many
others are fetched and read by the browser's own parser, which shows what would have come alive. What was written is
shown as it is.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.browser.conftest import HOUSE
from tests.browser.payloads import payloads

ALIVE = (Path(__file__).parent / "alive.js").read_text(encoding="utf-8")
LISTS = ["/ajankohtaista/", "/tapaamiset/", "/verkostot/", "/kysymykset/", "/en/methods/"]
DESK_LISTS = [
    "methods/method", "networks/newsitem", "networks/network", "networks/question", "meetings/meeting", "contacts/user",
    "contacts/organisation", "contacts/municipality",
]  # fmt: skip


def in_shell(portal, folder, command):
    mine = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}
    environment = mine | {"DEBUG": "1", "DATA_DIR": str(folder / "var"), "SITE_URL": portal}
    script = [sys.executable, "manage.py", "shell", "-c", f"from tests.browser import poison; poison.{command}()"]
    return subprocess.run(script, cwd=HOUSE, env=environment, check=True, capture_output=True, text=True).stdout


@pytest.fixture(scope="module")
def told(portal, tmp_path_factory):
    """Where the payloads are; the portal is clean again afterwards."""
    folder = max(tmp_path_factory.getbasetemp().glob("portal*"), key=lambda path: path.stat().st_mtime)
    said = in_shell(portal, folder, "put")
    yield json.loads(next(line for line in said.splitlines() if line.startswith("POISON "))[7:])
    in_shell(portal, folder, "take_away")


@pytest.fixture(scope="module")
def window(portal, browser, told):
    """A page of the coordinator that notes in `page.wrong` what it should never hear of."""
    context = browser.new_context(locale="fi-FI", base_url=portal)
    context.add_cookies([{"name": "sessionid", "value": told["session"], "url": portal}])
    context.add_init_script(ALIVE)
    page = context.new_page()
    page.heard = []

    def refuse(dialog):
        page.heard.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    page.on("dialog", refuse)
    page.on("pageerror", lambda error: page.heard.append(f"error: {error}"))
    page.on("console", lambda said: page.heard.append(f"{said.type}: {said.text}") if said.type == "error" else None)
    yield page
    context.close()


def wrong_on(page, path):
    """What came alive on a page opened for real."""
    assert page.goto(path).status == 200, path
    found = page.evaluate("[...wrong, ...alive(document)]") + page.heard
    page.heard.clear()
    return [f"{path}: {each}" for each in found]


def read(page, paths):
    """What came alive on many pages, and their headings by path."""
    found = page.evaluate("readAll", paths)
    assert len(found) == len(paths)
    wrong = [f"{each['path']}: {what}" for each in found for what in each["wrong"]]
    return wrong, {each["path"]: each["heading"] for each in found}


def test_there_are_more_than_five_hundred():
    every = payloads()
    assert len(every) == len(set(every)) > 500
    assert max(map(len, every)) <= 120


def test_the_ear_hears_what_comes_alive(window):
    """Each kind of harm, brought in past the templates: the other tests would notice."""
    window.goto("/")
    harm = [
        "<img src=x onerror=paha(1)>",
        "<a href=' java\tscript:paha(1)'>",
        "<iframe>",
        "<x tabindex=1>",
        "<base href=//paha.example>",
    ]
    assert [bool(window.evaluate("aliveIn", [text])) for text in harm] == [True] * len(harm)
    window.evaluate("document.querySelector('main').insertAdjacentHTML('beforeend', '<img src=x onerror=paha(1)>')")
    window.wait_for_function("wrong.length > 0", timeout=5000)
    window.heard.clear()


def test_lists_show_every_payload_as_text(window, told):
    seen, path, wrong = set(), "/menetelmat/", []
    while path:
        wrong += wrong_on(window, path)
        seen |= set(window.locator(".tile-title").all_text_contents())
        following = window.locator("a[rel=next]")
        path = "/menetelmat/" + following.get_attribute("href") if following.count() else None
    assert wrong == []
    assert {every.strip() for every in told["every"]} - {each.strip() for each in seen} == set()


@pytest.mark.parametrize("room", ["methods", "news", "meetings", "networks"])
def test_pages_of_one_thing_show_its_payloads_as_text(window, told, room):
    every, paths = told["every"], told[room]
    chosen = range(0, len(paths), 3 if room == "methods" else 8)
    wrong = [each for number in list(chosen)[::40] for each in wrong_on(window, paths[number])]
    more, headings = read(window, [paths[number] for number in chosen])
    assert wrong + more == []
    assert [paths[n] for n in chosen if headings[paths[n]].strip() != every[n].strip()] == []


def test_other_lists_and_pages_let_nothing_live(window, told):
    wrong = [each for path in [*LISTS, *told["pages"]] for each in wrong_on(window, path)]
    assert wrong == []


def test_searches_show_what_was_searched_for_as_text(window, told):
    for start in ("/menetelmat/", "/en/methods/cards/"):
        window.goto(start)
        queries = [f"{start}?q=" + window.evaluate("encodeURIComponent", each) for each in told["every"][::10]]
        wrong, _headings = read(window, queries)
        assert wrong == []
        assert [each for path in queries[::12] for each in wrong_on(window, path)] == []
        assert window.locator("main input[name=q]").first.input_value() == told["every"][::10][::12][-1]


def test_the_desk_lets_nothing_live(window, told):
    lists = [f"/tyopoyta/{name}/" for name in DESK_LISTS]
    assert [each for path in [*lists, *told["desk"]] for each in wrong_on(window, path)] == []
    rows = len(told["every"]) // 50
    wrong, _headings = read(window, [f"{path}?p={number}" for path in lists[:2] for number in range(1, rows)])
    assert wrong == []


def test_letters_let_nothing_live_even_without_a_policy(window, told):
    letters = told["letters"]
    assert len(letters) > 200
    window.goto("about:blank")  # without the portal's policy, as in a mail program
    assert window.evaluate("aliveIn", [text.replace("<style>", "<style nonce>") for text in letters]) == []
    for number in range(0, len(letters), 40):
        window.set_content("\n".join(letters[number : number + 40]))
        assert window.evaluate("window.wrong ?? []") == []
    assert window.heard == []
