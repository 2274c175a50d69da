"""What a Finnish compound can be found by: which of its parts, and which parts together, say what it is about. Pure."""

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

from search.analysis.morphology import Part, Reading, base_of, readings, without_ending

# words that join two halves: tieto- ja neuvontatyö
JOINTS = {"ja", "tai", "sekä", "eli", "että", "vai", "och", "eller", "samt", "and", "or"}
_SHORTEST = 2  # yö
# parts that say nothing of the whole: seurakunta is no kunta, yhteistyö nothing yhteinen
_EMPTY_ENDS = {
    "kunta", "puoli", "aika", "välinen", "ehtoinen", "laatuinen", "arvoinen", "mukainen", "puolinen",
    "alainen", "ikäinen", "omainen",
}  # fmt: skip
_EMPTY_BEGINS = {"yhteis", "yhteinen", "kansain", "etu", "esi", "itse", "epä", "ali", "yli", "ylä", "ala", "ulko"}
# compounds with a meaning of their own, which is not that of their parts
_ONE_IDEA = {
    "seurakunta", "rippikoulu", "elokuva", "tekoäly", "paikkakunta", "maakunta", "seutukunta", "oppilaskunta",
    "opiskelijakunta", "puheenjohtaja", "kansainvälinen", "yhteistyö", "vapaaehtoinen", "kohderyhmä", "elinkeino",
    "näkökulma", "pääkaupunki", "aikataulu", "maahanmuuttaja", "lähtökohta", "palaute", "osallistuja",
    "ajankohtainen", "tietokone", "pöytäkirja", "käsikirja", "kirjasto", "etusivu", "ensiapu", "tasa-arvo",
    "tasaarvo", "ihmisoikeus", "yhteiskunta", "yleisurheilu", "käytäntö", "kädentaito", "työote", "esihenkilö",
    "esimies", "toimintamalli", "hallinnonala", "toimiala",
    "toimenkuva", "tehtävänkuva", "työnkuva", "tilannekuva", "kokonaiskuva", "yleiskuva", "mielikuva", "uhkakuva",
    "minäkuva", "ihmiskuva", "maailmankuva", "kehonkuva", "ilmapiiri", "kuukausi", "viikonloppu",
    "ajankohta", "päivämäärä", "lukumäärä", "päämäärä", "pääasia", "pääsääntö", "pääosa", "pullonkaula", "sudenkuoppa",
    "kompastuskivi", "kivijalka", "kulmakivi", "tukipilari", "kantapää", "sateenkaari", "lautakunta", "toimikunta",
    "valiokunta", "ammattikunta", "vuorovaikutus", "vaikutusvalta", "mielipide", "mielenkiinto",
    "mielenosoitus", "painopiste", "voimavara", "yhdyspinta", "rajapinta", "jalanjälki", "jalkatyö",
    "puheenvuoro", "aihealue", "osa-alue", "osaalue", "työkalu", "työmaa", "työmarkkina",
    "hätätila", "mielentila", "olotila", "maailma", "maapallo", "ulkomaa", "kotimaa",
    "kirjekuori", "johtopäätös", "kokoonpano",
    "allekirjoitus", "elämänkaari", "asiakirja", "muistikirja",
    "lukujärjestys", "tasapaino", "päiväkoti", "silmälasi",
    "silmänräpäys", "kädenjälki", "vedenjakaja", "lumipallo", "valtakunta", "jäänmurtaja", "läpileikkaus",
    "sähköposti", "tunnusluku",
    "alkupää", "loppupää", "päätoimi", "sivutoimi",
}  # fmt: skip
_SHORTEST_BEGIN, _SHORTEST_END = 3, 4


def telling(parts: Reading) -> Iterator[tuple[int, int, str]]:
    """(first part, last part, word) of the parts, and of parts that stand together, that say what a compound is about.

    *Nuorisotyöntekijä* holds *nuoriso*, *työ*, *nuorisotyö*, *tekijä* and *työntekijä*. A word of one part has only the
    words it was made from: *kiusattu* holds *kiusata*, *yläkoululainen* the *yläkoulu*.
    """
    for first, last in _stretches(len(parts)):
        stretch = parts[first : last + 1]
        whole = len(stretch) == len(parts)
        if not whole and not _is_empty(parts, first, last) and not _breaks_an_idea(parts, first, last):
            yield from ((first, last, word) for word in (base_of(stretch), *kin(stretch)))
        if whole or not _breaks_an_idea(parts, first, last):
            yield from ((first, last, _ending_with(stretch, root)) for root in stretch[-1].roots)


def kin(parts: Reading) -> Iterator[str]:
    """Other words for the same: harrastus is harrastaminen, which the dictionary calls harrastaa."""
    return (_ending_with(parts, word) for word in parts[-1].kin)


def halves(parts: Reading) -> Iterator[tuple[str, str]]:
    """The compound cut in two at each joint, in base forms; never inside what is one idea."""
    for cut in range(1, len(parts)):
        last = len(parts) - 1
        if (
            not _breaks_an_idea(parts, 0, cut - 1)
            and not _is_empty(parts, cut, last)
            and not _is_empty(parts, 0, cut - 1)
        ):
            yield base_of(parts[:cut]), base_of(parts[cut:])


def ends_of(meanings: list[Reading]) -> list[str]:
    """What a compound may lend to the half word before it: neuvontatyö lends työ."""
    return list(dict.fromkeys(base_of(parts[cut:]) for parts in meanings for cut in range(1, len(parts))))


def guessed(word: str, describe: Callable[[str], list[str]]) -> list[Reading]:
    """An unknown word is taken for a compound of two that are known: nuva|toiminnassa, but not nuok|kari."""
    for cut in range(_SHORTEST_BEGIN, len(word) - _SHORTEST_END + 1):
        if begin := _known_begin(word[:cut], describe):
            ends = [parts for parts in _known_ends(word[cut:], describe) if len(base_of(parts)) >= _SHORTEST_END]
            if ends:
                return [(begin, *parts) for parts in ends]
    return []


def _known_ends(end: str, describe: Callable[[str], list[str]]) -> list[Reading]:
    named = [word for word in (end, without_ending(end)) if word in field_words()]
    if named:
        return [(Part(end, named[0]),)]
    return readings([each for each in describe(end) if each.startswith(("[Ln", "[Lt", "[Ll"))])


def _known_begin(begin: str, describe: Callable[[str], list[str]]) -> Part | None:
    """A word in its base form, in the genitive or a word of the field: what a compound may begin with."""
    if begin in field_words():
        return Part(begin, begin)
    meanings = readings([each for each in describe(begin) if each.startswith(("[Ln", "[Ll", "[Lp", "[Le"))])
    fits = [base_of(parts) for parts in meanings if base_of(parts) == begin or begin.endswith("n")]
    return Part(begin, fits[0]) if fits else None


@cache
def field_words() -> frozenset[str]:
    """Words of youth work that the dictionary does not know."""
    text = Path(__file__).with_name("finnish_words.txt").read_text(encoding="utf-8")
    return frozenset(word for line in text.splitlines() if not line.startswith("#") for word in line.split())


def end_only(word: str, describe: Callable[[str], list[str]]) -> list[Reading]:
    """A word that the dictionary knows as the end of a compound only, such as the luokkalainen of 8-luokkalainen."""
    return [parts[1:] for parts in readings(describe(f"8-{word}")) if len(parts) > 1]


def pieces_of_number(number: str) -> list[str]:
    """A date is found without its year, and by its year: 20.1.2027 by 20.1 and 2027."""
    pieces = number.split(".")
    return [".".join(pieces[:count]) for count in range(2, len(pieces))] + [piece for piece in pieces if len(piece) > 2]


def _stretches(count: int) -> Iterator[tuple[int, int]]:
    return ((first, last) for first in range(count) for last in range(first, count))


def _is_empty(parts: Reading, first: int, last: int) -> bool:
    if first != last:
        return False
    part = parts[first]
    at_end, at_begin = last == len(parts) - 1, last < len(parts) - 1
    short = len(part.base) < _SHORTEST
    return short or (at_end and part.base in _EMPTY_ENDS) or (at_begin and {part.base, part.written} <= _EMPTY_BEGINS)


def _breaks_an_idea(parts: Reading, first: int, last: int) -> bool:
    """Whether a stretch holds some, but not all, of the parts of what is one idea."""
    stretch = range(first, last + 1)
    for begin, end in _stretches(len(parts)):
        if end > begin and base_of(parts[begin : end + 1]) in _ONE_IDEA:
            inside = set(range(begin, end + 1))
            if inside & set(stretch) and not inside <= set(stretch):
                return True
    return False


def _ending_with(parts: Reading, word: str) -> str:
    return "".join(part.written for part in parts[:-1]) + word
