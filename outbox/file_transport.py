"""A transport for development: each letter becomes one .eml file, which the mailbox page shows."""

import hashlib
from collections.abc import Sequence
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import EmailMessage


class FileBackend(BaseEmailBackend):
    """Writes below EMAIL_FILE_PATH. The name comes from Date and Message-ID: a repeat takes the place of the first."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        folder = Path(settings.EMAIL_FILE_PATH)
        folder.mkdir(parents=True, exist_ok=True)
        for message in email_messages:
            _write(folder, message.message())
        return len(email_messages)


def _write(folder: Path, message: Any) -> None:
    moment = parsedate_to_datetime(message["Date"])
    mark = hashlib.sha256(message["Message-ID"].encode()).hexdigest()[:12]
    path = folder / f"{moment:%Y%m%d-%H%M%S}-{mark}.eml"
    unfinished = path.with_suffix(".part")
    unfinished.write_bytes(message.as_bytes(linesep="\r\n"))
    unfinished.replace(path)
