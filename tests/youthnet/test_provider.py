"""Letters through a provider's web interface: the settings, the refusals, a send and a report."""

import base64
import json
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from anymail.signals import tracking
from django.core.mail import get_connection
from django.test import Client
from django.urls import include, path
from django.utils import timezone

from outbox.models import Delivery
from outbox.sending.transport import Envelope
from tests.servers.processes import manage_without, without_servers
from tests.youthnet.test_settings import GOOD, HOUSE, manage

BREVO = {"EMAIL_URL": "esp://brevo", "ANYMAIL_BREVO_API_KEY": "key", "ANYMAIL_WEBHOOK_SECRET": "brevo:secret"}
urlpatterns = [path("esp/", include("anymail.urls"))]


def check(**environment):
    said = manage("check", "--deploy", "--fail-level", "WARNING", **GOOD | environment)
    return said.returncode, said.stdout + said.stderr


def test_a_provider_with_its_key_and_a_secret_passes_every_check():
    assert check(**BREVO) == (0, "System check identified no issues (0 silenced).\n")


@pytest.mark.parametrize(
    "change, words",
    [
        ({"EMAIL_URL": "esp://nobody"}, "(youthnet.E002) No provider is called nobody (EMAIL_URL)"),
        ({"ANYMAIL_BREVO_API_KEY": None}, "(youthnet.E003) Something is missing to send through brevo"),
        ({"ANYMAIL_WEBHOOK_SECRET": None}, "(youthnet.W003) Nobody hears what becomes of letters sent through brevo"),
        ({"ANYMAIL_WEBHOOK_SECRET": "secret"}, "(youthnet.E004) ANYMAIL_WEBHOOK_SECRET is not of the form"),
    ],
)
def test_what_is_missing_is_refused_in_words(change, words):
    ended, said = check(**{name: value for name, value in (BREVO | change).items() if value is not None})
    assert ended == 1 and words in said, said


def test_without_the_package_the_portal_refuses_loudly():
    said = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", manage_without(["anymail"], "check")], cwd=HOUSE,
        env=without_servers(**GOOD | BREVO), capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert said.returncode == 1
    assert "(youthnet.E001) Letters shall leave through brevo (EMAIL_URL), but the package for it is not" in said.stderr
    assert "HINT: Install the extra: pip install '.[esp]'." in said.stderr


LOOK = (
    "from django.urls import NoReverseMatch, reverse\n"
    "try:\n"
    "    print(reverse('anymail:brevo_tracking_webhook'))\n"
    "except NoReverseMatch:\n"
    "    print('closed')\n"
)


@pytest.mark.parametrize(
    "environment, door",
    [
        (BREVO, "/esp/brevo/tracking/"),
        (BREVO | {"ANYMAIL_WEBHOOK_SECRET": ""}, "closed"),
        ({"ANYMAIL_WEBHOOK_SECRET": "brevo:secret"}, "closed"),
    ],
)
def test_the_door_for_reports_is_open_only_with_a_provider_and_a_secret(environment, door):
    said = manage("shell", "--no-imports", "-c", LOOK, **GOOD | environment)
    assert said.stdout.strip() == door, said.stderr


# --- a send ---


class Provider(BaseHTTPRequestHandler):
    """Takes letters as the provider's interface does."""

    def do_POST(self):
        self.server.taken.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(201)
        self.end_headers()
        self.wfile.write(b'{"messageId": "<1@provider.example>"}')

    def log_message(self, *args):
        pass


@pytest.fixture
def queue(db):
    def put(recipient, **more):
        draft = Delivery(recipient=recipient, kind="invitation", subject="Hei", text="Tervetuloa.\n", **more)
        Delivery.objects.queue([draft], timezone.now())
        return draft

    return put


@pytest.fixture
def provider(settings):
    server = HTTPServer(("127.0.0.1", 0), Provider)
    server.taken = []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.OUTBOX_TRANSPORT = "anymail.backends.brevo.EmailBackend"
    settings.ANYMAIL = {
        "BREVO_API_KEY": "key",
        "BREVO_API_URL": f"http://127.0.0.1:{server.server_port}/",
        "WEBHOOK_SECRET": "brevo:secret",
    }
    yield server
    server.shutdown()
    server.server_close()


def test_a_letter_of_the_ledger_goes_to_the_provider_with_its_identity_and_list_headers(provider, settings, queue):
    row = queue("aino@example.org", html="<p>Hei</p>", headers={"List-Id": "<a.example.org>", "Precedence": "bulk"})
    assert get_connection(settings.OUTBOX_TRANSPORT).send_messages([Envelope(row.as_letter())]) == 1
    [taken] = provider.taken
    assert taken["to"] == [{"email": "aino@example.org"}]
    assert (taken["subject"], taken["textContent"], taken["htmlContent"]) == ("Hei", "Tervetuloa.\n", "<p>Hei</p>")
    assert taken["headers"] == {"Message-ID": row.message_id, "List-Id": "<a.example.org>", "Precedence": "bulk"}


# --- a report ---


@pytest.fixture
def heard():
    """What the signal of the provider's reports tells: (provider, kind, recipient, Message-ID)."""
    told = []

    def hear(sender, event, esp_name, **more):
        told.append((esp_name, event.event_type, event.recipient, event.message_id))

    tracking.connect(hear)
    yield told
    tracking.disconnect(hear)


def report(secret, **more):
    event = {"event": "hard_bounce", "email": "aino@example.org", "message-id": "<1@provider.example>", "ts_epoch": 1}
    return Client(enforce_csrf_checks=True).post(
        "/esp/brevo/tracking/", json.dumps(event | more), content_type="application/json",
        headers={"authorization": "Basic " + base64.b64encode(secret.encode()).decode()},
    )  # fmt: skip


@pytest.mark.urls("tests.youthnet.test_provider")
def test_a_report_with_the_secret_is_heard_and_without_it_refused(provider, heard, db):
    assert report("brevo:secret").status_code == 200
    assert heard == [("Brevo", "bounced", "aino@example.org", "<1@provider.example>")]
    assert report("brevo:guess").status_code == 400
    assert Client().post("/esp/brevo/tracking/", {}).status_code == 400
    assert Client().get("/esp/brevo/tracking/").status_code == 405
    assert len(heard) == 1
