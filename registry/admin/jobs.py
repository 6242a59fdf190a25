"""The pages of uploads: choose a workbook, look at what it would do, apply it or put it aside.

They know kinds of sheets but no organisation; the app that joins both says which kinds there are,
who the upload is for, and how its people are called.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from registry import access
from registry.admin import files  # noqa: F401 - serves what an upload hands out
from registry.admin.history import label_of
from registry.admin.scoped import ScopedModelAdmin
from registry.language import said
from registry.models import ImportJob, JobFinding, JobRow
from registry.models.jobs import JobState, Level, RowState
from registry.sheets import staging
from registry.sheets.formats import MAX_UPLOAD
from registry.sheets.keeping import kept_rows
from registry.sheets.rows import StagedRow
from registry.sheets.staging import Kind, Outcome, Scope
from registry.sheets.workbook import Unreadable

ROWS = 100  # on one page
FINDINGS = 200
TOLD = 6  # values of a new row that are shown
# Some two thousand rows; a larger file is read in the background.
AT_ONCE = 400_000  # bytes
WARNED = "warning"  # beside the states of rows, a filter of those with warnings
BADGES = {
    RowState.NEW: "good",
    RowState.CHANGED: "good",
    RowState.QUESTION: "warn",
    RowState.ERROR: "bad",
}
ORDER = (
    RowState.ERROR, RowState.QUESTION, RowState.CHANGED, RowState.NEW, RowState.UNCHANGED,
    RowState.SKIPPED,
)  # fmt: skip


@dataclass
class Line:
    """One row of the upload as the page shows it."""

    place: str
    state: str
    badge: str
    name: str
    details: str
    applied: bool
    url: str
    changes: list[tuple[Any, str, str]] = field(default_factory=list)
    findings: list[JobFinding] = field(default_factory=list)


class ImportJobAdmin(ScopedModelAdmin):
    """Uploads for organisations on which the user may import; written by their uploader only."""

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
        return super().get_queryset(request).defer("file", "layout_sealed")

    def result(self, job: ImportJob) -> str:
        counts = ", ".join(
            f"{RowState(state).label} {count}" for state, count in job.counts.items() if count
        )
        return f"{job.get_state_display()}: {counts}" if counts else job.get_state_display()

    result.short_description = gettext_lazy("result")  # type: ignore[attr-defined]

    # Upload

    def get_urls(self) -> list[Any]:
        own = [
            path(
                f"<path:object_id>/{step}/",
                self.admin_site.admin_view(view),
                name=f"registry_importjob_{step}",
            )
            for step, view in (("apply", self.apply_view), ("discard", self.discard_view))
        ]
        unwanted = ("_history", "_delete")
        stock = [
            url
            for url in super().get_urls()
            if not str(getattr(url, "name", "")).endswith(unwanted)
        ]
        return [*own, *stock]

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = self.form_class(
            request.POST or None,
            request.FILES or None,
            user=request.user,
            kinds=self.kinds,
            initial=self.asked_for(request),
        )
        if request.method == "POST" and form.is_valid():
            job = self._upload(request, form)
            if job:
                return HttpResponseRedirect(self._page(job))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Upload a workbook"),
            "opts": self.opts,
            "form": form,
            "media": form.media,
            "largest": MAX_UPLOAD // 1024 // 1024,
        }
        return TemplateResponse(request, "admin/registry/importjob/upload.html", context)

    def _upload(self, request: HttpRequest, form: Any) -> ImportJob | None:
        """Return the job of a valid form, or None where the file has got an error."""
        upload = form.cleaned_data["file"]
        kind = self.kinds[form.cleaned_data["kind"]]
        scope = self.scope_of(form.cleaned_data)
        opening_on = form.cleaned_data["opening_on"]
        data, name = upload.read(), upload.name or ""
        if len(data) > AT_ONCE:
            job = staging.receive(
                kind, data, name, user=request.user, scope=scope, opening_on=opening_on
            )
            self.read_later(job)
            return job
        try:
            return staging.stage(
                kind,
                data,
                name,
                user=request.user,
                scope=scope,
                opening_on=opening_on,
                today=timezone.localdate(),
            )
        except Unreadable as error:
            form.add_error("file", said(error.sentence))
        return None

    # One upload

    @method_decorator(require_safe)
    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        job = self._job(request, object_id)
        kind = self.kinds[job.kind]
        stopping = job.findings.filter(level__in=(Level.ERROR, Level.QUESTION)).exists()
        open_rows = job.rows.filter(applied=False)
        good = open_rows.filter(state__in=(RowState.NEW, RowState.CHANGED)).count()
        context = {
            **self.admin_site.each_context(request),
            "title": job.file_name,
            "opts": self.opts,
            "job": job,
            "reading": job.state == JobState.READING,
            "tabs": self._tabs(request, job),
            "stopping": stopping,
            "good": good,
            "may_apply": job.is_open and good and staging.may_apply(kind, job, request.user),
            "may_discard": job.user_id == request.user.pk and (job.is_open or not job.counts),
            "about_file": job.findings.filter(row__isnull=True)[:FINDINGS],
            "skipped_lines": sum(
                count
                for sheet in job.layout.get("sheets", ())
                for count in sheet.get("skipped", {}).values()
            ),
            "sheets": job.layout.get("sheets", ()),
            "ways_on": self.ways_on(job) if job.applied_at else [],
            **self._rows(request, job, kind),
        }
        return TemplateResponse(request, "admin/registry/importjob/job.html", context)

    def _job(self, request: HttpRequest, object_id: str) -> ImportJob:
        job = self.get_object(request, object_id)
        if job is None or job.kind not in self.kinds:
            raise Http404(_("There is no such record."))
        return job  # type: ignore[no-any-return]

    def _page(self, job: ImportJob) -> str:
        return reverse("admin:registry_importjob_change", args=[job.pk])

    def _tabs(self, request: HttpRequest, job: ImportJob) -> list[dict[str, Any]]:
        chosen = self._chosen(request, job)
        tabs = [
            {"state": state.value, "label": state.label, "count": job.counts.get(state.value, 0)}
            for state in ORDER
        ]
        warned = job.findings.filter(level=Level.WARNING, row__isnull=False)
        count = warned.order_by().values("row").distinct().count()
        tabs.append({"state": WARNED, "label": _("with warnings"), "count": count})
        return [tab | {"here": tab["state"] == chosen} for tab in tabs if tab["count"]]

    def _chosen(self, request: HttpRequest, job: ImportJob) -> str:
        """Return the filter of the address, or the state that the clerk should look at first."""
        asked = request.GET.get("state", "")
        if asked == WARNED or asked in RowState.values:
            return asked
        return next((state.value for state in ORDER if job.counts.get(state.value)), RowState.NEW)

    def _rows(self, request: HttpRequest, job: ImportJob, kind: Kind) -> dict[str, Any]:
        chosen = self._chosen(request, job)
        rows = job.rows.order_by("id")
        if chosen == WARNED:
            rows = rows.filter(findings__level=Level.WARNING).distinct()
        else:
            rows = rows.filter(state=chosen)
        page = Paginator(rows, ROWS).get_page(request.GET.get("p"))
        return {"page": page, "state": chosen, "lines": self._lines(job, kind, list(page))}

    def _lines(self, job: ImportJob, kind: Kind, kept: Sequence[JobRow]) -> list[Line]:
        rows = list(kept_rows(job, pk__in=[each.pk for each in kept]))
        findings: dict[Any, list[JobFinding]] = defaultdict(list)
        for finding in JobFinding.objects.filter(row__in=kept).order_by("id")[: ROWS * 20]:
            findings[finding.row_id].append(finding)
        places = self.places_of(rows)
        return [
            Line(
                place=f"{row.sheet}!{row.number}",
                state=str(RowState(row.state).label),
                badge=BADGES.get(RowState(row.state), ""),
                name=str(row.values.get(kind.name_field, "")),
                details=" · ".join(_told(kind, row, places)),
                applied=each.applied,
                url=self.url_of(job, row) if row.target_id else "",
                changes=[(_label(kind, name), old, new) for name, old, new in row.changes],
                findings=findings[each.pk],
            )
            for each, row in zip(kept, rows, strict=True)
        ]

    @method_decorator(require_POST)
    def apply_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        job = self._job(request, object_id)
        kind = self.kinds[job.kind]
        if not staging.may_apply(kind, job, request.user):
            messages.error(
                request, _("Only its uploader applies an upload, while he may do so there.")
            )
            return HttpResponseRedirect(self._page(job))
        outcome = staging.apply(
            kind,
            job,
            request.user,
            today=timezone.localdate(),
            good_rows=bool(request.POST.get("good_rows")),
        )
        self._tell(request, outcome)
        return HttpResponseRedirect(self._page(job))

    def _tell(self, request: HttpRequest, outcome: Outcome) -> None:
        if outcome.already:
            messages.info(request, _("This upload has been applied or discarded already."))
        elif outcome.overtaken:
            text = _("The register has changed since you looked. See what the rows mean now.")
            messages.warning(request, outcome.why or text)
        elif outcome.stopped:
            messages.error(
                request,
                _("Nothing was written: rows have errors or questions. Apply the good rows only."),
            )
        else:
            text = ngettext(
                "%(count)s row was written.", "%(count)s rows were written.", outcome.written
            )
            messages.success(request, text % {"count": outcome.written})

    @method_decorator(require_POST)
    def discard_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        job = self._job(request, object_id)
        if job.user_id != request.user.pk:
            messages.error(request, _("Only its uploader discards an upload."))
            return HttpResponseRedirect(self._page(job))
        if job.state not in (JobState.APPLIED, JobState.DISCARDED):
            job.discard()
            messages.success(request, _("The upload was discarded; its file and rows are erased."))
        return HttpResponseRedirect(reverse("admin:registry_importjob_changelist"))


def _told(kind: Kind, row: StagedRow, places: dict[int, str]) -> Iterable[str]:
    """Return what a new row says in short: where it belongs, and its first values."""
    if place := places.get(row.outcome.get("organization", 0)):
        yield place
    shown = 0
    for name, each in kind.fields.items():
        value = row.values.get(name)
        if value in (None, "") or each.masked or name == kind.name_field or shown == TOLD:
            continue
        shown += 1
        yield each.widget.render(value)


def _label(kind: Kind, name: str) -> Any:
    label = label_of(kind.model_label, name)
    return kind.fields[name].column_name if label == name else label
