"""One wording for many: what each reader gets is what Django would have built, at a fraction of the cost."""

from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.header import decode_header, make_header
from email.utils import format_datetime, getaddresses

import pytest
from django.core.mail import EmailMultiAlternatives
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lib.text.normal_form import name_of
from outbox.message import builder
from outbox.message.builder import Letter, merge_field

DATED = datetime(2027, 1, 20, 9, 0, tzinfo=UTC)

readable = st.characters(exclude_categories=["Cs", "Cc", "Co", "Zl", "Zp"])
words = st.text(readable, max_size=120).map(lambda text: " ".join(text.split()))
names = st.text(readable, max_size=300).map(lambda text: " ".join(text.split()))
marks = st.text("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.=&?%+", min_size=1, max_size=200)
boxes = st.from_regex(r"[a-z][a-z0-9.]{0,20}@[a-z]{1,20}\.example", fullmatch=True)

LETTER = Letter(
    sender='"ISO-verkosto" <iso@example.org>',
    recipient="",
    message_id="",
    dated_at=DATED,
    subject="Tammikuun infokirje: äitejä & öitä",
    text=f"Hei {merge_field('name')}!\n.piste alussa\n\n"
    f"Asetukset: {merge_field('settings')}\nLopeta: {merge_field('leave')}\n",
    html=f'<p>Hei {merge_field("name")}</p>\n.<br><a href="{merge_field("leave")}">Lopeta</a>'
    + "<p>ääkköset</p>\n" * 30,
    headers={
        "List-Unsubscribe": f"<{merge_field('leave')}>, <mailto:paluu+leave-{merge_field('mark')}@example.org>",
        "List-Id": "<x.example.org>",
    },
)
TEMPLATE = builder.build_template(LETTER, boundary="k.1")


def reader(recipient="aino@example.org", recipient_name="", mark="1-abc", name="Aino"):
    own = {
        "leave": f"https://portal.example.org/l/{mark}/",
        "settings": f"https://portal.example.org/s/{mark}/",
        "mark": mark,
        "name": name,
    }
    return builder.recipient_values(recipient, recipient_name, f"<7.{len(mark)}@example.org>") | own


def djangos(recipient, recipient_name, values):
    """The same letter as Django's own class builds it."""
    own = builder.filled(LETTER, values)
    to = f'"{recipient_name}" <{recipient}>' if recipient_name and recipient_name.isascii() else recipient
    message = EmailMultiAlternatives(
        own.subject,
        own.text,
        own.sender,
        [to],
        headers={**own.headers, "Message-ID": values[builder.MESSAGE_ID], "Date": format_datetime(DATED)},
    )
    message.attach_alternative(own.html, "text/html")
    return message_from_bytes(message.message().as_bytes(linesep="\r\n"))


def decoded(value):
    return " ".join(str(make_header(decode_header(value))).split())


def body(part):
    return part.get_payload(decode=True).decode("utf-8").replace("\r\n", "\n").rstrip("\n")


@settings(max_examples=1000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(recipient=boxes, recipient_name=names, mark=marks, name=words)
def test_each_readers_letter_reads_the_same_as_djangos(recipient, recipient_name, mark, name):
    values = reader(recipient, recipient_name, mark, name)
    ours = message_from_bytes(TEMPLATE.fill(values))
    theirs = djangos(recipient, "", values)
    assert getaddresses([ours["From"]]) == getaddresses([theirs["From"]])
    for header in ("Subject", "Date", "Message-ID", "List-Unsubscribe", "List-Id"):
        assert decoded(ours[header]) == decoded(theirs[header])
    [(to_name, to_address)] = getaddresses([ours["To"]])
    assert (decoded(to_name), to_address) == (name_of(recipient_name), recipient)
    assert [body(part) for part in ours.get_payload()] == [body(part) for part in theirs.get_payload()]


@settings(max_examples=300, deadline=None)
@given(recipient_name=names, mark=marks, name=words)
def test_no_line_is_too_long_and_none_begins_with_a_dot(recipient_name, mark, name):
    raw = TEMPLATE.fill(reader("aino@example.org", recipient_name, mark, name))
    assert raw.isascii()
    assert b"\n" not in raw.replace(b"\r\n", b"")
    head, _blank, rest = raw.partition(b"\r\n\r\n")
    assert max(len(line) for line in head.split(b"\r\n")) <= 998
    assert max(len(line) for line in rest.split(b"\r\n")) <= 76
    assert [line for line in raw.split(b"\r\n") if line.startswith(b".")] == []


@pytest.mark.parametrize(
    "forged",
    [
        {"recipient": "aino@example.org\r\nBcc: kaikki@example.org"},
        {"recipient_name": "Aino\r\nBcc: kaikki@example.org"},
        {"mark": "x\r\nBcc: kaikki@example.org"},
        {"mark": "x\n\nBcc: kaikki@example.org"},
        {"mark": "x\n Bcc: kaikki@example.org"},
        {"mark": "ääkkönen"},
    ],
)
def test_a_forged_value_raises_or_stays_inside_its_header(forged):
    try:
        message = message_from_bytes(TEMPLATE.fill(reader(**forged)))
    except ValueError:
        return
    assert message["Bcc"] is None
    assert len(message.get_payload()) == 2


def test_a_missing_value_raises():
    with pytest.raises(KeyError):
        TEMPLATE.fill(builder.recipient_values("aino@example.org", "", "<1@example.org>"))


def test_html_values_are_escaped_and_text_values_are_not():
    message = message_from_bytes(TEMPLATE.fill(reader(name="<b>Aino & co</b>")))
    text, html = [body(part) for part in message.get_payload()]
    assert "Hei <b>Aino & co</b>!" in text
    assert "Hei &lt;b&gt;Aino &amp; co&lt;/b&gt;" in html


def test_the_same_reader_gets_the_same_bytes_at_every_attempt():
    assert TEMPLATE.fill(reader()) == builder.build_template(LETTER, boundary="k.1").fill(reader())


def test_words_that_look_like_a_template_stay_as_they_are():
    odd = "{{ settings.SECRET_KEY }} {0.__class__} %(x)s %s {leave}"
    own = {"subject": odd, "text": odd, "html": "", "headers": {}, "message_id": "<1@x>", "recipient": "b@example.org"}
    letter = replace(LETTER, **own)
    message = message_from_bytes(builder.raw(letter))
    assert (decoded(message["Subject"]), body(message)) == (odd, odd)
