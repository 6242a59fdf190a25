"""Forms of boxes and letters with a list behind them: the same texts as PDF and to edit."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from dataclasses import replace
from datetime import date

import pytest
from docx import Document
from docx.shared import Mm

from registry.papers.columns import PaperColumn, PaperTable, Section, table
from registry.papers.forms import WIDTH, Box, Form, Row, label, pairs
from registry.papers.letters import Annex
from registry.papers.typefaces import Typefaces
from registry.papers.writing import DOCX, PDF, write
from tests.papers.test_letters import LETTER

ALONE = Typefaces(installed=False)
FORM = Form(
    title="李晓梅谈话记录",
    heading="谈话记录",
    above=("党支部：中共某局第一支部委员会", "编号：17"),
    widths=(30.0, 60.0, 30.0, 60.0),
    rows=(
        pairs(("谈话人", "赵建国"), ("谈话时间", "2022.03.20")),
        Row((Box("谈话情况", 4),), band=True),
        Row((label("意见"), Box("动机端正。", 3, sign="签名：张三")), 40),
    ),
    day=date(2026, 11, 20),
    below=("填表人：", "审核人：", "日期："),
    notes=("注：一式两份。",),
    footer="打印：张干事",
)
COLUMNS = (
    PaperColumn[str]("number", "序号", 10, lambda _name: "1"),
    PaperColumn[str]("name", "姓　名", 40, lambda name: name, "left"),
)


def read(tool: str, pdf: bytes, *options: str) -> str:
    command = [shutil.which(tool) or tool, *options]
    return subprocess.run(command, input=pdf, capture_output=True, check=True).stdout.decode()


def pages(paper) -> list[str]:
    pdf = write(paper, PDF, typefaces=ALONE)
    return [solid(page) for page in read("pdftotext", pdf, "-raw", "-", "-").split("\f")[:-1]]


def solid(text: str) -> str:
    return re.sub(r"\s", "", text)


def opened(paper):
    return Document(io.BytesIO(write(paper, DOCX)))


def test_the_widths_of_a_form_fill_the_page():
    assert sum(FORM.widths) == WIDTH


def test_a_form_holds_every_text_once_in_both_forms():
    [page] = pages(FORM)
    document = opened(FORM)
    [boxes] = document.tables
    word = solid(
        "".join(paragraph.text for paragraph in document.paragraphs)
        + "".join(cell.text for row in boxes.rows for cell in set(row.cells))
        + document.sections[0].footer.paragraphs[0].text
    )
    for text in FORM.texts():
        if text and text != FORM.title:
            assert solid(text) in page, text
            assert solid(text) in word, text


def test_the_boxes_to_edit_are_as_wide_as_those_printed():
    [boxes] = opened(FORM).tables
    assert [column.width for column in boxes.columns] == pytest.approx(
        [Mm(width) for width in FORM.widths], abs=1000
    )
    assert len(boxes.rows) == len(FORM.rows)


def test_a_form_that_is_longer_than_a_page_goes_on_and_no_row_is_parted():
    rows = tuple(Row((label(f"第{n}项"), Box("字" * 100, 3))) for n in range(40))
    found = pages(replace(FORM, rows=rows))
    assert len(found) > 1
    assert "".join(found).count("字") == 4000
    assert f"共{len(found)}页" in found[0]
    for page in found:
        assert page.count("字") % 100 == 0


def test_a_text_longer_than_its_box_grows_it_and_what_is_signed_stays_below():
    long = replace(FORM, rows=(Row((label("意见"), Box("字" * 900, 3, sign="签名：张三")), 40),))
    [page] = pages(long)
    assert page.count("字") == 900
    assert page.index("签名：张三") > page.rindex("字")


@pytest.mark.parametrize("text", ["#panic() $x^2$", "<b>&amp;</b>", "\\u{41} @ref", "a\x00b\x0b"])
def test_markup_in_a_form_prints_as_it_is_written(text):
    form = replace(FORM, rows=(pairs((text, text), (text, text)),), notes=(text,))
    assert opened(form).tables
    if text.isprintable():
        assert pages(form)[0].count(solid(text)) == 5


def test_the_list_behind_a_letter_begins_a_page_and_repeats_its_headings():
    people = [f"王小{number}" for number in range(80)]
    annex = Annex("备案名册", PaperTable(COLUMNS, table(COLUMNS, people).sections))
    letter = replace(LETTER, annex=annex)

    first, *others = pages(letter)

    assert "附件：备案名册" in first
    assert "王小0" not in first
    assert len(others) > 1
    assert all("序号" in page for page in others)
    assert all(any(name in page for page in others) for name in people)
    [listed] = opened(letter).tables
    assert [row.cells[1].text for row in listed.rows] == ["姓　名", *people]


def test_a_list_of_nobody_behind_a_letter_says_so():
    letter = replace(LETTER, annex=Annex("备案名册", PaperTable(COLUMNS, (Section(()),))))
    assert "（无人员）" in pages(letter)[1]
    assert opened(letter).tables[0].rows[1].cells[0].text == "（无人员）"


def test_a_letter_to_nobody_has_no_line_for_an_addressee():
    notice = replace(LETTER, addressee="", addressed=False)
    assert "：" not in pages(notice)[0][len(LETTER.title) + 12 : len(LETTER.title) + 14]
    assert "　：" not in "".join(each.text for each in opened(notice).paragraphs)
    assert "　：" in "".join(each.text for each in opened(replace(LETTER, addressee="")).paragraphs)


def test_a_letter_without_a_day_leaves_room_for_it():
    letter = replace(LETTER, day=None)
    assert letter.written_day == "　　　　年　　月　　日"
    assert "年月日" in pages(letter)[0]
    assert opened(letter).paragraphs
