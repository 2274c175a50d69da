"""The mailbox of development: each letter can be read in all its parts, and it can do nothing."""

from datetime import UTC, datetime

import pytest
from django.core.mail import send_mail

from lib.output.email_preview import in_colour_scheme
from outbox.models import Delivery
from outbox.tasks import send_queued
from tests.youthnet import devmail_urls

CALENDAR = (
    "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VTIMEZONE\r\nTZID:Europe/Helsinki\r\nEND:VTIMEZONE\r\nBEGIN:VEVENT\r\n"
    "SUMMARY:Kokous\\, iso ja hyvin pitkä otsikko joka jatkuu\r\n  seuraavalla rivillä\r\n"
    'ATTENDEE;CN="Aino: Jäsen";RSVP=TRUE:mailto:aino@example.org\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n'
)
HTML = "<html><head><style>@media (prefers-color-scheme: dark) { p { color: red } }</style></head><p>Hei</p></html>"


@pytest.fixture
def mailbox(settings, tmp_path, db):
    """A folder of letters that the portal has sent in development."""
    settings.DEBUG = True
    settings.ROOT_URLCONF = devmail_urls.__name__
    settings.OUTBOX_TRANSPORT = "outbox.file_transport.FileBackend"
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    return settings.EMAIL_FILE_PATH


def post(recipient="aino@example.org", **more):
    fields = {"kind": "invitation", "subject": "Tervetuloa ääneen", "text": "Koodisi on 123456.\n\nHei\n", **more}
    Delivery.objects.queue([Delivery(recipient=recipient, **fields)], datetime(2026, 8, 19, 10, 0, tzinfo=UTC))
    send_queued()


def names(folder):
    return [file.stem for file in folder.glob("*.eml")]


def shown(client, **query):
    return [(kept.mail.to, kept.mail.subject) for kept in client.get("/dev/mail/", query).context["letters"]]


def test_an_empty_mailbox_says_so(client, mailbox):
    assert client.get("/dev/mail/").status_code == 200
    assert shown(client) == []


def test_the_newest_letter_stands_first_with_its_first_words(client, mailbox):
    post("eetu@example.org", subject="Vanha")
    post()
    assert shown(client) == [("aino@example.org", "Tervetuloa ääneen"), ("eetu@example.org", "Vanha")]
    assert client.get("/dev/mail/").context["letters"][0].mail.preview == "Koodisi on 123456. Hei"


def test_a_letter_is_found_by_its_recipient_or_subject(client, mailbox):
    post("eetu@example.org", subject="Toinen")
    post()
    assert shown(client, q="EETU@") == [("eetu@example.org", "Toinen")]
    assert shown(client, q="ääneen") == [("aino@example.org", "Tervetuloa ääneen")]
    assert shown(client, q="ei ole") == []


def test_a_letter_that_still_waits_is_announced(client, mailbox):
    send_mail("Koodi", "123456", None, ["aino@example.org"])
    assert client.get("/dev/mail/").context["status"]["waiting"] == 1


def test_a_repeated_attempt_does_not_make_a_second_file(client, mailbox):
    post()
    Delivery.objects.update(sent_at=None)
    send_queued()
    assert len(names(mailbox)) == 1


def test_all_parts_of_a_letter_are_shown(client, mailbox):
    post(html=HTML, calendar=CALENDAR, calendar_method="REQUEST", reply_to=["kaisa@example.org"])
    [name] = names(mailbox)
    page = client.get(f"/dev/mail/{name}/")
    mail = page.context["kept"].mail
    assert mail.text == "Koodisi on 123456.\n\nHei\n"
    assert mail.header("reply-to") == "kaisa@example.org"
    assert mail.entry == [
        ("METHOD", "REQUEST"),
        ("SUMMARY", "Kokous, iso ja hyvin pitkä otsikko joka jatkuu seuraavalla rivillä"),
        ('ATTENDEE;CN="Aino: Jäsen";RSVP=TRUE', "mailto:aino@example.org"),
    ]
    assert f'src="/dev/mail/{name}/html/"' in page.content.decode()


def test_each_file_of_a_letter_about_several_meetings_is_shown(client, mailbox):
    files = [{"name": f"2027-01-{day}.ics", "method": "REQUEST", "text": CALENDAR} for day in (13, 20)]
    post(html=HTML, calendar_files=files)
    [name] = names(mailbox)
    mail = client.get(f"/dev/mail/{name}/").context["kept"].mail
    assert mail.calendar == ""
    assert [(file, len(entry)) for file, entry in mail.entries] == [("2027-01-13.ics", 3), ("2027-01-20.ics", 3)]


def test_the_calendar_entry_and_the_source_can_be_saved(client, mailbox):
    post(calendar=CALENDAR, calendar_method="REQUEST")
    [name] = names(mailbox)
    entry = client.get(f"/dev/mail/{name}/calendar/")
    assert entry["Content-Disposition"] == f'attachment; filename="{name}.ics"'
    assert entry.content.decode() == CALENDAR.replace("\r\n", "\n")
    assert client.get(f"/dev/mail/{name}/source/").content == (mailbox / f"{name}.eml").read_bytes()


def test_the_html_of_a_letter_can_run_nothing_and_fetch_nothing(client, mailbox):
    post(html="<script>alert(1)</script><img src='https://tracker.example/x.gif'>")
    [name] = names(mailbox)
    part = client.get(f"/dev/mail/{name}/html/")
    assert part["Content-Security-Policy"] == (
        "default-src 'none'; script-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; "
        "frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox"
    )
    assert part["X-Frame-Options"] == "SAMEORIGIN"
    page = client.get(f"/dev/mail/{name}/")
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in page.content.decode()
    assert "<script>alert" not in page.content.decode()


def test_day_and_night_can_be_compared_in_one_browser():
    assert "@media all {" in in_colour_scheme(HTML, dark=True)
    assert "@media not all {" in in_colour_scheme(HTML, dark=False)
    assert '<head><base target="_blank">' in in_colour_scheme(HTML, dark=False)


def test_phone_width_and_night_are_links(client, mailbox):
    post(html=HTML)
    [name] = names(mailbox)
    page = client.get(f"/dev/mail/{name}/", {"narrow": "1", "dark": "1"}).content.decode()
    assert 'width="375"' in page
    assert f'src="/dev/mail/{name}/html/?dark=1"' in page


@pytest.mark.parametrize("what", ["html", "calendar", "secrets"])
def test_a_part_that_is_not_there_is_not_found(client, mailbox, what):
    post()
    [name] = names(mailbox)
    assert client.get(f"/dev/mail/{name}/{what}/").status_code == 404


@pytest.mark.parametrize("name", ["ei-ole", "..%2F..%2Fmanage", "../manage.py"])
def test_nothing_outside_the_folder_can_be_read(client, mailbox, name):
    assert client.get(f"/dev/mail/{name}/").status_code == 404


def test_outside_development_there_is_no_mailbox(client, mailbox, settings):
    post(html=HTML)
    [name] = names(mailbox)
    settings.DEBUG = False
    for address in ("", f"{name}/", f"{name}/html/", f"{name}/source/"):
        assert client.get(f"/dev/mail/{address}").status_code == 404


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\xff\xfe\x00",
        b"Message-ID: <@@x@@>\r\nFrom: Aino <\r\nDate: not a date\r\n\r\nHei",
        b"Subject: =?klingon?b?xx?=\r\nContent-Type: text/plain; charset=klingon\r\n\r\nHei \xe4",
        b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: text/calendar\r\n\r\n:::\r\nBEGIN",
        b"Content-Type: message/rfc822\r\n\r\nSubject: inner\r\n\r\nHei",
    ],
)
def test_a_broken_letter_does_not_break_the_mailbox(client, mailbox, raw):
    mailbox.mkdir()
    (mailbox / "20260819-100000-broken.eml").write_bytes(raw)
    assert client.get("/dev/mail/").status_code == 200
    assert client.get("/dev/mail/20260819-100000-broken/").status_code == 200
