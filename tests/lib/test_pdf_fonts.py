"""No character of a PDF becomes a box, whatever fonts the machine has; and the table of what fonts cover is right."""

from io import BytesIO

import pytest
from fontTools.ttLib import TTFont
from pypdf import PdfReader

from lib.output import fonts, pdf

NAMES = {
    "Finnish": "Åsa Żółć-Söderström",
    "Russian": "Дмитрий Ёлкин",
    "Vietnamese": "Nguyễn Thị Hồng Hạnh",
    "Vietnamese in parts": "Nguye\u0302\u0303n Thi\u0323",
    "Arabic": "محمد الأحمد",
    "Persian": "پژمان گل‌محمدی",
    "Urdu": "ٹیپو سلطان",
    "Kurdish": "ڕێبین",
    "Pashto": "ښکلا",
    "Hebrew": "יוסף כהן",
    "Chinese": "王小明",
    "Japanese": "山田さくらコ",
    "a rare ideograph": "𠮷野家",
    "Korean": "김민준",
    "Hindi": "राजेश कुमार",
    "Bengali": "রহিম উদ্দিন",
    "Tamil": "முருகன்",
    "Telugu": "రాజు",
    "Malayalam": "രാജൻ",
    "Sinhala": "සුනිල්",
    "Thai": "สมชาย ใจดี",
    "Lao": "ສົມສັກ",
    "Khmer": "សុខា",
    "Burmese": "အောင်ဆန်း",
    "Tibetan": "བསྟན་འཛིན",
    "Amharic": "አበበ ቢቂላ",
    "Georgian": "გიორგი",
    "Armenian": "Արամ",
    "Dhivehi": "އަހުމަދު",
    "Tifinagh": "ⴰⵎⵏⴰⵢ",
}


@pytest.fixture
def made(monkeypatch, settings):
    """Makes a PDF of a page with these words; without fonts of the machine, its own only."""

    def make(words):
        page = f'<html lang="fi"><head><title>Nimi</title></head><body style="font-family: var(--more-fonts)">{words}'
        monkeypatch.setattr(pdf, "render_to_string", lambda template, context: page)
        with pdf._missing_characters() as boxes:
            return pdf.pdf("", {}, "fi"), boxes

    return make


@pytest.mark.parametrize("what", NAMES)
def test_a_name_in_any_script_is_written_with_a_font_of_ours(what, made):
    """Real use 26: no box, and each character comes from a font that has it."""
    data, boxes = made(NAMES[what])
    assert not boxes
    used = {str(font["/BaseFont"]).partition("+")[2] for font in fonts_of(data)}
    assert all(name.startswith(("Noto", "Droid")) for name in used), used


def fonts_of(data):
    for page in PdfReader(BytesIO(data)).pages:
        yield from (font.get_object() for font in page["/Resources"]["/Font"].get_object().values())


def test_what_no_font_has_is_written_in_another_way_and_never_as_a_box(made):
    """Real use 26: letters by their plain form or number, pictures not at all."""
    data, _boxes = made("Aino 🎉 𝓐𝓲𝓷𝓸 \U0001bc00")
    text = PdfReader(BytesIO(data)).pages[0].extract_text()
    assert "Aino" in text and "[U+1BC00]" in text
    assert fonts.in_its_place("𝓐") == "A" and fonts.in_its_place("🎉") == ""


def test_a_text_takes_along_only_the_fonts_that_it_needs():
    assert fonts.needed("Aino Jäsen") == list(fonts.ALWAYS)
    assert fonts.needed("Aino 王") == [*fonts.ALWAYS, "DroidSansFallback.ttf"]


def test_the_table_tells_what_each_font_covers():
    """Real use 26: written anew by `python -m lib.output.fonts`."""
    table = "".join(f"{fonts.coverage_of(path)}\n" for path in fonts.files())
    assert fonts.COVERAGE.read_text(encoding="ascii") == table
    face = fonts.faces()[0]
    own = set(TTFont(fonts.FOLDER / face.file).getBestCmap())
    assert [n for n in range(0x3000) if face.covers(n)] == sorted(n for n in own if n < 0x3000)
