"""How much of an uploaded file is kept while it comes in."""

from __future__ import annotations

from django.core.files.uploadhandler import FileUploadHandler

from registry.sheets.formats import MAX_UPLOAD


class UpToTheLimit(FileUploadHandler):
    """Keeps a little more than the largest sheet, so that its form can say that it is too large,
    and lets the rest go by: no upload fills the disk."""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        return raw_data if start <= MAX_UPLOAD else None

    def file_complete(self, file_size: int) -> None:
        return None
