"""The page of a list: what it says, what it prints on, and that it needs no inline style."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from django.template.loader import get_template

from registry.papers.columns import PaperTable, Section, rows_of
from registry.papers.lists import A3_ON_ITS_SIDE, A4, A4_ON_ITS_SIDE
from registry.papers.pages import standalone, write_page
from tests.papers.printing import COLUMNS, LI, a_roster


def page(*people, **more) -> str:
    return write_page(a_roster(*people, **more)).decode()


@pytest.mark.parametrize(
    ("size", "name"), [(A4, "a4"), (A4_ON_ITS_SIDE, "a4-flipped"), (A3_ON_ITS_SIDE, "a3-flipped")]
)
def test_its_paper_is_a_class_that_the_style_knows(size, name):
    assert f'<body class="{name} size-10">' in page(LI, page=size)
    style = standalone(write_page(a_roster(LI, page=size))).decode()
    assert f"@page {name} {{" in style
    assert f".{name} {{ page: {name};" in style


@pytest.mark.parametrize(("points", "name"), [(5, "size-7"), (9.4, "size-9"), (30, "size-12")])
def test_a_size_of_letters_is_a_class_too(points, name):
    assert f" {name}" in page(LI, size=points)
    assert f".{name} table" in standalone(write_page(a_roster(LI))).decode()


def test_a_row_to_write_in_is_higher():
    assert '<body class="a4-flipped size-10 to-write-in">' in page(LI, to_write_in=True)
    assert ".to-write-in td { height:" in standalone(write_page(a_roster(LI))).decode()


def test_markup_in_every_field_is_shown_as_it_is_written():
    bad = "<script>alert('&amp;')</script>"
    paper = a_roster(*[dict.fromkeys(LI, bad)], title=bad, unit_line=bad, day=bad, footer=bad)
    section = replace(paper.table.sections[0], heading=bad, total=bad)
    paper = replace(
        paper,
        count_line=bad,
        correction=bad,
        signoff=(bad,),
        table=PaperTable(COLUMNS, (section, Section((), bad))),
        empty=bad,
    )
    shown = write_page(paper).decode()
    assert "<script" not in shown
    assert shown.count("&lt;script&gt;alert(") == len(LI) + 12  # the title twice


def test_headings_repeat_names_may_break_after_the_dot_and_numbers_never():
    shown = page(LI | {"name": "古丽娜尔·买买提江"})
    assert re.search(r"<thead><tr><th scope=\"col\">序号</th>", shown)
    assert '<td class="after-dot">古丽娜尔·<wbr>买买提江</td>' in shown
    assert f'<td class="never">{LI["id_number"]}</td>' in shown


def test_a_page_per_section_repeats_the_title_and_the_last_is_signed():
    sections = tuple(Section(rows_of(COLUMNS, [LI]), f"第{at}支部") for at in "123")
    table = PaperTable(COLUMNS, (*sections, Section((), "", "合计：3人")))
    shown = page(LI, table=table, page_per_section=True)
    assert shown.count("<h1>第一党支部党员花名册</h1>") == shown.count("<main ") == 3
    assert shown.count("填表人：") == shown.count("合计：3人") == 1
    together = page(LI, table=table)
    assert together.count("<h1>") == together.count("<thead>") == 1
    assert together.count('scope="rowgroup"') == 3


def test_a_file_carries_its_style_and_a_page_links_to_it():
    linked = page(LI)
    assert '<link rel="stylesheet" href="/static/registry/paper.css">' in linked
    kept = standalone(linked.encode()).decode()
    assert "<link" not in kept
    assert kept.count("<style>") == 1
    assert get_template("papers/list.html")
