"""The workbook goes back to its clerk, with what is told of its cells and rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from registry.admin.jobs.lists import Uploads
from registry.downloads import attachment
from registry.language import said
from registry.models import Entry
from registry.models.log import Action
from registry.sheets.editing.returned import XLSX_TYPE
from registry.sheets.returning import returned_of
from registry.sheets.workbook import Unreadable


class Returning(Uploads):
    def steps(self) -> Iterable[tuple[str, Callable[..., Any]]]:
        return [*super().steps(), ("returned", self.returned_view)]

    @method_decorator(require_safe)
    def returned_view(self, request: HttpRequest, object_id: str) -> HttpResponseBase:
        """Hand the workbook to whoever has uploaded it: it holds everything in full, which others
        see as masks only."""
        job = self.job_of(request, object_id)
        if not self.may_speak(request, job):
            text = _("Only its uploader gets the workbook back: it holds ID numbers in full.")
            messages.error(request, text)
            return self.back_to(job)
        if job.is_running:
            messages.info(request, _("It is being worked on. Wait a moment."))
            return self.back_to(job)
        try:
            returned = returned_of(job)
        except Unreadable as error:
            messages.error(request, said(error.sentence))
            return self.back_to(job)
        Entry.append(Action.EXPORT, job, label=job.file_name)
        return attachment(returned.name, returned.data, XLSX_TYPE)
