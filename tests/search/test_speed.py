"""How fast words are taken apart, and what a dictionary costs (`make test ARGS="tests/search/test_speed.py -s"`).

By the time of the processor, so that a busy machine changes little.
"""

import subprocess
import sys
from time import process_time

import pytest

from search.analysis.finnish import analyse
from search.analysis.tsvector import tsvector
from tests.search.documents import DOCUMENTS

FINNISH = [text for language, text in DOCUMENTS.values() if language == "fi"]
# as long as a complete method: some 200 words
SHEETS = [[FINNISH[(first + step) % len(FINNISH)] for step in range(24)] for first in range(len(FINNISH))]
COST = """
import psutil, time
began, before = time.process_time(), psutil.Process().memory_info().rss
from search.analysis.backends import backends
describe = backends()["{name}"]()[1]
describe("koulu")
ready = time.process_time()
begins, ends = ("nuoriso", "kerho", "leiri", "paja"), ("", "a", "ssa", "sta", "an")
words = [begin + "toiminta" + end for begin in begins for end in ends]
for _round in range(20):
    for word in words:
        describe(word)
spent = time.process_time() - ready
size = (psutil.Process().memory_info().rss - before) / 1_000_000
print(f"{{ready - began:.2f}} s to load, {{size:.0f}} MB, {{20 * len(words) / spent:,.0f}} words/s")
"""


def sheets_a_second():
    for sheet in SHEETS:
        tsvector([(analyse(text), "C") for text in sheet])
    began = process_time()
    for _round in range(3):
        for sheet in SHEETS:
            tsvector([(analyse(text), "C") for text in sheet])
    return 3 * len(SHEETS) / (process_time() - began)


def test_five_hundred_methods_are_taken_apart_in_a_second(use, capsys):
    use("libvoikko")
    rate = sheets_a_second()
    words = sum(len(text.split()) for sheet in SHEETS for text in sheet) // len(SHEETS)
    with capsys.disabled():
        print(f"\n{rate:,.0f} methods of {words} words a second", end=" ")
    assert rate >= 500


@pytest.mark.parametrize("name", ["libvoikko", "pyvoikko"])
def test_what_a_dictionary_costs_is_told(use, name, capsys):
    use(name)
    told = subprocess.run([sys.executable, "-c", COST.format(name=name)], capture_output=True, text=True, check=True)
    with capsys.disabled():
        print(f"\n{name}: {told.stdout.strip()}", end=" ")
    assert "words/s" in told.stdout
