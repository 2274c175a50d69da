"""System checks: a wrong setting is refused in words before the portal answers anybody."""

from typing import Any

from django.conf import settings
from django.core.checks import Error, Tags, Warning, register


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
