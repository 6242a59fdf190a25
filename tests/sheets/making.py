"""Makes the workbooks of the museum; a test names only what is odd about its own."""

from __future__ import annotations

import contextlib
import io
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import openpyxl

from registry.sheets import codes, headings
from registry.sheets.reading import read_workbook
from registry.sheets.workbook import Sheet, Unreadable, Workbook

MUSEUM = Path(__file__).with_name("museum")
SYNONYMS = {
    headings.with_note(heading): field
    for field, names in {
        "row_number": "序号",
        "name": "姓名 党员姓名",
        "sex": "性别",
        "ethnicity": "民族",
        "native_place": "籍贯",
        "born_on": "出生年月 出生日期",
        "education": "文化程度 学历",
        "work_began_on": "参加工作时间",
        "joined_on": "入党时间",
        "full_member_on": "转正时间",
        "job_title": "单位及职务",
        "party_post": "党内职务",
        "id_number": "身份证号码 身份证号",
        "phone": "联系电话 手机",
        "address": "家庭住址",
        "organization": "所在党支部",
        "note": "备注",
        "base": "核算基数",
        "kind": "党籍状态",
    }.items()
    for heading in names.split()
}
NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def workbook_of(*rows: list, merges: tuple[str, ...] = (), then: Callable | None = None) -> bytes:
    """Return an .xlsx of one sheet; ``then`` gets the openpyxl workbook before it is saved."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "名册"
    for row in rows:
        sheet.append(row)
    for merge in merges:
        sheet.merge_cells(merge)
    if then:
        then(book)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def repacked(data: bytes, edit: Callable[[str, bytes], bytes], **more: bytes) -> bytes:
    """Return the zip with ``edit`` done to every part, and the parts ``more`` added."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, edit(name, old.read(name)))
        for name, content in more.items():
            new.writestr(name, content)
    return buffer.getvalue()


def with_sheet_xml(rows: str) -> bytes:
    """Return an .xlsx whose sheet data are the given XML."""
    xml = f'<worksheet xmlns="{NAMESPACE}"><sheetData>{rows}</sheetData></worksheet>'
    return repacked(
        workbook_of(["姓名"]),
        lambda name, data: xml.encode() if name.endswith("sheet1.xml") else data,
    )


def cell(reference: str, text: str) -> str:
    return f'<c r="{reference}" t="inlineStr"><is><t>{text}</t></is></c>'


HEADING_XML = f'<row r="1">{cell("A1", "姓名")}{cell("B1", "出生年月")}</row>'


def read(data: bytes, name: str = "名册.xlsx") -> Workbook:
    return read_workbook(data, name, SYNONYMS)


def read_sheet(*rows: list, **made: object) -> Sheet:
    [sheet] = read(workbook_of(*rows, **made)).sheets
    return sheet


def names(sheet: Sheet) -> list[object]:
    column = sheet.column_of("name")
    return [record.values[column.index] for record in sheet.records]


GOOD = workbook_of(["姓名", "性别"], ["张三丰", "男"])


def with_part(name: str, content: bytes, data: bytes = GOOD) -> bytes:
    """Return the workbook with one part replaced, or added where it has none of this name."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        known = name in archive.namelist()
    if known:
        return repacked(data, lambda each, old: content if each == name else old)
    return repacked(data, lambda _, old: old, **{name: content})


def outcome(data: bytes, name: str = "名册.xlsx") -> str:
    """Return the sentence with which a file is refused, or "read"."""
    try:
        read(data, name)
    except Unreadable as refusal:
        sentence = refusal.sentence
    else:
        return "read"
    assert sentence.code in codes.ALL
    return str(sentence)


@contextlib.contextmanager
def within(seconds: float) -> Iterator[None]:
    """Fail where the block takes ten times as long: what hangs is found on a busy machine too."""
    started = time.monotonic()
    yield
    assert time.monotonic() - started < 10 * seconds
