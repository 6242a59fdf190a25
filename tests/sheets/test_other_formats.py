"""The workbooks of other programs: .xls, .xlsb, .ods, and each of them called .et."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import pytest

from registry.sheets.workbook import ERROR_VALUE, Cell
from tests.sheets import other_formats
from tests.sheets.making import names, outcome, read, repacked, within
from tests.sheets.other_formats import MAKERS, MONTH, TWO, Made, Shown

HEAD = ["姓名", "出生日期", "性别", "备注"]
BORN = date(1985, 6, 12)


def workbook_of(kind, *rows, name=None, **made):
    return read(MAKERS[kind](Made([HEAD, *rows], **made)), name or f"名册.{kind}")


@pytest.fixture(params=MAKERS)
def kind(request):
    return request.param


def test_values_of_every_kind_are_read(kind):
    workbook = workbook_of(kind, ["张三丰", BORN, "男", 12.5], ["李四光", "1985.06", None, True])
    [sheet] = workbook.sheets
    assert (workbook.format, sheet.name) == (kind, "名册")
    assert [record.values for record in sheet.records] == [
        ("张三丰", BORN, "男", 12.5),
        ("李四光", "1985.06", None, True),
    ]


@pytest.mark.parametrize("name", ["名册.et", "名册.xlsx", "名册"])
def test_the_name_decides_nothing(kind, name):
    assert names(workbook_of(kind, ["张三丰"], name=name).sheets[0]) == ["张三丰"]


def test_error_values_are_told_and_not_taken_for_blank_cells(kind):
    [sheet] = workbook_of(kind, ["张三丰", "#REF!", "#N/A", None], ["#NAME?", None, "男"]).sheets
    assert [record.values for record in sheet.records] == [
        ("张三丰", Cell(None, "#REF!", ERROR_VALUE), Cell(None, "#N/A", ERROR_VALUE), None),
        (Cell(None, "#NAME?", ERROR_VALUE), None, "男", None),
    ]


def test_merges_hidden_parts_and_hidden_sheets_are_told(kind):
    workbook = workbook_of(
        kind,
        ["张三丰", None, "男", "甲"],
        ["李四光", None, "男", None],
        merges=[(2, 4, 3, 4)],
        hidden_row=3,
        hidden_column=2,
        hidden_sheet="旧",
    )
    [sheet] = workbook.sheets
    assert [record.values[3] for record in sheet.records] == ["甲", "甲"]
    assert [note.code for note in sheet.notes] == [
        "rows_hidden",
        "columns_hidden",
        "cells_filled_down",
    ]
    assert [(note.code, note.params["sheet"]) for note in workbook.notes] == [
        ("sheet_hidden", "旧")
    ]


@pytest.mark.parametrize("kind", ["xls", "xlsb"])
def test_what_a_number_format_shows_is_kept(kind):
    [sheet] = workbook_of(kind, ["张三丰", Shown(BORN, MONTH), None, Shown(1985.1, TWO)]).sheets
    values = sheet.records[0].values
    assert values[1] == Cell(BORN, "1985.06")
    assert values[3] == Cell(1985.1, "1985.10")


@pytest.mark.parametrize("kind", ["xls", "xlsb"])
def test_days_are_counted_from_1904_where_the_workbook_does_so(kind):
    [sheet] = workbook_of(kind, ["张三丰", BORN], since_1904=True).sheets
    assert sheet.records[0].values[1] == BORN


@pytest.mark.parametrize("kind", ["xlsb", "ods"])
def test_a_stray_cell_far_away_is_told(kind):
    data = MAKERS[kind](Made([HEAD, ["张三丰"], ["李四光"]], gap=300_000))
    with within(2):
        says = outcome(data, f"a.{kind}")
    assert "the values reach over" in says


def test_an_open_document_without_a_manifest_is_damaged():
    data = MAKERS["ods"](Made([HEAD, ["张三丰"]]))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    del parts["META-INF/manifest.xml"]
    assert outcome(other_formats.zipped(parts), "a.ods").startswith("The workbook is damaged")


def test_a_part_that_ends_too_early_is_damaged():
    data = MAKERS["xlsb"](Made([HEAD, ["张三丰"]]))
    cut = repacked(data, lambda name, part: part[:-9] if name.endswith("workbook.bin") else part)
    assert outcome(cut, "a.xlsb").startswith("The workbook is damaged")


def test_rows_outside_a_table_are_damaged():
    data = MAKERS["ods"](Made([HEAD, ["张三丰"]]))
    lost = repacked(data, lambda _, part: part.replace(b"table:table>", b"table:other>"))
    lost = repacked(lost, lambda _, part: part.replace(b"<table:table ", b"<table:other "))
    assert outcome(lost, "a.ods").startswith("The part “content.xml” of the workbook is damaged")
