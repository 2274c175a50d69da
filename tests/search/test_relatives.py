"""Words that are made of each other find each other; words that only look alike do not."""

import pytest

from search.analysis import finnish

RELATIVES = [
    ("kiusattu", "kiusaaminen"),
    ("kiusattujen", "kiusataan"),
    ("äänitetty", "äänittäminen"),
    ("lainattavat", "lainaa"),
    ("kiusaaja", "kiusaaminen"),
    ("kiusaaminen", "kiusaajalle"),
    ("harrastaja", "harrastus"),
    ("pyöräilijä", "pyöräily"),
    ("laulaminen", "laulajat"),
    ("laulu", "lauletaan"),
    ("siivoaminen", "siivoustalkoot"),
    ("turvallinen", "turvallisuutta"),
    ("turvallisuus", "turvallisessa"),
    ("talvi", "talviset"),
    ("talvinen", "talviretki"),
    ("ujo", "ujoutta"),
    ("ujous", "ujoille"),
    ("työtön", "nuorisotyöttömyys"),
    ("työttömyys", "työttömille"),
    ("esteetön", "esteettömyyden"),
    ("monikulttuurinen", "monikulttuurisuudesta"),
    ("ahdistuneisuus", "ahdistunut"),
    ("yhteisö", "yhteisöllisyys"),
    ("johtaja", "johtajuus"),
    ("rohkeus", "rohkeasti"),
    ("yö", "talviyönä"),
    ("talviyö", "talviyö"),
    ("paatos", "päätöksiä"),
    ("saannot", "säännöistä"),
    ("tahti", "tähtiä"),
    ("kuu", "kuuta"),
    ("apu", "avusta"),
    ("nuva", "nuvatoimintaa"),
    ("toimenkuva", "toimenkuvan"),
]

LOOKALIKES = [
    ("ilma", "ilman lupaa"),
    ("kuu", "enemmän kuin"),
    ("apu", "korttien avulla"),
    ("kausi", "pelin kautta"),
    ("pää", "mikrofoni päällä"),
    ("tähti", "lasten tähden"),
    ("tie", "mitä teillä on"),
    ("kari", "nuokkarilla"),
    ("kuva", "toimenkuva"),
    ("piiri", "ilmapiiri"),
    ("sade", "sateenkaari"),
    ("työ", "työtön"),
    ("osa", "osallisuus"),
    ("kouluttaja", "koulutus"),
    ("etsivä", "etsitään"),
    ("luova", "luodaan"),
    ("vastuullinen", "vastuu"),
    ("johtajuus", "johtaja"),
]


@pytest.mark.parametrize("name", ["libvoikko", "pyvoikko"])
@pytest.mark.parametrize(("searched", "written"), RELATIVES)
def test_relatives_find_each_other(use, matches, name, searched, written):
    """Real use 30: participles, doers, doings and qualities; typed without dots; two letters at the end."""
    use(name)
    assert matches(searched + " ", written)


@pytest.mark.parametrize("name", ["libvoikko", "pyvoikko"])
@pytest.mark.parametrize(("searched", "written"), LOOKALIKES)
def test_words_that_only_look_alike_do_not(use, matches, name, searched, written):
    """Real use 30: postpositions are no nouns, slang is no compound, an idiom does not mean its parts."""
    use(name)
    assert not matches(searched + " ", written)


@pytest.mark.parametrize(
    ("searched", "written", "language"),
    [
        ("mobbning", "mobbare", "sv"),
        ("mobbare", "den mobbade", "sv"),
        ("ensamhet", "den ensamma eleven", "sv"),
        ("ledare", "ledarskap", "sv"),
        ("lonely", "loneliness", "en"),
        ("safety", "safer spaces", "en"),
    ],
)
def test_relatives_in_swedish_and_english(matches, searched, written, language):
    """Real use 30: the same in the other languages of the portal."""
    assert matches(searched + " ", written, language=language)


@pytest.mark.parametrize("written", ["de som vill", "principer som alla följer"])
def test_a_swedish_function_word_is_no_social_media(matches, written):
    """Real use 30: the stem of “some” is a word of each Swedish text."""
    assert not matches("some ", written, language="sv")


def test_who_types_dots_means_a_word_without_them_as_it_stands(matches):
    """Real use 30: “saari” asks for “sääri” only where nothing else of the search has dots."""
    assert matches("saari kipea ", "sääri kipeä")
    assert not matches("saari kipeä ", "sääri kipeä")


@pytest.mark.parametrize("word", ["miten", "voin", "mitä", "mita", "minun", "ilman", "hur", "what"])
def test_words_that_only_ask_or_join_say_nothing(word):
    """Real use 31: a question in a whole sentence asks for its nouns and verbs."""
    assert finnish.says_nothing(word)


@pytest.mark.parametrize("word", ["ilma", "leikki", "kuu", "vara", "tekijä", "some"])
def test_other_words_say_something(word):
    assert not finnish.says_nothing(word)


def test_of_a_question_only_what_it_is_about_is_asked(matches):
    """Real use 31: but words that say nothing are looked for when there are no others."""
    assert matches("Miten voin saada apua velkoihin?", "Apua velkoihin")
    assert matches("miten", "Miten se tehdään")
    assert not matches("miten", "Apua velkoihin")
