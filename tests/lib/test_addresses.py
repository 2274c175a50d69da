"""Addresses of e-mail: one spelling for each, words for those that letters cannot reach, and safe headers."""

from email import message_from_string
from email.header import decode_header, make_header
from email.utils import getaddresses, parseaddr

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from lib.text.addresses import address_of, is_address, normal, readable
from lib.text.mailboxes import LONGEST_NAME, NoMailbox, ascii_domain, header_address
from lib.text.normal_form import composed, name_of, without_accents

ONE = "matti@xn--typaja-xxa.fi"
CUT = "=?utf-8?q?Matti?="


@pytest.mark.parametrize(
    "typed",
    [
        "matti@työpaja.fi",
        "Matti@TYÖPAJA.fi",
        " matti@tyo\u0308paja.fi\n",
        "matti@XN--TYPAJA-XXA.FI",
        "matti@työpaja。fi",
        "\u202amatti@työ\u200bpaja.fi\u202c",
    ],
)
def test_an_address_is_one_however_it_is_typed(typed):
    """Real use 1: twins by IDN and by punycode, in capitals or with marks that nobody sees, are one address."""
    assert (address_of(typed), normal(typed), readable(ONE)) == (ONE, ONE, "matti@työpaja.fi")


@pytest.mark.parametrize("local", ["mäkinen", '"matti m"', "matti m", "=?utf-8?q?x?=", "ма"])
def test_what_stands_before_the_at_sign_is_refused_in_words(local):
    """Real use 1: letters beyond ASCII before the @ are refused, in three languages."""
    with pytest.raises(ValidationError) as refused:
        address_of(f"{local}@työpaja.fi")
    words = []
    for language in ("fi", "sv", "en"):
        with translation.override(language):
            words.append(str(refused.value.messages[0]))
    assert len(set(words)) == 3 and words[2].startswith("Before the @ only")


@pytest.mark.parametrize(
    "typed", ["", "matti", "@x.fi", "a@x.fi\nBcc: b@x.fi", "a@x", "a@☃.fi", "a@[10.0.0.1]", "a..b@x.fi", "a@-x-.fi"]
)
def test_what_is_no_address_is_refused(typed):
    with pytest.raises(ValidationError):
        address_of(typed)
    assert (is_address(typed), is_address(normal(typed))) == (False, False)


def test_an_address_that_grows_too_long_in_ascii_is_refused():
    assert not is_address(f"matti@{'.'.join(['ä' * 40] * 5 + ['a' * 60])}.fi")


@pytest.mark.parametrize("domain, known", [("faß.de", "xn--fa-hia.de"), ("ab--cd.fi", "ab--cd.fi"), ("A.Fi", "a.fi")])
def test_domains_are_mapped_as_browsers_do(domain, known):
    assert ascii_domain(domain) == known


@pytest.mark.parametrize(
    "name",
    [
        CUT,
        f"Åsa {CUT}",
        "Matti\r\nBcc: kaikki@example.org",
        'Matti "M" \\ <toinen@example.org>, Muu',
        "Łukasz Söderström",
        "ä" * 500,
        "x" * 2000,
        "\u202eittaM\u200b\x00\x1b",
        "",
    ],
)
def test_a_name_is_no_structure_of_a_header(name):
    """Real use 1: one function writes a name and an address, and a reader finds just these two."""
    written = header_address(name, "matti@työpaja.fi")
    assert written.isascii() and written.isprintable() and len(written) < 998
    assert list(message_from_string(f"To: {written}\n\n").keys()) == ["To"]
    [(read, address)] = getaddresses([written])
    shown = str(make_header(decode_header(read)))
    kept = name_of(name)
    assert (shown, address) == (kept if len(kept) <= LONGEST_NAME else shown, ONE)
    assert shown.rstrip("…") == kept[: len(shown.rstrip("…"))]


@pytest.mark.parametrize("address", ["mäki@x.fi", '"a b"@x.fi', "ei osoite", "", "a@x.fi\nBcc: b", "=?u?q?x?=@x.fi"])
def test_an_address_that_no_header_holds_is_refused(address):
    with pytest.raises(NoMailbox):
        header_address("Matti", address)


def test_a_name_can_be_read_again():
    assert parseaddr(header_address("O'Brien, Äiti", "a@x.fi"))[1] == "a@x.fi"


def test_texts_are_composed_and_lose_accents_for_searching():
    """Real use 29: one spelling for one name, and one to find it by."""
    assert composed("So\u0308derstro\u0308m") == "Söderström"
    assert name_of(" Matti\u200b\n\u202eMeikäläinen ") == "Matti Meikäläinen"
    assert [without_accents(name) for name in ("Söderström", "Łukasiewicz", "Øystein Æbelø", "Đặng", "Straße")] == [
        "Soderstrom",
        "Lukasiewicz",
        "Oystein AEbelo",
        "Dang",
        "Strasse",
    ]
