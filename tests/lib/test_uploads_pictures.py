"""Pictures are what the decoder says, come out clean and small, and bombs are refused before they go off."""

import resource
import struct
import time
import zlib
from io import BytesIO

import pytest
from PIL import Image, ImageCms

from lib.exceptions import Refused
from lib.uploads.validation import validate
from tests.lib.uploading import picture, upload


def opened(judged, width):
    return Image.open(BytesIO(judged.files[f"{width}.webp"]))


def why_not(data, name="kuva.png"):
    with pytest.raises(Refused) as refusal:
        validate(upload(data, name))
    return str(refusal.value)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_picture_becomes_webp_in_three_widths(kind):
    judged = validate(upload(picture(kind, size=(2000, 1000)), "Ryhmä.jpg"))
    assert (judged.kind, judged.name, judged.width, judged.height) == ("picture", "Ryhmä", 1600, 800)
    assert list(judged.files) == ["400.webp", "800.webp", "1600.webp"]
    assert [(opened(judged, w).format, opened(judged, w).size) for w in (400, 800, 1600)] == [
        ("WEBP", (400, 200)),
        ("WEBP", (800, 400)),
        ("WEBP", (1600, 800)),
    ]


def test_nothing_is_blown_up():
    judged = validate(upload(picture(size=(500, 300))))
    assert (list(judged.files), judged.width) == (["400.webp", "500.webp"], 500)


def test_a_very_tall_picture_is_bounded_too():
    judged = validate(upload(picture(size=(300, 9000))))
    assert (judged.width, judged.height) == (107, 3200)


def test_the_place_where_it_was_taken_stays_behind_and_it_stands_upright():
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x010F] = "Kameratehdas"
    exif.get_ifd(0x8825)[2] = (62.0, 14.0, 0.0)  # where: Keski-Suomi
    judged = validate(upload(picture("JPEG", size=(1200, 600), exif=exif)))
    assert (judged.width, judged.height) == (600, 1200)
    made = opened(judged, 600)
    assert dict(made.getexif()) == {} and "xmp" not in made.info and "icc_profile" not in made.info
    assert not any(b"Kameratehdas" in data or b"Exif" in data for data in judged.files.values())


def test_colours_of_another_space_are_brought_to_srgb():
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    judged = validate(upload(picture("JPEG", size=(500, 500), colour="#cc2200", icc_profile=profile)))
    assert opened(judged, 500).convert("RGB").getpixel((250, 250)) == pytest.approx((204, 34, 0), abs=6)
    assert validate(upload(picture("JPEG", icc_profile=b"rikki"))).width == 640, (
        "a broken profile is no reason to refuse"
    )


def test_transparency_stays_and_every_kind_of_colour_is_understood():
    assert opened(validate(upload(picture(mode="RGBA", colour=(0, 0, 0, 0)))), 640).mode == "RGBA"
    for mode in ("1", "L", "P", "LA", "I;16"):
        assert validate(upload(picture(mode=mode, colour=0))).width == 640, mode
    assert validate(upload(picture("JPEG", mode="CMYK", colour=(0, 0, 0, 0)))).width == 640


def test_only_the_first_picture_of_a_moving_one_is_kept():
    out = BytesIO()
    frames = [Image.new("RGB", (300, 300), colour) for colour in ("#ff0000", "#0000ff")]
    frames[0].save(out, "WEBP", save_all=True, append_images=frames[1:], duration=50)
    made = opened(validate(upload(out.getvalue())), 300)
    assert getattr(made, "n_frames", 1) == 1
    assert made.convert("RGB").getpixel((150, 150)) == pytest.approx((255, 0, 0), abs=8)


def test_what_hangs_behind_a_picture_is_gone():
    judged = validate(upload(picture("JPEG") + b"<script>alert(1)</script>"))
    assert not any(b"script" in data for data in judged.files.values())


def huge_png(width, height):
    """A few hundred bytes that claim to be a very large picture."""

    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 9999)) + chunk(b"IEND", b"")
    )


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize("side", [4000, 13_000, 30_000, 2**31 - 1])
def test_a_bomb_is_refused_by_what_its_head_says_quickly_and_with_little_memory(side):
    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.monotonic()
    words = why_not(huge_png(side, side))
    assert "points" in words or "pistettä" in words or "Kuvaa ei voi avata" in words or "cannot be opened" in words
    assert time.monotonic() - began < 2
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 150_000


def test_a_broken_picture_is_refused_in_words():
    whole = picture("JPEG", size=(900, 900))
    assert why_not(whole[: len(whole) // 2]) == why_not(b"\x89PNG\r\n\x1a\n" + b"x" * 50)
