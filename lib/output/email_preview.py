"""A letter shown inside a page: in a frame where it may lay itself out and do nothing else, by day or by night."""

import re

from django.http import HttpResponse

# No script, nothing from afar. Its links open in a window of their own.
SANDBOX = "allow-popups allow-popups-to-escape-sandbox"
LETTER_POLICY = (
    "default-src 'none'; script-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; "
    f"frame-ancestors 'self'; sandbox {SANDBOX}"
)
DARK_RULES = re.compile(r"@media[^{]*prefers-color-scheme:\s*dark[^{]*")
HEAD = re.compile(r"<head[^>]*>", re.IGNORECASE)


def framed(html: str, dark: bool) -> HttpResponse:
    """The letter for its frame."""
    headers = {"Content-Security-Policy": LETTER_POLICY, "X-Frame-Options": "SAMEORIGIN"}
    return HttpResponse(in_colour_scheme(html, dark), headers=headers)


def in_colour_scheme(html: str, dark: bool) -> str:
    """The letter with its rules for the night switched on or off, whatever this browser prefers."""
    switched = DARK_RULES.sub("@media all " if dark else "@media not all ", html)
    return HEAD.sub(lambda head: f'{head[0]}<base target="_blank">', switched, count=1)
