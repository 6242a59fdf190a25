"""Makes small .xls, .xlsb and .ods files, each with what its format can hold."""

from __future__ import annotations

import io
import struct
import zipfile
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from xml.sax.saxutils import escape

import xlwt

ERRORS = {"#REF!": 0x17, "#N/A": 0x2A, "#VALUE!": 0x0F, "#DIV/0!": 0x07, "#NAME?": 0x1D}
DAY, MONTH, TWO = "yyyy-mm-dd", "yyyy.mm", "0.00"
FORMATS = ("General", DAY, MONTH, TWO)


@dataclass(frozen=True)
class Shown:
    """A value with its number format."""

    value: Any
    how: str


@dataclass
class Made:
    """One visible sheet 名册, and what is odd about it; merges are counted from 1."""

    rows: list[list[Any]]
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_row: int = 0
    hidden_column: int = 0
    hidden_sheet: str = ""
    since_1904: bool = False
    gap: int = 0  # empty rows before the last one


def _plain(value: Any) -> tuple[Any, str]:
    if isinstance(value, Shown):
        return value.value, value.how
    return value, DAY if isinstance(value, date) else "General"


def xls_of(made: Made) -> bytes:
    book = xlwt.Workbook(encoding="utf-8")
    styles = {how: xlwt.easyxf(num_format_str=how) for how in FORMATS}
    book.dates_1904 = made.since_1904
    sheet = book.add_sheet("名册", cell_overwrite_ok=True)
    for row, values in enumerate(made.rows):
        for column, cell in enumerate(values):
            value, how = _plain(cell)
            if value in ERRORS:
                sheet.row(row).set_cell_error(column, ERRORS[value])
            elif value is not None:
                sheet.write(row, column, value, styles[how])
    for top, left, bottom, right in made.merges:
        sheet.merge(top - 1, bottom - 1, left - 1, right - 1)
    if made.hidden_row:
        sheet.row(made.hidden_row - 1).hidden = True
    if made.hidden_column:
        sheet.col(made.hidden_column - 1).hidden = True
    if made.hidden_sheet:
        hidden = book.add_sheet(made.hidden_sheet)
        hidden.visibility = 1
        hidden.write(0, 0, "x")
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _record(kind: int, content: bytes = b"") -> bytes:
    head = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    length = len(content)
    size = b""
    while length > 127:
        size += bytes([length & 0x7F | 0x80])
        length >>= 7
    return head + size + bytes([length]) + content


def _wide(text: str) -> bytes:
    units = text.encode("utf-16-le")
    return struct.pack("<I", len(units) // 2) + units


def _xlsb_cell(column: int, cell: Any, *, since_1904: bool) -> bytes:
    value, how = _plain(cell)
    head = struct.pack("<II", column, FORMATS.index(how))
    if isinstance(value, bool):
        return _record(4, head + bytes([value]))
    if value in ERRORS:
        return _record(3, head + bytes([ERRORS[value]]))
    if isinstance(value, date):
        value = (value - (date(1904, 1, 1) if since_1904 else date(1899, 12, 30))).days
    if isinstance(value, (int, float)):
        return _record(5, head + struct.pack("<d", value))
    return _record(6, head + _wide(value))


def _xlsb_sheet(made: Made) -> bytes:
    parts = [_record(129), _record(148, struct.pack("<IIII", 0, len(made.rows) - 1, 0, 9))]
    if at := made.hidden_column:
        column = struct.pack("<IIIIH", at - 1, at - 1, 2000, 0, 1)
        parts += [_record(390), _record(60, column), _record(391)]
    parts.append(_record(145))
    for row, values in enumerate(made.rows):
        if made.gap and values is made.rows[-1]:
            row += made.gap  # noqa: PLW2901
        hidden = 0x10 if row + 1 == made.hidden_row else 0
        parts.append(_record(0, struct.pack("<IIHBBBI", row, 0, 300, 0, hidden, 0, 0)))
        parts += [
            _xlsb_cell(column, cell, since_1904=made.since_1904)
            for column, cell in enumerate(values)
            if cell is not None
        ]
    parts.append(_record(146))
    if made.merges:
        cells = [struct.pack("<IIII", t - 1, b - 1, lft - 1, r - 1) for t, lft, b, r in made.merges]
        parts += [_record(177, struct.pack("<I", len(cells)))]
        parts += [*(_record(176, cell) for cell in cells), _record(178)]
    return b"".join([*parts, _record(130)])


def xlsb_of(made: Made) -> bytes:
    sheets = [("名册", 0, _xlsb_sheet(made))]
    if made.hidden_sheet:
        sheets.append((made.hidden_sheet, 1, _xlsb_sheet(Made([["x"]]))))
    bundle = b"".join(
        _record(156, struct.pack("<II", hidden, number) + _wide(f"rId{number}") + _wide(name))
        for number, (name, hidden, _) in enumerate(sheets, 1)
    )
    settings = struct.pack("<III", 1 if made.since_1904 else 0, 0, 0)
    formats = b"".join(
        _record(44, struct.pack("<H", 164 + at) + _wide(how)) for at, how in enumerate(FORMATS)
    )
    styles = b"".join(
        _record(47, struct.pack("<HHHHHHHH", 0, 164 + at, 0, 0, 0, 0, 0, 0))
        for at in range(len(FORMATS))
    )
    relations = "".join(
        f'<Relationship Id="rId{number}" Type="http://schemas.openxmlformats.org/officeDocument/'
        f'2006/relationships/worksheet" Target="worksheets/sheet{number}.bin"/>'
        for number in range(1, len(sheets) + 1)
    )
    count = struct.pack("<I", len(FORMATS))
    return zipped(
        {
            "[Content_Types].xml": b"<Types/>",
            "xl/workbook.bin": _record(131)
            + _record(153, settings)
            + _record(143)
            + bundle
            + _record(144)
            + _record(132),
            "xl/_rels/workbook.bin.rels": f"<Relationships>{relations}</Relationships>".encode(),
            "xl/styles.bin": _record(278)
            + _record(615, count)
            + formats
            + _record(616)
            + _record(617, count)
            + styles
            + _record(618)
            + _record(279),
            **{
                f"xl/worksheets/sheet{number}.bin": data
                for number, (_, _, data) in enumerate(sheets, 1)
            },
        }
    )


def _ods_cell(cell: Any, spans: str) -> str:
    value, _ = _plain(cell)
    if value is None:
        return f"<table:table-cell{spans}/>"
    if value in ERRORS:
        kind = 'office:value-type="string" office:string-value="" calcext:value-type="error"'
    elif isinstance(value, bool):
        kind = f'office:value-type="boolean" office:boolean-value="{str(value).lower()}"'
    elif isinstance(value, date):
        kind = f'office:value-type="date" office:date-value="{value.isoformat()}"'
    elif isinstance(value, (int, float)):
        kind = f'office:value-type="float" office:value="{value}"'
    else:
        kind = 'office:value-type="string"'
    text = escape(str(value))
    return f"<table:table-cell{spans} {kind}><text:p>{text}</text:p></table:table-cell>"


def ods_of(made: Made) -> bytes:
    spans = {
        (top, left): f' table:number-rows-spanned="{bottom - top + 1}"'
        f' table:number-columns-spanned="{right - left + 1}"'
        for top, left, bottom, right in made.merges
    }
    rows = ""
    for row, values in enumerate(made.rows, 1):
        hidden = ' table:visibility="collapse"' if row == made.hidden_row else ""
        cells = (_ods_cell(cell, spans.get((row, at), "")) for at, cell in enumerate(values, 1))
        if made.gap and values is made.rows[-1]:
            rows += (
                f'<table:table-row table:number-rows-repeated="{made.gap}"><table:table-cell/>'
                "</table:table-row>"
            )
        rows += f"<table:table-row{hidden}>{''.join(cells)}</table:table-row>"
    columns = ""
    if made.hidden_column:
        columns = (
            f'<table:table-column table:number-columns-repeated="{made.hidden_column}"/>'
            '<table:table-column table:visibility="collapse"/>'
        )
    tables = f'<table:table table:name="名册">{columns}{rows}</table:table>'
    styles = ""
    if made.hidden_sheet:
        styles = (
            '<office:automatic-styles><style:style style:name="h" style:family="table">'
            '<style:table-properties table:display="false"/></style:style>'
            "</office:automatic-styles>"
        )
        tables += (
            f'<table:table table:name="{made.hidden_sheet}" table:style-name="h"><table:table-row>'
            f"{_ods_cell('x', '')}</table:table-row></table:table>"
        )
    spaces = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text", "style")
    )
    content = (
        f'<office:document-content{spaces} xmlns:calcext="urn:org:documentfoundation:names:'
        f'experimental:calc:xmlns:calcext:1.0">{styles}<office:body><office:spreadsheet>{tables}'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    return zipped(
        {
            "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
            "META-INF/manifest.xml": b"<manifest/>",
            "content.xml": content.encode(),
        }
    )


def zipped(parts: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


MAKERS = {"xls": xls_of, "xlsb": xlsb_of, "ods": ods_of}
