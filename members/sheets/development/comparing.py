"""What the cells of a row say of the person, beside what his file has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from members.models import DevelopmentFile
from members.sheets.judging import REGISTER
from members.sheets.known import overlap
from registry.calendar import PartialDate
from registry.sheets import codes
from registry.sheets.resources import CellField
from registry.sheets.rows import StagedRow

# Fields of a file that a cell fills as it is.
FILLED = (
    "staff_number", "name", "sex", "ethnicity", "id_number", "born_on", "native_place",
    "education", "education_channel", "degree", "work_began_on", "employer", "job_title", "rank",
    "phone", "office_phone", "address", "category", "front_line", "note",
)  # fmt: skip
_EMPTY = DevelopmentFile()


def filled(row: StagedRow) -> dict[str, Any]:
    return {name: row.values[name] for name in FILLED if name in row.values}


def compare(row: StagedRow, file: DevelopmentFile, fields: Mapping[str, CellField]) -> None:
    """Add to the row's changes and outcome what it says of the person otherwise than his file."""
    changed = {
        name: value
        for name, value in filled(row).items()
        if _differs(name, getattr(file, name), value)
    }
    if row.answer(codes.NAME_DIFFERS) == REGISTER:
        changed.pop("name", None)
    for name in row.cleared:
        if name in FILLED and fields[name].clearable and getattr(file, name) not in _NOTHING:
            changed[name] = getattr(_EMPTY, name)
    if not changed:
        return
    before = {name: getattr(file, name) for name in changed}
    row.changes += [
        [name, _shown(fields, name, before[name], masked=True), _shown(fields, name, new)]
        for name, new in changed.items()
    ]
    row.outcome |= {"values": changed, "before": before}


_NOTHING: tuple[Any, ...] = (None, "", False)


def _differs(name: str, known: Any, said: Any) -> bool:
    if isinstance(said, PartialDate) and isinstance(known, PartialDate):
        # 1985.06 says nothing against 1985-06-12.
        vaguer = (not said.month and known.month) or (not said.day and known.day)
        return known != said and not (vaguer and overlap(said, known))
    return bool((known or "") != (said or ""))


def _shown(fields: Mapping[str, CellField], name: str, value: Any, *, masked: bool = False) -> str:
    if masked and value and name in DevelopmentFile.masks:
        return str(DevelopmentFile.masks[name](value))
    return str(fields[name].widget.render(value))
