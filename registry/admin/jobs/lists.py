"""The list of uploads, what the app adds to their pages, and how each page finds its upload."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from registry import access
from registry.admin.jobs.rows import MissingLine
from registry.admin.scoped import ScopedModelAdmin
from registry.models import ImportJob
from registry.models.job_rows import RowState
from registry.sheets.applying import may_speak
from registry.sheets.rows import StagedRow
from registry.sheets.staging import Kind, Scope


class Uploads(ScopedModelAdmin):
    """What every page of uploads starts from. ``steps`` are the pages below an upload's own."""

    view_verb = add_verb = change_verb = access.IMPORT
    history_verb = None
    list_display = ("file_name", "scope_label", "result", "user", "created_at")
    list_select_related = ("user",)
    ordering = ("-id",)
    kinds: dict[str, Kind] = {}
    form_class: Any = None

    # What the app adds

    def scope_of(self, cleaned: dict[str, Any]) -> Scope:
        """Return for which organisation a valid form uploads."""
        raise NotImplementedError

    def asked_for(self, request: HttpRequest) -> dict[str, Any]:
        """Return what the address of the upload page says already."""
        return {}

    def read_later(self, job: ImportJob) -> None:
        """Have a large file read in the background."""
        raise NotImplementedError

    def apply_later(self, job: ImportJob, user: Any, *, good_rows: bool) -> None:
        """Have many rows written in the background."""
        raise NotImplementedError

    def undo_later(self, job: ImportJob, user: Any) -> None:
        """Have many rows taken back in the background."""
        raise NotImplementedError

    def missing_of(self, job: ImportJob, user: Any) -> Sequence[MissingLine]:
        """Return whom the register has where the upload belongs, and a whole roster has not."""
        return []

    def keep_own_fields(self, job: ImportJob, names: Sequence[str]) -> None:
        """Make the own fields of the office for which columns were chosen."""

    def code_label(self, code: str) -> str:
        """Return what a kind of finding is called that only the app knows."""
        return code

    def places_of(self, rows: Sequence[StagedRow]) -> dict[int, str]:
        """Return the names of the organisations in the outcomes of rows."""
        return {}

    def url_of(self, job: ImportJob, row: StagedRow) -> str:
        """Return the page of the record that a row has become, or is about."""
        return ""

    def ways_on(self, job: ImportJob) -> list[tuple[str, str]]:
        """Return where a clerk goes from an applied job: label and address."""
        return []

    # The list

    @method_decorator(require_safe)
    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        context = {"title": _("Uploads"), **(extra_context or {})}
        page: HttpResponse = super().changelist_view(request, context)
        return page

    def get_queryset(self, request: HttpRequest) -> Any:
        """Without the file and what was found in it: a list must not open them."""
        return super().get_queryset(request).defer("file", "layout_sealed", "answers_sealed")

    def result(self, job: ImportJob) -> str:
        counts = ", ".join(
            f"{RowState(state).label} {count}" for state, count in job.counts.items() if count
        )
        return f"{job.get_state_display()}: {counts}" if counts else job.get_state_display()

    result.short_description = gettext_lazy("result")  # type: ignore[attr-defined]

    # The pages of one upload

    def steps(self) -> Iterable[tuple[str, Callable[..., Any]]]:
        """Return the last part of the address and the view of each page below an upload's own."""
        return []

    def get_urls(self) -> list[Any]:
        own = [
            path(
                f"<path:object_id>/{step}/",
                self.admin_site.admin_view(view),
                name=f"registry_importjob_{step}",
            )
            for step, view in self.steps()
        ]
        unwanted = ("_history", "_delete")
        stock = [
            url
            for url in super().get_urls()
            if not str(getattr(url, "name", "")).endswith(unwanted)
        ]
        return [*own, *stock]

    def job_of(self, request: HttpRequest, object_id: str) -> ImportJob:
        """Return an upload that the user may see; any other is not there."""
        job = self.get_object(request, object_id)
        if job is None or job.kind not in self.kinds:
            raise Http404(_("There is no such record."))
        return job  # type: ignore[no-any-return]

    def kind_of(self, job: ImportJob) -> Kind:
        return self.kinds[job.kind]

    def may_speak(self, request: HttpRequest, job: ImportJob) -> bool:
        return may_speak(self.kind_of(job), job, request.user)

    def page_of(self, job: ImportJob, step: str = "change") -> str:
        return reverse(f"admin:registry_importjob_{step}", args=[job.pk])

    def back_to(self, job: ImportJob, query: str = "") -> HttpResponseRedirect:
        return HttpResponseRedirect(self.page_of(job) + query)

    def refuse_others(self, request: HttpRequest, job: ImportJob) -> HttpResponseRedirect | None:
        """Return the way back for whoever may not change this upload."""
        if self.may_speak(request, job):
            return None
        messages.error(
            request, _("Only its uploader changes an upload, while he may upload there.")
        )
        return self.back_to(job)
