"""What a number format shows of a value: only where it tells more than the value does."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

MONTH = "month"
YEAR = "year"

# Formats that a workbook names by number only. 27 to 57 are those of Chinese Excel.
BUILT_IN = {
    2: "0.00",
    4: "#,##0.00",
    17: "mmm-yy",
    27: 'yyyy"年"m"月"',
    36: 'yyyy"年"m"月"',
    50: 'yyyy"年"m"月"',
    52: 'yyyy"年"m"月"',
    57: 'yyyy"年"m"月"',
}
_NOT_SHOWN = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
_DECIMALS = re.compile(r"[#0,]*\.(0{2,})")
_ZEROS = re.compile(r"0{2,}")


def shown_as(code: str) -> str:
    """Return "month" or "year" for a date format without the rest, ".2" for two fixed decimals,
    "06" for six digits with leading zeros, and "" for every other format."""
    code = _NOT_SHOWN.sub("", code.split(";", maxsplit=1)[0]).lower().strip()
    if code == "general":
        return ""
    if "y" in code or ("e" in code and "0" not in code):
        if "d" in code or "h" in code or "s" in code:
            return ""
        return MONTH if "m" in code else YEAR
    if found := _DECIMALS.fullmatch(code):
        return f".{len(found[1])}"
    if _ZEROS.fullmatch(code):
        return f"0{len(code)}"
    return ""


def of_styles(numbers: list[int], written: Mapping[int, str]) -> list[str]:
    """Return ``shown_as`` of each cell style, which names its format by a number."""
    return [shown_as(written.get(number, BUILT_IN.get(number, ""))) for number in numbers]


def shown(value: object, how: str) -> str:
    """Return the text that Excel shows for ``value``, or "" where it tells nothing new."""
    if how in (MONTH, YEAR):
        if isinstance(value, date):
            return f"{value.year}.{value.month:02}" if how == MONTH else f"{value.year}"
        return ""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return ""
    if how.startswith("0"):
        text = f"{value:0{int(how[1:])}.0f}" if value >= 0 else ""
        return text if text.startswith("0") and value == int(value) else ""
    # Only here a fixed decimal matters: 1985.1 shown as 1985.10 is October, not January.
    tenths = value * 10
    if 0 < value < 2200 and round(tenths) % 10 == 1 and abs(tenths - round(tenths)) < 1e-6:
        return f"{value:.2f}"
    return ""
