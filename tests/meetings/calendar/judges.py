"""Other calendar programs as judges of our files: ical.js (Thunderbird's) in Chromium, and libical (Evolution's).

Both are for tests only; where a machine lacks Chromium or libical, what they would say is skipped in words.
"""

import ctypes
import ctypes.util
import json
import re
import shutil
import subprocess
from html import unescape
from pathlib import Path

import pytest

HERE = Path(__file__).parent
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
PAGE = '<!doctype html><meta charset="utf-8"><pre id="answers"></pre><script>{library}</script><script>{code}</script>'
QUIET = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
QUIET += ["--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--virtual-time-budget=60000"]


def ical_js(questions, folder):
    """Answers of ical.js: ("file", text) → method and events; ("repeats", text, most) → moments as ISO text in UTC.

    The page is opened by Chromium in Finland's time and gives its document back: no server, no event loop.
    """
    if not CHROMIUM:
        pytest.skip("no Chromium on this machine, so ical.js was not asked")
    library = (HERE / "vendor" / "ical.es5.min.cjs").read_text(encoding="utf-8")
    asked = json.dumps(questions).replace("</", "<\\/")
    code = f"const questions = {asked};\n" + (HERE / "judge.js").read_text(encoding="utf-8")
    page = folder / "judge.html"
    page.write_text(PAGE.replace("{library}", library).replace("{code}", code), encoding="utf-8")
    command = [CHROMIUM, *QUIET, f"--user-data-dir={folder / 'profile'}", "--dump-dom", page.as_uri()]
    shown = subprocess.run(command, capture_output=True, text=True, timeout=180, check=True).stdout
    answers = re.search(r'<pre id="answers">(.*?)</pre>', shown, re.DOTALL)
    assert answers and answers[1], shown[-500:]
    return json.loads(unescape(answers[1]))


def libical_says(text):
    """(keeps the rules of its METHOD by RFC 5546, number of errors found) of a calendar file."""
    library = _libical()
    component = library.icalparser_parse_string(text.encode())
    assert component, "libical could not read it at all"
    try:
        keeps = library.icalrestriction_check(component)
        return bool(keeps), library.icalcomponent_count_errors(component)
    finally:
        library.icalcomponent_free(component)


def _libical():
    name = ctypes.util.find_library("ical")
    if not name:
        pytest.skip("libical is not installed (on Debian: apt install libical3), so it was not asked")
    library = ctypes.CDLL(name)
    library.icalparser_parse_string.restype = ctypes.c_void_p
    library.icalparser_parse_string.argtypes = [ctypes.c_char_p]
    for function in ("icalrestriction_check", "icalcomponent_count_errors", "icalcomponent_free"):
        getattr(library, function).argtypes = [ctypes.c_void_p]
    return library
