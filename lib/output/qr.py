"""A QR code as a picture inside the page: black on white, its meaning in words."""

import qrcode
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from qrcode.image.svg import SvgPathImage


def qr(address: str, words: str) -> SafeString:
    """The SVG of a full address; `words` are read aloud instead of it."""
    svg = qrcode.make(address, image_factory=SvgPathImage, border=2).to_string(encoding="unicode")
    named = svg.replace("><path", f"><title>{escape(words)}</title><path", 1)
    single = named.replace(' id="qr-path"', "", 1)  # a page may hold several
    return mark_safe(single.replace("<svg ", '<svg class="qr" role="img" ', 1))
