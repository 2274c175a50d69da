"""Where uploaded files lie: in private storage, each in a folder with a name nobody can guess, off the web."""

import logging
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage as storage
from django.utils.translation import gettext_lazy as _

from lib.exceptions import Refused
from lib.uploads.validation import ValidatedFile

log = logging.getLogger(__name__)
SETTLED = timedelta(days=1)  # a folder younger than this may belong to a page that is still being answered


def store(room: str, judged: ValidatedFile) -> str:
    """Store all files of an upload in a folder; gives its name. Raises Refused, and leaves nothing, when full."""
    token = secrets.token_hex(16)
    try:
        for name, data in judged.files.items():
            storage.save(path(room, token, name), ContentFile(data))
    except OSError as error:
        log.exception("an uploaded file could not be stored")
        discard(room, [token])
        raise Refused(_("There is no room for the file on the server just now. Tell the coordinator.")) from error
    return token


def path(room: str, token: str, name: str) -> str:
    """The name in the storage."""
    return f"{room}/{token}/{name}"


def read(room: str, token: str, name: str) -> bytes:
    """The bytes of one file."""
    with storage.open(path(room, token, name)) as file:
        return bytes(file.read())


def discard(room: str, tokens: Iterable[str]) -> None:
    """Remove folders for good. What is not there is no trouble; what cannot be removed stops no other."""
    for token in tokens:
        try:
            for name in _names(f"{room}/{token}")[1]:
                storage.delete(path(room, token, name))
            storage.delete(f"{room}/{token}")
        except OSError as error:
            log.error("a folder of %s could not be removed: %s", room, type(error).__name__)


def orphans(room: str, known: Iterable[str], now: datetime) -> list[str]:
    """Folders that no row speaks of and that are a day old."""
    lost = set(_names(room)[0]) - set(known)
    return sorted(token for token in lost if _is_settled(room, token, now))


def _is_settled(room: str, token: str, now: datetime) -> bool:
    try:
        files = _names(f"{room}/{token}")[1]
        return all(storage.get_modified_time(path(room, token, name)) < now - SETTLED for name in files)
    except OSError:
        return False


def _names(folder: str) -> tuple[list[str], list[str]]:
    try:
        return storage.listdir(folder)
    except (FileNotFoundError, NotADirectoryError):
        return [], []
