"""Which servers may send for a domain: records as people really write them, and as they should not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from youthnet.doctor import spf
from youthnet.doctor.dns import from_mapping

RELAY, STRANGER = "192.0.2.25", "203.0.113.9"


def judged(record, senders=(), **others):
    """Verdicts of a domain with these records."""
    texts = [record] if isinstance(record, str) else record
    ask = from_mapping({"a.example": {"TXT": texts}} | {name: {"TXT": [text]} for name, text in others.items()})
    return [finding.verdict for finding in spf.judge("a.example", ask, list(senders))]


def permits(record, address, more=None):
    ask = from_mapping({"a.example": {"TXT": [record]}} | (more or {}))
    return spf.permits("a.example", address, ask)


def test_one_record_that_names_the_relay_is_in_order():
    assert judged("v=spf1 ip4:192.0.2.0/24 -all", [RELAY]) == ["OK", "OK", "OK", "OK"]
    assert judged("v=spf1 ip4:192.0.2.0/24 ~all", [RELAY]) == ["OK", "OK", "OK", "OK"]


def test_none_and_several_are_wrong_and_other_texts_do_not_count():
    assert judged([]) == ["WRONG"]
    assert judged(["v=spf10 -all", "v=DMARC1; p=none"]) == ["WRONG"]
    assert judged(["v=spf1 -all", "v=spf1 ip4:192.0.2.1 -all"]) == ["WRONG"]


def test_what_nobody_knows_is_neither_right_nor_wrong():
    assert [f.verdict for f in spf.judge("a.example", from_mapping({}), [])] == ["LOOK"]
    assert judged("v=spf1 include:elsewhere.example -all", [RELAY]) == ["OK", "OK", "LOOK", "LOOK"]


@pytest.mark.parametrize("end", ["", " ?all", " +all", " all"])
def test_a_record_that_lets_everybody_send_is_wrong(end):
    assert judged(f"v=spf1 ip4:192.0.2.0/24{end}")[1] == "WRONG"


@pytest.mark.parametrize(
    "record",
    [
        "v=spf1 ip4:192.0.2.999 -all", "v=spf1 ip4 -all", "v=spf1 includ:x.example -all", "v=spf1 include: -all",
        "v=spf1 -all, ip4:192.0.2.1", "v=spf1 include:a.example -all", "v=spf1 ipv4:192.0.2.1 -all", "v=spf1 a/33 -all",
    ],
)  # fmt: skip
def test_a_record_that_receivers_cannot_read_is_wrong(record):
    assert judged(record)[-1] == "WRONG"


def test_lookups_are_counted_through_the_includes():
    many = " ".join(f"a:h{number}.example" for number in range(6))
    ask = from_mapping(
        {"a.example": {"TXT": [f"v=spf1 include:b.example {many} -all"]}, "b.example": {"TXT": [f"v=spf1 {many} -all"]}}
    )
    assert spf.count("a.example", ask).lookups == 13
    assert [f.verdict for f in spf.judge("a.example", ask, [])] == ["OK", "OK", "WRONG"]


def test_ten_lookups_are_allowed():
    assert judged("v=spf1 " + " ".join(f"a:h{number}.example" for number in range(10)) + " -all") == ["OK", "OK", "OK"]
    assert judged("v=spf1 " + " ".join(f"a:h{number}.example" for number in range(11)) + " -all")[2] == "WRONG"


def test_the_relay_is_found_by_address_include_host_and_exchange():
    a = {"relay.example": {"A": ["alias.example.", RELAY], "AAAA": []}}
    assert permits("v=spf1 ip4:192.0.2.25 -all", RELAY) is True
    assert permits("v=spf1 ip6:2001:db8::/32 -all", "2001:db8::5") is True
    assert permits("v=spf1 a:relay.example -all", RELAY, a) is True
    included = {"b.example": {"TXT": ["v=spf1 ip4:192.0.2.0/24 ~all"]}}
    assert permits("v=spf1 include:b.example -all", RELAY, included) is True
    assert permits("v=spf1 redirect=b.example", RELAY, included) is True
    exchanges = a | {"x.example": {"MX": ["10 relay.example."]}}
    assert permits("v=spf1 mx:x.example/24 -all", "192.0.2.77", exchanges) is True


def test_a_stranger_is_not_let_in():
    assert permits("v=spf1 ip4:192.0.2.25 -all", STRANGER) is False
    assert permits("v=spf1 -ip4:192.0.2.25 +all", RELAY) is False
    assert permits("v=spf1 include:b.example ~all", STRANGER, {"b.example": {"TXT": ["v=spf1 -all"]}}) is False
    assert judged("v=spf1 ip4:192.0.2.25 -all", [STRANGER])[-1] == "WRONG"


def test_an_include_without_an_answer_leaves_it_open():
    assert permits("v=spf1 include:unknown.example -all", RELAY) is None
    assert permits("v=spf1 exists:%{i}.x.example -all", RELAY) is None


@given(
    st.lists(st.text(max_size=60), max_size=4),
    st.lists(st.text("v=spf1 +-~?all:include/0123456789ab.%{}", max_size=80)),
)
def test_no_record_is_so_odd_that_the_doctor_stumbles(texts, records):
    ask = from_mapping({"a.example": {"TXT": texts + [f"v=spf1 {record}" for record in records]}})
    assert list(spf.judge("a.example", ask, [RELAY, "2001:db8::1"]))
