"""Consent texts: what a subscriber agrees to, each version word for word, in every language it was shown in.

The texts stand here and not in the catalogues, because they are proof (GDPR article 7(1)): what somebody agreed to must
be there to read years later, however the wording of the pages has changed meanwhile. A new wording is a new version
below the old ones, which are never touched; a test knows them by heart.
"""

TEXTS: dict[str, dict[str, str]] = {
    "2026-11": {
        "fi": (
            "Käytämme osoitettasi vain valitsemiesi postituslistojen lähettämiseen. Jokaisessa viestissä on linkki, "
            "jolla voit lopettaa tilauksen, ja osoitteesi poistetaan listalta heti."
        ),
        "sv": (
            "Vi använder din adress bara för att skicka de listor du väljer. Varje brev har en länk för att avsluta, "
            "och din adress tas genast bort från listan."
        ),
        "en": (
            "We use your address only to send you the lists you choose. Every letter has a link to leave, and your "
            "address is removed from the list at once."
        ),
    },
}
VERSION = list(TEXTS)[-1]


def language(shown: str | None) -> str:
    """In which of our languages a page in this language shows the text."""
    code = (shown or "fi")[:2]
    return code if code in TEXTS[VERSION] else "fi"


def text(shown: str | None, version: str = VERSION) -> str:
    """The words of a version as a page in this language showed them; empty for a version that never was."""
    return TEXTS.get(version, {}).get(language(shown), "")
