"""Files that are sent as they are made, so that one of any length takes the same memory."""

from collections.abc import Iterator

from django.conf import settings
from django.http import StreamingHttpResponse
from django.utils import translation


def stream(name: str, pieces: Iterator[str], content_type: str) -> StreamingHttpResponse:
    """The pieces as the file `name`, made in the language of the request."""
    language = translation.get_language() or settings.LANGUAGE_CODE
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingHttpResponse(_in_language(pieces, language), content_type=content_type, headers=headers)


def _in_language(pieces: Iterator[str], language: str) -> Iterator[str]:
    """The pieces are made when they are sent, and by then the request has forgotten its language."""
    while True:
        with translation.override(language):
            piece = next(pieces, None)
        if piece is None:
            return
        yield piece
