"""The list of files on its way out, through the columns of the registers that come in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from itertools import count
from typing import Any

from branches.models import Organization
from branches.models.grants import may
from branches.rules import hierarchy, roles, tree
from members.models import Deadline, DevelopmentFile, StepTaken
from members.models.development.reading import chunks
from members.rules import development, membership
from members.rules.development.taken import carries
from members.sheets.development.columns import COLUMNS, OF_PEOPLE
from members.sheets.development.reading import number_of
from members.sheets.development.register import DevelopmentResource
from members.sheets.development.stages import STAGES, stage_of
from registry.calendar import PartialDate
from registry.sheets.exporting import ExportColumn, columns_of, parts_of
from registry.sheets.writing import SheetValue

CHUNK = 500
# What registers have in several columns and a file in one; that one goes out.
_PARTS = ("second_mentor", "second_sponsor", "second_note", "third_note")
_COMMITTEES = (hierarchy.WORK_COMMITTEE, hierarchy.PARTY_COMMITTEE, hierarchy.ORGAN_COMMITTEE)
_BY_FIELD = {
    name: (each.step, key)
    for each in COLUMNS.values()
    for name, key in ((each.on, ""), *each.facts.items())
}
_SEALED = ("id_number", "phone", "address", "own_sealed")
# 入党时间 and 转正时间 are days that the committee has approved.
_APPROVED: Mapping[str, tuple[str, ...]] = {
    "probationary": ("assembly",),
    "full": ("assembly", "full_assembly"),
    "cancelled": ("assembly",),
}


class DevelopmentExport:
    """The columns of ``DevelopmentResource`` for the files that ``user`` may export, on ``on``."""

    columns: Mapping[str, ExportColumn] = columns_of(DevelopmentResource, leave_out=_PARTS)
    standard = tuple(
        "row_number file_number staff_number name sex ethnicity id_number born_on education "
        "job_title committee_code committee organization_code organization application_on "
        "first_talk_on activist_on mentors course_from course_on course_score object_on sponsors "
        "political_review_on training_from training_on training_score plan_on form_on form_number "
        "assembly_on approval_on full_assembly_on stage note".split()
    )

    def __init__(self, user: Any, on: date) -> None:
        self.user, self.on = user, on
        self._opened: dict[str, bool] = {}
        self._committees: dict[str, tuple[str, str]] = {}
        self._numbers = count(1)

    def lines(
        self, rows: Any, names: Sequence[str], *, full: bool, for_programs: bool
    ) -> Iterator[Sequence[SheetValue]]:
        self._numbers = count(1)
        unread = [name for name in _SEALED if name not in names]
        rows = rows.select_related("organization").prefetch_related(None).defer(*unread)
        values = [(name, self._value_of(name, raw=for_programs)) for name in names]
        for part in parts_of(rows, CHUNK):
            files = list(part)
            self._prepare(files, names, full=full)
            for file in files:
                yield tuple(value(file) for _name, value in values)

    def _prepare(
        self, files: Sequence[DevelopmentFile], names: Sequence[str], *, full: bool
    ) -> None:
        """Read what hangs on the files of a part: steps, superiors, what they wait for."""
        paths = {file.organization.path for file in files}
        for path in paths - self._opened.keys():
            self._opened[path] = full and may(self.user, roles.EXPORT_FULL, path)
        self._steps: dict[int, dict[str, StepTaken]] = defaultdict(dict)
        approved = {file.pk: _APPROVED.get(file.standing, ()) for file in files}
        for some in chunks(file.pk for file in files):
            steps = StepTaken.objects.in_force().filter(file__in=some).order_by("turn", "pk")
            for step in steps:
                if _goes_out(step, approved[step.file_id]):
                    self._steps[step.file_id][step.step] = step
        if {"committee", "committee_code"} & set(names):
            self._find_committees(paths - self._committees.keys())
        self._waits: dict[int, Deadline] = {}
        if {"next_step", "due_by"} & set(names):
            rows = Deadline.objects.filter(file__in=[file.pk for file in files])
            for row in rows.order_by("-position"):
                self._waits[row.file_id] = row

    def _find_committees(self, paths: set[str]) -> None:
        above = {path for each in paths for path in tree.ancestors_of(each)}
        rows = Organization.objects.filter(path__in=above, kind__in=_COMMITTEES)
        found = {
            path: (name, code) for path, name, code in rows.values_list("path", "name", "code")
        }
        for path in paths:
            nearest = (found[each] for each in reversed(tree.ancestors_of(path)) if each in found)
            self._committees[path] = next(nearest, ("", ""))

    # One column

    def _value_of(self, name: str, *, raw: bool) -> Callable[[DevelopmentFile], SheetValue]:
        if name in _BY_FIELD:
            return self._of_step(name, raw=raw)
        if name in _DERIVED:
            derived = _DERIVED[name]
            return lambda file: derived(self, file, raw)
        return self._of_person(name, raw=raw)

    def _of_person(self, name: str, *, raw: bool) -> Callable[[DevelopmentFile], SheetValue]:
        render = DevelopmentResource.fields[name].widget.render
        mask = DevelopmentFile.masks.get(name)

        def of_person(file: DevelopmentFile) -> SheetValue:
            value = getattr(file, name)
            if value in (None, ""):
                return None
            if mask and not self._opened[file.organization.path]:
                return str(mask(value))
            if isinstance(value, PartialDate):
                return str(value) if raw else value
            return str(render(value))

        return of_person

    def _of_step(self, name: str, *, raw: bool) -> Callable[[DevelopmentFile], SheetValue]:
        step, key = _BY_FIELD[name]
        render = DevelopmentResource.fields[name].widget.render

        def of_step(file: DevelopmentFile) -> SheetValue:
            taken = self._steps[file.pk].get(step)
            if taken is None:
                return None
            value: Any = taken.facts.get(key) if key else taken.taken_on
            if key in OF_PEOPLE:
                return "、".join(each.get("name", "") for each in value or ()) or None
            if key == "began_on" and value:
                value = PartialDate.of(value)
            if isinstance(value, PartialDate):
                return str(value) if raw else value
            return str(render(value)) if value not in (None, "") else None

        return of_step

    def _row_number(self, file: DevelopmentFile, raw: bool) -> SheetValue:
        return next(self._numbers)

    def _file_number(self, file: DevelopmentFile, raw: bool) -> SheetValue:
        return number_of(file.pk)

    def _age(self, file: DevelopmentFile, raw: bool) -> SheetValue:
        return membership.age(file.born_on, self.on) if file.born_on else None

    def _organization(self, file: DevelopmentFile, raw: bool) -> SheetValue:
        return file.organization.code if raw else file.organization.name

    def _organization_code(self, file: DevelopmentFile, raw: bool) -> SheetValue:
        return file.organization.code

    def _committee(self, file: DevelopmentFile, raw: bool) -> SheetValue:
        return self._committees[file.organization.path][0] or None

    def _committee_code(self, file: DevelopmentFile, raw: bool) -> SheetValue:
        return self._committees[file.organization.path][1] or None

    def _stage(self, file: DevelopmentFile, raw: bool) -> SheetValue:
        """How far the person is, as the column of the registers says it."""
        stage = file.standing
        if stage == "object":
            stage = stage_of({code for code in self._steps[file.pk] if code not in _LATER})
        if stage not in STAGES:
            return None
        return stage if raw else STAGES[stage].chinese

    def _next_step(self, file: DevelopmentFile, raw: bool) -> SheetValue:
        waits = self._waits.get(file.pk)
        if waits is None:
            return None
        known = development.STEPS.get(waits.step)
        return known.chinese if known and not raw else waits.step

    def _due_by(self, file: DevelopmentFile, raw: bool) -> SheetValue:
        waits = self._waits.get(file.pk)
        return waits.due_by if waits else None


_LATER = frozenset({"deliberation", "committee_talk"})


def _goes_out(step: StepTaken, approved: Sequence[str]) -> bool:
    """Whether a step stands in the columns: decided in the person's favour, and of the reviews of
    an activist those that are classes."""
    if step.step == "cultivation":
        facts = step.facts
        is_class = "began_on" in facts or "score" in facts
        return is_class or (step.historical and "opinion" not in facts)
    if step.step in ("assembly", "full_assembly"):
        in_time = step.facts.get("result", "on_time") in ("on_time", "agreed")
        return in_time and step.step in approved
    return carries(step.done())


_Value = Callable[[DevelopmentExport, DevelopmentFile, bool], SheetValue]
_DERIVED: dict[str, _Value] = {
    "row_number": DevelopmentExport._row_number,
    "file_number": DevelopmentExport._file_number,
    "age": DevelopmentExport._age,
    "organization": DevelopmentExport._organization,
    "organization_code": DevelopmentExport._organization_code,
    "committee": DevelopmentExport._committee,
    "committee_code": DevelopmentExport._committee_code,
    "stage": DevelopmentExport._stage,
    "next_step": DevelopmentExport._next_step,
    "due_by": DevelopmentExport._due_by,
}
