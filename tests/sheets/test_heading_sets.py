"""The headings of real sheets, exactly as they are written, under the titles that they have."""

from __future__ import annotations

import json
from datetime import date
from itertools import zip_longest

import pytest

from members.sheets.development.register import DevelopmentResource
from members.sheets.members import MemberResource
from registry.sheets import headings
from registry.sheets.reading import read_workbook
from tests.sheets.making import MUSEUM, workbook_of

TODAY = date(2026, 10, 10)
SETS = json.loads((MUSEUM / "headings.json").read_text())
# What sheets of every kind have, beside what a roster has.
WIDELY_KNOWN = {
    headings.with_note(heading): f"other_{number}"
    for number, heading in enumerate(
        "序号 编号 党组织 党组织名称 党组织代码 所在党支部 所属分党委 联系电话 备注 身份证 身份证号"
        " 任命时间 应换届时间 转入时间 转出时间 组织关系介绍信编号 历史党费缴至 缴费基准 年份"
        " 支部名称 党小组名称 党小组代码 合计 正式党员 预备党员 发展对象 入党申请人 二级党组织"
        " 组织类别 成立时间 会议名称 活动名称 性别 姓名 学工号".split()
    )
}
ROSTERS = [each for each in SETS if {"姓名", "党员姓名", "姓  名"} & {*each["header_rows"][0]}]
OF_DEVELOPMENT = [each for each in SETS if each["id"] in {"H05", "H06", "H35", "U03"}]
# What such registers have that no file has a place for.
NOT_KEPT = {"背景信息", "工作岗位", "政治面貌", "入团日期", "入党类型", "党籍状态"}


def laid_out(found, synonyms):
    """Return the sheet with two people below the headings."""
    rows = found["header_rows"]
    person = [f"值{place}" for place in range(len(rows[-1]))]

    def merge(book):
        for top, left, bottom, right in found.get("merges", ()):
            book.active.merge_cells(
                start_row=top, start_column=left, end_row=bottom, end_column=right
            )

    data = workbook_of(*found["title_rows"], *rows, person, person, then=merge)
    [sheet] = read_workbook(data, "a.xlsx", synonyms).sheets
    return sheet


@pytest.mark.parametrize("found", SETS, ids=lambda found: found["id"])
def test_headings_are_found_in_their_rows(found):
    sheet = laid_out(found, WIDELY_KNOWN)
    first = len(found["title_rows"]) + 1
    assert sheet.heading_rows == list(range(first, first + len(found["header_rows"])))
    assert len(sheet.records) == 2
    assert len(sheet.columns) == sum(
        any(part is not None for part in parts) for parts in zip_longest(*found["header_rows"])
    )


@pytest.mark.parametrize("found", ROSTERS, ids=lambda found: found["id"])
def test_a_roster_is_known_by_what_a_register_of_members_knows(found):
    sheet = laid_out(found, MemberResource.table(TODAY).synonyms)
    first = len(found["title_rows"]) + 1
    assert sheet.heading_rows == [first]
    assert sheet.column_of("name")


@pytest.mark.parametrize("found", OF_DEVELOPMENT, ids=lambda found: found["id"])
def test_every_column_of_a_register_of_development_is_known_but_a_few(found):
    table = DevelopmentResource.table(TODAY)
    sheet = laid_out(found, table.synonyms)
    assert sheet.heading_rows == [1]
    assert set(table.match(sheet).unknown.values()) <= NOT_KEPT
