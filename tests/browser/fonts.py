"""The one font of the browser's tests: boxes as wide as the letters of a usual sans-serif, made anew for each run.

What fits on a page, and how far apart its links stand, would else hang on the fonts that a machine has by chance.
"""

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen

NAME = "Boxes"
UNITS, HEIGHT, ASCENT, DESCENT = 1000, 730, 930, 240
# Widths in thousandths of the font's size; whatever is in no line has the first width.
WIDTHS = {
    590: "",
    280: " .,:;|!'iljI·",
    370: 'ftr()[]/-\u00a0\u202f"°',
    690: "ABCDEFGHJKLNOPQRSTUVXYZÅÄÖ&",
    870: "mwMW@%—…",
}

CONFIG = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>{folder}</dir><cachedir>{folder}</cachedir></fontconfig>
"""


def make(folder):
    """Write the font and a configuration that knows no other; gives the file of the configuration."""
    width_of = {ord(sign): width for width, signs in WIDTHS.items() for sign in signs}
    usual = next(iter(WIDTHS))
    glyphs = [".notdef", *(f"box{width}" for width in WIDTHS)]
    fonts = FontBuilder(UNITS, isTTF=True)
    fonts.setupGlyphOrder(glyphs)
    signs = [*range(0x20, 0x7F), *range(0xA0, 0x180), *range(0x2010, 0x2070), 0x20AC, *range(0x2190, 0x2200)]
    fonts.setupCharacterMap({sign: f"box{width_of.get(sign, usual)}" for sign in signs})
    widths = dict(zip(glyphs, [usual, *WIDTHS], strict=True))
    fonts.setupGlyf({name: _box(width) for name, width in widths.items()})
    fonts.setupHorizontalMetrics({name: (width, 60) for name, width in widths.items()})
    fonts.setupHorizontalHeader(ascent=ASCENT, descent=-DESCENT)
    fonts.setupNameTable({"familyName": NAME, "styleName": "Regular"})
    fonts.setupOS2(sTypoAscender=ASCENT, sTypoDescender=-DESCENT, usWinAscent=ASCENT, usWinDescent=DESCENT)
    fonts.setupPost()
    fonts.save(folder / "boxes.ttf")
    config = folder / "fonts.conf"
    config.write_text(CONFIG.format(folder=folder), encoding="utf-8")
    return config


def _box(width):
    pen = TTGlyphPen(None)
    corners = [(60, 0), (60, HEIGHT), (width - 60, HEIGHT), (width - 60, 0)]
    pen.moveTo(corners[0])
    for corner in corners[1:]:
        pen.lineTo(corner)
    pen.closePath()
    return pen.glyph()
