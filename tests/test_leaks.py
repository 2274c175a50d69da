"""The search for leaks sees a secret in every form in which it may leave, and nothing where there is none."""

import base64
import gzip
import json
import quopri
from email import message_from_bytes
from email.mime.message import MIMEMessage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from html import escape
from io import BytesIO
from urllib.parse import quote, urlencode

import pytest
import weasyprint
from django.core import signing
from django.core.mail import EmailMultiAlternatives
from django.http import FileResponse, HttpResponse, JsonResponse, StreamingHttpResponse
from django.utils.html import escapejs
from icalendar import Calendar, Event

from tests.leaks import assert_not_leaked, is_leaked, plain_text

SECRET = "https://kokous.example.org/salainen-linkki?pwd=ÄäkkönenA1&to=x"


def calendar(description):
    event = Event()
    event.add("DESCRIPTION", description)
    made = Calendar()
    made.add_component(event)
    return made.to_ical()


def folded(before):
    """A file in which the secret begins after so many characters, so that the fold comes to each place in it."""
    return calendar("x" * before + SECRET)


def letter(encoding, subtype="plain"):
    """A letter of two parts; the secret is in the second, in this encoding."""
    part = MIMEText("", subtype, "utf-8")
    text = f"Tervetuloa, tässä on linkki: {SECRET} ja muuta".encode()
    encoded = {"base64": base64.encodebytes, "quoted-printable": quopri.encodestring, "8bit": bytes}[encoding](text)
    del part["Content-Transfer-Encoding"]
    part["Content-Transfer-Encoding"] = encoding
    part.set_payload(encoded)
    whole = MIMEMultipart("alternative", _subparts=[MIMEText("Hei", "plain", "utf-8"), part])
    whole["Subject"] = "Kutsu"
    return whole.as_bytes()


def django_letter(**facts):
    return EmailMultiAlternatives(**{"subject": "Kutsu", "body": "Hei", "to": ["aino@example.org"], **facts})


LEAKS = {
    "as it stands": f"Liity: {SECRET}.",
    "bytes": SECRET.encode(),
    "latin-1": HttpResponse(SECRET.encode("latin-1"), content_type="text/plain; charset=latin-1"),
    "capitals": SECRET.upper(),
    "entities": f"<p>{escape(SECRET)}</p>",
    "numbered entities": "".join(f"&#{ord(sign)};" for sign in SECRET),
    "entities twice": escape(escape(SECRET)),
    "percent": f"https://example.org/?next={quote(SECRET, safe='')}",
    "percent twice": quote(quote(SECRET, safe=""), safe=""),
    "query": urlencode({"next": SECRET}),
    "query in a page": f'<a href="{escape("/x?a=1&" + urlencode({"next": SECRET}))}">',
    "marked words": SECRET.replace("salainen", "<mark>sala</mark>i<wbr>nen"),
    "invisible signs": SECRET.replace("kokous", "ko\u00adko\u200bus"),
    "JSON": json.dumps({"url": SECRET}),
    "JSON with slashes": json.dumps({"url": SECRET}).replace("/", "\\/"),
    "script": f"<script>var url = '{escapejs(SECRET)}'</script>",
    "calendar": calendar(SECRET),
    "calendar in JSON": json.dumps(calendar("x" * 50 + SECRET).decode()),
    "calendar in a page": f"<pre>{escape(calendar('x' * 50 + SECRET).decode())}</pre>",
    "quoted-printable letter": letter("quoted-printable"),
    "base64 letter": letter("base64", "html"),
    "8bit letter": letter("8bit"),
    "letter as text": letter("base64").decode(),
    "parsed letter": message_from_bytes(letter("base64")),
    "letter in a letter": MIMEMultipart(_subparts=[MIMEMessage(message_from_bytes(letter("base64")))]),
    "quoted-printable alone": quopri.encodestring(f"Tässä: {SECRET}".encode()).decode(),
    "base64 alone": base64.encodebytes(f"<p>{SECRET}</p>".encode()).decode(),
    "data address": f'<img src="data:text/html;base64,{base64.b64encode(SECRET.encode()).decode()}">',
    "signed": f"https://example.org/vastaa/{signing.dumps({'to': SECRET}, compress=True)}/",
    "body of a letter": django_letter(body=SECRET),
    "subject of a letter": django_letter(subject=f"Kutsu {SECRET}"),
    "header of a letter": django_letter(headers={"X-Link": SECRET}),
    "calendar of a letter": django_letter(attachments=[("k.ics", calendar("x" * 50 + SECRET), "text/calendar")]),
    "name of a file": django_letter(attachments=[(f"Ä {SECRET}.txt", b"x", "text/plain")]),
    "response": HttpResponse(SECRET),
    "head of a response": HttpResponse(headers={"Location": quote(SECRET)}),
    "JSON response": JsonResponse({"url": SECRET}),
    "packed response": HttpResponse(gzip.compress(SECRET.encode()), headers={"Content-Encoding": "gzip"}),
    "stream": StreamingHttpResponse([SECRET[:20].encode(), SECRET[20:].encode()]),
    "file": FileResponse(BytesIO(SECRET.encode())),
}  # fmt: skip


@pytest.mark.parametrize("form", LEAKS)
def test_a_leak_is_seen_in_every_form(form):
    assert is_leaked(SECRET, LEAKS[form])
    with pytest.raises(AssertionError, match="leaked in content 2"):
        assert_not_leaked(SECRET, "Hei!", LEAKS[form])


def test_words_broken_over_lines_are_seen():
    assert is_leaked("Salainen vieras", "Mukana on salainen\n    vieras.") and not is_leaked("Salainen", "Sala inen")


def test_a_leak_is_seen_on_a_paper():
    answer = HttpResponse(weasyprint.HTML(string=f"<p>Liity:</p><p>{escape(SECRET)}</p>").write_pdf())
    assert is_leaked(SECRET, answer) and not is_leaked("Hei", answer)


@pytest.mark.parametrize("before", range(80))
def test_a_leak_is_seen_across_the_fold_of_a_calendar(before):
    made = folded(before)
    assert is_leaked(SECRET, made) and is_leaked(SECRET, made.decode())
    assert is_leaked(SECRET, HttpResponse(made, content_type="text/calendar; charset=utf-8"))


def test_a_fold_between_the_bytes_of_one_letter_is_undone():
    assert is_leaked("Jyväskylä", "Jyväskylä".encode().replace(b"\xa4", b"\r\n \xa4"))


def test_the_old_way_of_asking_missed_these():
    """Else the search would not be needed: most forms hide the secret from a bare look."""
    old = [form for form, leak in LEAKS.items() if isinstance(leak, str) and SECRET in leak]
    assert old == ["as it stands"]
    assert SECRET.encode() not in folded(40)


@pytest.mark.parametrize(
    "content",
    [
        "", b"", "Hei!", calendar("Hei"), letter("base64").replace(b"a", b"b"), HttpResponse("Hei"),
        django_letter(), "kokous.example.org ja salainen linkki", "=?utf-8?q?Hei?=", "%E4%", "\\u12", "&#0;", "=4",
        b"\xff\xfe\x00", b"%PDF-1.4\n%%EOF", "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n\udcff",
    ],
)  # fmt: skip
def test_nothing_is_seen_where_nothing_is(content):
    assert_not_leaked(SECRET, content)


def test_a_stream_can_be_read_after_the_search():
    answer = StreamingHttpResponse([b"Hei ", b"Aino"])
    assert_not_leaked(SECRET, answer)
    assert b"".join(answer) == b"Hei Aino"


@pytest.mark.parametrize(("secret", "contents"), [("", ["x"]), (SECRET, []), (SECRET, [None]), (SECRET, [["x"]])])
def test_a_search_that_cannot_find_is_refused(secret, contents):
    with pytest.raises((AssertionError, TypeError)):
        assert_not_leaked(secret, *contents)


def test_all_that_can_be_read_is_given_as_one_text():
    assert "Hei Aino & Åke" in plain_text(HttpResponse("<b>Hei Aino</b> &amp; &Aring;ke"))
