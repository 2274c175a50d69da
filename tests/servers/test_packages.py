"""Installing the packages tells how far it is, and what was wrong."""

import re
from io import StringIO
from pathlib import Path

from servers import packages

HOUSE = Path(__file__).resolve().parents[2]


def locked(name):
    """The lines of one package of the lock, which is installed already."""
    text = (HOUSE / "requirements" / "test.txt").read_text(encoding="utf-8")
    return re.search(rf"^{name}==.*?(?=^\S)", text, re.MULTILINE | re.DOTALL)[0]


def test_it_counts_the_packages_and_the_seconds(tmp_path):
    """Real use 36: `make run` shows what it does while it installs."""
    lock, out = tmp_path / "some.txt", StringIO()
    lock.write_text(locked("sqlparse") + locked("asgiref"))
    assert packages.install(lock, out) == 0
    first, *progress, last = out.getvalue().splitlines()
    assert first.startswith("Installing the packages into .venv.")
    assert all(re.fullmatch(r" *\d+ s  [012] packages(, unpacking| fetched)", line) for line in progress)
    assert (bool(progress), last) == (True, "The packages are installed.")


def test_what_failed_is_told_in_pips_own_words(tmp_path):
    lock, out = tmp_path / "some.txt", StringIO()
    lock.write_text("not a requirement\n")
    assert packages.install(lock, out) != 0
    assert "Invalid requirement" in out.getvalue()
