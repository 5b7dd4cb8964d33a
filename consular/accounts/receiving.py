"""How much a request may carry as files, judged before the first of them is written down."""

from typing import IO

from django.contrib.auth import SESSION_KEY
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler

MEGABYTE = 1024 * 1024
OF_STRANGERS = 6 * MEGABYTE
"""A letter to be verified, and the form around it."""
OF_ACCOUNTS = 32 * MEGABYTE
"""All files of one document, and the form around them."""


class Bounded(FileUploadHandler):
    """The first handler of every upload: refuses (400) what is too large for whoever sends it; keeps nothing itself.

    Forms are read before a view, and even before their token is looked at: without this anybody could fill the disk.
    """

    def handle_raw_input(
        self,
        input_data: IO[bytes],
        META: dict[str, str],
        content_length: int,
        boundary: str,
        encoding: str | None = None,
    ) -> None:
        """Raise RequestDataTooBig where the whole body is larger than it may be."""
        session = getattr(self.request, "session", {})
        if content_length > OF_STRANGERS and (content_length > OF_ACCOUNTS or SESSION_KEY not in session):
            raise RequestDataTooBig("larger than a request of this kind may be")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Pass it on."""
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """The next handler has it."""
