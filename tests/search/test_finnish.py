"""Taking words apart, with each back end that is on the machine."""

import pytest

from search import finnish, voikko
from search.finnish import analyse, words_of
from search.voikko import NoVoikko


@pytest.fixture
def use(monkeypatch):
    """use("pyvoikko") makes one back end the chosen one for a test; skips where it is missing."""

    def choose(name):
        try:
            chosen = finnish.backends()[name]()
        except (ImportError, NoVoikko):
            pytest.skip(f"{name} is not on this machine")
        monkeypatch.setattr(finnish, "_chosen", lambda: chosen)
        finnish._lexemes.cache_clear()
        return chosen[0]

    yield choose
    finnish._lexemes.cache_clear()


def texts(text, language="fi"):
    return {lexeme.text for lexeme in analyse(text, language)}


@pytest.mark.parametrize("name", ["libvoikko", "pyvoikko"])
@pytest.mark.parametrize(
    ("searched", "written"),
    [
        ("leikki", "ryhmäytymisleikkejä"),
        ("kunta", "kuntien"),
        ("osallisuus", "osallisuutta"),
        ("kiusaaminen", "kiusaamista"),
        ("menetelmä", "menetelmäpankkiin"),
        ("koulutus", "koulutuksia"),
        ("nuori", "nuorille"),
        ("työntekijä", "nuorisotyöntekijöille"),
        ("nuorisotyö", "koulunuorisotyöntekijöille"),
        ("välitunti", "välituntitoimintaa"),
        ("Jyväskylä", "Jyväskylässä"),
        ("jyväskylä", "JYVÄSKYLÄSTÄ"),
    ],
)
def test_a_word_is_found_in_its_forms_and_compounds(use, name, searched, written):
    use(name)
    assert set(finnish.wholes(searched)) & texts(written)


@pytest.mark.parametrize("name", ["libvoikko", "pyvoikko"])
@pytest.mark.parametrize(
    ("searched", "written"),
    [("kunta", "seurakunnissa"), ("kunta", "kun kokoonnutaan"), ("koulutus", "koulussa"), ("nuorisotyö", "työpaja")],
)
def test_a_word_is_not_found_where_it_is_not(use, name, searched, written):
    use(name)
    assert not set(finnish.wholes(searched)) & texts(written)


def test_the_stemmer_alone_finds_what_it_can(use):
    assert use("snowball") == "snowball"
    assert set(finnish.wholes("menetelmä")) & texts("menetelmät")
    assert not set(finnish.wholes("leikki")) & texts("ryhmäytymisleikkejä")


def test_parts_stand_at_the_words_position_with_the_least_weight(use):
    use("libvoikko")
    found = analyse("Hauska ryhmäytymisleikki")
    assert {(lexeme.position, lexeme.weight) for lexeme in found if lexeme.text == "leikki"} == {(2, "D")}
    assert {(lexeme.position, lexeme.weight) for lexeme in found if lexeme.text == "ryhmäytymisleikki"} == {(2, "")}


@pytest.mark.parametrize(
    ("searched", "written", "language"),
    [("skola", "skolor", "sv"), ("ungdom", "ungdomar", "sv"), ("game", "games", "en"), ("meeting", "meetings", "en")],
)
def test_swedish_and_english_are_stemmed(searched, written, language):
    assert set(finnish.wholes(searched, language)) & texts(written, language)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Hei, maailma!", ["hei", "maailma"]),
        ("lähi-ihmiset", ["lähi-ihmiset", "lähi", "ihmiset"]),
        ("EU:n 2027 – ok", ["eu", "n", "2027", "ok"]),
        ("", []),
        ("!?…", []),
        ("<b>lihava</b>", ["b", "lihava", "b"]),
    ],
)
def test_text_is_cut_into_words(text, words):
    assert words_of(text) == words


def test_a_missing_library_is_told_and_passed_over(monkeypatch):
    monkeypatch.setattr(voikko, "_NAMES", ("libvoikko-that-is-not-there.so",))
    monkeypatch.setattr(voikko.ctypes.util, "find_library", lambda name: None)
    voikko._load.cache_clear()
    finnish._chosen.cache_clear()
    with pytest.raises(NoVoikko):
        voikko.Voikko()
    assert finnish.backend().split()[0] in ("pyvoikko", "snowball")
    voikko._load.cache_clear()
    finnish._chosen.cache_clear()
