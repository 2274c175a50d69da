"""The drawn cover of a method that has no picture: which pictogram of static/img/covers.svg, on which tint."""

from typing import TYPE_CHECKING, NamedTuple
from zlib import crc32

if TYPE_CHECKING:
    from methods.models.method import Method

# the pictogram and the tint of each topic of the vocabulary that every installation begins with
TOPICS = {
    "osallisuus": ("voices", "sun"),
    "ryhmaytyminen": ("ring", "leaf"),
    "mielen-hyvinvointi": ("sun", "sky"),
    "tunnetaidot": ("bubbles", "coral"),
    "kiusaamisen-ehkaisy": ("hands", "sky"),
    "yhdenvertaisuus": ("hands", "leaf"),
    "seksuaalikasvatus": ("heart", "coral"),
    "ehkaiseva-paihdetyo": ("shield", "sun"),
    "digitaalinen": ("screen", "sky"),
    "medialukutaito": ("screen", "sun"),
    "pelaaminen": ("pad", "sun"),
    "kulttuuri": ("pen", "coral"),
    "liikunta": ("ball", "sky"),
    "luonto": ("tent", "leaf"),
    "kestava-kehitys": ("sprout", "leaf"),
    "kansainvalisyys": ("globe", "sun"),
    "tulevaisuustaidot": ("sun", "coral"),
    "tyo-ja-koulutus": ("stairs", "sun"),
    "arjenhallinta": ("clock", "leaf"),
    "talousosaaminen": ("stairs", "leaf"),
    "tieto-ja-neuvonta": ("bubbles", "sun"),
    "etsiva-tyoote": ("path", "sky"),
    "koulunuorisotyo": ("clock", "sky"),
    "jalkautuva": ("path", "leaf"),
    "katsomusdialogi": ("bubbles", "leaf"),
    "pienet-kunnat": ("houses", "sky"),
    "verkostotyo": ("ring", "sun"),
    "laatu-ja-arviointi": ("target", "leaf"),
}
OTHERS = [("dice", "sky"), ("ring", "coral"), ("ball", "leaf"), ("path", "sun"), ("sun", "leaf"), ("heart", "sky")]
GROUNDS = 4


class DrawnCover(NamedTuple):
    """A pictogram, its tint, and which of the quiet shapes lies behind it."""

    picture: str
    tint: str
    ground: int


def drawn_cover_of(method: "Method") -> DrawnCover:
    """By one of its topics, else by its address alone; the same method always gets the same."""
    number = crc32(method.slug.encode())
    topics = sorted(method.topics.all(), key=lambda term: (term.order, term.pk))
    known = [TOPICS[term.code] for term in topics if term.code in TOPICS] or OTHERS
    picture, tint = known[number % len(known)]
    return DrawnCover(picture, tint, number // 97 % GROUNDS + 1)
