"""How uploaded files reach a browser: pictures as WebP that we made, documents as downloads; nothing of them can run.

The view finds the row through `visible_to` first and tells whether everybody may see it.
"""

from typing import Any

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404

from lib.uploads.documents import CONTENT_TYPES

SEALED = "default-src 'none'; frame-ancestors 'none'; sandbox"
FOR_ALL = "public, max-age=3600"
FOR_ONE = "private, no-store"


def picture(path: str, is_public: bool) -> Any:
    """A picture for a page."""
    return _sealed(FileResponse(_opened(path), content_type="image/webp"), is_public)


def document(path: str, kind: str, name: str, is_public: bool) -> Any:
    """A document to be saved, under its shown name."""
    response = FileResponse(_opened(path), as_attachment=True, filename=name, content_type=CONTENT_TYPES[kind])
    return _sealed(response, is_public)


def _opened(path: str) -> Any:
    try:
        return default_storage.open(path)
    except FileNotFoundError:
        raise Http404 from None


def _sealed(response: FileResponse, is_public: bool) -> FileResponse:
    response["Content-Security-Policy"] = SEALED
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = FOR_ALL if is_public else FOR_ONE
    return response
