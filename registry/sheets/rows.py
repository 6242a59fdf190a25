"""Rows of an upload between the cells and the register, and how they are kept in a job."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from registry.calendar import PartialDate
from registry.masks import is_mask
from registry.models import JobFinding, JobRow
from registry.models.jobs import RowState
from registry.sentences import ERROR, Sentence
from registry.sheets import codes
from registry.sheets.cells import CLEAR_WORD, QUESTION, CellError, quoted
from registry.sheets.columns import ColumnTable, Matched
from registry.sheets.workbook import Record, Sheet, Value, plain

_MAY_BE_A_WORD = len(CLEAR_WORD) + 2


@dataclass(slots=True)
class Told:
    """A sentence about one row; ``field`` names the cell, "" the row itself."""

    sentence: Sentence
    field: str = ""


@dataclass(slots=True)
class StagedRow:
    """One record of a sheet: what its cells say, and what that means for the register."""

    sheet: str
    number: int
    letters: Mapping[str, str]  # field → letter of its column
    values: dict[str, Any] = field(default_factory=dict)
    cleared: list[str] = field(default_factory=list)
    blocked: bool = False  # its sheet cannot be trusted: two different columns of one name
    told: list[Told] = field(default_factory=list)  # by reading: as long as the file is the same
    judged: list[Told] = field(default_factory=list)  # by judging: as the register is now
    state: str = RowState.NEW
    target_id: int | None = None
    changes: list[list[Any]] = field(default_factory=list)  # [field, old, new] as it is shown
    outcome: dict[str, Any] = field(default_factory=dict)  # ready to be written
    kept: JobRow | None = None

    def tell(self, sentence: Sentence, field_name: str = "") -> None:
        self.judged.append(Told(sentence, field_name or sentence.field))

    @property
    def stopped(self) -> str:
        """Return error or question where a finding keeps the row from being written, else ""."""
        levels = {each.sentence.level for each in (*self.told, *self.judged)}
        if self.blocked or ERROR in levels:
            return RowState.ERROR
        return RowState.QUESTION if QUESTION in levels else ""

    @property
    def writable(self) -> bool:
        return self.state in (RowState.NEW, RowState.CHANGED)

    @property
    def verdict(self) -> str:
        """What a clerk has been shown of this row; when it differs he must look again."""
        told = sorted(each.sentence.code for each in self.judged)
        return _dumped([self.state, self.target_id, self.changes, told])

    def cell(self, field_name: str, name_field: str) -> str | None:
        letter = self.letters.get(field_name) or self.letters.get(name_field)
        return f"{letter}{self.number}" if letter else None


def read_rows(
    sheet: Sheet, matched: Matched, table: ColumnTable, *, masked: frozenset[str]
) -> list[StagedRow]:
    """Return the records of a sheet with their cells read.

    A blank cell and our own mask say nothing; 清空 asks for the field to be emptied.
    """
    letters = {name: column.letter for name, column in matched.by_field.items()}
    blocked = any(
        finding.level == ERROR and finding.code == codes.HEADING_TWICE
        for finding in matched.findings
    )
    readers = [
        (column.index, name, table.by_field[name].read, name in masked)
        for name, column in matched.by_field.items()
        if not table.by_field[name].derived
    ]
    return [
        _read(record, StagedRow(sheet.name, record.row, letters, blocked=blocked), readers)
        for record in sheet.records
    ]


def _read(
    record: Record, row: StagedRow, readers: Sequence[tuple[int, str, Any, bool]]
) -> StagedRow:
    for index, name, read, masked in readers:
        value = record.values[index]
        if value is None:
            continue
        if _says_clear(value):
            row.cleared.append(name)
            continue
        if masked and isinstance(text := plain(value), str) and is_mask(text):
            continue
        try:
            found = read(value)
        except CellError as error:
            row.told.append(Told(error.sentence, name))
            continue
        for finding in found.findings:
            row.told.append(Told(finding, name))
        if found.value is not None:
            row.values[name] = found.value
    return row


def _says_clear(value: Value) -> bool:
    return isinstance(value, str) and len(value) <= _MAY_BE_A_WORD and value.strip() == CLEAR_WORD


def counts_of(rows: Iterable[StagedRow]) -> dict[str, int]:
    """Return how many rows are in each state; together they are all rows."""
    counts = dict.fromkeys(RowState.values, 0)
    for row in rows:
        counts[row.state] += 1
    return counts


# How rows are kept in a job: as JSON, in which a date says that it is one.


def _dumped(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=_tagged, separators=(",", ":"))


def _tagged(value: Any) -> Any:
    if isinstance(value, PartialDate):
        return {"$date": str(value)}
    raise TypeError(f"{type(value).__name__} cannot be kept in a job.")


def _untagged(value: dict[str, Any]) -> Any:
    return PartialDate.of(value["$date"]) if "$date" in value else value


def to_keep(row: StagedRow) -> JobRow:
    """Return the job's row, with everything that a later judging or a page needs."""
    kept = row.kept or JobRow(sheet=row.sheet, number=row.number)
    row.kept = kept
    kept.state, kept.target_id = row.state, row.target_id
    kept.values_sealed = _dumped(
        {
            "values": row.values,
            "cleared": row.cleared,
            "blocked": row.blocked,
            "changes": row.changes,
            "outcome": row.outcome,
            "told": [_kept_sentence(each) for each in row.told],
            "judged": [_kept_sentence(each) for each in row.judged],
        }
    )
    return kept


def from_kept(kept: JobRow, letters: Mapping[str, str]) -> StagedRow:
    """Return the row as it was when it was kept."""
    said = json.loads(kept.values_sealed, object_hook=_untagged)
    return StagedRow(
        kept.sheet,
        kept.number,
        letters,
        said["values"],
        said["cleared"],
        said["blocked"],
        [_told(each) for each in said["told"]],
        [_told(each) for each in said["judged"]],
        kept.state,
        kept.target_id,
        said["changes"],
        said["outcome"],
        kept,
    )


def _kept_sentence(told: Told) -> list[Any]:
    sentence = told.sentence
    params = {name: _kept_param(value) for name, value in sentence.params.items()}
    return [told.field, sentence.level, sentence.code, sentence.template, params]


def _kept_param(value: Any) -> Any:
    if isinstance(value, Sentence):
        return {"sentence": value.template, "params": dict(value.params)}
    return value if isinstance(value, (int, str)) else str(value)


def _told(kept: Sequence[Any]) -> Told:
    field_name, level, code, template, params = kept
    params = {
        name: Sentence(value["sentence"], **value["params"]) if isinstance(value, dict) else value
        for name, value in params.items()
    }
    return Told(Sentence(template, level=level, code=code, **params), field_name)


def findings_of(row: StagedRow, name_field: str) -> Iterable[JobFinding]:
    """Return what is told about a row, each at its cell; of the same sentence twice one."""
    seen = set()
    for each in (*row.told, *row.judged):
        if (key := (each.field, each.sentence.code, str(each.sentence))) not in seen:
            seen.add(key)
            yield JobFinding.of(
                each.sentence,
                field=each.field,
                sheet=row.sheet,
                cell=row.cell(each.field, name_field) or "",
                row=row.kept,
            )


def shown(value: Any) -> str:
    """Return a value as a page or a finding quotes it."""
    return quoted(value.printed if isinstance(value, PartialDate) else str(value))
