"""The accent colour of a coordination area as a small stylesheet, with shades that people can read.

The colour is a coordinator's choice, so it cannot stand in tokens.css; strict CSP leaves no inline style for it either.
`theme.css?accent=0f6b5c` depends on its address alone: no database, and anything between may keep it.
"""

import re
from collections.abc import Callable

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from lib.access import public

Colour = tuple[int, int, int]

DEFAULT_ACCENT = "#0f6b5c"
WHITE: Colour = (255, 255, 255)
BLACK: Colour = (0, 0, 0)
# The hardest paper that words in the accent colour lie on: its own strong tint, of which tokens.css has the shares too.
NIGHT_PAPER: Colour = (18, 23, 22)
TINTED = 0.2
READABLE = 4.5  # WCAG 2.2, success criterion 1.4.3

_SHEET = ":root{{--accent:{accent};--accent-text:{text};--accent-night:{night}}}\n"


@public
@require_safe
@cache_control(public=True, max_age=86400)
@transaction.non_atomic_requests
def theme(request: HttpRequest) -> HttpResponse:
    """The shades of the colour asked for; of the house's own colour when it is none or too light."""
    return HttpResponse(stylesheet(request.GET.get("accent", "")), content_type="text/css; charset=utf-8")


def stylesheet(accent: str) -> str:
    """CSS variables: `--accent` carries white text, `--accent-text` is for words by day, `--accent-night` by night."""
    return _SHEET.format(accent=_hex(readable_accent(accent)), text=day_shade(accent), night=night_shade(accent))


def day_shade(accent: str) -> str:
    """The colour for words on light paper, as #rrggbb; it carries white text too."""
    colour = readable_accent(accent)
    paper = _mix(WHITE, colour, TINTED)
    return _hex(_until_readable(colour, on=lambda _shade: paper, towards=BLACK))


def night_shade(accent: str) -> str:
    """The colour for words on dark paper, as #rrggbb; it carries black text too."""
    return _hex(
        _until_readable(readable_accent(accent), on=lambda shade: _mix(NIGHT_PAPER, shade, TINTED), towards=WHITE)
    )


def readable_accent(accent: str) -> Colour:
    """The colour itself if white text can be read on it, else the house's own."""
    wanted = accent.lstrip("#").lower()
    if re.fullmatch(r"[0-9a-f]{6}", wanted) and contrast(_rgb(wanted), WHITE) >= READABLE:
        return _rgb(wanted)
    return _rgb(DEFAULT_ACCENT.lstrip("#"))


def contrast(one: Colour, other: Colour) -> float:
    """The contrast ratio of two colours, 1 to 21 (WCAG 2.2, "contrast ratio")."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: Colour) -> float:
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (channel / 255 for channel in colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _until_readable(colour: Colour, *, on: Callable[[Colour], Colour], towards: Colour) -> Colour:
    """Mix in steps of a twentieth until it reads well on the surface that goes with it."""
    for twentieths in range(21):
        mixed = _mix(colour, towards, twentieths / 20)
        if contrast(mixed, on(mixed)) >= READABLE:
            return mixed
    return towards


def _mix(colour: Colour, other: Colour, share: float) -> Colour:
    red, green, blue = (round(c + (o - c) * share) for c, o in zip(colour, other, strict=True))
    return red, green, blue


def _rgb(digits: str) -> Colour:
    return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)


def _hex(colour: Colour) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)
