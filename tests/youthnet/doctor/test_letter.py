"""The portal's own letters by their bytes, as they leave and spoiled in every way the doctor knows."""

import pytest

from newsletters.models import Block, Issue, MailingList
from youthnet.doctor import message_checks, probe
from youthnet.doctor.report import OK

SITE = message_checks.Site("portal.example.org", "https://portal.example.org")


@pytest.fixture(autouse=True)
def house(settings):
    settings.DEFAULT_FROM_EMAIL = "Verkosto <verkosto@portal.example.org>"
    settings.SITE_URL = SITE.site_url


@pytest.fixture
def single(db, now):
    """The probe as it travels."""
    return probe.probe("aino@example.org", now)


@pytest.fixture
def issue(world, now):
    """A newsletter as it travels."""
    letters = MailingList.objects.create(area=world.area, code="infokirje", name_fi="Verkoston infokirje")
    made = Issue.objects.create(list=letters, number=1, slug="infokirje-1", subject_fi="Hyvää huomenta, äitienpäivä")
    made.blocks.create(order=1, kind=Block.TEXT, title_fi="Hei", body_fi="<p>Uusi <strong>vuosi</strong> alkaa.</p>")
    return probe.newest_issue("aino@example.org", now)


@pytest.fixture
def now():
    from django.utils import timezone

    return timezone.now()


def complaints(raw, newsletter=False):
    findings = message_checks.judge(raw, SITE, "letter", newsletter=newsletter)
    return [finding.found for finding in findings if finding.verdict != OK]


def test_the_portals_letters_are_in_order(single, issue):
    assert complaints(single) == []
    assert complaints(issue, newsletter=True) == []
    assert len(list(message_checks.judge(issue, SITE, "letter", newsletter=True))) == 8


def test_there_may_be_no_issue_yet(db, now):
    assert probe.newest_issue("aino@example.org", now) is None


def test_a_newsletter_is_no_letter_to_one_person_nor_the_other_way_round(single, issue):
    assert "carries List-Id" in complaints(issue)[0] or "List-Unsubscribe" in complaints(issue)[0]
    assert len(complaints(single, newsletter=True)) == 2


@pytest.mark.parametrize(
    "old, new, complaint",
    [
        (b"From: ", b"From: other@portal.example.org\r\nFrom: ", "The letter has 2 × From."),
        (b"Date: ", b"X-Date: ", "The letter has 0 × Date."),
        (b"Subject: ", b"Cc: all@example.org\r\nSubject: ", "The letter has Cc."),
        (b"To: ", b"To: bo@example.org, ", "The letter has another number of recipients than one."),
        (b"@portal.example.org>", b"@elsewhere.example>", "It comes from elsewhere.example"),
        (b"Auto-Submitted: auto-generated", b"Auto-Submitted: no", "It does not say that a machine wrote it"),
        (b"Subject: ", b"List-Id: <a.b>\r\nSubject: ", "A letter to one person carries List-Id."),
        (b'href=3D"https://portal', b'href=3D"https://evil', "It leads elsewhere than to https://portal.example.org"),
        (b"Subject: ", b"X-Long: " + b"x" * 999 + b"\r\nSubject: ", "Its longest line has 1007 characters"),
        (b"Subject: ", b"X-Word: =?utf-8?q?" + b"x" * 90 + b"?=\r\nSubject: ", "its longest encoded line 110"),
        (b"text/plain", b"text/enriched", "It lacks a plain reading"),
        (b"<h1>", b'<img alt=3D"" src=3D"https://t.example/p.gif">=\r\n<h1>', "It loads pictures from elsewhere."),
    ],
)
def test_what_is_spoiled_is_noticed(single, old, new, complaint):
    found = complaints(single.replace(old, new, 1))
    assert len(found) == 1 and complaint in found[0], found


@pytest.mark.parametrize(
    "old, new, complaint",
    [
        (b"List-Unsubscribe: <https", b"List-Unsubscribe: <http", "Its List-Unsubscribe holds no <https"),
        (b"List-Unsubscribe: <", b"List-Unsubscribe: ", "Its List-Unsubscribe holds no <https"),
        (b"List-Unsubscribe: <https://portal", b"List-Unsubscribe: <https://x", "Its List-Unsubscribe leads elsewhere"),
        (b"List-Unsubscribe=One-Click", b"List-Unsubscribe=Maybe", "cannot unsubscribe with one click"),
        (b"List-Id: <", b"List-Id: <<", "The name of its list is not as RFC 2919 asks"),
    ],
)
def test_what_is_spoiled_in_a_newsletter_is_noticed(issue, old, new, complaint):
    assert old in issue
    found = complaints(issue.replace(old, new, 1), newsletter=True)
    assert len(found) == 1 and complaint in found[0], found


def test_a_letter_that_mail_programs_would_cut_is_told_of(single):
    assert complaints(single + b"x\r\n" * 40_000)[-1].endswith("kB, and mail programs cut after 100.")
