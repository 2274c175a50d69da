"""Pictures: decoded, turned upright and made anew as WebP, so that nothing of the uploaded file itself is ever served.

What a file is, the decoder says and never its name. How large it would become is read from its head before anything is
decoded. Places, cameras and other notes inside it (EXIF, XMP) stay behind; colours are brought to sRGB.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import IO, NamedTuple

from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageCms, ImageFile, ImageOps

from lib.exceptions import Refused

FORMATS = ("JPEG", "PNG", "WEBP")
WIDTHS = (400, 800, 1600)
TALLEST = 2  # times the width: a strip is no picture for a page
QUALITY = 80
# A JPEG is decoded straight to the size that is needed, a progressive one only after all of it is in memory; the others
# take four bytes a point, twice, before they can be shrunk. So nothing takes more than 150 MB.
MOST_POINTS = {"JPEG": 50_000_000, "PNG": 10_000_000, "WEBP": 8_000_000}
MOST_POINTS_PROGRESSIVE = 20_000_000


class Picture(NamedTuple):
    """A picture made anew: the size of its largest copy in points, and the WebP bytes of each copy by its width."""

    width: int
    height: int
    copies: dict[int, bytes]


def widths_of(width: int) -> list[int]:
    """Which copies there are of a picture of this width: nothing is blown up."""
    return sorted({min(each, width) for each in WIDTHS})


def picture(file: IO[bytes]) -> Picture:
    """Decode a picture and make its copies. Raises Refused."""
    ImageFile.LOAD_TRUNCATED_IMAGES = False  # WeasyPrint, once loaded, lets half pictures pass in the whole process
    with _opened(file) as image:
        most = MOST_POINTS_PROGRESSIVE if image.info.get("progressive") else MOST_POINTS[image.format or "PNG"]
        if image.width * image.height > most:
            raise Refused(
                _("The picture is %(width)d × %(height)d points large; make it smaller, at most %(most)d million."),
                width=image.width,
                height=image.height,
                most=most // 1_000_000,
            )
        whole = _shown_as_meant(image)
        copies = {width: _webp(whole, width) for width in widths_of(whole.width)}
        return Picture(whole.width, whole.height, copies)


@contextmanager
def _opened(file: IO[bytes]) -> Iterator[Image.Image]:
    """The first frame of the picture, not decoded yet. On hostile bytes decoders raise whatever they like."""
    file.seek(0)
    try:
        with Image.open(file, formats=FORMATS) as image:
            yield image
    except Refused:
        raise
    except Exception as error:
        raise Refused(_("The picture cannot be opened: it is broken, or not a JPEG, PNG or WebP picture.")) from error


def _shown_as_meant(image: Image.Image) -> Image.Image:
    """Shrunk while it is decoded, upright, in sRGB, with its transparency."""
    profile = image.info.get("icc_profile")
    image.draft("RGB", (WIDTHS[-1], WIDTHS[-1]))
    image.thumbnail((WIDTHS[-1] * TALLEST, WIDTHS[-1] * TALLEST), reducing_gap=None)
    upright = ImageOps.exif_transpose(image)
    upright.thumbnail((WIDTHS[-1], WIDTHS[-1] * TALLEST))
    upright = upright.convert("L") if upright.mode.startswith("I") else upright
    return _plain(_in_srgb(upright, profile))


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    if not profile or image.mode not in ("RGB", "RGBA", "CMYK"):
        return image
    mode = "RGBA" if image.mode == "RGBA" else "RGB"
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        converted = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode=mode)
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image  # a broken profile is no reason to refuse: the colours are a little off
    return converted or image


def _plain(image: Image.Image) -> Image.Image:
    """Colours as they are, and nothing else: a copy without the notes of the file."""
    wanted = "RGBA" if image.has_transparency_data else "RGB"
    plain = image.convert(wanted)
    bare = Image.new(wanted, plain.size)
    bare.paste(plain)
    return bare


def _webp(whole: Image.Image, width: int) -> bytes:
    copy = whole.copy()
    copy.thumbnail((width, width * TALLEST * 2))
    out = BytesIO()
    copy.save(out, "WEBP", quality=QUALITY, method=4)
    return out.getvalue()
