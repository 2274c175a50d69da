"""What counts as personal data in a free text, and what only looks like it."""

import pytest

from contacts.personal_data.detection import CODE, EMAIL, NAME, TELEPHONE, find


def kinds(text, **more):
    return [finding.kind for finding in find([("note", text)], **more)]


@pytest.mark.parametrize(
    "text",
    [
        "Asiakas 131052-308T kävi",
        "asiakas 010203a123b",
        "131052 - 308T",
        "131052–308t.",
        "131052\u200b-308T",
        "Uusi merkki 131052Y308T",
    ],
)
def test_an_identity_code_is_found_however_it_is_written(text):
    """Real use 16: also with spaces, another hyphen, a hidden mark, the signs of the new centuries."""
    assert kinds(text) == [CODE]


@pytest.mark.parametrize(
    "text",
    [
        "Soita 040 123 4567",
        "soita 0401234567.",
        "040-123 4567",
        "040-1234567",
        "040.123.4567",
        "044/123 4567",
        "+358 40 1234567",
        "+358 (0)40 123 4567",
        "+358-40-123-4567",
        "00358 40 123 4567",
        "(014) 266 1234",
        "040\u00a0123\u00a04567",
        "040 – 123 45 67",
        "puh. 40 123 4567",
        "Mamman numero: 0501234567",
        "+46 70 123 45 67",
        "070-123 45 67",
        "０４０１２３４５６７",
    ],
)
def test_a_telephone_number_is_found_however_it_is_written(text):
    """Real use 16: one rule for all rooms, and all the ways in which people write a number."""
    assert kinds(text) == [TELEPHONE]


@pytest.mark.parametrize(
    "text",
    [
        "Vuosina 2024-2027 ryhmässä oli 10-15 nuorta klo 13.00",
        "Y-tunnus 1234567-8 ja koodi 20260119",
        "Pidettiin 01.12.2026 klo 09.00-15.00 ja 02.12.2026.",
        "klo 09.00 – 15.00, 1.–3.12.2026, 2026-01-02 – 2026-01-05",
        "Postinumero 00100 Helsinki, 40101 Jyväskylä",
        "Kustannus 0,50 e ja 12 000 euroa, suhde 05 06 07 08",
        "Rikosuhripäivystys 0800 161 177, kaupungin vaihde 014 ei",
        "Soita 112 tai 116 111. Vaihde 010 309 0000, kriisipuhelin 09.00-21.00",
        "ISBN 978-952-456-789-1, OPS 7-9 lk, 15 + 15 min, pisteet 3-2-1",
        "https://example.org/040123456789/x ja www.example.org/1-2-3",
        "info@example.org ja nuorisopalvelut@jyvaskyla.example.org",
    ],
)
def test_what_is_nobodys_own_is_let_through(text):
    """Real use 16: days, hours, postcodes and help lines are no telephone numbers of people."""
    assert kinds(text) == []


@pytest.mark.parametrize(
    "text", ["matti.meikalainen@example.org", "veera(at)example.org", "laita veera.v @ example.org"]
)
def test_an_address_of_a_person_is_found(text):
    """Real use 16: e-mail addresses too."""
    assert kinds(text) == [EMAIL]


@pytest.mark.parametrize(
    ("text", "of_young", "found"),
    [
        ("Nuori, jonka nimi on Veera Virtanen, innostui.", False, [NAME]),
        ("Asiakas Veera Virtasen kanssa puhuttiin.", False, [NAME]),
        ("Virtanen Veera oli ryhmän ainoa tyttö.", False, [NAME]),
        ("Oppilas Aino-Maria Meikäläinen oli mukana", False, [NAME]),
        ("Ahmed Hassan innostui kovasti.", True, [NAME]),
        ("Veera, 15 v, sai puheenvuoron.", False, [NAME]),
        ("Kouluttajaksi sopisi Veera Virtanen Mielenterveysseurasta.", False, []),
        ("Nuori kävi Jyväskylän Nuorisotalolla Keski-Suomessa.", False, []),
        ("Nuori pelasi Aalto-salissa. Kiitos, Veera Virtanen!", False, []),
        ("Toimi hyvin, Aino Jyväskylästä auttoi.", True, []),
        ("Eleven Veera Virtanen var med.", False, [NAME]),
    ],
)
def test_the_full_name_of_a_young_person_is_found_as_far_as_it_can_be_told(text, of_young, found):
    """Real use 16: a name in a sentence about a young person; the name of a trainer is let through."""
    assert kinds(text, speaks_of_young=of_young) == found
