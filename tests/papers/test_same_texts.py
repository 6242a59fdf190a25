"""PDF, workbook and page of one list: the same rows, in the same order, with the same texts."""

from __future__ import annotations

import io
import re
from html.parser import HTMLParser
from typing import Any

import openpyxl
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.papers.columns import PaperColumn, PaperTable, Section, rows_of
from registry.papers.lists import ListPaper
from registry.papers.writing import HTML, PDF, XLSX, write
from tests.papers.printing import ALONE, COLUMNS, LI, POST, a_roster, pages, posts, solid

RARE = ("㛃", "䶮", "𬱖", "𫖯", "㛃䶮𬱖", "古丽娜尔·买买提江", "阿卜杜热合曼江·买买提")
MARKUP = (
    "#panic()",
    "$x^2$",
    "*b* _i_",
    "<b>&amp;",
    "=1+1",
    "@SUM(A1)",
    "\\u{41}",
    "{{ x }}",
    "// c",
)


class Cells(HTMLParser):
    """The texts of the cells of a page, row by row."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.inside = False

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        if tag == "tr":
            self.rows.append([])
        elif tag in {"td", "th"}:
            self.rows[-1].append("")
            self.inside = True

    def handle_endtag(self, tag: str) -> None:
        self.inside = self.inside and tag not in {"td", "th"}

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.rows[-1][-1] += data


def rows_of_page(paper: ListPaper) -> list[list[str]]:
    parser = Cells()
    parser.feed(write(paper, HTML).decode())
    return [row for row in parser.rows if any(row)]


def rows_of_workbook(paper: ListPaper) -> list[list[str]]:
    book = openpyxl.load_workbook(io.BytesIO(write(paper, XLSX)))
    rows = [row for sheet in book for row in sheet.iter_rows(values_only=True)]
    return [[cell or "" for cell in row] for row in rows]


def rows_of_list(paper: ListPaper) -> list[list[str]]:
    """Every row that each of them must hold, in order: bands have one text."""
    found = []
    for section in paper.table.sections:
        found += [[section.heading]] if section.heading else []
        for row in section.rows:
            found.append(list(row))
            if paper.correction:
                found.append([paper.correction, *[""] * (len(row) - 1)])
        found += [[paper.empty]] if paper.names_nobody(section) else []
        found += [[section.total]] if section.total else []
    return found


def texts_of(row: list[str]) -> list[str]:
    return [text for text in row if text]


def without(rows: list[list[str]], wanted: list[list[str]]) -> list[list[str]]:
    """The rows that are wanted, in the order they come; whatever else is on the paper left out."""
    said = [texts_of(row) for row in wanted]
    return [texts_of(row) for row in rows if texts_of(row) in said]


def a_paper() -> ListPaper:
    people = [
        LI | {"number": f"{at}", "name": name, "post": f"{name}{POST[: at * 3]}"}
        for at, name in enumerate((*RARE, *MARKUP, "李伟", "王小明"), start=1)
    ]
    cuts = (people[:5], people[5:12], [], people[12:])
    sections = [
        Section(rows_of(COLUMNS, some), f"第{at}党支部", f"小计：{len(some)}人")
        for at, some in enumerate(cuts, start=1)
    ]
    table = PaperTable(COLUMNS, (*sections, Section((), "", f"合计：{len(people)}人")))
    return a_roster(*people, table=table, correction="更正", footer="打印：张三")


def test_the_same_rows_in_the_same_order_in_all_three():
    paper = a_paper()
    wanted = rows_of_list(paper)
    said = [texts_of(row) for row in wanted]
    assert without(rows_of_page(paper), wanted) == said
    assert without(rows_of_workbook(paper), wanted) == said
    # In a PDF the lines of one row's cells mingle, so the column of posts is read alone.
    pdf = write(paper, PDF, typefaces=ALONE)
    post = [column.key for column in COLUMNS].index("post")
    column, all_of_it = "".join(posts(pdf)), solid("".join(pages(pdf)))
    in_column = in_all = 0
    for row in wanted:
        if len(row) == 1:
            in_all = all_of_it.index(solid(row[0]), in_all)
        elif row[0] != paper.correction:
            in_column = column.index(solid(row[post]), in_column)


def write_pdf(paper: ListPaper) -> list[str]:
    return pages(write(paper, PDF, typefaces=ALONE))


def test_text_copied_from_the_pdf_is_what_was_given():
    found = "".join(page.replace("\n", "") for page in write_pdf(a_paper()))
    for text in (*RARE, LI["id_number"], LI["joined"]):
        assert text in found
    blank = solid(found)
    for text in MARKUP:
        assert solid(text) in blank


ONE: tuple[PaperColumn[str], ...] = (
    PaperColumn("number", "序号", 10, lambda text: "序"),
    PaperColumn("text", "内容", 263, lambda text: text, "left", "freely"),
)
WORDS = st.text(
    st.one_of(
        st.sampled_from("李王㛃䶮𬱖𫖯·、，（）<>&\"'=+-@#$*_`~{}[]\\/1aZ "),
        st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5),
    ),
    min_size=1,
    max_size=80,
).filter(str.strip)


@settings(max_examples=15, deadline=None)
@given(st.lists(WORDS, min_size=1, max_size=15))
def test_any_text_is_the_same_in_all_three(texts):
    table = PaperTable(ONE, (Section(rows_of(ONE, texts)),))
    paper = a_roster(table=table)
    assert [row[1] for row in rows_of_page(paper) if row[0] == "序"] == texts
    assert [row[1] for row in rows_of_workbook(paper) if row[0] == "序"] == texts
    raw = solid("".join(write_pdf(paper)))
    at = 0
    for text in texts:
        # pdftotext guesses blanks from gaps and splits no sign, so blanks are left out
        found = raw.find(solid(text), at)
        assert found >= at, (text, raw)
        at = found + len(solid(text))


def test_empty_columns_can_be_dropped_and_some_kept():
    table = PaperTable(COLUMNS, (Section(rows_of(COLUMNS, [LI | {"post": " "}])), Section(())))
    assert [column.key for column in table.columns if column.key not in
            {kept.key for kept in table.without_empty().columns}] == ["post", "note"]  # fmt: skip
    kept = table.without_empty(keep=("note",))
    assert [column.key for column in kept.columns][-2:] == ["id_number", "note"]
    assert kept.rows[0] == (*(LI[key] for key in LI if key != "post"), "")
    assert re.search("备注", "".join(kept.texts()))


def test_a_list_of_nobody_keeps_its_columns():
    table = PaperTable(COLUMNS, (Section((), "第一支部"),))
    assert table.without_empty() == table
