"""Where pages end: for every number of people, with sections, with empty lines, on each paper."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest

from registry.papers.columns import PaperTable, Section, rows_of
from registry.papers.lists import A3_ON_ITS_SIDE, A4, A4_ON_ITS_SIDE, ListPaper
from registry.papers.paging import Block, PrintedPage, Strip, paged
from registry.papers.setting import ROOM_TO_WRITE, ListSetting
from tests.papers.printing import (
    ALONE,
    COLUMNS,
    LI,
    POST,
    a_roster,
    pages,
    posts,
    printed,
    solid,
)

MOST = 70
SHAPES: dict[str, dict[str, Any]] = {
    "plain": {},
    "with empty lines": {"correction": "更正"},
    "to write in": {"to_write_in": True},
    "in sections": {"sections": True},
    "in sections with empty lines": {"sections": True, "correction": "更正"},
    "a page per section": {"sections": True, "page_per_section": True},
}
PAPERS = {"A4 upright": A4, "A4 on its side": A4_ON_ITS_SIDE, "A3": A3_ON_ITS_SIDE}


def a_list(size: int, *, sections: bool = False, **more: Any) -> ListPaper:
    """So many people, with posts of one and of many lines, so that pages end at every height."""
    people = [
        LI | {"number": str(number), "post": POST[: 8 + (number * size) % 40]}
        for number in range(1, size + 1)
    ]
    paper = a_roster(*people, **more)
    if not sections:
        return paper
    third = max(1, size // 3)
    cuts = (0, 1, third, third, size)  # one branch has one person, one has nobody
    made = [
        Section(rows_of(COLUMNS, people[first:last]), f"第{at}支部", f"小计：{last - first}人")
        for at, (first, last) in enumerate(pairwise(cuts), start=1)
    ]
    return replace(paper, table=PaperTable(COLUMNS, (*made, Section((), "", f"合计：{size}人"))))


def first_words(strip: Strip) -> str:
    return "".join(strip.cells[0].lines)


def is_row(strip: Strip) -> bool:
    return len(strip.cells) == len(COLUMNS) and first_words(strip) != "更正"


def begins_badly(strip: Strip) -> bool:
    """What belongs to the strip above it."""
    return first_words(strip).startswith(("更正", "小计", "合计"))


@pytest.mark.parametrize("page", PAPERS.values(), ids=PAPERS)
@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_nothing_is_parted_and_no_page_is_too_full_whatever_the_number_of_people(shape, page):
    for size in range(1, MOST + 1):
        setting = ListSetting(a_list(size, page=page, **shape), ALONE)
        found = setting.pages
        for printed_page in found:
            room = setting.titled_room if printed_page.titled else setting.room
            signed = printed_page is found[-1]
            filled = sum(strip.height for strip in printed_page.strips)
            assert filled + signed * setting.signoff_height <= room
            assert not begins_badly(printed_page.strips[0]), size
            assert not first_words(printed_page.strips[-1]).startswith("第"), size
        assert any(is_row(strip) for strip in found[-1].strips) or "（无人员）" in {
            first_words(strip) for strip in found[-1].strips
        }
        rows = [first_words(strip) for each in found for strip in each.strips if is_row(strip)]
        assert rows == [str(number) for number in range(1, size + 1)]


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_the_paper_has_the_pages_that_were_set(shape):
    """Each shape for a sixth of the numbers, together every number from 1 to 70."""
    for size in range(1 + list(SHAPES.values()).index(shape), MOST + 1, len(SHAPES)):
        paper = a_list(size, **shape)
        wanted = ListSetting(paper, ALONE).pages
        pdf = printed(paper)
        found = pages(pdf)
        assert len(found) == len(wanted)
        for at, (text, post, page) in enumerate(
            zip(map(solid, found), posts(pdf), wanted, strict=True), start=1
        ):
            rows = [strip for strip in page.strips if is_row(strip)]
            assert text.count("李伟") == len(rows)
            assert text.count("更正") == len(rows) * bool(paper.correction)
            assert "".join("".join(row.cells[5].lines) for row in rows) in post.replace("（", "")
            assert ("第一党支部党员花名册" in text) == page.titled
            assert ("填表人" in text) == (at == len(found))
            assert "身份证号码" in text
            assert f"第{at}页共{len(found)}页" in text


def test_each_section_begins_a_page_with_the_title_of_the_list_and_a_sum_does_not():
    found = pages(printed(a_list(9, sections=True, page_per_section=True)))
    for number, page in enumerate(found, start=1):
        assert re.findall("第[1-4]支部", page) == [f"第{number}支部"]
    assert all("第一党支部党员花名册" in page and "共9人" in page for page in found)
    assert "小计：6人" in found[3]
    assert "合计：9人" in found[3]
    assert "（无人员）" in found[2]


def test_a_row_that_is_higher_than_a_page_is_continued_not_cut():
    for size in (1_000, 3_000, 10_000):
        found = pages(printed(a_roster(LI | {"post": "长" * size}, correction="更正")))
        assert len(found) > size / 1_000
        assert sum(page.count("长") for page in found) == size
        assert [page.count("更正") for page in found] == [0] * (len(found) - 1) + [1]


def test_a_row_to_write_in_is_high_enough():
    [page] = ListSetting(a_roster(LI, to_write_in=True), ALONE).pages
    assert min(strip.height for strip in page.strips) == ROOM_TO_WRITE


@pytest.mark.parametrize(
    "unit", ["短", "某市机关事务服务中心委员会第一党支部" * 2, "很长的名称" * 30]
)
def test_a_unit_that_does_not_fit_beside_the_day_stands_above_it(unit):
    for size in range(20, 40, 3):
        paper = a_list(
            size, page=A4, unit_line=f"填报单位：{unit}", count_line="应到35人，实到　　人"
        )
        found = pages(printed(paper), "-layout")
        assert len(found) == len(ListSetting(paper, ALONE).pages)
    day = next(line for line in found[0].splitlines() if "填报时间" in line)
    assert ("填报单位" in day) == (unit == "短")
    assert unit in solid(found[0])


def test_many_labels_to_sign_stand_on_several_lines_and_together():
    labels = tuple(f"第{number}位审核人（签字）：" for number in range(1, 10))
    for size in range(20, 40):
        setting = ListSetting(a_list(size, signoff=labels, page=A4), ALONE)
        assert len(setting.signoff) > 2
    found = pages(printed(a_list(30, signoff=labels, page=A4)))
    assert [solid(page).count("位审核人（签字）：") for page in found] == [0] * (len(found) - 1) + [
        9
    ]


def block(height: float, *, begins_page: bool = False) -> Block:
    return Block([Strip(height, ())], begins_page)


@pytest.mark.parametrize(
    ("blocks", "expected"),
    [
        pytest.param([], [], id="nothing"),
        pytest.param([block(50)], [[50]], id="one, with the line to sign"),
        pytest.param([block(51)], [[51]], id="too high for any page stands on its own"),
        pytest.param([block(30), block(20)], [[30, 20]], id="just full"),
        pytest.param([block(30), block(21)], [[30], [21]], id="moved on with the line to sign"),
        pytest.param([block(60), block(60), block(1)], [[60], [60, 1]], id="more room below"),
        pytest.param(
            [block(9), block(9, begins_page=True)], [[9], [9]], id="a section begins a page"
        ),
    ],
)
def test_pages_are_filled_in_order(blocks, expected):
    found: list[PrintedPage] = paged(blocks, room=80, titled_room=60, signoff=10)
    assert [[strip.height for strip in page.strips] for page in found] == expected
