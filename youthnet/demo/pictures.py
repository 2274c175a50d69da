"""Pictures and a handout for a few demo methods, drawn here so that they belong to nobody else."""

import zipfile
from io import BytesIO
from math import cos, pi, sin
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image, ImageDraw

from lib.uploads.documents import CONTENT_TYPES, ODT
from lib.uploads.validation import validate
from methods.models import Attachment, Method

WIDE, HIGH = 1600, 900
PAPER, INK, GREEN, AMBER, ROSE, SKY = "#f3efe4", "#1f3b36", "#0f6b5c", "#e0a43a", "#d9695f", "#5b93b8"
COLOURS = [GREEN, AMBER, ROSE, SKY]


def load() -> None:
    """A cover for some methods and a handout for one; what is there already stays."""
    for slug, (draw, alt, caption) in COVERS.items():
        method = Method.objects.filter(slug=slug, attachments=None).first()
        if method and method.author:
            _add_attachment(method, _drawn(draw), is_cover=True, alt=alt, caption=caption)
            if slug in HANDOUTS:
                name, text = HANDOUTS[slug]
                _add_attachment(method, handout(name, text), is_cover=False, alt="", caption=name)


def _add_attachment(method: Method, file: SimpleUploadedFile, **words: Any) -> None:
    assert method.author is not None
    Attachment.objects.store_upload(method, validate(file), method.author, timezone.now(), **words)


def _drawn(draw: Any) -> SimpleUploadedFile:
    image = Image.new("RGB", (WIDE, HIGH), PAPER)
    draw(ImageDraw.Draw(image))
    out = BytesIO()
    image.save(out, "PNG")
    return SimpleUploadedFile("kuva.png", out.getvalue())


def _around(count: int, radius: int) -> list[tuple[float, float]]:
    """Points on a circle in the middle, from the top on."""
    angles = [2 * pi * number / count - pi / 2 for number in range(count)]
    return [(WIDE / 2 + radius * cos(angle), HIGH / 2 + radius * sin(angle)) for angle in angles]


def _dot(pen: Any, at: tuple[float, float], radius: int, colour: str) -> None:
    pen.ellipse([at[0] - radius, at[1] - radius, at[0] + radius, at[1] + radius], fill=colour)


def _clock(pen: Any) -> None:
    middle = (WIDE / 2, HIGH / 2)
    _dot(pen, middle, 370, GREEN)
    _dot(pen, middle, 325, "#ffffff")
    for number, at in enumerate(_around(12, 285)):
        _dot(pen, at, 26 if number % 3 else 40, COLOURS[number % 4])
    pen.line([middle, (WIDE / 2, HIGH / 2 - 210)], fill=INK, width=26)
    pen.line([middle, (WIDE / 2 + 150, HIGH / 2 + 60)], fill=INK, width=34)
    _dot(pen, middle, 34, INK)


def _circle_of_people(pen: Any) -> None:
    ring = _around(9, 320)
    pen.line([*ring, ring[0]], fill=INK, width=10, joint="curve")
    for number, at in enumerate(ring):
        _dot(pen, at, 74, COLOURS[number % 4])
        _dot(pen, (at[0], at[1] - 12), 34, PAPER)
    _dot(pen, (WIDE / 2, HIGH / 2), 60, AMBER)


def _draw_steps(pen: Any) -> None:
    for number in range(6):
        left, top = 170 + number * 215, 720 - number * 105
        pen.rectangle([left, top, left + 215, HIGH], fill=COLOURS[number % 4])
    _dot(pen, (1352, 110), 50, INK)


def _map(pen: Any) -> None:
    for row in range(4):
        for column in range(7):
            left, top = 130 + column * 195 + (row % 2) * 60, 90 + row * 185
            colour = COLOURS[(row * 3 + column * 2) % 4] if (row + column) % 3 else "#dcd6c5"
            pen.rounded_rectangle([left, top, left + 165, top + 155], 22, fill=colour)


COVERS = {
    "valituntikello": (
        _clock,
        "Piirros: suuri kello, jonka tuntien paikalla on eri värisiä palloja.",
        "Kellon numerot ovat toimintapisteitä.",
    ),
    "nuorten-kehittajatyoryhma-malli": (
        _circle_of_people,
        "Piirros: yhdeksän ihmistä istuu piirissä yhteisen pöydän ympärillä.",
        "Nuoret on tulevaisuus!",
    ),
    "kylasuunnistus": (_map, "Piirros: kartta, jossa on eri värisiä ruutuja vierekkäin.", ""),
    "laskuvuoren-valloitus": (_draw_steps, "Piirros: nousevat portaat, joiden päällä on aurinko.", ""),
}
HANDOUTS = {
    "valituntikello": ("Ohje kellon rakentajille", "Leikatkaa pahvista ympyrä ja valitkaa kaksitoista tekemistä.")
}


def handout(name: str, text: str) -> SimpleUploadedFile:
    """A page of text as ODT."""
    space = 'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    words = 'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    body = f"<office:text><text:h>{name}</text:h><text:p>{text}</text:p></office:text>"
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {space} {words} office:version="1.3">'
        f"<office:body>{body}</office:body></office:document-content>"
    )
    listed = "".join(
        f'<m:file-entry m:full-path="{path}" m:media-type="{kind}"/>'
        for path, kind in (("/", CONTENT_TYPES[ODT]), ("content.xml", "text/xml"))
    )
    space = 'xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"'
    manifest = f'<m:manifest {space} m:version="1.3">{listed}</m:manifest>'
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("mimetype", CONTENT_TYPES[ODT])
        package.writestr("content.xml", content)
        package.writestr("META-INF/manifest.xml", manifest)
    return SimpleUploadedFile(f"{name}.odt", out.getvalue())
