"""Public contact cards: what they show, where they show it, and to whom their address is hidden."""

from datetime import date
from html import unescape

from django.urls import reverse

CARDS = "contacts:card-list"


def words(response):
    """The page as people read it: character references resolved, runs of white space made one."""
    return " ".join(unescape(response.content.decode()).split())


def test_a_visitor_reads_everything_a_card_tells(client, full_card):
    page = words(client.get(reverse(CARDS)))
    for told in [
        "Kaisa Koordinaattori",
        "Nuorisotyön aluekoordinaattori",
        "Jyväskylän kaupunki, nuorisopalvelut",
        "kaisa@example.org",
        "+46701740605",
        "+46701740608",
        "(txt, WhatsApp)",
        "Esimerkkikatu 1, 2. krs, 40100 Jyväskylä",
        "PL 100, 40101 Jyväskylä",
        "ma–to 9–15",
        "Arjen kysymykset",
        "2.11.2026",
    ]:
        assert told in page, told


def test_the_address_stands_nowhere_in_the_page_as_plain_text(client, full_card, world):
    assert "kaisa@example.org" not in client.get(reverse(CARDS)).content.decode()
    assert "kaisa@example.org" not in client.get(world.area.get_absolute_url()).content.decode()


def test_the_page_about_the_network_shows_the_same_card_from_the_same_source(client, full_card, world):
    for url in [reverse(CARDS), reverse("area-about", args=[world.area.slug])]:
        page = client.get(url).content.decode()
        assert page.count('<address class="contact') == 1
        assert "Esimerkkikatu 1, 2. krs, 40100 Jyväskylä" in page


def test_one_edit_changes_every_page(client, full_card, world):
    full_card.name = "Uusi Koordinaattori"
    full_card.save()
    for url in [reverse(CARDS), reverse("area-about", args=[world.area.slug])]:
        page = client.get(url).content.decode()
        assert "Uusi Koordinaattori" in page
        assert "Kaisa Koordinaattori" not in page


def test_a_withdrawn_card_is_shown_nowhere(client, card, world):
    card("Entinen", ended_on=date(2026, 1, 1))
    assert list(client.get(reverse(CARDS)).context["cards"]) == []
    assert list(client.get(reverse("area-about", args=[world.area.slug])).context["cards"]) == []


def test_cards_stand_area_by_area_in_their_own_order(client, card, world):
    card("Toinen", order=2)
    card("Eka", order=1)
    card("Muualla", area=world.other_area)
    assert [c.name for c in client.get(reverse(CARDS)).context["cards"]] == ["Eka", "Toinen", "Muualla"]


def test_the_page_says_so_when_there_is_no_card(client, world):
    page = client.get(reverse(CARDS))
    assert page.status_code == 200
    assert 'class="empty"' in page.content.decode()


def test_a_hundred_cards_ask_no_more_than_one(card, queries, world):
    card("Eka", organisation=world.employer)
    one = queries(reverse(CARDS))
    for number in range(24):
        card(f"Kortti {number}", organisation=world.employer)
    assert queries(reverse(CARDS)) == one
    assert one <= 4
