"""A workbook for one branch to be filled in: its people, drop-downs for codes, keys locked.

It comes back through the same door as every roster; untouched it changes nothing.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date
from typing import Any

import xlsxwriter

from branches.models import Organization
from branches.rules import roles
from members.models import Member
from members.sheets.exporting import MemberExport
from members.sheets.members import MemberResource
from members.sheets.values import MemberValues
from registry.calendar import PartialDate
from registry.sheets.exporting import Export
from registry.sheets.writing import XLSX

# The branch stands in the title, from where the reader takes it.
NAMES = (
    "row_number",
    *(name for name in MemberExport.for_programs if name != "organization"),
)
NUMBER, NAME = "number", "name"
BLANK_ROWS = 50  # for new people
ADVICE = (
    "白色单元格可填写，灰色为已登记信息，不可修改；带*的号码保持原样即为不变。"
    "空白不会清除已登记内容，确需清除请填“清空”。日期写作1985.06或1985.06.12。"
)
_TITLE_ROW, _ADVICE_ROW, _HEADING_ROW = range(3)
_WIDTHS = {"row_number": 6, NUMBER: 12, "sex": 6, "id_number": 21, "address": 30, "note": 30}
_USUAL_WIDTH = 14
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}


def template_of(branch: Organization, user: Any, on: date) -> bytes:
    """Return the workbook, protected values masked, once the log says that it goes out.

    The caller has made sure that ``user`` may export and import there.
    """
    people = Member.objects.visible_to(user, roles.EXPORT).filter(organization=branch).on_roll()
    people = people.in_roster_order()
    title = f"{branch.name}党员信息模板"
    Export(title, MemberExport(user, on), people, NAMES, XLSX).log(people.count(), {}, branch)
    rows = list(MemberValues(user, full=False, on=on).rows(people, NAMES))
    return _written(title, rows, _choices(branch))


def _choices(branch: Organization) -> dict[str, list[str]]:
    """Return what a drop-down offers, by column: the words that stand for the codes."""
    found = {"party_group": list(branch.party_groups.values_list("name", flat=True))}
    for name in NAMES:
        field = MemberResource.fields[name]
        if field.attribute and "__" not in field.attribute:
            codes = Member._meta.get_field(field.attribute).flatchoices  # type: ignore[union-attr]
            found[name] = [field.widget.render(code) for code, _ in codes]
    return {name: words for name, words in found.items() if words}


def _written(title: str, rows: Sequence[dict[str, Any]], choices: dict[str, list[str]]) -> bytes:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, _OPTIONS)
    sheet = book.add_worksheet("党员信息")
    framed = {"border": 1, "valign": "vcenter", "num_format": "@"}
    gray = {"bg_color": "#E7E6E6"}
    open_cell, locked = book.add_format(framed | {"locked": False}), book.add_format(framed | gray)
    heading = book.add_format(framed | gray | {"bold": True, "align": "center", "text_wrap": True})
    last = len(NAMES) - 1
    sheet.merge_range(
        _TITLE_ROW, 0, _TITLE_ROW, last, title,
        book.add_format({"bold": True, "font_size": 16, "align": "center"}),
    )  # fmt: skip
    sheet.merge_range(
        _ADVICE_ROW, 0, _ADVICE_ROW, last, ADVICE, book.add_format({"text_wrap": True})
    )
    end = _HEADING_ROW + len(rows) + BLANK_ROWS
    for column, name in enumerate(NAMES):
        sheet.set_column(column, column, _WIDTHS.get(name, _USUAL_WIDTH))
        sheet.write_string(_HEADING_ROW, column, MemberResource.fields[name].column_name, heading)
        known = locked if name in ("row_number", NUMBER, NAME) else open_cell
        for row, values in enumerate(rows, _HEADING_ROW + 1):
            sheet.write(row, column, _text(values[name]), known)
        new = locked if name in ("row_number", NUMBER) else open_cell
        for row in range(_HEADING_ROW + len(rows) + 1, end + 1):
            sheet.write_blank(row, column, None, new)
        if name in choices:
            sheet.data_validation(
                _HEADING_ROW + 1, column, end, column,
                {"validate": "list", "source": choices[name], "error_type": "warning"},
            )  # fmt: skip
    sheet.freeze_panes(_HEADING_ROW + 1, NAMES.index(NAME) + 1)
    sheet.set_row(_ADVICE_ROW, 30)
    sheet.protect(options={"format_columns": True, "format_rows": True})
    book.close()
    return buffer.getvalue()


def _text(value: Any) -> str:
    """Return the value as text; an empty one is written as a blank cell."""
    if value is None:
        return ""
    return value.printed if isinstance(value, PartialDate) else str(value)
