"""What is pasted from other programs becomes real lists, headings, tables and links; the browser does the same."""

from pathlib import Path

import pytest
from django.utils.translation import override

from lib.text.pasted import clean_pasted, unwrapped, unwrapped_text
from lib.text.richtext import RichTextField

DATA = Path(__file__).parent / "data" / "pasted"
OUTLOOK = "https://eur02.safelinks.protection.outlook.com"
TEAMS = "https://statics.teams.cdn.office.net/evergreen-assets/safelinks/2/atp-safelinks.html"
CASES = sorted(path.name.removesuffix(".clean.html") for path in DATA.glob("*.clean.html"))


def read(name):
    return (DATA / name).read_text(encoding="utf-8").rstrip("\n")


@pytest.mark.parametrize("case", CASES)
def test_lists_headings_tables_and_links_survive_and_pictures_are_named(case):
    """Real use 28: on the server."""
    with override("en"):
        cleaned = clean_pasted(read(f"{case}.html"))
        assert cleaned == read(f"{case}.clean.html")
        assert clean_pasted(cleaned) == cleaned


def test_a_text_of_the_editor_is_left_as_it_is():
    """Real use 28: to the letter."""
    for text in (
        "",
        "<p>Hei</p><ul><li><p>yksi</p></li></ul>",
        '<h2>A</h2><p>1 &lt; 2 <a href="https://x.example">x</a></p>',
    ):
        assert clean_pasted(text) is text


@pytest.mark.parametrize(
    ("address", "behind"),
    [
        ("https://example.org/a?b=c", "https://example.org/a?b=c"),
        (f"{OUTLOOK}/ap/w-59584e83/?url=https%3A%2F%2Fexample.org%2F%3Fa%3D1&data=05", "https://example.org/?a=1"),
        (f"{TEAMS}?url=https%3A%2F%2Fexample.org", "https://example.org"),
        ("https://www.google.com/url?sa=t&url=https%3A%2F%2Fexample.org%2F&usg=x", "https://example.org/"),
        ("https://www.google.fi/url?q=https://example.org/", "https://example.org/"),
        ("https://www.google.com/search?q=https://example.org/", "https://www.google.com/search?q=https://example.org/"),
        ("https://l.facebook.com/l.php?u=https%3A%2F%2Fexample.org%2F&h=x", "https://example.org/"),
        ("https://urldefense.com/v3/__https://example.org/a__;!!x!y$", "https://example.org/a"),
        ("https://urldefense.proofpoint.com/v2/url?u=https-3A__example.org_a&d=x", "https://example.org/a"),
        (f"{OUTLOOK}.paha.example/?url=https://x.example", f"{OUTLOOK}.paha.example/?url=https://x.example"),
        (f"{OUTLOOK}/?url=javascript%3Aalert(1)", f"{OUTLOOK}/?url=javascript%3Aalert(1)"),
        ("mailto:aino@example.org", "mailto:aino@example.org"),
        ("javascript:alert(1)", ""),
        ("file:///C:/x", ""),
        ("/suhteellinen", ""),
        ("https://[rikki", ""),
    ],
)  # fmt: skip
def test_addresses_are_those_behind_safe_links_and_redirects(address, behind):
    """Real use 28: and nothing that is no address of the web or of mail."""
    assert unwrapped(address) == behind


def test_addresses_within_plain_text_too():
    """Real use 28: pasted without a shape."""
    wrapped = "https://a.safelinks.protection.outlook.com/?url=https%3A%2F%2Fexample.org%2F&data=1"
    assert unwrapped_text(f"Katso {wrapped} ja http://x.example.") == "Katso https://example.org/ ja http://x.example."


def test_what_arrives_without_the_editor_is_cleaned_when_it_is_saved():
    """Real use 28: the same shape, through the field of the model."""
    with override("en"):
        saved = RichTextField().clean(read("word.html"), None)
    assert saved == read("word.clean.html")
