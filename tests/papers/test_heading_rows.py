"""Headings in two rows: columns that stand together under a heading of their own."""

from __future__ import annotations

import io

import openpyxl

from registry.papers.columns import PaperColumn, table
from registry.papers.lists import A4, ListPaper
from registry.papers.writing import HTML, PDF, XLSX, write
from tests.papers.printing import a_roster, pages

COLUMNS = (
    PaperColumn("name", "党支部", 60, str),
    PaperColumn("owed", "应交", 40, str, under="本月"),
    PaperColumn("paid", "实交", 40, str, under="本月"),
    PaperColumn("arrears", "累计\n欠交", 40, str),
)


def a_summary(count: int) -> ListPaper:
    branches = [f"第{at}支部" for at in range(1, count + 1)]
    return a_roster(table=table(COLUMNS, branches), page=A4)


def test_one_heading_spans_its_columns_and_the_others_both_rows():
    above, below = table(COLUMNS, []).headings
    assert [(each.words, each.columns, each.rows) for each in above] == [
        ("党支部", 1, 2),
        ("本月", 2, 1),
        ("累计\n欠交", 1, 2),
    ]
    assert [(each.words, each.at) for each in below] == [("应交", 1), ("实交", 2)]


def test_columns_without_one_have_their_headings_in_one_row():
    (row,) = table(COLUMNS[:1], []).headings
    assert [(each.words, each.columns, each.rows) for each in row] == [("党支部", 1, 1)]


def test_both_rows_stand_on_every_page_of_the_pdf():
    paper = a_summary(60)
    printed = pages(write(paper, PDF))
    assert len(printed) > 1
    for text in printed:
        for heading in ("党支部", "本月", "应交", "实交", "累计"):
            assert heading in text


def test_the_workbook_merges_them_and_repeats_both_rows():
    sheet = openpyxl.load_workbook(io.BytesIO(write(a_summary(3), XLSX))).worksheets[0]
    row = next(cell.row for cell in sheet["A"] if cell.value == "党支部")
    assert [cell.value for cell in sheet[row]] == ["党支部", "本月", None, "累计欠交"]
    assert [cell.value for cell in sheet[row + 1]] == [None, "应交", "实交", None]
    merged = {f"{each}" for each in sheet.merged_cells.ranges}
    assert {f"A{row}:A{row + 1}", f"B{row}:C{row}", f"D{row}:D{row + 1}"} <= merged
    assert sheet.print_title_rows == f"${row}:${row + 1}"
    assert sheet.freeze_panes == f"A{row + 2}"


def test_the_page_says_what_spans_what():
    page = write(a_summary(1), HTML).decode()
    assert '<th scope="col" rowspan="2">党支部</th>' in page
    assert '<th scope="colgroup" colspan="2">本月</th>' in page
    assert '<th scope="col">应交</th>' in page
