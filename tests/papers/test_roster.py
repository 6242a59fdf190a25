"""The printed roster: what stands on the page, where pages and lines end, what is told before."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from registry.papers.compiling import PaperError, render
from registry.papers.glyphs import missing_glyph_warnings, missing_glyphs
from registry.papers.typefaces import VENDORED_FOLDER, Typefaces
from tests.papers.printing import (
    ALONE,
    LI,
    POST,
    a_roster,
    lines,
    pages,
    posts,
    printed,
    read,
    solid,
)


@pytest.mark.parametrize(
    "text",
    ["#panic()", "*b* _i_", "$x^2$", "<script>", "\\u{41}", "@ref", '"q"', "= h", "// c", "---"],
)
def test_markup_in_a_field_prints_as_it_is_written(text):
    paper = a_roster(LI | {"name": text, "post": text}, footer=text)
    # pdftotext guesses blanks from gaps, so they are left out on both sides
    assert solid("".join(pages(printed(paper)))).count(solid(text)) == 3


def test_text_copied_from_the_paper_equals_the_register():
    rare = LI | {"name": "欧阳䶮𬱖", "post": "㛃龑堃𠮷处·〇室々①"}
    text = pages(printed(a_roster(LI, rare)))[0].replace("\n", "")
    for value in (*LI.values(), *rare.values()):
        assert value in text


def test_the_paper_is_a4_on_its_side():
    report = read("pdfinfo", printed(a_roster(LI)), "-")
    assert re.search(r"Page size: +841\.8\d* x 595\.2\d* pts \(A4\)", report)


def test_title_unit_day_and_number_stand_above_and_the_line_to_sign_below():
    text = solid(pages(printed(a_roster(LI)), "-layout")[0])
    for part in ("第一党支部党员花名册", "填报单位（盖章）：第一党支部", "2026年11月20日", "共1人"):
        assert text.index(part) < text.index("李伟")
    for part in ("填表人", "审核人", "日期", "（盖章）", "第1页共1页"):
        assert text.rindex(part) > text.index("李伟")


def test_a_roster_of_nobody_says_so():
    text = pages(printed(a_roster()))[0]
    assert "（无人员）" in text
    assert "填表人" in text


def test_a_note_longer_than_a_page_is_continued_not_cut():
    found = pages(printed(a_roster(LI | {"post": "长" * 3000})))
    assert len(found) > 1
    assert sum(page.count("长") for page in found) == 3000


@pytest.mark.parametrize(
    ("field", "value", "printed_as"),
    [
        pytest.param("name", "欧阳娜", ["欧阳娜"], id="a name of three signs is one line"),
        pytest.param(
            "name", "古丽娜尔·买买提江", ["古丽娜尔·", "买买提江"], id="a line ends after the dot"
        ),
        pytest.param(
            "name",
            "阿卜杜热合曼江·买买提",
            ["阿卜杜热", "合曼江·", "买买提"],
            id="a long first half",
        ),
        pytest.param("ethnicity", "维吾尔族", ["维吾", "尔族"], id="lines of equal length"),
        pytest.param("joined", "2010.07.01—2011", ["2010.07.01—2011"], id="smaller, not broken"),
    ],
)
def test_lines_end_where_an_office_expects_it(field, value, printed_as):
    text = "\n".join(lines(a_roster(LI | {field: value})))
    # pdftotext sets cells of one height beside each other, with a space between
    words = text.replace("\n", " ").split(" ")
    assert [word for word in words if word in printed_as] == printed_as


def test_a_post_of_sixty_signs_wraps_and_a_run_without_a_break_stays_in_its_column():
    run = "A1b2" * 20
    [text] = posts(printed(a_roster(LI | {"post": POST}, LI | {"post": run})))
    assert POST in text
    assert run in text


def test_the_same_data_and_time_give_the_same_bytes():
    at = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
    data = a_roster(LI).data(ALONE)
    first, second = (render("list", data, typefaces=ALONE, printed_at=at) for _ in range(2))
    assert first == second


def test_an_unknown_paper_is_named():
    with pytest.raises(PaperError) as error:
        render("no_such", {}, typefaces=ALONE)
    assert str(error.value) == (
        "There is no paper “no_such”. Look into templates/papers for those there are."
    )


def test_a_paper_outside_the_folder_is_unknown():
    with pytest.raises(PaperError, match="There is no paper"):
        render("../papers/roster", {}, typefaces=ALONE)


def test_data_that_a_template_cannot_print_is_an_error_and_the_next_paper_prints():
    with pytest.raises(PaperError, match="The paper “list” could not be printed"):
        render("list", {"title": "x"}, typefaces=ALONE)
    assert pages(printed(a_roster(LI)))


def test_the_vendored_face_has_rare_names_and_names_what_it_lacks():
    assert missing_glyphs(["䶮𬱖㛃龑堃𠮷·々〇①", "A\u200b\n　"], typefaces=ALONE) == []
    assert missing_glyphs(["王鿫", "鿫𠀤"], typefaces=ALONE) == ["鿫", "𠀤"]


def test_the_warning_names_each_character_with_its_code():
    [told] = missing_glyph_warnings(["鿫"], typefaces=ALONE)
    assert told == (
        "No font here has 鿫 (U+9FEB); an empty box would be printed."
        " Install a font that has it, or put its file into the font folder."
    )
    assert missing_glyph_warnings(["李伟"], typefaces=ALONE) == []


def test_a_family_that_is_not_installed_is_passed_over():
    wanted = Typefaces(text=("No Such Face",), title=("registry song",), installed=False)
    assert wanted.families() == {
        "text": ["Registry Song"],
        "title": ["registry song", "Registry Song"],
        "letter": ["Registry Song"],
    }


def test_the_vendored_face_is_small_and_comes_with_its_licence():
    [face] = VENDORED_FOLDER.glob("*.otf")
    assert face.stat().st_size <= 15_000_000
    assert "SIL OPEN FONT LICENSE" in (VENDORED_FOLDER / "OFL.txt").read_text()
