"""The roster of an organisation: who stands on it, as at which day, and what is masked."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from members.models import Office
from members.papers.columns import COLUMNS
from members.papers.layouts import Drawn
from members.papers.listed import Roster, roster_of
from members.papers.printing import print_paper
from members.papers.roster import ROSTER, WHOLE
from registry.access import OPERATOR
from registry.calendar import PartialDate
from registry.models import Entry
from registry.models.log import Action
from registry.papers.catalogue import Asked
from registry.papers.writing import PDF
from tests.factories import (
    LONG_AGO,
    TODAY,
    a_branch,
    a_committee,
    a_member,
    a_user,
    an_id_number,
)
from tests.members.rosters import NOON, text_of

pytestmark = pytest.mark.django_db
JUNE = date(2024, 6, 1)
MAY = date(2024, 5, 31)


def names(organization, day=TODAY, reader=OPERATOR):
    return [line.member.name for line in roster_of(organization, day, reader).lines()]


def paper_of(roster: Roster, **options):
    return WHOLE.paper(roster, Drawn(), Asked(roster.day, roster.reader, "张干事", NOON, **options))


def cells(roster: Roster, **options) -> dict[str, str]:
    """The texts of the first person, by the keys of the columns."""
    [row, *_] = paper_of(roster, **options).table.rows
    return dict(zip((column.key for column in roster.columns), row, strict=True))


def office(member, post="secretary", organization=None, since=LONG_AGO, until=None, **fields):
    return Office.objects.create(
        member=member,
        organization=organization or member.organization,
        post=post,
        held_from=since,
        held_until=until,
        **fields,
    )


def printed(roster: Roster, **options) -> bytes:
    asked = Asked(roster.day, roster.reader, "张干事", NOON, **options)
    return print_paper(ROSTER, roster.organization, asked, PDF).data


# Who


def test_who_has_moved_stands_where_he_was_on_that_day():
    old, new = a_branch(), a_branch()
    member = a_member(old, name="李伟")
    member.move_to(new, JUNE)

    assert (names(old, MAY), names(new, MAY)) == (["李伟"], [])
    assert (names(old, JUNE), names(new, JUNE)) == ([], ["李伟"])


def test_who_has_left_or_is_suspended_stands_on_the_rosters_before():
    branch = a_branch()
    a_member(branch, name="李伟").leave("transferred_out", JUNE)
    a_member(branch, name="王芳").suspend(JUNE)

    assert names(branch, MAY) == ["李伟", "王芳"]
    assert names(branch, JUNE) == []


def test_an_entry_made_by_mistake_stands_on_no_roster():
    branch = a_branch()
    a_member(branch).mark_wrong("entered twice")

    assert names(branch, MAY) == names(branch) == []


def test_who_came_later_stands_on_no_earlier_roster():
    branch = a_branch()
    a_member(branch, since=JUNE)

    assert names(branch, MAY) == []
    assert len(names(branch, JUNE)) == 1


def test_the_clerks_own_order_comes_first_then_posts_then_the_order_of_entry():
    branch = a_branch()
    a_member(branch, name="后来")
    deputy, secretary = a_member(branch, name="副书"), a_member(branch, name="正书")
    a_member(branch, name="第二", display_order=2)
    a_member(branch, name="第一", display_order=1)
    office(deputy, "deputy_secretary")
    office(secretary, "secretary")

    assert names(branch) == ["第一", "第二", "正书", "副书", "后来"]


# What stood then


def test_branch_name_kind_and_office_are_those_of_the_day():
    branch = a_branch(name="第一支部委员会", short_name="第一党支部")
    member = a_member(
        branch,
        name="李伟",
        joined_on=PartialDate(2023, 6, 5),
        full_member_on=PartialDate(2024, 6, 5),
    )
    office(member, "publicity_member", until=JUNE)
    office(member, "secretary", since=JUNE)
    branch.rename("第二支部委员会", "第二党支部", on=date(2024, 7, 1), document="")

    before, after = roster_of(branch, MAY, OPERATOR), roster_of(branch, TODAY, OPERATOR)

    assert (paper_of(before).title, before.then.name) == ("第一党支部党员花名册", "第一支部委员会")
    assert (paper_of(after).title, after.then.name) == ("第二党支部党员花名册", "第二支部委员会")
    assert (before.count_line, after.count_line) == ("共1人（其中预备党员1人）", "共1人")
    assert cells(before) | {"posts": "宣传委员", "full_member_on": "", "note": "预备党员"} == cells(
        before
    )
    assert cells(after) | {"posts": "书记", "full_member_on": "2024.06.05", "note": ""} == cells(
        after
    )


@pytest.mark.parametrize(
    ("since", "day", "probationary"),
    [
        pytest.param(PartialDate(2024, 6, 5), date(2024, 6, 4), 1, id="the day before"),
        pytest.param(PartialDate(2024, 6, 5), date(2024, 6, 5), 0, id="from that day on"),
        pytest.param(PartialDate(2024, 6), date(2024, 5, 31), 1, id="the month before"),
        pytest.param(PartialDate(2024, 6), date(2024, 6, 1), 0, id="a month, from its first day"),
        pytest.param(PartialDate(2024), date(2024, 1, 1), 0, id="a year, from its first day"),
        pytest.param(None, date(2024, 6, 5), 0, id="a full member of whom no day is known"),
    ],
)
def test_the_kind_of_a_day_follows_from_full_membership(since, day, probationary):
    branch = a_branch()
    a_member(branch, joined_on=PartialDate(2023, 1), full_member_on=since)
    roster = roster_of(branch, day, OPERATOR)

    assert roster.probationary == probationary
    assert [line.probationary for line in roster.lines()] == [bool(probationary)]


def test_a_post_held_elsewhere_is_named_with_its_organisation():
    committee = a_committee()
    member = a_member(a_branch(committee))
    office(member, "deputy_secretary", committee)
    office(member, "discipline_secretary", committee, body="discipline")
    office(member, "organisation_member")

    roster = roster_of(member.organization, TODAY, OPERATOR)

    assert cells(roster)["posts"] == "组织委员、机关党委副书记、机关纪委书记"


def test_a_committee_lists_its_branches_as_they_stood_then():
    old, new = a_committee(), a_committee()
    first, second = a_branch(old, short_name="一支部"), a_branch(old, short_name="二支部")
    a_member(second, name="乙")
    a_member(first, name="甲")
    second.move_under(new, on=JUNE, document="")

    before = roster_of(old, MAY, OPERATOR)

    assert [(line.branch, line.member.name) for line in before.lines()] == [
        ("一支部", "甲"),
        ("二支部", "乙"),
    ]
    assert before.columns[1].heading == "所在党支部"
    assert names(old, JUNE) == ["甲"]
    assert names(new, JUNE) == ["乙"]


def test_the_headings_are_those_of_the_sheet_that_offices_keep():
    assert "".join(column.heading + " " for column in COLUMNS).replace("\n", "").split() == [
        "序号", "姓名", "性别", "民族", "籍贯", "出生年月", "文化程度", "参加工作时间", "入党时间",
        "转正时间", "单位及职务", "党内职务", "身份证号码", "联系电话", "备注",
    ]  # fmt: skip


def test_texts_are_written_as_offices_write_them():
    member = a_member(
        sex="F",
        ethnicity="05",
        born_on=PartialDate(1985, 6, 12),
        id_number=an_id_number(date(1985, 6, 12), "F"),
        education="10",
        education_channel="party_school",
        work_began_on=PartialDate(2007),
        joined_on=PartialDate(2005, 6),
        job_title="市财政局办公室主任",
        phone="13800001234",
        note="借调",
    )
    shown = cells(roster_of(member.organization, TODAY, OPERATOR))

    assert shown == {
        "number": "1",
        "name": "张三",
        "sex": "女",
        "ethnicity": "维吾尔族",
        "native_place": "",
        "born_on": "1985.06",
        "education": "党校研究生",
        "work_began_on": "2007",
        "joined_on": "2005.06",
        "full_member_on": "2006.06.01",
        "job": "市财政局办公室主任",
        "posts": "",
        "id_number": "*" * 15 + member.id_number[-3:],
        "phone": "138****1234",
        "note": "借调",
    }


# Days without a roster


def test_a_day_before_the_founding_and_after_the_end_gets_a_sentence():
    branch = a_branch(short_name="一支部", founded_on=date(2010, 3, 1))
    branch.dissolve(on=JUNE, document="")

    with pytest.raises(ValidationError) as early:
        roster_of(branch, date(2010, 2, 28), OPERATOR)
    with pytest.raises(ValidationError) as late:
        roster_of(branch, JUNE, OPERATOR)

    assert early.value.messages == [
        "一支部 was founded on 2010-03-01. Choose that day or a later one."
    ]
    assert late.value.messages == ["一支部 was dissolved on 2024-06-01. Choose an earlier day."]


def test_a_dissolved_branch_has_a_roster_of_its_own_days():
    branch, other = a_branch(), a_branch()
    member = a_member(branch, name="李伟")
    member.move_to(other, JUNE)
    branch.dissolve(on=JUNE, document="")

    assert names(branch, MAY) == ["李伟"]


# Masks


def test_a_paper_holds_no_full_number_and_says_so():
    member = a_member(phone="13800001234")
    roster = roster_of(member.organization, TODAY, OPERATOR)

    text = text_of(printed(roster))

    assert member.id_number not in text
    assert "13800001234" not in text
    assert member.id_number[-3:] in text
    assert "联系电话部分隐藏" in "".join(text.split())
    assert paper_of(roster).footer == (
        "打印：张干事　2026-11-20 12:00　身份证号码、联系电话部分隐藏"
    )


def test_full_numbers_are_printed_where_asked_for_and_the_foot_says_so():
    member = a_member(phone="13800001234")
    roster = roster_of(member.organization, TODAY, OPERATOR)

    text = text_of(printed(roster, in_full=True, reason="inspection"))

    assert member.id_number in text
    assert "13800001234" in text
    assert "含完整身份证号码、联系电话" in text


def test_who_has_left_the_clerks_rows_is_named_masked_and_without_what_was_written_since():
    branch, elsewhere = a_branch(), a_branch()
    clerk = a_user("branch_clerk", branch)
    member = a_member(branch, name="李伟", phone="13800001234", joined_on=PartialDate(2005, 6))
    member.move_to(elsewhere, JUNE)
    member.job_title, member.note = "新单位处长", "新支部的备注"
    member.correct(TODAY)
    roster = roster_of(branch, MAY, clerk)

    shown = cells(roster, in_full=True)

    assert (shown["name"], shown["joined_on"]) == ("李伟", "2005.06")
    assert (shown["id_number"], shown["phone"]) == (
        "*" * 15 + member.id_number[-3:],
        "138****1234",
    )
    assert (shown["job"], shown["note"]) == ("", "")
    assert "（已转走1人除外）" in paper_of(roster, in_full=True).footer


# Printing


def test_printing_is_logged_with_whose_day_how_many_and_why():
    branch = a_branch()
    a_member(branch)
    printed(roster_of(branch, MAY, OPERATOR), in_full=True, reason="inspection")

    entry = Entry.objects.about(branch).get(action=Action.PRINT)

    assert entry.changes == [
        ["paper", "", "党员花名册"],
        ["form", "", "pdf"],
        ["as at", "", "2024-05-31"],
        ["records", "", 1],
        ["numbers", "", "full"],
    ]
    assert entry.reason == "inspection"


def test_a_branch_of_nobody_prints_a_paper_that_says_so():
    roster = roster_of(a_branch(short_name="一支部"), TODAY, OPERATOR)

    text = text_of(printed(roster))

    assert "一支部党员花名册" in text
    assert "（无人员）" in text
    assert "共0人" in text


def test_nobody_signs_a_roster_of_a_whole_city(monkeypatch):
    branch = a_branch(short_name="一支部")
    a_member(branch), a_member(branch)
    monkeypatch.setattr("members.papers.listed.MOST", 2)
    assert roster_of(branch, TODAY, OPERATOR).count == 2
    a_member(branch)
    with pytest.raises(ValidationError) as error:
        roster_of(branch, TODAY, OPERATOR)

    assert error.value.messages == [
        "More than 2 people belong to 一支部. Choose an organisation below it."
    ]


def test_a_character_that_no_font_has_is_named_before_printing():
    branch = a_branch()
    a_member(branch, note="\ue000")
    warnings = roster_of(branch, TODAY, OPERATOR).glyph_warnings()

    assert len(warnings) == 1
    assert "U+E000" in warnings[0]


def test_the_number_of_queries_does_not_follow_the_number_of_people():
    branch = a_branch()

    def queries() -> int:
        clerk = a_user("branch_clerk", branch)
        with CaptureQueriesContext(connection) as captured:
            roster = roster_of(branch, TODAY, clerk)
            paper_of(roster)
            roster.glyph_warnings()
        return len(captured)

    office(a_member(branch))
    few = queries()
    for _ in range(5):
        office(a_member(branch), "member")

    assert queries() == few <= 9
