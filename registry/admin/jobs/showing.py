"""One upload: how far it is, what it would do, row by row, and what its clerk has to say of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from registry.admin.jobs.labels import FINDINGS, LINES
from registry.admin.jobs.lists import Uploads
from registry.admin.jobs.rows import Line, line_of, tell_undone
from registry.admin.jobs.uploading import REPLACEABLE, open_headings
from registry.admin.progress import progress_of
from registry.models import ImportJob
from registry.models.job_rows import WRITABLE, Level, RowState
from registry.models.jobs import JobState
from registry.sheets import codes
from registry.sheets.applying import may_apply
from registry.sheets.keeping import kept_rows
from registry.sheets.returning import is_remade, is_returnable
from registry.sheets.undoing import left_of, may_undo

ROWS = 50  # on one page
MOST_FINDINGS = 200  # on one page
MOST_LINES = 200  # of those that were left out
# What is put right on the page of columns.
COLUMN_CODES = (codes.HEADING_AMBIGUOUS, codes.HEADING_TWICE, codes.HEADING_UNKNOWN)
KINDS = 12  # of findings that are offered as a filter
WARNED = "warning"  # beside the states of rows, a filter of those with warnings
MISSING = "missing"  # beside them, too: who is not in a whole roster
MOST_MISSING = 200  # on one page
# What the states say of a whole roster that is compared with the register.
COMPARED = {
    RowState.NEW: gettext_lazy("in the file only (new)"),
    RowState.CHANGED: gettext_lazy("differing (changed)"),
}
ORDER = (
    RowState.ERROR, RowState.QUESTION, RowState.CHANGED, RowState.NEW, RowState.UNCHANGED,
    RowState.SKIPPED,
)  # fmt: skip


class Filter:
    """Which rows the page shows: of one state, with findings of one kind, and the how manieth."""

    def __init__(self, asked: Any, job: ImportJob) -> None:
        state = asked.get("state", "")
        beside = (WARNED, MISSING) if job.whole_roster else (WARNED,)
        if state not in beside and state not in RowState.values:
            # what the clerk should look at first
            state = next((each.value for each in ORDER if job.counts.get(each.value)), RowState.NEW)
        self.state = str(state)
        self.code = asked.get("code", "")[:50]
        self.page = asked.get("p", "")[:9]

    def rows(self, job: ImportJob) -> Any:
        rows, found = job.rows.order_by("id"), job.findings.filter(row__isnull=False)
        if self.state == WARNED:
            found = found.filter(level=Level.WARNING)
        else:
            rows = rows.filter(state=self.state)
        if self.code:
            found = found.filter(code=self.code)
        if self.state == WARNED or self.code:
            rows = rows.filter(pk__in=found.order_by().values("row"))
        return rows

    def query(self, **other: Any) -> str:
        """Return the address of this filter, or of another: without its page."""
        said = {"state": self.state, "code": self.code, **other}
        return "?" + urlencode({name: value for name, value in said.items() if value})


class Showing(Uploads):
    @method_decorator(require_safe)
    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        job = self.job_of(request, object_id)
        his = self.may_speak(request, job)
        context = {
            **self.admin_site.each_context(request),
            "title": job.file_name,
            "opts": self.opts,
            "job": job,
            "his": his or (job.is_running and self.may_steer(request, job)),
            "may_return": his and is_returnable(job),
            "remade": is_remade(job),
            "may_undo": self.may_undo(request, job),
            "about_file": () if job.is_running else self._about_file(job),
            "column_codes": COLUMN_CODES,
            "may_discard": his and self.is_discardable(job),
            "done": job.state in (JobState.APPLIED, JobState.UNDONE),
            "may_replace": his and job.state in REPLACEABLE,
            "ways_on": self.ways_on(job) if job.applied_at else [],
        }
        if job.is_running:
            context |= progress_of(job)
        elif job.counts and job.state not in (JobState.DISCARDED, JobState.ERASED):
            context |= self._found(request, job, his)
        return TemplateResponse(request, "admin/registry/importjob/job.html", context)

    def may_undo(self, request: HttpRequest, job: ImportJob) -> bool:
        """Whether the user may take this upload back, and something of it is left to be."""
        left = job.is_undoable and not job.is_running
        return left and may_undo(self.kind_of(job), job, request.user) and left_of(job).exists()

    def may_steer(self, request: HttpRequest, job: ImportJob) -> bool:
        """Whether the user may stop what runs, or begin it anew: whoever may do it."""
        undoing = job.state == JobState.UNDOING
        return self.may_speak(request, job) or (
            undoing and may_undo(self.kind_of(job), job, request.user)
        )

    @staticmethod
    def is_discardable(job: ImportJob) -> bool:
        """Whether file and rows may be erased: always but while a worker is at them."""
        erased = job.state in (JobState.DISCARDED, JobState.ERASED)
        return not erased and (not job.is_running or job.is_silent)

    def _about_file(self, job: ImportJob) -> Any:
        return job.findings.filter(row__isnull=True).order_by("id")[:MOST_FINDINGS]

    def _found(self, request: HttpRequest, job: ImportJob, his: bool) -> dict[str, Any]:
        asked = Filter(request.GET, job)
        missing = self.missing_of(job, request.user) if job.whole_roster else ()
        good = job.rows.left().filter(state__in=WRITABLE).count()
        levels = self._levels(job)
        stopping = bool(levels.get(Level.ERROR) or levels.get(Level.QUESTION))
        kind = self.kind_of(job)
        page = Paginator(asked.rows(job).values_list("pk", flat=True), ROWS).get_page(asked.page)
        lines = self._lines(job, list(page))
        shown, cut = _at_most(lines, MOST_FINDINGS)
        return {
            "summary": _summary(job, levels),
            "open_headings": open_headings(job),
            "sheets": job.layout.get("sheets", ()),
            "left_out": _left_out(job),
            "tabs": self._tabs(job, asked, len(missing)),
            "codes": self._codes(job, asked),
            "asked": asked,
            "missing": missing[:MOST_MISSING] if asked.state == MISSING else None,
            "more_missing": max(0, len(missing) - MOST_MISSING),
            "ways_to_all": self.ways_on(job),
            "stopping": stopping,
            "good": good,
            "may_apply": job.is_open and good and may_apply(kind, job, request.user),
            "may_say": his and job.is_open,
            "page": page,
            "before": asked.query(p=page.number - 1),
            "after": asked.query(p=page.number + 1),
            "lines": shown,
            "cut": cut,
            "saves": any(note.choices for line in shown for note in line.notes)
            or any(line.boxes for line in shown),
        }

    def _levels(self, job: ImportJob) -> dict[str, int]:
        """Return how many findings of each level stand in the way of rows that are left."""
        told = job.findings.filter(Q(row__in=job.rows.left()) | Q(row__isnull=True))
        counts = told.order_by().values("level").annotate(count=Count("pk"))
        return dict(counts.values_list("level", "count"))

    def _tabs(self, job: ImportJob, asked: Filter, missing: int) -> list[dict[str, Any]]:
        tabs = [
            {
                "state": state.value,
                "label": COMPARED.get(state, state.label) if job.whole_roster else state.label,
                "count": job.counts.get(state.value, 0),
            }
            for state in ORDER
        ]
        warned = job.findings.filter(level=Level.WARNING, row__isnull=False)
        count = warned.order_by().values("row").distinct().count()
        tabs.append({"state": WARNED, "label": _("with warnings"), "count": count})
        if job.whole_roster:
            tabs.append({"state": MISSING, "label": _("in the register only"), "count": missing})
        return [
            tab
            | {"here": tab["state"] == asked.state, "url": asked.query(state=tab["state"], code="")}
            for tab in tabs
            if tab["count"] or tab["state"] == MISSING
        ]

    def _codes(self, job: ImportJob, asked: Filter) -> list[dict[str, Any]]:
        """Return the kinds of findings in the rows of the chosen state, the commonest first."""
        told = job.findings.filter(row__isnull=False)
        if asked.state == WARNED:
            told = told.filter(level=Level.WARNING)
        else:
            told = told.filter(row__state=asked.state)
        counts = told.order_by().values_list("code").annotate(count=Count("row", distinct=True))
        return [
            {
                "label": FINDINGS.get(code) or self.code_label(code),
                "count": count,
                "here": code == asked.code,
                "url": asked.query(code="" if code == asked.code else code),
            }
            for code, count in counts.order_by("-count", "code")[:KINDS]
        ]

    def _lines(self, job: ImportJob, keys: Sequence[int]) -> list[Line]:
        kind = self.kind_of(job)
        rows = list(kept_rows(job, job.rows.filter(pk__in=keys)))
        places = self.places_of(rows)
        questions = job.findings.filter(level=Level.QUESTION, row__in=job.rows.left())
        counts = questions.order_by().values("code").annotate(count=Count("row", distinct=True))
        alike = dict(counts.values_list("code", "count"))
        lines = [
            line_of(
                kind,
                key,
                row,
                places=places,
                alike=alike,
                # a promised key is no record yet
                url=self.url_of(job, row)
                if row.target_id and (row.applied or row.state != RowState.NEW)
                else "",
            )
            for key, row in zip(keys, rows, strict=True)
        ]
        tell_undone(job, lines)
        return lines


def _at_most(lines: list[Line], most: int) -> tuple[list[Line], int]:
    """Return the lines with as many notes as a screen bears, and how many are not there."""
    left, cut = most, 0
    for line in lines:
        cut += max(0, len(line.notes) - left)
        line.notes = line.notes[:left]
        left -= len(line.notes)
    return lines, cut


def _summary(job: ImportJob, levels: dict[str, int]) -> str:
    """Return in one sentence what the clerk has before him."""
    counts, parts = job.counts, []
    if new := counts.get(RowState.NEW):
        parts.append(ngettext("%(count)s is new", "%(count)s are new", new) % {"count": new})
    if changed := counts.get(RowState.CHANGED):
        text = ngettext("%(count)s changed", "%(count)s changed", changed)
        parts.append(text % {"count": changed})
    if same := counts.get(RowState.UNCHANGED):
        text = ngettext("%(count)s says nothing new", "%(count)s say nothing new", same)
        parts.append(text % {"count": same})
    if asking := counts.get(RowState.QUESTION):
        text = ngettext("%(count)s needs your answer", "%(count)s need your answer", asking)
        parts.append(text % {"count": asking})
    if counts.get(RowState.ERROR) and (wrong := levels.get(Level.ERROR)):
        text = ngettext("%(count)s cell is wrong", "%(count)s cells are wrong", wrong)
        parts.append(text % {"count": wrong})
    if skipped := counts.get(RowState.SKIPPED):
        text = ngettext("%(count)s is skipped", "%(count)s are skipped", skipped)
        parts.append(text % {"count": skipped})
    return _(", ").join(parts) + _(".") if parts else _("The sheet names nobody.")


def _left_out(job: ImportJob) -> dict[str, Any]:
    """Return the lines that are no records: how many of each kind, and the first of them."""
    sheets = job.layout.get("sheets", ())
    counts: dict[str, int] = {}
    for sheet in sheets:
        for kind, count in sheet.get("skipped", {}).items():
            counts[kind] = counts.get(kind, 0) + count
    lines = [
        (f"{sheet['sheet']}!{number}", LINES.get(kind, kind), text)
        for sheet in sheets
        for kind, number, text in sheet.get("lines", ())
        if text
    ]
    return {
        "count": sum(counts.values()),
        "kinds": [(LINES.get(kind, kind), count) for kind, count in counts.items()],
        "lines": lines[:MOST_LINES],
    }
