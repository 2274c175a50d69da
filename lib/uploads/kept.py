"""Files whose form was refused for something else: kept for an hour behind a signed token, to be sent along once more.

Browsers forget a chosen file when the page comes back. Only what was judged to be harmless is kept.
"""

import logging
import secrets
from datetime import datetime, timedelta
from typing import Any

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile

from lib.tokens import BadToken, read, sign
from lib.uploads import storage

ROOM, NAME, PURPOSE = "kept", "file", "uploads.kept"
KEPT_FOR = timedelta(hours=1)
MOST_KEPT = 200

log = logging.getLogger(__name__)


def stash(upload: Any) -> str:
    """Store what came with a form; gives its token, or "" when there is no room."""
    folder = secrets.token_hex(16)
    if storage.number_of_folders(ROOM) >= MOST_KEPT:
        return ""
    try:
        upload.seek(0)
        default_storage.save(storage.path(ROOM, folder, NAME), File(upload))
    except OSError as error:
        log.error("a chosen file could not be kept: %s", type(error).__name__)
        return ""
    return sign(PURPOSE, [folder, upload.name or ""])


def restore(token: str) -> SimpleUploadedFile | None:
    """The file as it was sent; None when the token is too old or the file is gone."""
    try:
        folder, name = read(PURPOSE, token, KEPT_FOR)
        return SimpleUploadedFile(name, storage.read(ROOM, folder, NAME))
    except (BadToken, OSError):
        return None


def forget(token: str) -> None:
    """It has arrived."""
    try:
        storage.discard(ROOM, [read(PURPOSE, token)[0]])
    except BadToken:
        pass


def purge(now: datetime) -> None:
    """Remove what nobody sent again in time."""
    storage.discard(ROOM, storage.orphans(ROOM, [], now, KEPT_FOR))
