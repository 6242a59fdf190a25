"""The same person twice in one file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence

from registry.models.job_rows import RowState
from registry.sentences import Sentence, warning
from registry.sheets import codes
from registry.sheets.rows import StagedRow

_TOLD = 3
_NUMBERS = ("id_number", "number", "file_number", "staff_number")


def _name_and_birth(row: StagedRow) -> Hashable:
    said = row.values
    if any(said.get(key) for key in _NUMBERS):
        return None
    return (said["name"], said["born_on"]) if said.get("name") and said.get("born_on") else None


def _numbered(name: str) -> Callable[[StagedRow], Hashable]:
    return lambda row: row.values.get(name)


_KEYS = (*map(_numbered, _NUMBERS), _name_and_birth)


def judge_repeated(rows: Iterable[StagedRow]) -> None:
    """Keep the first of equal rows and skip the others; tell those that differ of each other."""
    rows = list(rows)
    for key in _KEYS:
        groups: dict[Hashable, list[StagedRow]] = defaultdict(list)
        for row in rows:
            if row.state != RowState.SKIPPED and (value := key(row)):
                groups[value].append(row)
        for group in groups.values():
            if len(group) > 1:
                _judge_group(group)


def _judge_group(group: Sequence[StagedRow]) -> None:
    first, *others = group
    if all((row.values, row.cleared) == (first.values, first.cleared) for row in others):
        for row in others:
            row.state = RowState.SKIPPED
            row.tell(says_the_same(first))
        return
    for row in group:
        if any(each.sentence.code == codes.DUPLICATE_IN_FILE for each in row.judged):
            continue
        row.tell(says_otherwise([other for other in group if other is not row]))


def says_the_same(first: StagedRow) -> Sentence:
    return warning(
        "The row says the same as %(place)s and was skipped.",
        code=codes.DUPLICATE_IN_FILE,
        place=_place(first),
    )


def says_otherwise(others: Sequence[StagedRow]) -> Sentence:
    places = [_place(other) for other in others]
    return Sentence(
        "The same person stands in %(places)s with other values. Keep one of the rows.",
        code=codes.DUPLICATE_IN_FILE,
        places=", ".join(places[:_TOLD]) + ("…" if len(places) > _TOLD else ""),
    )


def _place(row: StagedRow) -> str:
    return f"{row.sheet}!{row.number}"
