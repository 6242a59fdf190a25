"""Rows of an upload between the cells and the register, and how they are kept in a job."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

import orjson

from registry import encryption
from registry.calendar import PartialDate
from registry.masks import is_mask
from registry.models.job_rows import JobRow, RowState, param_of
from registry.sentences import ERROR, Sentence
from registry.sheets import codes
from registry.sheets.cells import CLEAR_WORD, QUESTION, CellError, text_of
from registry.sheets.columns import OWN, ColumnTable, Matched
from registry.sheets.workbook import Record, Sheet, Value, plain

_MAY_BE_A_WORD = len(CLEAR_WORD) + 2
# What a column's words have been read as is remembered: words repeat, numbers of people do not.
_REMEMBERED = 20_000
_TRIED = 1_000


@dataclass(slots=True)
class Told:
    """A sentence about one row; ``field`` names the cell, "" the row itself.

    A question has ``choices``: the answer, and of whom or what it speaks ("" where the door has
    words of its own for it).
    """

    sentence: Sentence
    field: str = ""
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True)
class Said:
    """What the clerk has said of one row, beside what its cells say."""

    cells: dict[str, str] = field(default_factory=dict)  # field → what he has typed instead
    without: list[str] = field(default_factory=list)  # fields whose cells are left out
    answers: dict[str, str] = field(default_factory=dict)  # code of a question → his answer
    skip: bool = False

    def __bool__(self) -> bool:
        return bool(self.cells or self.without or self.answers or self.skip)


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
    texts: dict[str, str] = field(default_factory=dict)  # field → its cell, where it has a finding
    said: Said = field(default_factory=Said)
    judged: list[Told] = field(default_factory=list)  # by judging: as the register is now
    state: str = RowState.NEW
    target_id: int | None = None
    changes: list[list[Any]] = field(default_factory=list)  # [field, old, new] as it is shown
    outcome: dict[str, Any] = field(default_factory=dict)  # ready to be written
    key: int | None = None  # of the job's row, once it is kept
    applied: bool = False
    text: str = ""  # as it was kept
    promised: int | None = None  # the key that a new record will have

    def tell(
        self, sentence: Sentence, field_name: str = "", choices: Iterable[tuple[str, str]] = ()
    ) -> None:
        self.judged.append(Told(sentence, field_name or sentence.field, tuple(choices)))

    def answer(self, code: str) -> str:
        """Return what the clerk has answered to a question of this row, "" where nothing yet."""
        return self.said.answers.get(code, "")

    @property
    def stopped(self) -> str:
        """Return error or question where a finding keeps the row from being written, else ""."""
        if self.blocked:
            return RowState.ERROR
        if not self.told and not self.judged:
            return ""
        levels = {each.sentence.level for each in (*self.told, *self.judged)}
        if ERROR in levels:
            return RowState.ERROR
        return RowState.QUESTION if QUESTION in levels else ""

    @property
    def writable(self) -> bool:
        return self.state in (RowState.NEW, RowState.CHANGED)

    @property
    def verdict(self) -> Any:
        """What a clerk has been shown of this row; when it differs he must look again."""
        told = sorted(each.sentence.code for each in self.judged)
        known = None if self.state == RowState.NEW else self.target_id  # a promised key is no news
        return self.state, known, self.changes, told

    def cell(self, field_name: str, name_field: str) -> str | None:
        letter = self.letters.get(field_name) or self.letters.get(name_field)
        return f"{letter}{self.number}" if letter else None


# From cells to rows

# What a cell has been read as: its value, and what is to be told of it.
_Found = tuple[Any, tuple[Sentence, ...]]
_Reader = tuple[int, str, Callable[[Value], _Found], dict[Any, _Found]]
_CLEAR = object()
_NOTHING: _Found = (None, ())
_UNIQUE: dict[Any, _Found] = {}  # of a column in which hardly a word repeats


def read_rows(
    sheet: Sheet, matched: Matched, table: ColumnTable, *, masked: frozenset[str]
) -> Iterator[StagedRow]:
    """Yield the records of a sheet with their cells read; the sheet has none afterwards.

    A blank cell and our own mask say nothing; 清空 asks for the field to be emptied.
    """
    letters = {name: column.letter for name, column in matched.by_field.items()}
    blocked = any(
        finding.level == ERROR and finding.code == codes.HEADING_TWICE
        for finding in matched.findings
    )
    readers: list[_Reader] = [
        (column.index, name, _reader(table, name, masked), {})
        for name, column in matched.by_field.items()
        if name.startswith(OWN) or not table.by_field[name].derived
    ]
    records = sheet.records[::-1]
    sheet.records.clear()
    for count in range(len(records)):
        if count == _TRIED:
            readers = [_unless_unique(reader) for reader in readers]
        record = records.pop()  # its memory is needed for the rows
        row = StagedRow(sheet.name, record.row, letters, blocked=blocked)
        _read(record, row, readers, masked)
        yield row


def _unless_unique(reader: _Reader) -> _Reader:
    """Remember no words of a column in which nearly all have been different."""
    index, name, read, known = reader
    return index, name, read, _UNIQUE if len(known) > _TRIED * 0.8 else known


def _reader(table: ColumnTable, name: str, masked: frozenset[str]) -> Callable[[Value], _Found]:
    read = table.reader_of(name)
    hides = name in masked

    def found(value: Value) -> _Found:
        if isinstance(value, str):
            if len(value) <= _MAY_BE_A_WORD and value.strip() == CLEAR_WORD:
                return _CLEAR, ()
            if hides and is_mask(value):
                return _NOTHING
        try:
            result = read(value)
        except CellError as error:
            return None, (error.sentence,)
        return result.value, result.findings

    return found


def _read(
    record: Record, row: StagedRow, readers: Sequence[_Reader], masked: frozenset[str]
) -> None:
    cells, values = record.values, row.values
    for index, name, read, known in readers:
        cell = cells[index]
        if cell is None:
            continue
        repeats = known is not _UNIQUE and type(cell) in _REPEATED
        found = known.get(cell) if repeats else None
        if found is None:
            found = read(cell)
            if repeats and len(known) < _REMEMBERED:
                known[cell] = found
        value, findings = found
        if findings:
            _tell(row, name, findings, "" if name in masked else _text(cell))
        if value is _CLEAR:
            row.cleared.append(name)
        elif value is not None:
            values[name] = value


def _tell(row: StagedRow, name: str, findings: Iterable[Sentence], text: str) -> None:
    for finding in findings:
        choices: tuple[tuple[str, str], ...] = ()
        if finding.level == QUESTION and finding.code == codes.DATE_AMBIGUOUS:
            choices = tuple((f"{text[:4]}-{month}", "") for month in ("01", "10"))
        row.told.append(Told(finding, name, choices))
    if text:
        row.texts[name] = text


_REPEATED = frozenset({str, datetime})  # 1, 1.0 and True are equal, so numbers are read anew


def _text(cell: Value) -> str:
    try:
        return text_of(cell)[0]
    except CellError:
        return str(plain(cell) or "")


def hear(row: StagedRow, table: ColumnTable, masked: frozenset[str]) -> None:
    """Let what the clerk has said of cells stand in the place of what they say."""
    for name in (*row.said.cells, *row.said.without):
        row.values.pop(name, None)
        row.told = [each for each in row.told if each.field != name]
        row.cleared = [each for each in row.cleared if each != name]
    for name, text in row.said.cells.items():
        value, findings = _reader(table, name, masked)(text)
        if findings:
            _tell(row, name, findings, "" if name in masked else text)
        if value is _CLEAR:
            row.cleared.append(name)
        elif value is not None:
            row.values[name] = value


def carry(
    before: Iterable[StagedRow],
    rows: Sequence[StagedRow],
    table: ColumnTable,
    masked: frozenset[str],
) -> tuple[list[StagedRow], list[StagedRow]]:
    """Return the rows that the register has taken already, and those of the new reading that are
    still to do. A row that says what an applied one said is done; what the clerk has said of a row
    holds for the row in the same place, if it names the same person."""
    applied = []
    said: dict[tuple[str, int], StagedRow] = {}
    for row in before:
        if row.applied:
            applied.append(row)
        elif row.said:
            said[row.sheet, row.number] = row
    done = {_content(row): row for row in applied}
    left = []
    for row in rows:
        if done and _content(row) in done:
            continue
        old = said.get((row.sheet, row.number))
        if old and old.values.get("name") == row.values.get("name"):
            row.said = old.said
            hear(row, table, masked)
        left.append(row)
    return applied, left


def _content(row: StagedRow) -> bytes:
    options = orjson.OPT_PASSTHROUGH_DATACLASS | orjson.OPT_SORT_KEYS
    return orjson.dumps([row.values, sorted(row.cleared)], _tagged, options)


def counts_of(rows: Iterable[StagedRow]) -> dict[str, int]:
    """Return how many rows are in each state; together they are all rows."""
    counts = dict.fromkeys(RowState.values, 0)
    for row in rows:
        counts[row.state] += 1
    return counts


# How rows are kept in a job: as JSON, in which a date says that it is one.


def kept_text(row: StagedRow) -> str:
    """Return everything of a row that a later judging or a page needs, to be sealed."""
    said = row.said
    kept: dict[str, Any] = {"values": row.values, "outcome": row.outcome}
    for name in ("cleared", "blocked", "changes", "texts"):
        if value := getattr(row, name):
            kept[name] = value
    for name, told in (("told", row.told), ("judged", row.judged)):
        if told:
            kept[name] = [_kept_sentence(each) for each in told]
    if said:
        kept["said"] = [said.cells, said.without, said.answers, said.skip]
    return orjson.dumps(kept, _tagged, orjson.OPT_PASSTHROUGH_DATACLASS).decode()


def _tagged(value: Any) -> Any:
    if isinstance(value, PartialDate):
        return {"$date": value.code}
    if isinstance(value, Decimal):
        return {"$amount": str(value)}
    raise TypeError(f"{type(value).__name__} cannot be kept in a job.")


def _untagged(values: dict[str, Any]) -> dict[str, Any]:
    for name, value in values.items():
        if type(value) is dict:
            if "$date" in value:
                values[name] = PartialDate.from_code(value["$date"])
            elif "$amount" in value:
                values[name] = Decimal(value["$amount"])
    return values


KEPT = ("pk", "sheet", "number", "state", "is_applied", "target_id", "sealed")
Kept = tuple[Any, ...]  # the columns ``KEPT`` of a row
_PURPOSE = JobRow._meta.get_field("values_sealed").purpose


def is_new(kept: Kept) -> bool:
    return bool(kept[3] == RowState.NEW)


def from_kept(kept: Kept, letters: Mapping[str, Mapping[str, str]]) -> StagedRow:
    """Return the row as it was when it was kept."""
    key, sheet, number, state, applied, target, sealed = kept
    text = encryption.opened(sealed, _PURPOSE) if sealed else ""
    known = orjson.loads(text or "{}")
    outcome = known.get("outcome", {})
    for name in ("values", "before"):
        if name in outcome:
            _untagged(outcome[name])
    return StagedRow(
        sheet,
        number,
        letters.get(sheet, {}),
        _untagged(known.get("values", {})),
        known.get("cleared", []),
        known.get("blocked", False),
        [_told(each) for each in known.get("told", ())],
        known.get("texts", {}),
        Said(*known["said"]) if "said" in known else Said(),
        [_told(each) for each in known.get("judged", ())],
        state,
        target,
        known.get("changes", []),
        outcome,
        key,
        applied,
        text,
        target if state == RowState.NEW else None,
    )


def _kept_sentence(told: Told) -> list[Any]:
    sentence = told.sentence
    params = {name: kept_param(value) for name, value in sentence.params.items()}
    kept = [told.field, sentence.level, sentence.code, sentence.template, params]
    return [*kept, told.choices] if told.choices else kept


def kept_param(value: Any) -> Any:
    """Return what stands in a sentence as JSON has it; sentences within sentences stay such."""
    if isinstance(value, Sentence):
        inner = {name: kept_param(each) for name, each in value.params.items()}
        return {"sentence": value.template, "params": inner}
    return value if isinstance(value, int) else str(value)


def _told(kept: Sequence[Any]) -> Told:
    field_name, level, code, template, params = kept[:5]
    choices = kept[5] if len(kept) > 5 else ()
    params = {name: param_of(value) for name, value in params.items()}
    sentence = Sentence(template, level=level, code=code, **params)
    return Told(sentence, field_name, tuple((answer, about) for answer, about in choices))


def findings_of(row: StagedRow) -> Iterator[Told]:
    """Yield what is told about a row; of the same sentence twice one."""
    if row.told or row.judged:
        seen = set()
        for each in (*row.told, *row.judged):
            if (key := (each.field, each.sentence.code, str(each.sentence))) not in seen:
                seen.add(key)
                yield each
