"""Who is the sender of a message, and what the own mail server verified of that (RFC 5322, RFC 8601)."""

from email import message_from_bytes

import pytest

from outbox.incoming import mime_parser
from outbox.incoming.authentication_results import is_sender_proven, parse

SERVER = "mx.portal.test"
PASSED = f"{SERVER}; dmarc=pass header.from=remote.test"


def message(*headers, sender="Aino <aino@remote.test>"):
    head = "".join(f"{header}\r\n" for header in headers)
    return message_from_bytes(f"{head}From: {sender}\r\nTo: youthnet@portal.test\r\n\r\nHei\r\n".encode())


def results(*values, **more):
    return message(*(f"Authentication-Results: {value}" for value in values), **more)


# --- the sender ---


@pytest.mark.parametrize(
    ("sender", "mailbox"),
    [
        ("aino@remote.test", "aino@remote.test"),
        ("Aino J. Jäsen <AINO@Remote.test>", "aino@remote.test"),
        ('"Jäsen, Aino" <aino@remote.test>', "aino@remote.test"),
        ('"good@remote.test" <mallory@remote.test>', "mallory@remote.test"),
        ("=?utf-8?q?good=40remote=2Etest?= <mallory@remote.test>", "mallory@remote.test"),
        ("=?utf-8?q?good=40remote.test=3E?= =?utf-8?q?=3C?= <mallory@remote.test>", "mallory@remote.test"),
        ('"=?utf-8?q?J=C3=A4sen?=" <aino@remote.test>', "aino@remote.test"),
        ("(good@remote.test) mallory@remote.test (good@remote.test)", "mallory@remote.test"),
        (r'"x\" <good@remote.test>" <mallory@remote.test>', "mallory@remote.test"),
        ("<@relay.test:mallory@remote.test>", "mallory@remote.test"),
        ("Aino <aino@työpaja.fi>", "aino@xn--typaja-xxa.fi"),
        ("good@remote.test <mallory@remote.test>", ""),
        ("<good@remote.test> <mallory@remote.test>", ""),
        ("good@remote.test, mallory@remote.test", ""),
        ("Group: good@remote.test;", ""),
        ("undisclosed-recipients:;", ""),
        ("=?utf-8?q?=3Cgood=40remote.test=3E?=", ""),
        ("<=?utf-8?q?good?=@remote.test>", ""),
        ("good@[192.0.2.1]", ""),
        ("<", ""),
        ("", ""),
    ],
)
def test_the_sender_is_the_one_mailbox_in_from(sender, mailbox):
    """Real use 9: an address in a name, a comment or an encoded word is nobody's."""
    assert mime_parser.sole_sender(message(sender=sender)) == mailbox


def test_two_from_headers_name_nobody():
    """Real use 9."""
    assert mime_parser.sole_sender(message("From: good@remote.test", sender="mallory@remote.test")) == ""


# --- the header ---


@pytest.mark.parametrize(
    ("value", "method", "result", "properties"),
    [
        ("mx; dmarc=pass (p=none (sp=none) \\) dis=none) header.from=a.fi", "dmarc", "pass", {"header.from": ["a.fi"]}),
        ("mx 1; dkim / 1 = pass header . d = a.fi", "dkim", "pass", {"header.d": ["a.fi"]}),
        ('"mx" 1; spf=pass reason="x; dmarc=pass (y)" smtp.mailfrom="a b"@a.fi', "spf", "pass",
         {"reason": ["x; dmarc=pass (y)"], "smtp.mailfrom": ["a b@a.fi"]}),
        ("(c) mx (c) 1 (c);\r\n\tdkim=pass(ok)header.d=a.fi header.b=Ab/+cd==", "dkim", "pass",
         {"header.d": ["a.fi"], "header.b": ["ab/+cd=="]}),
        ("MX; DMARC=Pass action=none header.From=A.fi", "dmarc", "pass", {"action": ["none"], "header.from": ["a.fi"]}),
    ],
)  # fmt: skip
def test_the_header_is_read_by_its_grammar(value, method, result, properties):
    """Real use 21: nested comments, quoted values, reasons, blanks, versions, several methods."""
    header = parse(value)
    assert header.server == "mx"
    assert [(each.method, each.result, each.properties) for each in header.results] == [(method, result, properties)]


@pytest.mark.parametrize("value", ["", "mx", "mx; none", "mx;", "mx; (dmarc=pass", 'mx; "dmarc=pass', "mx) dmarc=pass",
                                   "mx; x dmarc=pass header.from=a.fi", "\0;=;=", "mx; dmarc=pass@x"])  # fmt: skip
def test_what_cannot_be_read_says_nothing(value):
    """Real use 21."""
    assert parse(value).results == ()


# --- what is believed ---


@pytest.mark.parametrize(
    "values",
    [
        [PASSED],
        [f"{SERVER}; dmarc=pass (p=none dis=none) header.from=Remote.Test"],
        [f"{SERVER}; dkim=pass header.d=other.test; dkim=pass header.d=remote.test"],
        [f"{SERVER}; dkim=pass header.i=@remote.test"],
        [f"{SERVER}; spf=pass smtp.mailfrom=remote.test", PASSED],
        [f"{SERVER}; dmarc=none header.from=remote.test; dkim=pass header.d=remote.test"],
    ],
    ids=[
        "DMARC",
        "comment and capitals",
        "the second signature",
        "agent",
        "SPF above DMARC",
        "signature without DMARC",
    ],
)
def test_what_the_own_server_verified_is_believed(values):
    """Real use 21."""
    assert is_sender_proven(results(*values), SERVER)


@pytest.mark.parametrize(
    "values",
    [
        [],
        [PASSED.replace(SERVER, "mx.paha.example")],
        [f"mx.paha.example; dmarc=none\r\nAuthentication-Results: {PASSED}"],
        [f"{SERVER}; dmarc=fail header.from=remote.test", PASSED],
        [f"{SERVER}; dmarc=fail header.from=remote.test; dkim=pass header.d=remote.test"],
        [f"{SERVER}; dmarc=pass header.from=paha.example"],
        [f"{SERVER}; dmarc=pass header.from=remote.test header.from=paha.example"],
        [f"{SERVER}; dkim=pass header.d=paha.example header.i=@remote.test"],
        [f"{SERVER}; dkim=pass header.d=sub.remote.test"],
        [f"{SERVER}; dkim=pass header.d=test"],
        [f"{SERVER}; spf=pass smtp.mailfrom=remote.test"],
        [f'{SERVER}; spf=pass smtp.mailfrom="x; dmarc=pass header.from=remote.test"@paha.example'],
        [f"{SERVER}; spf=fail (x) (dmarc=pass header.from=remote.test)"],
        ["dmarc=pass header.from=remote.test"],
        ["; dmarc=pass header.from=remote.test"],
    ],
)
def test_what_anybody_could_have_written_is_not(values):
    """Real use 9 and 21."""
    assert not is_sender_proven(results(*values), SERVER)
    assert not is_sender_proven(results(*values), "")


def test_a_signature_of_the_domain_above_proves_a_domain_below_it():
    """Real use 9: whoever holds a domain holds what lies under it, and not the other way."""
    signed = results(f"{SERVER}; dkim=pass header.d=remote.test", sender="aino@mail.remote.test")
    assert is_sender_proven(signed, SERVER)


@pytest.mark.parametrize("above", ["From: x@remote.test", "Subject: x", "DKIM-Signature: v=1"])
def test_results_below_the_authors_own_headers_are_the_authors(above):
    """Real use 21."""
    assert not is_sender_proven(message(above, f"Authentication-Results: {PASSED}"), SERVER)


def test_results_below_the_servers_own_trace_are_the_authors():
    """Real use 21: the header of the server itself said nothing of DMARC."""
    forged = message(
        f"Authentication-Results: {SERVER}; spf=none", "Received: from x by mx", f"Authentication-Results: {PASSED}"
    )
    assert not is_sender_proven(forged, SERVER)


def test_a_box_of_microsoft_365_is_believed_by_a_setting_and_only_its_topmost_header():
    """Real use 21."""
    passed = (
        "spf=pass (sender IP is 192.0.2.1)\r\n smtp.mailfrom=remote.test; dkim=none (message not signed)\r\n"
        " header.d=none;dmarc=pass action=none\r\n header.from=remote.test;compauth=pass reason=100"
    )
    failed = "spf=fail smtp.mailfrom=x.test; dmarc=fail action=none header.from=remote.test"
    assert is_sender_proven(results(passed), "", without_id=True)
    assert not is_sender_proven(results(passed), "", without_id=False)
    assert not is_sender_proven(results(failed, passed), "", without_id=True)
    assert not is_sender_proven(results("mx.other.test; spf=pass", passed), "", without_id=True)
