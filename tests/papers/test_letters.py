"""Letters: the form of official papers, the same texts as PDF and as a file to edit."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import ClassVar

import pytest
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Pt
from fontTools import subset
from fontTools.ttLib import TTFont

from registry.checks import font_folder_findings
from registry.papers.compiling import PaperError
from registry.papers.glyphs import missing_glyph_warnings
from registry.papers.letters import LINE, Letter, evenly, width
from registry.papers.typefaces import VENDORED_FOLDER, Typefaces
from registry.papers.writing import DOCX, PDF, write

ALONE = Typefaces(installed=False)  # the same result on every machine
LETTER = Letter(
    title="中国共产党党员证明信",
    number_line="编号：〔2026〕12号",
    addressee="中共临江市委组织部",
    paragraphs=("兹证明古丽娜尔·买买提江同志系中国共产党正式党员。", "请安排其参加党的组织生活。"),
    closing="特此证明。",
    signature="中共临江市机关事务管理局机关委员会",
    day=date(2026, 11, 7),
    notes=("（本证明信不转移党员组织关系。）",),
    footer="打印：张干事",
)
MARKUP = ["#panic()", "*b* _i_ $x^2$", "<script>&amp;", "\\u{41} @ref", "=1+1", "---"]


def read(tool: str, pdf: bytes, *options: str) -> str:
    """What a tool of poppler-utils says about a PDF."""
    command = [shutil.which(tool) or tool, *options]
    return subprocess.run(command, input=pdf, capture_output=True, check=True).stdout.decode()


def pages(letter: Letter) -> list[str]:
    pdf = write(letter, PDF, typefaces=ALONE)
    return [solid(page) for page in read("pdftotext", pdf, "-raw", "-", "-").split("\f")[:-1]]


def solid(text: str) -> str:
    return re.sub(r"\s", "", text)


def opened(letter: Letter):
    return Document(io.BytesIO(write(letter, DOCX)))


def paragraphs(letter: Letter) -> dict[str, list[str]]:
    """The texts of the file to edit, by their styles."""
    found: dict[str, list[str]] = {}
    for paragraph in opened(letter).paragraphs:
        found.setdefault(paragraph.style.name, []).append(paragraph.text)
    return found


def test_the_pdf_is_a4_and_holds_every_text_once():
    pdf = write(LETTER, PDF, typefaces=ALONE)
    assert re.search(r"Page size: +595\.2\d* x 841\.8\d* pts \(A4\)", read("pdfinfo", pdf, "-"))
    [page] = pages(LETTER)
    for text in LETTER.texts():
        assert page.count(solid(text)) == 1, text


def test_the_file_to_edit_is_made_of_paragraphs_with_styles():
    assert paragraphs(LETTER) == {
        "Title": ["中国共产党党员证明信"],
        "编号": ["编号：〔2026〕12号"],
        "称谓": ["", "中共临江市委组织部："],
        "正文缩进": [*LETTER.paragraphs, "特此证明。"],
        "落款": ["", "中共临江市机关事务管理局机关委员会", "2026年11月7日"],
        "附注": ["", "（本证明信不转移党员组织关系。）"],
    }
    with zipfile.ZipFile(io.BytesIO(write(LETTER, DOCX))) as file:
        body = file.read("word/document.xml").decode()
    assert not re.search("txbx|textbox|w:drawing|w:pict|w:tbl", body)


def test_the_file_to_edit_has_the_measures_of_official_papers():
    document = opened(LETTER)
    page = document.sections[0]
    margins = (page.top_margin, page.bottom_margin, page.left_margin, page.right_margin)
    assert [round(margin.mm) for margin in (*margins, page.page_width, page.page_height)] == [
        37, 35, 28, 26, 210, 297,
    ]  # fmt: skip
    normal, title = document.styles["Normal"], document.styles["Title"]
    assert (normal.font.size, normal.paragraph_format.line_spacing) == (Pt(16), Pt(28))
    assert normal.element.rPr.rFonts.get(qn("w:eastAsia")) == "仿宋_GB2312"
    assert (title.font.size, title.paragraph_format.alignment) == (
        Pt(22),
        WD_ALIGN_PARAGRAPH.CENTER,
    )
    assert title.element.rPr.rFonts.get(qn("w:eastAsia")) == "方正小标宋简体"
    indent = document.styles["正文缩进"].element.pPr.ind
    assert indent.get(qn("w:firstLineChars")) == "200"
    assert document.styles["落款"].paragraph_format.alignment == WD_ALIGN_PARAGRAPH.RIGHT
    assert document.core_properties.author == LETTER.signature


def test_a_machine_without_the_face_is_told_what_stands_in_for_it():
    with zipfile.ZipFile(io.BytesIO(write(LETTER, DOCX))) as file:
        table = file.read("word/fontTable.xml").decode()
    assert '<w:font w:name="仿宋_GB2312"><w:altName w:val="仿宋"/></w:font>' in table


@pytest.mark.parametrize("text", MARKUP)
def test_markup_in_every_field_prints_as_it_is_written(text):
    letter = replace(
        LETTER,
        title=text,
        number_line=text,
        addressee=text,
        paragraphs=(text, text),
        closing=text,
        signature=text,
        notes=(text,),
        footer=text,
    )
    assert "".join(pages(letter)).count(solid(text)) == 9
    document = opened(letter)
    texts = [each.text for each in document.paragraphs]
    assert sum(each.removesuffix("：") == text for each in texts) == 8
    assert document.sections[0].footer.paragraphs[0].text == text


def test_signs_that_xml_cannot_say_are_left_out():
    letter = replace(LETTER, addressee="局\x00\x0b\ufffe", paragraphs=("甲\x1f乙",))
    found = paragraphs(letter)
    assert found["称谓"][-1] == "局："
    assert found["正文缩进"][0] == "甲乙"
    assert "甲乙" in pages(letter)[0]


def test_without_an_addressee_there_is_a_line_to_write_on():
    letter = replace(LETTER, addressee="")
    line = opened(letter).paragraphs[3]
    assert (line.text.strip("　"), line.runs[0].underline) == ("：", True)
    assert "号：兹证明" in pages(letter)[0]


@pytest.mark.parametrize(
    ("signature", "lines", "day_from_edge"),
    [
        ("财政局党委", ["财政局党委"], 4),
        ("甲" * 14, ["甲" * 14], 4),
        ("甲" * 20, ["甲" * 20], 6.75),
        ("甲" * 40, ["甲" * 20, "甲" * 20], 6.75),
    ],
)
def test_the_middle_of_the_signature_stands_above_the_middle_of_the_day(
    signature, lines, day_from_edge
):
    found = replace(LETTER, signature=signature).sign_off
    assert [words for words, _from_edge in found] == [*lines, "2026年11月7日"]
    assert found[-1][1] == day_from_edge
    assert min(from_edge for _words, from_edge in found) >= 0
    assert len({from_edge + width(words) / 2 for words, from_edge in found}) == 1


@pytest.mark.parametrize("length", [1, 27, 28, 54, 55, 100])
def test_a_long_name_is_divided_evenly(length):
    lines = evenly("甲" * length, LINE)
    assert "".join(lines) == "甲" * length
    assert max(map(len, lines)) <= LINE
    assert len(lines) == -(-length // 27)


@pytest.mark.parametrize("closing", ["特此证明。", ""])
def test_the_place_of_the_seal_never_stands_alone_on_a_page(closing):
    alone = []
    for lines in range(10, 26):
        many = ("乙" * 28 * (lines - 1), "甲" * 28)
        letter = replace(LETTER, paragraphs=many, closing=closing)
        last = pages(letter)[-1].split(LETTER.signature)[0]
        if not (closing in last if closing else "甲" in last):
            alone.append(lines)
    assert alone == []


def test_a_letter_of_many_pages_counts_them_and_one_of_a_single_page_does_not():
    found = pages(replace(LETTER, paragraphs=("甲" * 3000,)))
    assert sum(page.count("甲") for page in found) == 3000
    assert f"第1页共{len(found)}页" in found[0]
    assert "第1页" not in pages(LETTER)[0]


def test_a_character_that_no_font_has_is_named_wherever_it_stands():
    for field in ("title", "number_line", "addressee", "closing", "signature", "footer"):
        [told] = missing_glyph_warnings(replace(LETTER, **{field: "鿫"}).texts(), typefaces=ALONE)
        assert "鿫 (U+9FEB)" in told
    for field in ("paragraphs", "notes"):
        assert missing_glyph_warnings(replace(LETTER, **{field: ("鿫",)}).texts(), typefaces=ALONE)
    assert missing_glyph_warnings(LETTER.texts(), typefaces=ALONE) == []


def test_a_letter_whose_template_is_missing_is_a_sentence():
    class Lost(Letter):
        template: ClassVar[str] = "lost"

    with pytest.raises(PaperError) as error:
        write(Lost("题", "", "", ("文",), "", "甲", date(2026, 1, 1)), PDF, typefaces=ALONE)
    assert str(error.value) == (
        "There is no paper “lost”. Look into templates/papers for those there are."
    )


# The office's own fonts


@pytest.fixture
def a_font(tmp_path) -> Callable[[str], Path]:
    """Puts a font of a few signs under another family's name into the folder of fonts."""

    def put(family: str) -> Path:
        font = TTFont(VENDORED_FOLDER / "registry-song.otf")
        chosen = subset.Subsetter()
        chosen.populate(text="打印中国共产党员证明信兹系正式请")
        chosen.subset(font)
        for name in font["name"].names:
            if name.nameID in (1, 4):
                name.string = family
            if name.nameID == 6:
                name.string = "OfficeFace"
        (tmp_path / "of the office").mkdir(exist_ok=True)
        file = tmp_path / "of the office" / "face.otf"
        font.save(file)
        return file

    return put


@pytest.mark.parametrize(
    ("use", "family"), [("title", "方正小标宋简体"), ("letter", "仿宋_GB2312"), ("text", "宋体")]
)
def test_a_font_file_in_the_folder_is_used_without_more(use, family, a_font, settings):
    file = a_font(family)
    office = Typefaces(
        text=tuple(settings.LIST_FONTS),
        title=tuple(settings.TITLE_FONTS),
        letter=tuple(settings.LETTER_FONTS),
        folders=(file.parent,),
        installed=False,
    )
    assert office.families()[use] == [family, "Registry Song"]
    used = read("pdffonts", write(LETTER, PDF, typefaces=office), "-")
    assert "OfficeFace" in used
    assert "RegistrySong" in used  # what the office's face lacks


def test_a_folder_that_is_missing_and_a_file_that_is_no_font_stop_no_paper(tmp_path):
    (tmp_path / "broken.ttf").write_bytes(b"no font")
    office = Typefaces(letter=("仿宋",), folders=(tmp_path, tmp_path / "missing"), installed=False)
    assert office.families()["letter"] == ["Registry Song"]
    assert write(LETTER, PDF, typefaces=office).startswith(b"%PDF")
    assert missing_glyph_warnings(LETTER.texts(), typefaces=office) == []


def test_what_is_wrong_with_the_folder_is_told_before_the_start(tmp_path, a_font):
    a_font("仿宋")
    assert list(font_folder_findings(tmp_path)) == []
    (tmp_path / "broken.TTF").write_bytes(b"no font")
    [told] = font_folder_findings(tmp_path)
    assert told.msg == (
        f"The font {tmp_path}/broken.TTF cannot be used:"
        " “broken.TTF” is not a font that can be read."
    )
    [told] = font_folder_findings(tmp_path / "missing")
    assert told.id == "registry.W004"
