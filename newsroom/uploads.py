"""How much of an upload reaches a disk: whoever sends more sends it into the void."""

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler


class BoundedUploadHandler(FileUploadHandler):
    """Passes on `UPLOAD_MAX_SIZE` bytes of all the files of a request, and a little of what is beyond: by that a form
    sees that there was more. The fields after the file are read as ever, so nothing that was typed is lost.
    """

    received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        if self.received > settings.UPLOAD_MAX_SIZE:
            return None  # the handlers behind this one do not get it
        self.received += len(raw_data)
        return raw_data

    def file_complete(self, file_size: int) -> Any:
        return None  # theirs to make
