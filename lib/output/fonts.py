"""Fonts of PDFs: those that a text needs beyond the usual ones, by a table of the characters that each covers.

Which fonts a machine has is chance. The files in `lib/output/fonts/` cover the scripts in which people write their
names; a PDF takes along only those that it needs. A style sheet names them by `var(--more-fonts, sans-serif)`.
"""

import unicodedata
from bisect import bisect_right
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).parent / "fonts"
COVERAGE = FOLDER / "coverage.txt"
ADDRESS = "/fonts-of-pdf/"  # known to the renderer only
# Latin, Greek, Cyrillic: in every PDF, since a machine may have no font at all. Its bold face is the only one.
ALWAYS = ("NotoSans-Regular.ttf", "NotoSans-Bold.ttf")


class Face(NamedTuple):
    """A file and the characters it covers, as the sorted bounds of ranges: first, one past the last, first, …"""

    file: str
    bounds: list[int]

    def covers(self, codepoint: int) -> bool:
        return bisect_right(self.bounds, codepoint) % 2 == 1


@lru_cache(maxsize=1)
def faces() -> list[Face]:
    """All files, in the order in which they are asked."""
    return [_face(line) for line in COVERAGE.read_text(encoding="ascii").splitlines()]


def needed(text: str) -> list[str]:
    """The files that hold the characters of a text, each character looked for in the first that has it."""
    found = (_first(character) for character in sorted(set(text)))
    return list(dict.fromkeys([*ALWAYS, *(file for file in found if file)]))


def _first(character: str) -> str | None:
    return next((face.file for face in faces() if face.covers(ord(character))), None)


def style(files: list[str]) -> str:
    """The rules that make these files known to a PDF and put them behind its own fonts."""
    rules = [
        f'@font-face{{font-family:"{_name(file)}";src:url({ADDRESS}{file});'
        f"font-weight:{'bold' if 'Bold' in file else 'normal'}}}"
        for file in files
    ]
    names = ",".join(f'"{name}"' for name in dict.fromkeys(map(_name, files)))
    return f"{''.join(rules)}:root{{--more-fonts:{names}}}"


def contents(files: list[str]) -> dict[str, bytes]:
    """The bytes of these files by the address that the rules name."""
    return {f"{ADDRESS}{file}": (FOLDER / file).read_bytes() for file in files}


def in_its_place(character: str) -> str:
    """What is written when no font, ours or the machine's, has a character: its plain form, its number, or nothing."""
    plain = unicodedata.normalize("NFKC", character)
    if plain != character and all(_first(each) for each in plain):
        return plain
    return f"[U+{ord(character):04X}]" if unicodedata.category(character)[0] in "LN" else ""


def _name(file: str) -> str:
    """A family of its own for each script: files of one family and weight are mixed up (glyphs of one with numbers of
    the other)."""
    return "Noto Sans" if file in ALWAYS else file.partition(".")[0]


def _face(line: str) -> Face:
    file, *ranges = line.split(" ")
    ends = [(first, last or first) for first, _dash, last in (each.partition("-") for each in ranges)]
    return Face(file, [bound for first, last in ends for bound in (int(first, 16), int(last, 16) + 1)])


def coverage_of(path: Path) -> str:
    """The line of the table for one file: "Name.ttf 20-7e a0-17f"."""
    from fontTools.ttLib import TTFont

    codepoints = sorted(TTFont(path).getBestCmap())
    breaks = [0, *(n + 1 for n, (one, other) in enumerate(pairwise(codepoints)) if other != one + 1), len(codepoints)]
    runs = [(codepoints[begin], codepoints[end - 1]) for begin, end in pairwise(breaks)]
    return " ".join([path.name, *(f"{one:x}-{last:x}" if last > one else f"{one:x}" for one, last in runs)])


def files() -> list[Path]:
    """The small ones first: what two cover is taken from the smaller."""
    found = [path for path in FOLDER.iterdir() if path.suffix in (".ttf", ".otf")]
    return sorted(found, key=lambda path: (path.name not in ALWAYS, path.stat().st_size, path.name))


if __name__ == "__main__":
    COVERAGE.write_text("".join(f"{coverage_of(path)}\n" for path in files()), encoding="ascii")
