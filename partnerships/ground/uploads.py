"""How much anybody may send in one go: Django itself writes files of any size to the disk, before a form can say no."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler

MOST_BYTES = 5_000_000
"""More than any form of ours takes, so that who sends a little too much reads so on its page."""


class Limit(FileUploadHandler):
    """Refuses a request by the length that it names, before any of it is read; the handlers after it do the rest."""

    def handle_raw_input(
        self, input_data: Any, meta: dict[str, str], content_length: int, boundary: Any, encoding: str | None = None
    ) -> None:
        if content_length > MOST_BYTES:
            raise RequestDataTooBig("More than we take in one go.")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None
