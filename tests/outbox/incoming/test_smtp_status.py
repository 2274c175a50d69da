"""The table of refusals: the same reply means the same, whether it is heard at the relay's door or read in a bounce."""

import pytest
from django.utils import translation

from outbox.incoming import bounce_parser, smtp_status, verp
from outbox.incoming.smtp_status import AddressEffect, Cause, judge
from outbox.models import Delivery, InboundMessage, MailEvent, Suppression
from outbox.sending.domain_limits import Domains
from tests.outbox.conftest import NOW
from tests.outbox.incoming.smtp_replies import REPLIES
from tests.outbox.samples import sample

DSN_OF_ZEROS = {"4": "4.0.0", "5": "5.0.0"}
# What Sendmail makes of a reply code where the other server gave no enhanced one.
MADE_UP = {"550": "5.2.0", "551": "5.1.6", "552": "5.2.2", "553": "5.1.3", "554": "5.3.0"}


def as_heard(lines):
    """The reply as a lane hears it: one code, and the words of all lines."""
    return " ".join(f"{lines[:3]} {' '.join(line[4:] for line in lines.splitlines())}".split())


def as_reported(name, lines, status, **gaps):
    return sample(name, STATUS=status, DIAGNOSTIC=lines.replace("\n", "\n    "), **gaps)


def names(cases):
    return [whose for whose, *_rest in cases]


@pytest.mark.parametrize(("whose", "lines", "cause", "news"), REPLIES, ids=names(REPLIES))
def test_a_reply_means_the_same_at_the_door_and_in_every_sort_of_bounce(whose, lines, cause, news):
    at_the_door = smtp_status.of_reply(as_heard(lines))
    assert (at_the_door.cause, MailEvent.Type.of_refusal(at_the_door)) == (cause, news)
    assert at_the_door.is_permanent == lines.startswith("5")
    zeros = DSN_OF_ZEROS[lines[0]]
    for name, status in [("postfix", zeros), ("exchange", zeros), ("exim", ""), ("qmail", "")]:
        [report] = bounce_parser.read(as_reported(name, lines, status)).reports
        assert (name, report.meaning) == (name, at_the_door)
        assert MailEvent.Type.of_report(report) == news


def test_the_table_of_replies_is_of_real_size():
    assert len(REPLIES) >= 100
    assert {cause for _whose, _lines, cause, _news in REPLIES} >= set(Cause) - smtp_status.OF_OURSELVES


PERMANENT = [case for case in REPLIES if case[1].startswith("5")]


def test_what_the_relay_refuses_for_good_stops_exactly_the_dead_addresses(queue, worker, relay):
    letters = {whose: queue(f"reader{n}@house{n}.example") for n, (whose, *_rest) in enumerate(PERMANENT)}
    relay.on_recipient = {letters[whose].recipient: lines.replace("\n", "\r\n") for whose, lines, *_rest in PERMANENT}
    worker()
    found = {whose: letter.events.values_list("type", flat=True)[0] for whose, letter in letters.items()}
    assert found == {whose: news for whose, _lines, _cause, news in PERMANENT}
    stopped = {whose for whose, letter in letters.items() if Suppression.objects.of(letter.recipient).exists()}
    assert stopped == {whose for whose, _lines, _cause, news in PERMANENT if news == "bounce_hard"}


def test_bounces_with_the_same_replies_stop_the_same_addresses(queue, settings):
    settings.BOUNCE_ADDRESS = "bounces@portal.example.org"
    letters = {whose: queue(f"reader{n}@house{n}.example") for n, (whose, *_rest) in enumerate(REPLIES)}
    Delivery.objects.mark_sent([letter.pk for letter in letters.values()], NOW)
    for whose, lines, *_rest in REPLIES:
        letter = letters[whose]
        gaps = {"RETURN_TO": verp.envelope_sender(letter.pk, ""), "RECIPIENT": letter.recipient}
        raw = as_reported("postfix", lines, DSN_OF_ZEROS[lines[0]], **gaps)
        InboundMessage.objects.receive(raw + whose.encode(), "test", NOW)
    for message in InboundMessage.objects.waiting().oldest_first():
        message.read(NOW)
    found = {whose: letter.events.values_list("type", flat=True)[0] for whose, letter in letters.items()}
    assert found == {whose: news for whose, _lines, _cause, news in REPLIES}
    stopped = {whose for whose, letter in letters.items() if Suppression.objects.of(letter.recipient).exists()}
    assert stopped == {whose for whose, _lines, _cause, news in REPLIES if news == "bounce_hard"}


WITHOUT_CODE = [case for case in PERMANENT if case[1][:3] in MADE_UP and not smtp_status.enhanced_code(case[1])]


@pytest.mark.parametrize(("whose", "lines", "cause", "news"), WITHOUT_CODE, ids=names(WITHOUT_CODE))
def test_a_code_that_a_relay_made_up_does_not_speak_before_the_words(whose, lines, cause, news):
    [report] = bounce_parser.read(as_reported("exchange", lines, MADE_UP[lines[:3]])).reports
    if cause is not Cause.REFUSED:
        assert report.meaning.cause == cause


@pytest.mark.parametrize(
    ("code", "status", "words", "cause", "is_permanent"),
    [
        (550, "5.1.1", "", Cause.UNKNOWN_RECIPIENT, True),
        (0, "5.1.1", "", Cause.UNKNOWN_RECIPIENT, True),
        (0, "4.4.1", "", Cause.UNREACHABLE, False),
        (0, "", "User not listed in public Name & Address Book", Cause.UNKNOWN_RECIPIENT, True),
        (0, "", "Sähköpostitiliä ei ole organisaatiossa, johon viesti lähetettiin.", Cause.UNKNOWN_RECIPIENT, True),
        (0, "", "Det gick inte att hitta e-postadressen du angav.", Cause.UNKNOWN_RECIPIENT, True),
        (0, "", "Host not found, try again", Cause.UNREACHABLE, True),
        (450, "5.7.1", "policy", Cause.POLICY, False),
        (450, "4.2.1", "Mailbox disabled", Cause.TRY_LATER, False),
        (550, "4.2.1", "Mailbox disabled", Cause.DISABLED, True),
        (552, "", "", Cause.TOO_BIG, True),
        (550, "", "", Cause.REFUSED, True),
        (0, "", "", Cause.REFUSED, True),
        (500, "", "What?", Cause.PROTOCOL, True),
        (535, "", "No", Cause.RELAY_DENIED, True),
    ],
)
def test_codes_and_words_are_weighed_against_each_other(code, status, words, cause, is_permanent):
    meaning = judge(code, status, words)
    assert (meaning.cause, meaning.is_permanent) == (cause, is_permanent)


@pytest.mark.parametrize("status", ["5.1.1", "5.1.10", "5.4.4", "5.1.2", "5.1.3", "5.1.6", "4.1.1"])
@pytest.mark.parametrize(
    "words",
    [
        "Message rejected as spam",
        "Sender address rejected",
        "Relaying denied",
        "Client host [192.0.2.1] blocked using a list",
        "Message does not pass DMARC verification",
        "Authentication required",
        "Too many messages from you",
        "Message blocked due to content",
        "Roskapostia",
        "Avsändaren är spärrad",
    ],
)
def test_no_code_makes_an_address_dead_where_the_words_blame_us_or_the_letter(status, words):
    assert judge(550, status, words).effect is AddressEffect.NONE


@pytest.mark.parametrize("status", ["", "5.1.1", "5.0.0", "4.1.1"])
def test_an_answer_for_now_makes_no_address_dead(status):
    assert judge(450, status, "User unknown").effect is AddressEffect.TROUBLE


@pytest.mark.parametrize(
    ("reply", "sentence"),
    [
        ("550 Message blocked due to spam content", "The recipient's mail server refused the letter as unwanted."),
        ("550 relay access denied", "Our mail server was not allowed to pass the letter on."),
        ("550 5.1.8 sender address rejected", "The mail server does not accept our sender address."),
        ("552 mailbox full", "The mailbox is full."),
        ("552 5.3.4 Message size exceeds fixed limit", "The letter is too big."),
        ("550 5.4.1 Recipient address rejected: Access denied", "The address does not exist."),
        ("553 5.1.3 not an address", "The address is written wrong."),
        ("452 4.2.2 Over quota", "The mailbox is full."),
        ("450 4.1.1 User unknown", "The mail server asked us to try later."),
        ("421 4.7.0 too fast", "The mail server asked us to try later."),
        ("550 no", "The mail server refused the letter."),
        ("4.4.1", "The recipient's mail server could not be reached."),
    ],
)
def test_a_coordinator_reads_the_cause_and_then_the_servers_own_words(reply, sentence):
    with translation.override("en"):
        assert smtp_status.in_words(reply) == f"{sentence} ({reply})"


@pytest.mark.parametrize(
    ("note", "sentence"),
    [
        (smtp_status.BROKE_OFF, "The connection broke before the mail server answered."),
        (smtp_status.NOT_BUILT, "The letter could not be put together."),
        ("", ""),
    ],
)
def test_our_own_notes_are_no_words_of_a_server(note, sentence):
    with translation.override("en"):
        assert smtp_status.in_words(note) == sentence


@pytest.mark.parametrize("cause", Cause)
def test_each_cause_has_a_sentence_and_one_effect(cause):
    for is_permanent in (True, False):
        meaning = smtp_status.SmtpStatus(cause, is_permanent)
        assert meaning.sentence.endswith(".")
        assert meaning.effect in AddressEffect


@pytest.mark.parametrize(
    ("reply", "rests"),
    [
        ("421 4.3.2 closing", True),
        ("432 4.3.2 Concurrent connections limit exceeded", True),
        ("451 4.7.1 Try again later", True),
        ("450 4.7.1 Client host blocked", True),
        ("451 4.7.1 Greylisted", False),
        ("450 4.2.1 Mailbox busy", False),
        ("452 4.2.2 Over quota", False),
        ("554 5.7.1 Client host blocked", False),
        ("", False),
    ],
)
def test_only_an_answer_for_the_whole_house_lets_it_rest(reply, rests):
    domains = Domains()
    domains.start("house.example")
    domains.end("house.example", reply)
    assert domains.may_send("house.example") != rests


def test_trouble_that_was_the_fault_of_the_letter_does_not_add_up(queue):
    letter = queue()
    for number, detail in enumerate(["550 Message blocked as spam", "550 relay access denied", "552 Mail too large"]):
        mark = {"source": "test", "external_id": str(number), "detail": detail}
        MailEvent.objects.record(letter, MailEvent.Type.SOFT, NOW, **mark)
    assert MailEvent.objects.score(letter.recipient, NOW) == 0


def test_a_refusal_without_a_reason_counts_half(queue):
    letter = queue()
    MailEvent.objects.record_refusal(letter, "550 Rejected", NOW)
    assert MailEvent.objects.score(letter.recipient, NOW) == 0.5
    MailEvent.objects.record_refusal(queue("eetu@example.org"), "552 mailbox full", NOW)
    assert MailEvent.objects.score("eetu@example.org", NOW) == 1


@pytest.mark.parametrize(
    "junk",
    [
        "a" * 9000,
        "x@" * 4000,
        "a.b" * 3000,
        "550-" * 2000,
        "user " * 2000,
        "your host " * 900,
        "\ud800\0",
        "5.1.1" * 999,
    ],
)
def test_no_words_are_too_much_or_too_odd(junk):
    assert smtp_status.of_reply(f"550 {junk}").is_permanent
