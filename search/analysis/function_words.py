"""Words that only join others, stand for them or ask: no nouns in a text, and not asked for in a search. Pure."""

from pathlib import Path

# never asked for, not even alone
JOINING = {
    "ja", "tai", "sekä", "kanssa", "on", "kun", "että", "eli", "ovat", "myös", "niin", "kuin", "mutta",
    "och", "eller", "med", "för", "på", "av", "en", "ett", "att", "som", "om",
    "and", "or", "the", "with", "of", "for", "in", "a", "an", "to",
}  # fmt: skip
# verbs of questions: "miten voin saada", "mitä pitää tehdä"
ASKING_VERBS = {
    "olla", "voida", "saada", "pitää", "täytyä", "haluta", "haluttaa", "kannattaa", "tehdä", "tulla", "pystyä",
    "kuulua", "löytyä", "löytää", "tarvita", "joutua", "tuli", "vuo", "voi",
}  # fmt: skip


def _read() -> dict[str, frozenset[str]]:
    """The words of each section of the file."""
    text = Path(__file__).with_name("function_words.txt").read_text(encoding="utf-8")
    sections = [section.partition("]") for section in text.split("[")[1:]]
    return {name: frozenset(words.split()) for name, _end, words in sections}


_SECTIONS = _read()
LOOKALIKES = _SECTIONS["lookalikes"]
FUNCTION_WORDS = {"fi": LOOKALIKES | _SECTIONS["fi"], "sv": _SECTIONS["sv"], "en": _SECTIONS["en"]}
FOREIGN = FUNCTION_WORDS["sv"] | FUNCTION_WORDS["en"]
