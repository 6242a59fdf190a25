"""Where lines end: judged by widths, and the same on the paper."""

from __future__ import annotations

import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.papers.breaking import Room
from registry.papers.columns import PaperColumn, table
from registry.papers.measuring import widths
from registry.papers.setting import ListSetting
from registry.papers.typefaces import Typefaces
from tests.papers.printing import ALONE, a_roster, printed, read

TEXT = widths(ALONE, "text")
# Between 20 mm and 60 mm from the edge, with the height that distinguishes lines.
COLUMN_OF_TEXT = r'<word xMin="(?:5[7-9]|[6-9]\d|1[0-6]\d)\.\d+" yMin="(\d+)'


@pytest.mark.parametrize(
    ("text", "breaks", "width", "lines", "scale"),
    [
        ("李伟", "after_dot", 2, ["李伟"], 1),
        ("欧阳娜", "after_dot", 2, ["欧阳娜"], 2 / 3),
        ("欧阳娜", "after_dot", 1.5, ["欧阳娜"], 0.5),
        ("古丽娜尔·买买提江", "after_dot", 5, ["古丽娜尔·", "买买提江"], 1),
        ("古丽娜尔·买买提江", "after_dot", 9, ["古丽娜尔·买买提江"], 1),
        ("阿卜杜热合曼江·买买提", "after_dot", 5.2, ["阿卜杜热", "合曼江·", "买买提"], 1),
        ("长" * 40, "after_dot", 5, ["长" * 5] * 8, 1),
        ("John Smith", "after_dot", 3, ["John ", "Smith"], 1),
        ("510102198506010013", "never", 6, ["510102198506010013"], None),
        ("维吾尔族", "freely", 3, ["维吾", "尔族"], 1),
        ("办公室主任、书记", "freely", 5, ["办公室主", "任、书记"], 1),
        ("一级主任科员", "freely", 5, ["一级主任", "科员"], 1),
        ("主任（兼）书记", "freely", 3, ["主任", "（兼）", "书记"], 1),
        ("A1b2A1b2A1b2", "freely", 3, ["A1b2", "A1b2", "A1b2"], 1),
        ("共 23 人", "freely", 2, ["共 ", "23 ", "人"], 1),
        ("一\n二", "freely", 9, ["一", "二"], 1),
        ("", "freely", 3, [""], 1),
    ],
)
def test_lines_end_where_an_office_expects_it(text, breaks, width, lines, scale):
    found = Room(width, TEXT, breaks, centered=breaks == "freely" and "维" in text).fit(text)
    assert list(found.lines) == lines
    if scale:
        assert found.scale == pytest.approx(scale)


TEXTS = st.text(
    st.one_of(
        st.characters(categories=("L", "N", "P", "S", "Zs", "Mn")),
        st.sampled_from("李伟一二三、，（）·· 12aW𬱖㛃\n"),
    ),
    max_size=60,
)


@given(TEXTS, st.sampled_from(["never", "after_dot", "freely"]), st.floats(0.3, 12), st.booleans())
def test_lines_hold_the_whole_text_and_are_no_wider_than_the_cell(text, breaks, width, centered):
    found = Room(width, TEXT, breaks, centered).fit(text)
    assert "".join(found.lines) == text.replace("\n", "")
    assert 0.5 <= found.scale <= 1
    for line in found.lines:
        narrow = len(re.findall(r"\w", line)) <= 1 or len(line.strip()) <= 2
        assert narrow or TEXT.of(line.rstrip()) * found.scale <= width + 1e-5


def test_the_paper_ends_no_line_by_itself():
    """Chance texts of Han, Latin, digits and marks, so many lines on the paper as were set."""
    rng = random.Random(4)
    signs = "某市机关事务服务中心、，。（）《》·“”AWimj1170.-/:@ "
    chance = ["".join(rng.choices(signs, k=rng.randrange(5, 70))) for _ in range(120)]
    columns = (
        PaperColumn[str]("number", "", 10, lambda text: ""),
        PaperColumn[str]("text", "内容", 40, lambda text: text, "left", "freely"),
        PaperColumn[str]("note", "", 223, lambda text: ""),
    )
    paper = a_roster(table=table(columns, chance), signoff=())
    heading = 1
    wanted = [
        heading + sum(bool(line.strip()) for strip in page.strips for line in strip.cells[1].lines)
        for page in ListSetting(paper, ALONE).pages
    ]
    found = read("pdftotext", printed(paper), "-bbox", "-", "-").split("<page ")[1:]
    assert [len(set(re.findall(COLUMN_OF_TEXT, page))) for page in found] == wanted


def test_a_face_of_the_office_is_measured_first():
    """A family that is not there changes nothing; one that is decides."""
    absent = Typefaces(text=("No Such Face",), installed=False)
    assert widths(absent, "text").files == TEXT.files
    assert TEXT.of("李") == 1
    assert TEXT.of("\u200b\ufe00") == 0
    assert 0.4 < TEXT.of("1") < 0.6
