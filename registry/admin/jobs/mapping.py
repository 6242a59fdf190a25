"""Which column of an upload is which field, as it was read and as the clerk says."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from registry.admin.jobs.rows import masked
from registry.admin.jobs.uploading import ROWS_AT_ONCE, Uploading, open_headings
from registry.masks import masked_id_number
from registry.models import ImportJob
from registry.sheets.answering import choose_columns
from registry.sheets.columns import OWN
from registry.sheets.resources import Context
from registry.sheets.staging import Kind

UNSAID = "?"  # a heading of which the clerk has not said anything yet
KEEP = "own"
_PROTECTED = re.compile(r"\d{6,}[\dXx*]*")  # in a column of which nobody knows what it is


@dataclass
class ColumnLine:
    """One column of a sheet: what stands above it and in it, and what it was taken for."""

    box: str  # the name of its box in the form
    place: str  # Sheet1!C
    letter: str
    heading: str
    samples: list[str]
    chosen: str
    likely: list[tuple[str, str]]  # what a heading of several meanings may be
    own: str  # under what name the office may keep it


class Mapping(Uploading):
    def steps(self) -> Iterable[tuple[str, Callable[..., Any]]]:
        return [*super().steps(), ("columns", self.columns_view)]

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def columns_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        job = self.job_of(request, object_id)
        if request.method == "POST":
            return self._choose(request, job)
        kind = self.kind_of(job)
        sheets = _columns_of(kind, job)
        fields = [
            (name, each.column_name + (f" – {_('known, not read')}" if each.derived else ""))
            for name, each in kind.fields.items()
        ]
        context = {
            **self.admin_site.each_context(request),
            "title": _("Columns of %(file)s") % {"file": job.file_name},
            "opts": self.opts,
            "job": job,
            "sheets": sheets,
            "fields": fields,
            "own_fields": [
                (name, name.removeprefix(OWN)) for name in self._own_fields(request, job)
            ],
            "unsaid": UNSAID,
            "keep": KEEP,
            "questions": any(line.likely for _sheet, lines in sheets for line in lines),
            "may_say": job.is_open and self.may_speak(request, job),
            "back": self.page_of(job),
        }
        return TemplateResponse(request, "admin/registry/importjob/columns.html", context)

    def _own_fields(self, request: HttpRequest, job: ImportJob) -> list[str]:
        """Return the fields that the office keeps already."""
        today = timezone.localdate()
        kind = self.kind_of(job)
        context = Context(request.user, kind.verbs[0], job.scope_path, job.opening_on, today)
        return list(dict.fromkeys(kind(context).own_headings().values()))

    def _choose(self, request: HttpRequest, job: ImportJob) -> HttpResponse:
        if refused := self.refuse_others(request, job):
            return refused
        if not job.is_open:
            messages.info(request, _("This upload has been applied or discarded already."))
            return self.back_to(job)
        kind, chosen, kept = self.kind_of(job), {}, self._own_fields(request, job)
        for _sheet, lines in _columns_of(kind, job):
            for line in lines:
                said = request.POST.get(line.box, line.chosen)
                said = line.own if said == KEEP else said
                known = not said or said == line.own or said in kind.fields or said in kept
                if known and said != line.chosen:
                    chosen[line.place] = said
        if chosen:
            own = [said.removeprefix(OWN) for said in chosen.values() if said.startswith(OWN)]
            try:
                self.keep_own_fields(job, own)
            except ValidationError as error:
                messages.error(request, " ".join(error.messages))
                return HttpResponseRedirect(self.page_of(job, "columns"))
            large = sum(job.counts.values()) > ROWS_AT_ONCE
            choose_columns(job, chosen)
            self.read_anew(job, large=large)
            messages.success(request, _("The columns were read as you say."))
        return self.back_to(job)


def _columns_of(kind: Kind, job: ImportJob) -> list[tuple[str, list[ColumnLine]]]:
    """Return each sheet with its columns; what is asked comes first, then what is not read."""
    table = kind.table(timezone.localdate())
    asked = set(open_headings(job))
    sheets = []
    for number, sheet in enumerate(job.layout.get("sheets", ())):
        lines = []
        for letter, heading in sheet["headings"].items():
            is_asked = (sheet["sheet"], letter) in asked
            field = sheet["columns"].get(letter, "")
            form = sheet["forms"][letter]
            may_be = table.shared.get(form, ()) if is_asked else ()
            lines.append(
                ColumnLine(
                    box=f"column:{number}:{letter}",
                    place=f"{sheet['sheet']}!{letter}",
                    letter=letter,
                    heading=heading,
                    samples=[_shown(kind, field, each) for each in sheet["samples"][letter]],
                    chosen=UNSAID if is_asked else field,
                    likely=[(name, kind.fields[name].column_name) for name in may_be],
                    own=field if field.startswith(OWN) else OWN + "".join(heading.split())[:50],
                )
            )
        lines.sort(key=lambda line: (not line.likely, bool(line.chosen)))
        sheets.append((sheet["sheet"], lines))
    return sheets


def _shown(kind: Kind, field: str, sample: str) -> str:
    """Return a sample, protected ones as masks, also where nobody knows yet what it is."""
    text = masked(kind, field, sample)
    if field:
        return text
    return _PROTECTED.sub(lambda found: masked_id_number(found.group()), text)
