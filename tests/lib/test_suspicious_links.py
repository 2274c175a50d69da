"""Links for joining that nobody should open without a second look."""

import pytest

from lib.text.suspicious_links import doubts_about

PLAIN = [
    "https://teams.microsoft.com/l/meetup-join/19%3ameeting_x%40thread.v2/0?context=%7b%22Tid%22%7d",
    "https://us02web.zoom.us/j/123?pwd=a@b",
    "https://zoom.us/j/1",
    "https://työpaja.fi/kokous",
    "https://xn--typaja-xxa.fi/kokous",
    "https://kokous.jyvaskyla.fi/x",
    "https://meet.google.com/abc-defg-hij",
    "",
]
ODD = [
    "https://user:password@zoom.us/j/1",
    "https://teams.microsoft.com@evil.example/x",
    "https://teams.microsoft.com.evil.example/x",
    "https://tearns.microsoft.com/x",
    "https://zo0m.us/j/1",
    "https://teams-microsoft.com.example.org/",
    "https://zооm.us/j/1",  # two Cyrillic letters
    "https://xn--zm-jmcc.us/j/1",
    "https://192.0.2.7/kokous",
    "https://[2001:db8::7]/kokous",
    "https://xn--99999999999/x",
]


@pytest.mark.parametrize("url", PLAIN)
def test_a_plain_link_is_not_doubted(url):
    """Real use 17: also with an @ in its path, in Finnish letters, or of a service of the town's own."""
    assert list(doubts_about(url)) == []


@pytest.mark.parametrize("url", ODD)
def test_a_link_with_a_password_or_a_borrowed_name_is_doubted_in_words(url):
    """Real use 17: user:password@, look-alike letters, a known name inside another one's."""
    [doubt, *_more] = doubts_about(url)
    assert doubt.endswith((".", "?"))
