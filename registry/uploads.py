"""An uploaded workbook: how much of it is kept while it comes in, and the box it is put into."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadhandler import FileUploadHandler
from django.utils.translation import gettext_lazy as _

from registry.sheets.formats import MAX_UPLOAD, MEGABYTE


class UpToTheLimit(FileUploadHandler):
    """Keeps a little more than the largest sheet, so that its form can say that it is too large,
    and lets the rest go by: no upload fills the disk."""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        return raw_data if start <= MAX_UPLOAD else None

    def file_complete(self, file_size: int) -> None:
        return None


class WorkbookField(forms.FileField):
    """A workbook of any kind; what is wrong inside it, its reader says."""

    default_error_messages = {
        "required": _("Choose the workbook."),
        "too_large": _("The file has more than %(limit)s MB. Split it, or delete pictures in it."),
    }

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=None, allow_empty_file=True, **options)

    def to_python(self, data: Any) -> Any:
        upload = super().to_python(data)
        if upload and upload.size > MAX_UPLOAD:
            raise ValidationError(
                self.error_messages["too_large"], "too_large", {"limit": MAX_UPLOAD // MEGABYTE}
            )
        return upload
