"""Words that Finnish makes of others: doers, doings, qualities, participles; which of them mean the same thing. Pure.

The dictionary tells how a word was made, a mark `[Xj]` for each ending: *turva[Ll]lli[Xj]nen[X]su[Ln][Xj]us* is
*turvallisuus* of *turvallinen* of *turva*. Two relations follow. *Kin* is asked for and stored: who looks for
*kiusattu* wants *kiusaaminen*. *Roots* are stored only: *yhteisö* finds *yhteisöllinen*, not the other way.
"""

import re
from typing import NamedTuple

_MARK = re.compile(r"\[X[ps]\].*?\[X\]|\[Xj\].*?\[X\]|\[[^\]]*\]")
_STEP = re.compile(r"\[Xj\](.*?)\[X\]")
_ROOT = re.compile(r"\[(L\w+)\](?:\[I\w+\])*\[Xp\](.*?)\[X\]")
# one ending after a verb that names what is done: keskustelu, harrastus, syrjintä, arviointi
_ACTION = re.compile(
    r"^\[Lt\]\[Xp\]([^\[]*)\[X\](?:[^\[]|\[Bm\])*\[Ln\](?:(?:nn?|in)\[Xj\]t[aäi]|[nt]?\[Xj\](?:u|y|us|ys))\[X\]"
)
_PARTICIPLE = re.compile(r"^\[Lt\]\[Xp\]([^\[]*)\[X\].*\[R[atuv]\][^\[]*\[Xj\](?!.*\[Xj\])")
_QUALITY_OF_DONE = re.compile(r"neis(uus|yys)$")
_BEING = ("juus", "jyys")  # johtajuus
# nouns that left their verb behind: toiminta is not what toimii, hallitus not what hallitsee
_DRIFTED = {
    "toimia", "hallita", "yrittää", "tarkoittaa", "tulla", "olla", "asettaa", "sopia", "kokea", "lukea", "liikkua",
    "järjestää", "yhdistää", "kustantaa", "todistaa", "käydä", "viedä", "päästä", "tehdä", "pitää", "saada", "antaa",
}  # fmt: skip
# doers that are an occupation or a part in something, not everybody who does it
_OCCUPATIONS = {
    "kouluttaja", "ohjaaja", "opettaja", "johtaja", "päättäjä", "toimittaja", "osallistuja", "edustaja", "järjestäjä",
    "valmentaja", "vastaaja", "hoitaja", "kasvattaja", "huoltaja", "tuottaja", "kuljettaja", "valvoja", "esittelijä",
    "hakija", "asuja", "kävijä", "vetäjä", "ostaja", "myyjä", "isännöitsijä", "sijoittaja", "rahoittaja", "tutkija",
    "palvelija", "auttaja", "kokoaja", "omistaja", "työnantaja", "puhuja",
}  # fmt: skip
# participles that have become words of their own
_SETTLED = {
    "seuraava", "tuntuva", "tunnettu", "oleva", "kestävä", "riittävä", "merkittävä", "sopiva", "vastaava", "haastava",
    "kattava", "jatkuva", "johtava", "kiinnostava", "etsivä", "avustava", "tukeva", "osaava", "kokenut", "oppinut",
    "vakuutettu", "valtuutettu", "neuvottu", "tehtävä", "nähtävä", "syötävä", "juotava", "luotettava", "ymmärrettävä",
    "huomattava", "hyväksyttävä", "ohjattu", "sovittu", "kehittynyt", "vakuuttava", "avaava", "kehittävä", "ohjaava",
    "osallistava", "palveleva", "kohtaava", "elävä", "alkava", "jäävä", "yleistynyt", "syntynyt",
}  # fmt: skip
# qualities that are a thing by now: tilaisuus, mahdollisuus
_OWN_QUALITIES = {
    "mahdollisuus", "todellisuus", "kokonaisuus", "tilaisuus", "ominaisuus", "onnettomuus", "kirjallisuus",
    "teollisuus", "julkisuus", "yhteisyys", "kansalaisuus", "hallitus", "sairaus", "vanhemmuus", "yleisyys", "uutuus",
    "omaisuus", "viisaus", "luonnollisuus", "mukaisuus", "aikuisuus", "nuoruus", "varaus",
}  # fmt: skip
# nouns whose adjectives say something else: ajallinen, osallinen, asiallinen, säännöllinen
_OWN_ADJECTIVES = {
    "aika", "ikä", "puoli", "määrä", "osa", "laatu", "kerta", "arvo", "vuosi", "oma", "koko", "asia", "peruste", "tapa",
    "tosi", "kirja", "suu", "henki", "kansa", "luonto", "sääntö", "kunta", "mieli", "sana", "vara", "paikka", "kohta",
    "laji", "loppu", "väli", "raja", "tila", "alku", "yksi", "kaksi", "kolme", "neljä", "tuho", "muoto", "kanta",
    "kohtuus", "maa", "lapsi", "päivä", "kuu", "tunti",
}  # fmt: skip
# pairs that the dictionary keeps apart
_PAIRS = {
    "laulu": "laulaa", "soitto": "soittaa", "uinti": "uida", "juoksu": "juosta", "haku": "hakea", "itku": "itkeä",
    "puhe": "puhua", "tuki": "tukea", "siivous": "siivota", "hiihto": "hiihtää", "ratsastus": "ratsastaa",
    "piirros": "piirtää", "ompelu": "ommella", "retki": "retkeillä", "melonta": "meloa", "luistelu": "luistella",
    "pelko": "pelätä", "suru": "surra", "nauru": "nauraa", "uni": "nukkua", "kysymys": "kysyä", "vastaus": "vastata",
    "muutto": "muuttaa", "lähtö": "lähteä", "nousu": "nousta", "kuolema": "kuolla", "syntymä": "syntyä",
    "kosketus": "koskettaa", "hyppy": "hypätä", "heitto": "heittää", "kilpailu": "kilpailla", "kasvu": "kasvaa",
    "oppi": "oppia", "näyttely": "näytellä", "matka": "matkustaa", "lento": "lentää", "öinen": "yö", "öisin": "yö",
    "kutsu": "kutsua", "väittely": "väitellä", "väite": "väittää", "kokeilu": "kokeilla", "esitys": "esittää",
    "varkaus": "varastaa", "lyönti": "lyödä", "syönti": "syödä", "ostos": "ostaa", "myynti": "myydä",
    "rakkaus": "rakas", "terveys": "terve", "ystävyys": "ystävä", "nälkä": "nälkäinen", "kipu": "kipeä",
    "väsymys": "väsynyt",
    "päätös": "päättää", "ratkaisu": "ratkaista", "hiljaa": "hiljainen", "yksin": "yksinäinen", "soitin": "soittaa",
    "työstö": "työstää", "keräys": "kerätä", "keitto": "keittää", "ulkoilu": "ulkoilla", "vaikutus": "vaikuttaa",
}  # fmt: skip


class Relatives(NamedTuple):
    """What stands by a word besides its base form: words for the same, words it was made of; whether it was made."""

    kin: tuple[str, ...] = ()
    roots: tuple[str, ...] = ()
    is_made: bool = False


def relatives(described: str, base: str) -> Relatives:
    """The relatives of one part of a word, by what the dictionary says of how it was made."""
    if not base.endswith(_BEING) and (action := _verb(_ACTION, described)):
        return Relatives((action,))
    root = _ROOT.search(described)
    forms = _forms(described)
    if root is None or not forms:
        return Relatives((_PAIRS[base],) if base in _PAIRS else ())
    if _PARTICIPLE.match(described):
        verb = _verb(_PARTICIPLE, described)
        return Relatives((verb,) if verb and base not in _SETTLED else (), (verb,) if verb else (), is_made=True)
    return _made(root[1], [_lower(root[2]), *forms], base)


def plain(described: str) -> str:
    """What is written, without the marks."""
    return _MARK.sub("", described).strip("-")


def _made(root_class: str, chain: list[str], base: str) -> Relatives:
    """By the last ending: who does it, a quality, an adjective of a noun."""
    before = chain[-2]
    if root_class == "Lt" and len(chain) == 2 and base.endswith(("ja", "jä")):
        is_same = base not in _OCCUPATIONS and before not in _DRIFTED
        return Relatives((before,) if is_same else (), is_made=True)
    if base.endswith(("uus", "yys", "us", "ys")):
        return _quality(root_class, chain, base)
    if base.endswith("inen") and root_class in ("Ln", "Lnl") and before not in _OWN_ADJECTIVES:
        return Relatives((), (before,), True) if base.endswith("llinen") else Relatives((before,), (before,), True)
    return Relatives(is_made=True)


def _quality(root_class: str, chain: list[str], base: str) -> Relatives:
    """*Turvallisuus* and *turvallinen* are the same thing said twice; *johtajuus* is found by *johtaja*."""
    before = chain[-2]
    if base.endswith(_BEING):
        return Relatives((), (base[:-3] + ("a" if base.endswith("uus") else "ä"),), True)
    if base in _OWN_QUALITIES or (len(chain) == 2 and root_class == "Lt"):
        return Relatives(is_made=True)
    if done := _QUALITY_OF_DONE.search(base):
        return Relatives((base[: done.start()] + ("nut" if done[1] == "uus" else "nyt"),), (before,), True)
    if len(chain) == 2 and root_class == "Ln":
        return Relatives((), (before,), True)
    noun = chain[0]
    is_of_noun = len(chain) == 3 and before.endswith("inen") and root_class == "Ln" and noun not in _OWN_ADJECTIVES
    return Relatives((before,), (noun,) if is_of_noun else (), True)


def _forms(described: str) -> list[str]:
    """The word after each ending that made a new one."""
    return [plain(described[: step.start()]) + step[1] for step in _STEP.finditer(described)]


def _verb(pattern: re.Pattern[str], described: str) -> str:
    """The verb that the word was made from, unless it has left it behind."""
    found = pattern.match(described)
    verb = _lower(found[1]) if found else ""
    return "" if verb in _DRIFTED else verb


def _lower(base: str) -> str:
    return base.lower().replace("=", "")
