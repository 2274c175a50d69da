"""One spelling for one text: letters with their marks composed (NFC), names without marks that nobody sees. Pure."""

import re
import unicodedata

# Zero-width characters, marks of direction, soft hyphens, characters for private use, halves of surrogate pairs.
UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ud800-\udfff\ue000-\uf8ff\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e007f]"
)
# What ends a line somewhere, or what no terminal and no database shows.
CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
# Letters that are no other letter with a mark, as people write them who have not got them.
_LETTERS = str.maketrans(
    {
        "ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "þ": "th", "Þ": "Th",
        "ħ": "h", "Ħ": "H", "ŧ": "t", "Ŧ": "T", "ŋ": "n", "Ŋ": "N", "ı": "i", "ß": "ss", "ẞ": "SS",
        "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "’": "'", "ʼ": "'",
    }
)  # fmt: skip


def composed(text: str) -> str:
    """The text with each letter and its marks in one character (NFC, UAX 15)."""
    return unicodedata.normalize("NFC", text)


def is_composed(text: str) -> bool:
    return text.isascii() or unicodedata.is_normalized("NFC", text)


def without_unseen(text: str) -> str:
    """Composed, and without marks that have no shape of their own."""
    return composed(UNSEEN.sub("", text))


def name_of(text: str) -> str:
    """A name on one line, without marks that nobody sees."""
    return " ".join(CONTROL.sub(" ", without_unseen(text)).split())


def without_accents(text: str) -> str:
    """As somebody types it who has not got those letters: Söderström as Soderstrom, Łukasiewicz as Lukasiewicz."""
    apart = unicodedata.normalize("NFKD", text.translate(_LETTERS))
    return "".join(letter for letter in apart if not unicodedata.combining(letter))
