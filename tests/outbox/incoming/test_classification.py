"""Who speaks in a message that came in: a mail server, a machine that answers, or a person."""

from pathlib import Path

import pytest

from outbox.incoming import bounce_parser
from outbox.incoming.bounce_parser import Kind

DATA = Path(__file__).parent / "data"
DSN = (
    "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
    "--b\nContent-Type: text/plain\n\nLate.\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx\n\n"
    "Final-Recipient: rfc822; aino@remote.test\nAction: ACTION\nStatus: 4.4.1\n\n--b--\n"
)


def read(head, body="Hei.", more="Content-Type: text/plain; charset=utf-8\n"):
    return bounce_parser.read(f"{head}\nTo: youthnet@portal.test\n{more}\n{body}\n".encode())


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("human_1_irt", Kind.PERSON),
        ("reply_19_human_subject_unlucky", Kind.PERSON),
        ("vacation_null_sender_did_not_receive", Kind.AUTO_REPLY),
    ],
)
def test_letters_that_once_counted_as_bounces(name, kind):
    """Real use 19."""
    reading = bounce_parser.read((DATA / f"{name}.eml").read_bytes())
    assert (reading.kind, reading.reports) == (kind, ())


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ("From: aino@remote.test\nSubject: Undelivered Mail Returned to Sender", "Sain tämän: 550 5.1.1 user unknown"),
        ("From: aino@remote.test\nSubject: Delivery problem", "The chairs could not be delivered in time."),
        ("From: Aleksandr <a@remote.test>\nSubject: Hei", "Terveisin Aleksandr, a.p@remote.test"),
        ("Return-Path: <postmaster@koulu.fi>\nFrom: Postmaster Pekka <postmaster@koulu.fi>\nSubject: Kalvot",
         "Esitystä ei voitu toimittaa ajoissa."),
        ("From: aino@remote.test\nSubject: Fwd: failure notice\nPrecedence: list", "Miksi? ei voitu toimittaa"),
        ("From: aino@remote.test\nSubject: Hei\nX-Auto-Response-Suppress: All", "Tulen."),
        ("From: aino@remote.test\nSubject: Hei\nAuto-Submitted: no (a person)", "Tulen."),
    ],
)  # fmt: skip
def test_a_persons_letter_is_a_persons_whatever_words_are_in_it(head, body):
    """Real use 19: a subject alone is never proof."""
    assert read(head, body).kind == Kind.PERSON


def test_a_person_who_forwards_a_bounce_as_a_file_is_a_person():
    """Real use 19."""
    inner = DSN.replace("ACTION", "failed")
    body = f"--a\nContent-Type: text/plain\n\nMiksi?\n--a\nContent-Type: message/rfc822\n\nFrom: m@x\n{inner}\n--a--"
    assert read("From: aino@remote.test", body, "Content-Type: multipart/mixed; boundary=a\n").kind == Kind.PERSON


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ("Return-Path: <>\nFrom: loma@remote.test", "If you did not receive a reply by 2.12.2026: room 550, m@x.fi"),
        ("From: loma@remote.test\nSubject: Undelivered\nAuto-Submitted: auto-replied", "Postia ei voitu toimittaa"),
        ("Return-Path: <>\nFrom: postmaster@remote.test\nAuto-Submitted: auto-replied (vacation)",
         "Your letter could not be delivered to me personally: 5.1.1"),
    ],
)  # fmt: skip
def test_a_machine_that_answers_brings_nothing_back(head, body):
    """Real use 19: what a machine says of itself comes first."""
    assert read(head, body).kind == Kind.AUTO_REPLY


@pytest.mark.parametrize(
    ("action", "kind"),
    [("delayed", Kind.DELAY), ("relayed", Kind.DELAY), ("delivered", Kind.DELAY), ("failed", Kind.BOUNCE)],
)
def test_a_delay_is_not_a_return(action, kind):
    """Real use 19."""
    head = "Return-Path: <>\nFrom: MAILER-DAEMON@mx.test\nAuto-Submitted: auto-replied\nSubject: Undelivered Mail"
    reading = bounce_parser.read(f"{head}\n{DSN.replace('ACTION', action)}".encode())
    assert (reading.kind, [report.action for report in reading.reports]) == (kind, [action])


def test_a_mailbox_that_refuses_by_a_rule_is_a_refusal_and_a_letter_deleted_unread_is_not():
    """Real use 19: Sieve's `reject` (RFC 5429) and a receipt look alike but for their words."""
    receipt = (
        "Content-Type: multipart/report; report-type=disposition-notification; boundary=b\n\n--b\n"
        "Content-Type: text/plain\n\nWORDS\n--b\nContent-Type: message/disposition-notification\n\n"
        "Final-Recipient: rfc822; aino@remote.test\n"
        "Disposition: automatic-action/MDN-sent-automatically; deleted\n\n--b--\n"
    )
    head = "Return-Path: <>\nFrom: aino@remote.test\nAuto-Submitted: auto-replied\n"
    refused = bounce_parser.read((head + receipt.replace("WORDS", "Your message was rejected: no.")).encode())
    deleted = bounce_parser.read((head + receipt.replace("WORDS", "Poistettiin lukematta.")).encode())
    assert (refused.kind, refused.reports[0].recipient) == (Kind.BOUNCE, "aino@remote.test")
    assert deleted.kind == Kind.AUTO_REPLY


@pytest.mark.parametrize(
    ("body", "contacts"),
    [
        ("I no longer work here. Please write to eva@kommun.test.", ("eva@kommun.test",)),
        ("En työskentele enää kaupungilla. Seuraajani: Matti, matti@remote.test", ("matti@remote.test",)),
        ("En ole enää töissä täällä.\n\n> Hei, terveisin vanha@remote.test", ()),
        ("Jag arbetar inte längre på kommunen. Kontakta eva@kommun.test", ("eva@kommun.test",)),
        ("Osoite virpi@remote.test ei ole enää käytössä. Uusi: virpi@uusi.test", ("virpi@uusi.test",)),
    ],
)
def test_a_machine_that_says_that_its_owner_has_left_names_who_follows(body, contacts):
    """Real use 19."""
    reading = read("From: virpi@remote.test\nAuto-Submitted: auto-replied", body)
    assert (reading.kind, reading.contacts) == (Kind.GONE, contacts)


def test_a_holiday_is_no_departure():
    reading = read("From: v@remote.test\nAuto-Submitted: auto-replied", "Olen lomalla. Kiireissä eva@kommun.test")
    assert (reading.kind, reading.gone) == (Kind.AUTO_REPLY, "")
