"""What a clerk says of rows: corrections, cells and rows to be left out, answers to questions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from registry.admin.jobs.lists import Uploads
from registry.admin.jobs.rows import correctable, text_in
from registry.admin.jobs.showing import Filter
from registry.models import ImportJob
from registry.sheets import codes
from registry.sheets.answering import Answer, Answering, offers, question_of
from registry.sheets.keeping import kept_rows
from registry.sheets.rows import StagedRow
from registry.sheets.staging import Kind

MOST_SAID = 500  # of a correction: what an own field of an office takes


class Saying(Uploads):
    def steps(self) -> Iterable[tuple[str, Callable[..., Any]]]:
        return [*super().steps(), ("say", self.say_view)]

    @method_decorator(require_POST)
    def say_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Take everything that was said on one page of rows, and lead back to that page."""
        job = self.job_of(request, object_id)
        if refused := self.refuse_others(request, job):
            return refused
        if not job.is_open:
            messages.info(request, _("This upload has been applied or discarded already."))
            return self.back_to(job)
        said = Said(self.kind_of(job), job, request.POST)
        answering = Answering(self.kind_of(job), job, request.user, timezone.localdate())
        if said.stale:
            text = _("The rows have changed since you looked. Say it once more of those below.")
            messages.warning(request, text)
        elif said.skipped or said.taken:
            answering.skip([said.skipped or said.taken], skip=bool(said.skipped))
        elif said.cells or said.answers:
            self._tell_heard(request, answering.hear(said.cells, said.answers))
        else:
            messages.info(request, _("Nothing was corrected or answered yet."))
        for objection in said.objections:
            messages.error(request, objection)
        asked = Filter(request.POST, job)
        return self.back_to(job, asked.query(p=asked.page) + f"#row-{said.first}")

    def _tell_heard(self, request: HttpRequest, count: int) -> None:
        text = ngettext(
            "What you said of %(count)s row is taken into account.",
            "What you said of %(count)s rows is taken into account.",
            count,
        )
        messages.success(request, text % {"count": count})


class Said:
    """What the form of one page of rows says. It is ``stale``, and nothing of it is taken, where
    one of its rows is not there any more, has been applied, or is of another upload."""

    def __init__(self, kind: Kind, job: ImportJob, posted: Any) -> None:
        self.kind = kind
        self.cells: dict[int, dict[str, str]] = defaultdict(dict)
        self.answers: list[Answer] = []
        self.objections: list[str] = []
        self.skipped = self.taken = self.first = 0
        spoken = [_Spoken(*parts) for parts in _parts_of(posted)]
        self.skipped = next((each.pk for each in spoken if each.what == "skip"), 0)
        self.taken = next((each.pk for each in spoken if each.what == "take"), 0)
        keys = {each.pk for each in spoken}
        rows = {row.key: row for row in kept_rows(job, job.rows.left().filter(pk__in=keys))}
        self.stale = rows.keys() != keys
        if self.stale:
            return
        alike = {(each.pk, each.name) for each in spoken if each.what == "alike"}
        for each in spoken:
            if each.what == "cell":
                self._take_cell(rows[each.pk], each)
            elif each.what == "answer":
                day = posted.get(f"day:{each.pk}", "")
                self._take_answer(rows[each.pk], each, day, alike=(each.pk, each.name) in alike)
        for each in spoken:
            if each.what == "without" and correctable(kind, each.name):
                self.cells[each.pk][each.name] = ""
        said = [self.skipped, self.taken, *self.cells, *(each.row_pk for each in self.answers)]
        self.first = next(filter(None, said), 0)

    def _take_cell(self, row: StagedRow, spoken: _Spoken) -> None:
        """A box that was left as it was says nothing."""
        text = spoken.value.strip()[:MOST_SAID]
        if not text or not correctable(self.kind, spoken.name):
            return
        if text != text_in(self.kind, row, spoken.name).strip():
            self.cells[spoken.pk][spoken.name] = text

    def _take_answer(self, row: StagedRow, spoken: _Spoken, day: str, *, alike: bool) -> None:
        choice = spoken.value
        if spoken.name == codes.BRANCH_DIFFERS and choice == "move":
            choice = f"{choice}:{day}"
        question = question_of(row, spoken.name)
        if question and offers(question, choice) and not choice.endswith(":"):
            self.answers.append(Answer(spoken.pk, spoken.name, choice, alike))
        else:
            place = f"{row.sheet}!{row.number}"
            text = _("The answer for row %(place)s was not understood. Choose one again.")
            self.objections.append(text % {"place": place})


class _Spoken:
    """One field of the form: what is said, of which row, of which cell or question."""

    def __init__(self, what: str, pk: int, name: str, value: str) -> None:
        self.what, self.pk, self.name, self.value = what, pk, name, value


def _parts_of(posted: Any) -> Iterable[tuple[str, int, str, str]]:
    """Yield ``cell:17:born_on``, ``answer:17:match_unsure``, ``skip=17`` and their like."""
    for key in posted:
        what, _colon, rest = key.partition(":")
        if what in ("cell", "answer", "without", "alike"):
            pk, _colon, name = rest.partition(":")
            yield what, _number(pk), name, posted.get(key)
        elif key in ("skip", "take"):
            yield key, _number(posted.get(key)), "", ""


def _number(text: str) -> int:
    """Return the key of a row; 0, which no row has, where it is none."""
    return int(text) if text.isdecimal() and len(text) < 19 else 0
