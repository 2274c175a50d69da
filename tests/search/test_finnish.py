"""Taking words apart, with each back end that is on the machine."""

import pytest

from search.analysis import backends, finnish, voikko
from search.analysis.finnish import Entry, analyse
from search.analysis.tokenizer import words_of
from search.analysis.voikko import NoVoikko

FOUND = [
    ("leikki", "ryhmäytymisleikkejä"),
    ("leikit", "leikitään"),
    ("kunta", "kuntien"),
    ("kunta", "kuntalaisille"),
    ("osallisuus", "osallisuutta"),
    ("kiusaaminen", "kiusaamista"),
    ("kiusaaminen", "kiusattujen"),
    ("menetelmä", "menetelmäpankkiin"),
    ("koulutus", "koulutuksia"),
    ("nuori", "nuorille"),
    ("nuoret", "nuortemmekin"),
    ("työntekijä", "nuorisotyöntekijöille"),
    ("nuorisotyö", "koulunuorisotyöntekijöille"),
    ("välitunti", "välituntitoimintaa"),
    ("arviointi", "arvioidaan"),
    ("harrastus", "harrastamisen"),
    ("harrastaminen", "harrastustoiminta"),
    ("yläkoulu", "yläkoululaisten"),
    ("Jyväskylä", "Jyväskylässä"),
    ("jyväskylä", "JYVÄSKYLÄSTÄ"),
    ("Saarijärvi", "Saarijärven"),
    ("Uurainen", "Uuraisilla"),
    ("AVI", "AVIn"),
    ("EU", "EU:ssa"),
    ("POPsote", "POPsoten"),
    ("nuvat", "nuvan"),
    ("nuva", "nuvatoiminnassa"),
    ("ryhmaytyminen", "Ryhmäytymistä"),
    ("aanekoski", "Äänekoskella"),
    ("koulunuorisotyo", "koulunuorisotyötä"),
    ("tietotekniikka", "tieto- ja viestintätekniikkaa"),
    ("lapsityö", "lapsi-, nuoriso- ja perhetyötä"),
    ("nuorisotyöverkosto", "nuorisotyön verkosto"),
    ("some-kiusaaminen", "somekiusaamista"),
    ("somekiusaaminen", "some-kiusaamista"),
    ("8-luokka", "8.-luokkalaisille"),
    ("20.1.", "20.1.2027"),
    ("vapaa-aika", "vapaa-ajan"),
]

NOT_FOUND = [
    ("kunta", "seurakunnissa"),
    ("kunta", "kun kokoonnutaan"),
    ("seura", "seurakunnissa"),
    ("koulutus", "koulussa"),
    ("nuorisotyö", "työpaja"),
    ("osallisuus", "osallistutaan"),
    ("nuori", "nuorisotyö"),
    ("kouluttaja", "koulutus"),
    ("toiminta", "toimiva"),
    ("ohja", "ohjaajat"),
    ("järvi", "Saarijärvellä"),
    ("leikki kunta", "ryhmäytymisleikkejä"),
]


@pytest.mark.parametrize("name", ["libvoikko", "pyvoikko"])
@pytest.mark.parametrize(("searched", "written"), FOUND)
def test_a_word_is_found_in_its_forms_and_compounds(use, matches, name, searched, written):
    use(name)
    assert matches(searched + " ", written)


@pytest.mark.parametrize("name", ["libvoikko", "pyvoikko"])
@pytest.mark.parametrize(("searched", "written"), NOT_FOUND)
def test_a_word_is_not_found_where_it_is_not(use, matches, name, searched, written):
    use(name)
    assert not matches(searched + " ", written)


def test_the_stemmer_alone_finds_what_it_can(use, matches):
    assert use("snowball").startswith("snowball ")
    assert matches("menetelmä", "menetelmät")
    assert not matches("leikki", "ryhmäytymisleikkejä")


def test_parts_stand_beside_the_word_they_are_parts_of(use):
    use("libvoikko")
    assert analyse("Hauska ryhmäytymisleikki") == [
        Entry(("hauska",), ()),
        Entry(("ryhmäytymisleikki",), ("ryhmäytyä", "leikki")),
    ]


@pytest.mark.parametrize(
    ("searched", "written", "language"),
    [
        ("skola", "skolor", "sv"),
        ("skolan", "skola", "sv"),
        ("nätverk", "nätverket", "sv"),
        ("ungdom", "ungdomar", "sv"),
        ("ungdom", "ungdomsarbetet", "sv"),
        ("arbete", "ungdomsarbetet", "sv"),
        ("stad", "städerna", "sv"),
        ("läger", "lägret", "sv"),
        ("tjänst", "informations- och rådgivningstjänster", "sv"),
        ("informationstjänster", "informations- och rådgivningstjänster", "sv"),
        ("game", "games", "en"),
        ("meeting", "meetings", "en"),
    ],
)
def test_swedish_and_english_are_found_in_their_forms(matches, searched, written, language):
    assert matches(searched + " ", written, language=language)


@pytest.mark.parametrize(("searched", "written"), [("ungdomsarbetare", "ungdomsarbetet"), ("lek", "lektionerna")])
def test_swedish_words_that_only_look_alike_are_not_found(matches, searched, written):
    assert not matches(searched + " ", written, language="sv")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Hei, maailma!", ["hei", "maailma"]),
        ("lähi-ihmiset", ["lähi", "ihmiset"]),
        ("EU:n 2027 – ok", ["eu", "2027", "ok"]),
        ("klo 13.30, 20.1.2027.", ["klo", "13.30", "20.1.2027"]),
        ("", []),
        ("!?…", []),
        ("<b>lihava</b>", ["b", "lihava", "b"]),
        ("nuo\u00adri\u00adso", ["nuoriso"]),
        ("x" * 101, []),
    ],
)
def test_text_is_cut_into_words(text, words):
    assert words_of(text) == words


def test_both_dictionaries_say_the_same_of_the_words_of_the_field(use):
    words = words_of(" ".join(searched + " " + written for searched, written in FOUND + NOT_FOUND))
    said = {}
    for name in ("libvoikko", "pyvoikko"):
        use(name)
        said[name] = {word: sorted(finnish.wholes(word)) for word in words}
    assert said["libvoikko"] == said["pyvoikko"]


def test_a_missing_library_is_told_and_passed_over(monkeypatch):
    monkeypatch.setattr(voikko, "_NAMES", ("libvoikko-that-is-not-there.so",))
    monkeypatch.setattr(voikko.ctypes.util, "find_library", lambda name: None)
    voikko._load.cache_clear()
    backends.chosen.cache_clear()
    with pytest.raises(NoVoikko):
        voikko.Voikko()
    assert finnish.backend().split()[0] in ("pyvoikko", "snowball")
    voikko._load.cache_clear()
    backends.chosen.cache_clear()
