"""Takes large uploads in up to a limit, so that a form can say in words that a file is too big or finds no room."""

from io import BytesIO
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler

from lib.uploads.validation import MOST_BYTES

MOST_IN_A_REQUEST = 10 * MOST_BYTES


class BoundedUploadHandler(TemporaryFileUploadHandler):
    """Beyond the limit bytes are counted and dropped; a full disk is remembered instead of breaking the page."""

    found_no_room = False

    def handle_raw_input(self, input_data: Any, META: Any, content_length: int, *rest: Any, **more: Any) -> None:
        if content_length > MOST_IN_A_REQUEST:
            raise RequestDataTooBig("The request is far larger than any form of the portal.")

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        try:
            super().new_file(*args, **kwargs)
        except OSError:
            self.found_no_room = True

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if self.found_no_room or start + len(raw_data) > MOST_BYTES:
            return
        try:
            super().receive_data_chunk(raw_data, start)
        except OSError:
            self.found_no_room = True

    def file_complete(self, file_size: int) -> UploadedFile | None:
        if not self.found_no_room and file_size <= MOST_BYTES:
            return super().file_complete(file_size)
        told = UploadedFile(BytesIO(), self.file_name, self.content_type, file_size)
        told.found_no_room = self.found_no_room  # type: ignore[attr-defined]
        return told
