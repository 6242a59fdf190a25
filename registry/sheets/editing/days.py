"""How a form wants its days written, told by its samples, its requirements and its headings."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace

from registry.calendar import PartialDate

_WRITTEN = re.compile(
    r"(?:\d{4}|[yY]{4}|[xX×]{4})(?:([-./])|(年))?(?:\d{1,2}|[mM]{1,2}|[xX×]{1,2})"
    r"(?:(?:[-./月])?(\d{1,2}|[dD]{1,2}|[xX×]{1,2}))?"
)


def writer_of_days(heading: str, samples: Iterable[str]) -> Callable[[PartialDate], str]:
    """Return what writes a day as the form shows one: 1985.06.12, 1985-06, 19850612, 1985年6月.

    Where nothing is shown it is the usual 1985.06.12, of a heading 出生年月 1985.06. What is not
    known of a day is never written.
    """
    for text in (*samples, heading):
        if found := _WRITTEN.search("".join(text.split())):
            sign, han, day = found.groups()
            return lambda value: _written(value, sign or "", han=bool(han), days=bool(day))
    days = not heading.rstrip().endswith("年月")
    return lambda value: _written(value, ".", han=False, days=days)


def _written(value: PartialDate, sign: str, *, han: bool, days: bool) -> str:
    if not days:
        value = replace(value, day=0)
    if not han:
        return str(value).replace("-", sign)
    month = f"{value.month}月" if value.month else ""
    return f"{value.year}年{month}" + (f"{value.day}日" if value.day else "")
