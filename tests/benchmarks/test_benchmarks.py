"""The instruments themselves: the sink that is as rude as it is told to be, its record, and the figures' lines."""

import smtplib
import socket

import pytest

from benchmarks import __main__ as measure
from benchmarks.mail.relays import Entry, Record, own_sink
from benchmarks.mail.smtp_sink import share
from benchmarks.report import Figure, show

SENDER = "nuoriso@example.org"
LETTER = b"Message-ID: <1@example.org>\r\nDate: Mon, 4 Jan 2027 09:00:00 +0200\r\nSubject: Hei\r\n\r\nHei!\r\n.\r\n"


@pytest.fixture
def sink(tmp_path):
    with own_sink(tmp_path / "record") as sink:
        yield sink


@pytest.fixture
def client(sink):
    with smtplib.SMTP("127.0.0.1", sink.relay.port, timeout=10) as client:
        yield client


def person_with(wanted):
    """An address whose share the test may choose."""
    addresses = (f"lukija{number}@example.org" for number in range(10_000))
    return next(address for address in addresses if wanted(share(address.encode())))


def test_the_sink_writes_down_what_it_has_taken(sink, client):
    client.sendmail(SENDER, ["aino@example.org"], LETTER)
    [entry] = sink.record().entries
    assert entry[1:] == ("250", "aino@example.org", "<1@example.org>", "Mon, 4 Jan 2027 09:00:00 +0200")
    assert sink.letters == 1


def test_letters_that_come_in_one_packet_are_answered_in_their_order(sink):
    """RFC 2920; the second letter is empty, and lines that begin with a dot do not end the first."""
    one = b"MAIL FROM:<a@example.org>\r\nRCPT TO:<%b@example.org>\r\nDATA\r\n%b.\r\n"
    with socket.create_connection(("127.0.0.1", sink.relay.port), timeout=10) as line, line.makefile("rb") as answers:
        line.sendall(one % (b"aino", b"..\r\n.x\r\n") + one % (b"matti", b"") + b"QUIT\r\n")
        codes = [answer[:3] for answer in answers]
    assert codes == [b"220", *([b"250", b"250", b"354", b"250"] * 2), b"221"]
    assert [entry.recipient for entry in sink.record().taken] == ["aino@example.org", "matti@example.org"]


def test_some_are_put_off_once_and_some_are_refused(sink, client):
    sink.behave(later=10, never=4)
    defer, refused = person_with(lambda part: part < 10), person_with(lambda part: part >= 96)
    codes = []
    for recipient in (defer, defer, refused, refused):
        try:
            client.sendmail(SENDER, [recipient], LETTER)
            codes.append(250)
        except smtplib.SMTPRecipientsRefused as error:
            codes.append(error.recipients[recipient][0])
    assert codes == [451, 250, 550, 550]
    assert sink.record().answered_with("550") == {refused}


def test_a_cut_line_leaves_a_letter_taken_and_unanswered(sink, client):
    sink.behave(cut=1)
    with pytest.raises(smtplib.SMTPServerDisconnected):
        client.sendmail(SENDER, ["aino@example.org"], LETTER)
    assert [entry.answer for entry in sink.record().taken] == ["cut"]


def test_the_door_can_be_shut_and_opened(sink):
    sink.behave(door="busy")
    with pytest.raises(smtplib.SMTPConnectError):
        smtplib.SMTP("127.0.0.1", sink.relay.port, timeout=10)
    sink.behave(door="shut")
    with pytest.raises(ConnectionRefusedError):
        smtplib.SMTP("127.0.0.1", sink.relay.port, timeout=10)
    sink.behave(door="open", pipelining=False)
    with smtplib.SMTP("127.0.0.1", sink.relay.port, timeout=10) as again:
        again.ehlo()
        assert not again.has_extn("pipelining")


def taken(moment, recipient, message_id="<1>", answer="250"):
    return Entry(moment, answer, recipient, message_id, "Mon")


def test_a_record_tells_repeats_strangers_and_silence():
    record = Record(
        [
            taken(1.0, "aino"),
            taken(2.0, "aino", answer="cut"),
            taken(2.5, "matti", answer="451"),
            taken(6.0, "matti"),
            taken(7.0, "matti", "<2>"),
        ]
    )
    assert (record.repeated, record.other_faces) == (2, 1)
    assert record.silence(1.5, 7.0) == 4.0
    assert record.only(["aino"]).other_faces == 0


def test_figures_are_a_table_for_people_and_lines_for_machines():
    figures = [
        Figure("pause", 0.1234, "s", ("<=", 1), "until the wire was silent"),
        Figure("rate", 10226.4, "/s"),
        Figure("times", 6.99, "times", (">=", 7)),
    ]
    assert show("outbox", figures).splitlines() == [
        "       value   unit  goal",
        "pause  0.123      s  <= 1     ok  until the wire was silent",
        "rate   10226     /s",
        "times   6.99  times  >= 7  short",
        "",
        "RESULT outbox.pause 0.123 s goal <=1 ok",
        "RESULT outbox.times 6.99 times goal >=7 short",
    ]


def test_a_part_without_measurements_says_so(monkeypatch, capsys):
    monkeypatch.setattr(measure, "PARTS", ["weather"])
    assert measure.main(["bench", "--part", "weather"]) == 0
    assert capsys.readouterr().out == "There is nothing to measure in weather yet (make bench).\n"


def test_an_unknown_part_is_refused(capsys):
    with pytest.raises(SystemExit):
        measure.main(["bench", "--part", "weather"])
