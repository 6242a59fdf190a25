"""What a sheet may be called in a workbook."""

from __future__ import annotations

import re
from collections.abc import Sequence

_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\\x00-\x1f\x7f\ufffe\uffff]")
_LONGEST_NAME = 31  # in units of UTF-16, of which a rare Han sign takes two
_TAKEN_BY_EXCEL = "history"


def sheet_names(wanted: Sequence[str]) -> list[str]:
    """Return names that Excel takes, one for each that is wanted and no two the same."""
    names: list[str] = []
    taken = {_TAKEN_BY_EXCEL}
    for each in wanted:
        plain = _NOT_IN_NAMES.sub("_", each).strip("' ")
        name, number = _cut(plain, _LONGEST_NAME) or "Sheet", 1
        while name.lower() in taken:
            number += 1
            name = f"{_cut(plain, _LONGEST_NAME - 4) or 'Sheet'}_{number}"
        taken.add(name.lower())
        names.append(name)
    return names


def _cut(name: str, units: int) -> str:
    return name.encode("utf-16-le")[: 2 * units].decode("utf-16-le", "ignore").rstrip("' ")
