"""What an uploaded file is and whether it is taken in: decided by its bytes, never by its name or what is claimed."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from lib.exceptions import Refused
from lib.uploads import documents, filenames, pictures

MEGABYTE = 1_000_000
MOST_BYTES = 20 * MEGABYTE
PICTURE = "picture"
ACCEPT = ".pdf,.odt,.docx,image/png,image/jpeg,image/webp"
ACCEPT_PICTURE = "image/png,image/jpeg,image/webp"
# The harmless file by which scanners are tried out; in two pieces, so that this one is not taken for it.
_EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-" + b"STANDARD-ANTIVIRUS-TEST-FILE!"
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True)
class ValidatedFile:
    """A file that is taken in: its kind, the name to show (without ending, may be empty), and what is to be stored."""

    kind: str
    name: str
    files: dict[str, bytes]  # by the name they are stored under: "400.webp", "document.pdf"
    width: int | None = None
    height: int | None = None

    @property
    def size(self) -> int:
        """Bytes that are stored."""
        return sum(len(data) for data in self.files.values())

    @property
    def is_picture(self) -> bool:
        return self.kind == PICTURE


def validate(upload: Any) -> ValidatedFile:
    """Judge what came with a form (Django's UploadedFile). Raises Refused with words for the person."""
    name = filenames.stem(upload.name or "")
    if getattr(upload, "found_no_room", False):
        raise Refused(_("There is no room for the file on the server just now. Tell the coordinator."))
    if upload.size > MOST_BYTES:
        raise Refused(
            _("The file is %(size)s MB large; at most %(most)d MB are taken."),
            size=-(-upload.size // MEGABYTE),
            most=MOST_BYTES // MEGABYTE,
        )
    upload.seek(0)
    data = upload.read()
    if _EICAR in data:
        raise Refused(_("A virus scanner would stop this file, so it is not taken."))
    if data.startswith(b"%PDF-"):
        return _document(documents.pdf(data), name, data)
    if data.startswith(b"PK\x03\x04"):
        return _document(documents.packed(upload, len(data)), name, data)
    if data.startswith(_OLD_OFFICE):
        raise Refused(_("This is an old or locked office document. Save it as PDF, ODT or DOCX without a password."))
    return _picture(upload, name, data[:16])


def _document(kind: str, name: str, data: bytes) -> ValidatedFile:
    return ValidatedFile(kind, name, {f"document.{kind}": data})


def _picture(upload: Any, name: str, head: bytes) -> ValidatedFile:
    if not (head.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n")) or (head[:4], head[8:12]) == (b"RIFF", b"WEBP")):
        raise Refused(
            _("Files of this kind are not taken. Add a picture (JPEG, PNG, WebP) or a document (PDF, ODT, DOCX).")
        )
    made = pictures.picture(upload)
    files = {f"{width}.webp": copy for width, copy in made.copies.items()}
    return ValidatedFile(PICTURE, name, files, made.width, made.height)
