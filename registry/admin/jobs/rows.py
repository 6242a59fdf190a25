"""A row of an upload as its page shows it: what it says, what it changes, what is to be said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps

from registry.admin.history import label_of
from registry.admin.jobs.labels import answer_label
from registry.language import said
from registry.masks import masked_id_number
from registry.models import ImportJob
from registry.models.job_rows import Level, RowState, Undo
from registry.sheets import codes
from registry.sheets.columns import OWN
from registry.sheets.resources import CellField
from registry.sheets.returning import UNDONE
from registry.sheets.rows import StagedRow, Told, findings_of
from registry.sheets.staging import Kind

TOLD = 6  # values of a new row that are shown
BADGES = {
    RowState.NEW: "good",
    RowState.CHANGED: "good",
    RowState.QUESTION: "warn",
    RowState.ERROR: "bad",
}
# A row that names no branch is put right by naming one.
_CELL_OF = {codes.BRANCH_MISSING: "organization", codes.NAME_MISSING: "name"}


@dataclass
class Choice:
    """One answer to a question; ``day`` where it needs one."""

    answer: str
    label: str
    day: bool = False


@dataclass
class Note:
    """One finding, and its answers where it is a question."""

    level: str
    place: str
    message: str
    code: str
    choices: list[Choice] = field(default_factory=list)
    alike: int = 0  # rows of which the same is asked


@dataclass
class Box:
    """A wrong cell, and what stands in it as far as that may be shown."""

    field: str
    label: str
    place: str
    text: str


@dataclass
class Line:
    """One row of the upload as the page shows it."""

    pk: int
    place: str
    state: str
    label: str
    badge: str
    name: str
    details: str
    applied: bool
    url: str
    changes: list[tuple[str, str, str]]
    notes: list[Note]
    boxes: list[Box]
    said: bool  # whether the clerk has said something of it
    undone: str = ""  # what taking it back has come to, in a word
    undone_badge: str = ""


@dataclass(frozen=True)
class MissingLine:
    """A record that only the register has; ``perhaps`` a row that is still open is about it."""

    name: str
    place: str
    perhaps: bool
    actions: tuple[tuple[str, str], ...]  # what may be done: label and address


def line_of(
    kind: Kind,
    pk: int,
    row: StagedRow,
    *,
    places: Mapping[int, str],
    alike: Mapping[str, int],
    url: str,
) -> Line:
    """Return the row with the key ``pk``, as whoever may see the upload sees it."""
    told = list(findings_of(row))
    return Line(
        pk=pk,
        place=f"{row.sheet}!{row.number}",
        state=row.state,
        label=str(RowState(row.state).label),
        badge=BADGES.get(RowState(row.state), ""),
        name=str(row.values.get(kind.name_field, "")),
        details=" · ".join(_told(kind, row, places)),
        applied=row.applied,
        url=url,
        changes=[
            (column_label(kind, name), old, masked(kind, name, new))
            for name, old, new in row.changes
        ],
        notes=[_note(kind, row, each, alike) for each in told],
        boxes=list(_boxes(kind, row, told)),
        said=bool(row.said),
    )


def _note(kind: Kind, row: StagedRow, told: Told, alike: Mapping[str, int]) -> Note:
    code = told.sentence.code
    cell = row.cell(told.field, kind.name_field) if told.field else None
    asks = told.sentence.level == Level.QUESTION
    choices = [
        Choice(answer, answer_label(code, answer, about), (code, answer) == _MOVE)
        for answer, about in (told.choices if asks else ())
    ]
    return Note(
        level=told.sentence.level,
        place=f"{row.sheet}!{cell}" if cell else "",
        message=said(told.sentence),
        code=code,
        choices=choices,
        alike=alike.get(code, 0) if choices else 0,
    )


def tell_undone(job: ImportJob, lines: Iterable[Line]) -> None:
    """Say of the lines what taking them back has come to, and why they are not as they were."""
    by_key = {line.pk: line for line in lines if line.applied}
    undone = job.rows.filter(pk__in=by_key).exclude(undone="").values_list("pk", "undone")
    for key, result in undone:
        line = by_key[key]
        line.undone = str(UNDONE[Undo(result)])
        line.undone_badge = {Undo.KEPT: "warn", Undo.FAILED: "bad"}.get(Undo(result), "")
    reasons = job.findings.filter(row__in=by_key, code__in=(codes.UNDO_KEPT, codes.UNDO_FAILED))
    for each in reasons.order_by("id"):
        line = by_key[each.row_id or 0]
        line.notes.append(Note(each.level, each.place, each.message, each.code))


_MOVE = (codes.BRANCH_DIFFERS, "move")


def _boxes(kind: Kind, row: StagedRow, told: Iterable[Told]) -> Iterable[Box]:
    """Yield a box for each cell that keeps the row from being written."""
    seen = set()
    for each in told:
        name = each.field or _CELL_OF.get(each.sentence.code, "")
        wrong = each.sentence.level == Level.ERROR
        if not wrong or name in seen or not (cell := correctable(kind, name)):
            continue
        seen.add(name)
        place = row.letters.get(name)
        yield Box(
            field=name,
            label=cell.column_name,
            place=f"{place}{row.number}" if place else "",
            text=text_in(kind, row, name),
        )


def correctable(kind: Kind, name: str) -> CellField | None:
    """Return the field ``name`` where a clerk may say himself what its cell should be."""
    cell: CellField | None = kind.fields.get(name)
    return None if cell is None or cell.derived else cell


def text_in(kind: Kind, row: StagedRow, name: str) -> str:
    """Return what stands in a cell, as the box of its correction begins; "" where it is masked."""
    cell = kind.fields[name]
    if cell.masked:
        return ""
    if name in row.said.cells:
        return row.said.cells[name]
    if name in row.texts:
        return row.texts[name]
    return str(cell.widget.render(row.values.get(name)))


def column_label(kind: Kind, name: str) -> str:
    """Return what a field is called on its form, else what its column is called."""
    if name.startswith(OWN):
        return name.removeprefix(OWN)
    label = label_of(kind.model_label, name)
    return str(kind.fields[name].column_name if label == name else label)


def masked(kind: Kind, name: str, text: str) -> str:
    """Return a value of a protected column as its mask, any other as it is."""
    cell = kind.fields.get(name)
    if not text or cell is None or not cell.masked:
        return text
    mask = getattr(apps.get_model(kind.model_label), "masks", {}).get(name, masked_id_number)
    return str(mask(text))


def _told(kind: Kind, row: StagedRow, places: Mapping[int, str]) -> Iterable[Any]:
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
