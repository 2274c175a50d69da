"""`manage.py doctor` as somebody at a municipality types it."""

import json
import subprocess
import sys
from io import StringIO
from pathlib import Path

import dkim
import pytest
from django.core.management import CommandError, call_command

from outbox.models import Delivery
from tests.servers.processes import manage_without, without_servers
from tests.youthnet.doctor.conftest import DOMAIN
from tests.youthnet.test_settings import GOOD

HOUSE = Path(__file__).resolve().parents[3]


@pytest.fixture
def portal(settings, start, certificate, monkeypatch):
    """An installation in order, whose relay is on the loopback."""
    path = certificate()
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    relay = start(certificate=path, password=True)
    settings.EMAIL_URL = f"smtp+tls://portal:secret@127.0.0.1:{relay.port}"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", relay.port, True
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "portal", "secret"
    settings.SITE_URL, settings.SECRET_KEY = f"https://{DOMAIN}", GOOD["SECRET_KEY"]
    settings.DEFAULT_FROM_EMAIL, settings.DKIM_SELECTOR = f"Verkosto <verkosto@{DOMAIN}>", "s1"
    return relay


@pytest.fixture
def file(dns, tmp_path):
    """The DNS as a file; file(name=…) says something else of a name."""

    def write(**others):
        path = tmp_path / "answers.json"
        path.write_text(json.dumps(dns | others))
        return str(path)

    return write


def doctor(*arguments):
    """What it says, and whether it ends well."""
    out = StringIO()
    try:
        call_command("doctor", *arguments, stdout=out)
    except CommandError as error:
        return out.getvalue(), str(error)
    return out.getvalue(), ""


def test_an_installation_in_order_ends_well(db, portal, file):
    said, end = doctor("mail", "--dns", file(), "--sends-from", "192.0.2.25")
    assert end == "", said
    assert said.splitlines()[-1].endswith(", 1 LOOK, 0 WRONG"), said
    assert "LOOK   There is no issue of a newsletter to look at." in said
    assert portal.handler.letters == []
    for heading in ("settings", "SPF", "DKIM", "DMARC", "DNS", "relay", "letter", "newsletter"):
        assert f"mail: {heading}\n" in said


def test_what_is_wrong_is_counted_and_ends_badly(db, portal, file, settings):
    settings.SITE_URL, settings.SECRET_KEY = "http://portal.example.org", "short"
    said, end = doctor("mail", "--dns", file(**{DOMAIN: {"TXT": [], "MX": ["0 ."]}}), "--sends-from", "192.0.2.25")
    assert end == "The doctor found 4 things wrong."
    wrong = [line for line in said.splitlines() if line.startswith("WRONG")]
    assert [line.split(".")[0] for line in wrong] == [
        "WRONG  Links in letters start with http://portal",
        "WRONG  Links in letters can be forged: SECRET_KEY is short or known",
        "WRONG  portal",
        "WRONG  portal",
    ]


def test_the_address_of_the_relay_is_a_guess_until_somebody_says_it(db, portal, file, settings):
    """Its own address may be one inside the house, or another than the one it sends from."""
    settings.EMAIL_HOST = "relay.example.net"
    for inside in ("10.1.2.3", "fd00::5", "127.0.0.1"):
        said, _end = doctor("mail", "--dns", file(**{"relay.example.net": {"A": [inside]}}))
        assert inside not in said
    said, _end = doctor("mail", "--dns", file(**{"relay.example.net": {"A": ["203.0.113.9"]}}))
    assert "LOOK   The SPF record of portal.example.org does not let 203.0.113.9 send." in said
    said, _end = doctor("mail", "--dns", file(), "--sends-from", "203.0.113.9")
    assert "WRONG  The SPF record of portal.example.org does not let 203.0.113.9 send." in said


def test_nothing_set_up_is_told_without_stumbling(db, settings):
    settings.EMAIL_URL = ""
    said, end = doctor("mail")
    assert "nobody's address" in said and "EMAIL_URL names no relay" in said
    assert end.startswith("The doctor found ")


def test_without_a_part_all_parts_speak(db, portal, settings):
    settings.DEFAULT_FROM_EMAIL = "portal@localhost"  # nobody's, so nobody is asked about it
    said, _end = doctor("--json")
    assert {finding["part"] for finding in json.loads(said)["findings"]} == {"mail", "search"}


def test_machines_get_the_same_as_people(db, portal, file):
    answers = file()
    said, _end = doctor("mail", "--dns", answers)
    told = json.loads(doctor("mail", "--json", "--dns", answers)[0])
    for finding in told["findings"]:
        assert f"{finding['verdict']:<5}  {finding['found']} {finding['todo']}".rstrip() in said
    assert told["OK"] + told["LOOK"] + told["WRONG"] == len(told["findings"])


@pytest.mark.parametrize(
    "arguments, words",
    [
        (["--dns", "/none.toml"], "/none.toml cannot be read: No such file or directory."),
        (["--verify", "/none.eml"], "/none.eml cannot be read: No such file or directory."),
        (["--probe", "aino@"], "“aino@” is not an e-mail address."),
        (["--sends-from", "relay"], "relay is not an IP address."),
    ],
)
def test_arguments_that_make_no_sense_are_refused_in_words(db, portal, arguments, words):
    assert doctor("mail", *arguments)[1] == words


def test_the_probe_goes_through_the_ledger(db, portal):
    said, end = doctor("mail", "--probe", "aino@example.org")
    assert (said.count("OK  "), end) == (1, "")
    row = Delivery.objects.get()
    assert (row.kind, row.recipient, "https://portal.example.org/" in row.text) == (
        "doctor-probe", "aino@example.org", True,
    )  # fmt: skip


def test_a_received_copy_is_judged_alone(db, portal, file, key, tmp_path):
    from outbox.message.builder import build

    doctor("mail", "--probe", "aino@example.org")
    raw = build(Delivery.objects.get().as_letter()).as_bytes(linesep="\r\n")
    headers = [b"From", b"To", b"Subject", b"Date", b"Message-ID"]
    signature = dkim.sign(raw, b"s1", DOMAIN.encode(), key.pem, include_headers=headers)
    (tmp_path / "probe.eml").write_bytes(signature + raw)
    said, end = doctor("mail", "--verify", str(tmp_path / "probe.eml"), "--dns", file())
    assert end == ""
    assert "OK     The DKIM signature of portal.example.org (s1) is valid." in said
    assert said.startswith("mail: received copy\n")


def test_without_the_extra_and_a_database_it_says_what_to_do():
    hide = manage_without(["dns", "dkim"], "doctor", "mail")
    elsewhere = {"DATABASE_URL": "postgres://nobody@127.0.0.1:1/none", "EMAIL_URL": "smtp://127.0.0.1:1"}
    said = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", hide], cwd=HOUSE, env=without_servers(**GOOD | elsewhere),
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert "LOOK   The DNS cannot be asked because dnspython is not installed. Install the extra" in said.stdout
    assert "LOOK   The database does not answer" in said.stdout
    assert "WRONG  Nobody answers at 127.0.0.1:1." in said.stdout
    assert (said.returncode, "Traceback" in said.stderr) == (1, False)
