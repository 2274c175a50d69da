"""The letter that is measured: a Finnish newsletter of 10 kB in two readings, and people who never lived."""

from collections.abc import Iterator
from datetime import datetime
from functools import cache

from newsletters.subscriptions import signed_links
from outbox.message import builder
from outbox.models import Mailing, Wording

KIND = "measure"
SENDER = "Maakunnallinen nuorisotyö <nuoriso@example.org>"
SUBJECT = "Syksyn verkostotapaamiset ja uusi menetelmä pienryhmiin"

PARAGRAPHS = [
    "Hyvät verkoston jäsenet! Syksy on täällä, ja työryhmät ovat käynnistäneet työnsä. Kokosimme tähän kirjeeseen "
    "lähiviikkojen tapaamiset, koulutukset ja avoimet haut sekä yhden menetelmän, jota voi kokeilla heti.",
    "Alueellinen tapaaminen pidetään keskiviikkona kello 13–16. Aiheena on nuorten osallisuus kunnan päätöksenteossa: "
    "miten aloitteet etenevät, kuka niihin vastaa ja mitä nuorille kerrotaan päätöksen jälkeen.",
    "Etsivän nuorisotyön työpari kertoo, miten yhteinen päivystys koulun kanssa järjestyi. Työskentelytapa syntyi "
    "pienen kunnan tarpeesta, mutta se sopii myös isompaan työyhteisöön, kun vastuut sovitaan etukäteen.",
    "Menetelmäpankissa on uusi harjoitus pienryhmille. Se kestää puoli tuntia, ei vaadi välineitä ja toimii yhtä hyvin "
    "nuorisotalolla kuin leirillä. Kerro kokemuksistasi, niin ohjetta parannetaan ennen joulua.",
    "Ilmoittautuminen päättyy perjantaina. Jos et pääse paikalle, pöytäkirja ja esitysten aineistot tulevat verkoston "
    "sivulle viimeistään seuraavan viikon tiistaina. Kysymykset voi lähettää vastaamalla tähän viestiin.",
    "Ensi kuussa julkaistaan kysely nuorisotyön tiloista. Vastaaminen vie kymmenen minuuttia, ja tulokset käsitellään "
    "seudullisessa työryhmässä. Jaa kysely eteenpäin omassa kunnassasi: myös hiljaisten nuorten ääni on tärkeä.",
]
ROUNDS = 3  # so often the paragraphs follow each other: about 10 kB on the wire


def text(settings: str, leave: str) -> str:
    body = "\n\n".join(f"## {number}. aihe\n\n{words}" for number, words in _chapters())
    return f"{SUBJECT}\n\n{body}\n\nMuuta tilaustasi: {settings}\nPoistu listalta: {leave}\n"


def html(settings: str, leave: str) -> str:
    body = "\n".join(f"<h2>{number}. aihe</h2>\n<p>{words}</p>" for number, words in _chapters())
    links = f'<a href="{settings}">Muuta tilaustasi</a> · <a href="{leave}">Poistu listalta</a>'
    head = f'<!DOCTYPE html><html lang="fi"><head><meta charset="utf-8"><title>{SUBJECT}</title></head>'
    return f"{head}<body><h1>{SUBJECT}</h1>\n{body}\n<p>{links}</p></body></html>\n"


def _chapters() -> Iterator[tuple[int, str]]:
    return enumerate(PARAGRAPHS * ROUNDS, start=1)


def headers(leave: str) -> dict[str, str]:
    """What a letter to a list bears (RFC 2369, 2919 and 8058)."""
    return {
        "List-Id": "Kirje <kirje.example.org>",
        "List-Unsubscribe": f"<{leave}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


@cache
def _pages() -> signed_links.Links:
    return signed_links.Links.of_each_recipient("fi")


def own_links(number: int) -> dict[str, str]:
    """The two signed links of one reader in full, for those who write each letter anew."""
    tokens = signed_links.fill(number, "fi")
    settings = _pages().settings_url.replace(builder.merge_field("settings"), tokens["settings"])
    return {"settings": settings, "leave": _pages().leave_url.replace(builder.merge_field("leave"), tokens["leave"])}


def readers(tag: str, count: int) -> list[tuple[str, str, int]]:
    """Address, name and number of people who never lived, in forty towns."""
    return [
        (f"lukija{number:06}@{tag}{number % 40}.example.org", f"Lukija {number}", number) for number in range(count)
    ]


def mailing(tag: str, now: datetime, *, own: bool = False) -> tuple[Mailing, Wording]:
    """A mailing about nothing with its wording; with `own`, the links are slots that a worker fills for each reader."""
    links = [_pages().settings_url, _pages().leave_url] if own else ["https://example.org/a", "https://example.org/b"]
    sending = Mailing.objects.open(kind=KIND, reference=tag, title=tag, from_email=SENDER, now=now)
    return sending, sending.add_wording("fi", SUBJECT, text(*links), html(*links), headers(links[1]))
