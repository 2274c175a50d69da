"""System checks: a wrong setting is refused in words before the portal answers anybody."""

from importlib.util import find_spec
from typing import Any

from django.conf import settings
from django.core.checks import Error, Tags, Warning, register
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import get_connection

ASK = "docs/operations.md, section “A provider instead of a relay”, tells what to set."


@register(Tags.security, deploy=True)
def letters_can_leave(app_configs: Any, **kwargs: Any) -> list[Error | Warning]:
    """Production needs a relay and an address of its own."""
    found: list[Error | Warning] = []
    if not settings.EMAIL_URL or settings.EMAIL_URL.startswith("filemail:"):
        found.append(
            Warning(
                "Letters stay in files: EMAIL_URL is not set.",
                hint="Give the relay, for example EMAIL_URL=smtp+tls://user:password@relay.example.org:587",
                id="youthnet.W001",
            )
        )
    if not settings.SITE_URL.startswith("https://"):
        found.append(
            Warning(
                "SITE_URL does not start with https://, so links in letters are not protected.",
                hint="Set SITE_URL=https://portal.example.org",
                id="youthnet.W002",
            )
        )
    return found


@register
def provider_is_there(app_configs: Any, **kwargs: Any) -> list[Error | Warning]:
    """A provider's interface opens as the worker will open it, or the portal does not start."""
    if not settings.ESP:
        return []
    if find_spec("anymail") is None:
        return [
            Error(
                f"Letters shall leave through {settings.ESP} (EMAIL_URL), but the package for it is not installed.",
                hint="Install the extra: pip install '.[esp]'. Or name a relay in EMAIL_URL.",
                id="youthnet.E001",
            )
        ]
    try:
        get_connection(settings.OUTBOX_TRANSPORT)
    except ImportError as error:
        return [
            Error(
                f"No provider is called {settings.ESP} (EMAIL_URL), or it needs a package more: {error}",
                hint="Write the name as Anymail writes it, for example esp://brevo, esp://mailjet or esp://scaleway.",
                id="youthnet.E002",
            )
        ]
    except ImproperlyConfigured as error:
        said = " ".join(str(error).split())
        return [Error(f"Something is missing to send through {settings.ESP}: {said}", hint=ASK, id="youthnet.E003")]
    return _webhook_secret_checks()


def _webhook_secret_checks() -> list[Error | Warning]:
    secret = str(settings.ANYMAIL.get("WEBHOOK_SECRET", ""))
    if not secret:
        return [
            Warning(
                f"Nobody hears what becomes of letters sent through {settings.ESP}: ANYMAIL_WEBHOOK_SECRET is not set.",
                hint=f"Set ANYMAIL_WEBHOOK_SECRET=user:password and tell {settings.ESP} the address "
                f"https://user:password@…/esp/{settings.ESP}/tracking/",
                id="youthnet.W003",
            )
        ]
    if ":" not in secret:
        return [Error("ANYMAIL_WEBHOOK_SECRET is not of the form user:password.", hint=ASK, id="youthnet.E004")]
    return []
