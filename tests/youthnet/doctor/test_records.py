"""DKIM keys, DMARC policies, and the files that answers of the DNS come from."""

import base64
import socket
import threading

import dns.flags
import dns.message
import dns.rcode
import dns.resolver
import dns.rrset
import pytest
from cryptography.hazmat.primitives import serialization
from hypothesis import given
from hypothesis import strategies as st

from tests.youthnet.doctor.conftest import Key
from youthnet.doctor import dkim, dmarc
from youthnet.doctor import dns as answers
from youthnet.doctor.dns import NoAnswers, from_file, from_mapping, from_resolver

NAME = "s1._domainkey.a.example"


def verdicts(findings):
    return [finding.verdict for finding in findings]


def key_judged(record):
    return verdicts(dkim.judge("s1", "a.example", from_mapping({NAME: {"TXT": [record]}})))


# --- DKIM ---


def test_a_key_of_2048_bits_is_in_order_and_one_of_1024_is_short(key):
    assert key_judged(key.record) == ["OK"]
    assert key_judged(Key(1024).record) == ["LOOK"]


def test_a_key_without_the_wrapping_and_in_pieces_is_read_as_well(key):
    bare = key.private.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.PKCS1)
    assert dkim.rsa_bits(bare) == 2048
    behind = from_mapping({NAME: {"TXT": ["s1.keys.relay.example.", key.record]}})
    assert verdicts(dkim.judge("s1", "a.example", behind)) == ["OK"]
    pieces = f'"{key.record[:200]}" "{key.record[200:]}"'
    assert key_judged(pieces) == ["OK"]


def test_a_key_of_512_bits_is_refused():
    modulus = b"\x02\x41\x00" + b"\xff" * 64
    tiny = b"\x30" + bytes([len(modulus) + 5]) + modulus + b"\x02\x03\x01\x00\x01"
    assert dkim.rsa_bits(tiny) == 512
    assert key_judged(f"v=DKIM1; p={base64.b64encode(tiny).decode()}") == ["WRONG"]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda record: record.replace("v=DKIM1", "v=DKIM2"),
        lambda record: record.partition("p=")[0],
        lambda record: record.partition("p=")[0] + "p=",
        lambda record: record[:-9],
        lambda record: record.replace("k=rsa", "k=dsa"),
        lambda record: record + "; h=sha1",
        lambda record: record + "; s=tlsrpt",
    ],
)
def test_a_key_that_receivers_cannot_use_is_wrong(key, spoil):
    assert key_judged(spoil(key.record)) == ["WRONG"]


def test_a_key_under_trial_or_of_the_new_kind_is_looked_at(key):
    assert key_judged(key.record + "; t=y") == ["OK", "LOOK"]
    assert key_judged("v=DKIM1; k=ed25519; p=" + base64.b64encode(b"x" * 32).decode()) == ["LOOK"]


def test_no_key_two_keys_an_unknown_key_and_no_selector(key):
    judge = dkim.judge
    assert verdicts(judge("s1", "a.example", from_mapping({NAME: {"TXT": []}}))) == ["WRONG"]
    assert verdicts(judge("s1", "a.example", from_mapping({NAME: {"TXT": [key.record] * 2}}))) == ["WRONG"]
    assert verdicts(judge("s1", "a.example", from_mapping({}))) == ["LOOK"]
    assert verdicts(judge("", "a.example", from_mapping({}))) == ["LOOK"]


def test_an_odd_text_where_a_key_belongs_is_no_key():
    assert key_judged("hello") == ["WRONG"]


@given(st.text(max_size=80) | st.binary(max_size=80).map(lambda raw: "p=" + base64.b64encode(raw).decode()))
def test_no_key_is_so_odd_that_the_doctor_stumbles(record):
    assert key_judged(record)


# --- DMARC ---


def policy_judged(record, domain="a.example", dkim_domain="a.example", at="_dmarc.a.example"):
    texts = [record] if isinstance(record, str) else record
    known = {f"_dmarc.{above}": {"TXT": []} for above in dmarc.parents(domain)}
    return verdicts(dmarc.judge(domain, dkim_domain, from_mapping(known | {at: {"TXT": texts}})))


def test_a_policy_with_reports_is_in_order():
    assert policy_judged("v=DMARC1; p=reject; rua=mailto:d@a.example") == ["OK", "OK", "OK"]


def test_a_policy_of_none_or_without_reports_is_looked_at():
    assert policy_judged("v=DMARC1; p=none") == ["LOOK", "LOOK", "OK"]


def test_no_policy_and_two_policies_are_wrong():
    assert policy_judged([]) == ["WRONG"]
    assert policy_judged(["v=DMARC1; p=none", "v=DMARC1; p=reject"]) == ["WRONG"]
    assert policy_judged("v=DMARC1; rua=mailto:d@a.example")[0] == "WRONG"
    assert verdicts(dmarc.judge("a.example", "a.example", from_mapping({}))) == ["LOOK"]


def test_a_domain_below_takes_the_policy_of_the_one_above_it():
    above = {"domain": "portal.a.example", "dkim_domain": "a.example"}
    assert policy_judged("v=DMARC1; p=none; sp=reject; rua=mailto:d@a.example", **above) == ["OK", "OK", "OK"]
    assert policy_judged("v=DMARC1; p=reject; sp=none; rua=mailto:d@a.example", **above)[0] == "LOOK"


def test_strict_alignment_wants_the_very_same_domain():
    both = {"domain": "portal.a.example", "dkim_domain": "a.example"}
    assert policy_judged("v=DMARC1; p=reject; rua=mailto:d@a.example", **both)[-1] == "OK"
    assert policy_judged("v=DMARC1; p=reject; adkim=s; rua=mailto:d@a.example", **both)[-1] == "WRONG"
    assert policy_judged("v=DMARC1; p=reject", dkim_domain="relay.example")[-1] == "WRONG"


@pytest.mark.parametrize(
    "one, other, top, relaxed",
    [
        ("a.example", "a.example", "a.example", True),
        ("news.a.example", "a.example", "a.example", True),
        ("news.a.example", "mail.a.example", "a.example", True),
        ("news.a.example", "mail.a.example", "news.a.example", False),
        ("a.example", "xa.example", "a.example", False),
        ("a.example", "b.example", "a.example", False),
        ("a.example", "example", "a.example", False),
    ],
)
def test_relaxed_alignment_asks_for_one_organisation(one, other, top, relaxed):
    assert dmarc.aligned(one, other, strict=False, top=top) is relaxed
    assert dmarc.aligned(one, other, strict=True, top=top) is (one == other)


# --- the file of answers ---


def test_the_file_in_the_modules_own_words_can_be_read(tmp_path):
    example = "\n".join(line[4:] for line in answers.__doc__.splitlines() if line.startswith("    "))
    (tmp_path / "answers.toml").write_text(example)
    ask = from_file(tmp_path / "answers.toml")
    assert ask("Portal.Example.org.", "TXT") == ["v=spf1 include:spf.relay.example.net -all"]
    assert ask("25.2.0.192.in-addr.arpa", "PTR") == ["relay.example.net."]
    assert ask("portal.example.org", "AAAA") is None


def test_json_will_do_and_names_with_other_letters_are_found(tmp_path):
    (tmp_path / "answers.json").write_text('{"äänekoski.example": {"mx": []}}', encoding="utf-8")
    assert from_file(tmp_path / "answers.json")("xn--nekoski-4waa.example", "MX") == []


@pytest.mark.parametrize("text", ["[", '"a" = 3', '["a"]\nTXT = "v=spf1"', '["a"]\nTXT = [1]', '"" = {"TXT" = 1}'])
def test_a_file_that_is_written_wrong_is_refused_in_words(tmp_path, text):
    (tmp_path / "answers.toml").write_text(text)
    with pytest.raises(NoAnswers):
        from_file(tmp_path / "answers.toml")


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(NoAnswers, match=r"none\.toml cannot be read: No such file"):
        from_file(tmp_path / "none.toml")


# --- the resolver ---

ZONE = {
    ("a.example.", "TXT"): ['"v=spf1 ip4:192.0.2.0/24" " -all"', '"other"'],
    ("a.example.", "MX"): ["10 mx.a.example."],
    ("25.2.0.192.in-addr.arpa.", "PTR"): ["relay.a.example."],
}


def reply(question):
    """What the server says: from the zone, nothing of that type, no such name, or that it is ill."""
    name, kind = question.question[0].name.to_text(), dns.rdatatype.to_text(question.question[0].rdtype)
    said = dns.message.make_response(question)
    if (name, kind) in ZONE:
        said.answer.append(dns.rrset.from_text_list(name, 60, "IN", kind, ZONE[name, kind]))
    elif name == "ill.example.":
        said.set_rcode(dns.rcode.SERVFAIL)
    elif name not in {each for each, _kind in ZONE}:
        said.set_rcode(dns.rcode.NXDOMAIN)
    said.flags |= dns.flags.RA
    return said.to_wire()


@pytest.fixture
def resolver():
    """Asks a real server on the loopback."""
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind(("127.0.0.1", 0))

    def serve():
        while True:
            try:
                packet, who = server.recvfrom(4096)
                server.sendto(reply(dns.message.from_wire(packet)), who)
            except OSError:
                return

    threading.Thread(target=serve, daemon=True).start()
    found = dns.resolver.Resolver(configure=False)
    found.nameservers, found.port = ["127.0.0.1"], server.getsockname()[1]
    yield found
    server.close()


def test_the_resolver_tells_records_absence_and_silence_apart(resolver):
    ask = from_resolver(resolver)
    assert sorted(ask("A.example", "TXT")) == ["other", "v=spf1 ip4:192.0.2.0/24 -all"]
    assert ask("a.example", "MX") == ["10 mx.a.example."]
    assert ask(answers.reverse_name("192.0.2.25"), "PTR") == ["relay.a.example."]
    assert (ask("a.example", "A"), ask("b.example", "TXT")) == ([], [])
    assert (ask("ill.example", "TXT"), ask("x" * 64 + ".example", "TXT")) == (None, None)
