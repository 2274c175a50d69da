"""A whole portal as one command starts it, and a real browser in front of it."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest

from servers.data_dir import DataDir
from servers.temporary import migrate_by_copy
from tests.browser import fonts
from tests.browser.mailbox import codes, newest_code
from tests.browser.people import OWN_PAGE

HOUSE = Path(__file__).resolve().parents[2]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")


def pytest_collection_modifyitems(items):
    for item in items:
        if "browser" in Path(str(item.fspath)).parts:
            item.add_marker(pytest.mark.browser)
            if not CHROMIUM:
                item.add_marker(pytest.mark.skip(reason="no Chromium on this machine"))


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args, tmp_path_factory):
    quiet = ["--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking"]
    quiet += ["--disable-component-update", "--disable-sync", "--disable-gpu"]
    environment = {**os.environ, "FONTCONFIG_FILE": str(fonts.make(tmp_path_factory.mktemp("fonts")))}
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": quiet, "env": environment}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return {**browser_context_args, "locale": "fi-FI", "timezone_id": "Europe/Helsinki"}


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def environment_of(folder, address):
    """What the processes of a portal of its own find in their environment; the servers are not those of the tests."""
    kept = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE")}
    return kept | {"DEBUG": "1", "DATA_DIR": str(folder / "var"), "SITE_URL": address}


@contextmanager
def running_portal(folder, *options):
    """The address and the environment of a portal started by `manage.py run` with servers of its own."""
    port, log = free_port(), folder / "run.log"
    address = f"http://127.0.0.1:{port}"
    environment = environment_of(folder, address)
    home = DataDir(folder / "var")
    home.open()
    migrate_by_copy(home)
    with log.open("w") as out:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "run", "--port", str(port), *options],
            cwd=HOUSE,
            env=environment,
            stdout=out,
            stderr=out,
            stdin=subprocess.DEVNULL,
        )
    try:
        wait_for(address, process, log)
        yield address, environment
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()


@pytest.fixture(scope="session")
def portal(tmp_path_factory):
    """The address of a portal with demo content."""
    with running_portal(tmp_path_factory.mktemp("portal")) as (address, _environment):
        yield address


def wait_for(address, process, log):
    """Until the front page answers; a portal that cannot start says why."""
    end = time.monotonic() + 240
    while time.monotonic() < end:
        if process.poll() is not None:
            pytest.fail(f"The portal stopped while starting:\n{log.read_text()[-3000:]}")
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.3)
    pytest.fail(f"The portal did not answer in time:\n{log.read_text()[-3000:]}")


@pytest.fixture(scope="session")
def states(portal, browser):
    """states(email) gives what a browser keeps after that person has signed in once, by the code from the mailbox.

    Whoever signs out in a test ends that for all tests: `states.kept.pop(email)` lets the next one sign in anew.
    """
    kept = {}

    def of(email):
        if email not in kept:
            before = codes(portal, email)
            context = browser.new_context(locale="fi-FI", base_url=portal)
            page = context.new_page()
            page.goto("/tunnus/kirjaudu/")
            page.get_by_label("Sähköposti").fill(email)
            page.locator("main form").get_by_role("button").first.click()
            page.locator("input[name=code]").fill(newest_code(portal, email, not_among=before))
            page.locator("main form").get_by_role("button").first.click()
            page.wait_for_url(f"**{OWN_PAGE}")
            kept[email] = context.storage_state()
            context.close()
        return kept[email]

    of.kept = kept
    return of


@pytest.fixture
def look_as(portal, browser, states):
    """look_as(email, width, scheme) gives an empty page of somebody who has signed in.

    Nothing moves on it, so that axe-core never reads a colour half way to another.
    """
    contexts = []

    def open_page(email, width=1280, scheme="light"):
        view = {"width": width, "height": 900}
        still = {"color_scheme": scheme, "reduced_motion": "reduce"}
        context = browser.new_context(
            viewport=view, locale="fi-FI", storage_state=states(email), base_url=portal, **still
        )
        contexts.append(context)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def enter(look_as):
    """enter(email, width=1280) gives somebody's own page, in a browser of its own."""

    def sign_in(email, width=1280):
        page = look_as(email, width)
        page.goto(OWN_PAGE)
        return page

    return sign_in


@pytest.fixture
def axe():
    """axe(page) gives what axe-core finds wrong at WCAG 2.2 A and AA, as readable lines."""

    def look(page):
        # The editor's pictures are ligatures of a font: words to axe-core, until that has come.
        page.evaluate("Promise.all([...document.fonts].map((font) => font.load())).then(() => null)")
        page.evaluate(AXE)
        tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
        found = page.evaluate("tags => axe.run(document, {runOnly: {type: 'tag', values: tags}})", tags)
        return [
            f"{fault['id']}: {node['target']} {node['failureSummary']}"
            for fault in found["violations"]
            for node in fault["nodes"]
        ]

    return look
