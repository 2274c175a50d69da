"""What the logs hold: no path that opens something, in production, in development and in the server's request lines."""

import logging

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import translation

from lib.tokens import sign
from youthnet.logging_filters import WithoutSecrets


def told(template, *args, **extra):
    record = logging.LogRecord("django.server", logging.INFO, __file__, 1, template, args, None)
    record.__dict__.update(extra)
    WithoutSecrets().filter(record)
    return record.getMessage()


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_a_request_line_holds_no_token_of_a_letter(language):
    """Real use 18: as the development server writes down each request."""
    token = sign("meetings.signup", 1)
    names = ["meetings:signup-own", "meetings:answer", "meetings:own-feed", "newsletters:preferences"]
    with translation.override(language):
        paths = [reverse(name, args=[token]) for name in names]
        paths.append(reverse("meetings:certificate-verify", args=[token]))
        list_page = reverse("meetings:meeting-list")
        for path in paths:
            assert token not in told('"%s" %s %s', f"GET {path}?answer=yes HTTP/1.1", "200", "5316")
            assert token not in told('"%s" %s %s', f"POST {path} HTTP/1.1", "302", "0")
        assert (
            told('"%s" %s %s', f"GET {list_page}?q=x HTTP/1.1", "200", "5") == f'"GET {list_page}?q=x HTTP/1.1" 200 5'
        )


def test_every_handler_of_the_logs_has_the_filter():
    """Real use 18: Django's handlers for development write without it, and before ours: they are not used."""
    config = settings.LOGGING
    assert all("without_secrets" in handler["filters"] for handler in config["handlers"].values())
    for name in ("django", "django.server"):
        assert config["loggers"][name] == {"handlers": [], "level": "INFO", "propagate": True}
        assert logging.getLogger(name).handlers == []


def test_a_page_that_is_not_found_is_told_without_its_token(client, db, caplog):
    """Real use 18: one line, with the route in the place of the path."""
    caplog.handler.addFilter(WithoutSecrets())
    token = sign("other", 1)
    assert client.get(reverse("meetings:own-feed", args=[token])).status_code == 404
    assert token not in caplog.text and "Not Found" in caplog.text
