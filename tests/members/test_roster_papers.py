"""The papers made of a roster: their order, their groups, the sheets to check and to sign in."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from members.papers.kinds import PAPERS
from members.papers.printing import print_paper
from registry.calendar import PartialDate
from registry.papers.writing import PDF
from tests.factories import a_branch, a_committee, a_member
from tests.members.rosters import an_office, asked_for, column, keys, made

pytestmark = pytest.mark.django_db
MARKUP = '=1+1 #panic() $x$ <b>&"'


@pytest.fixture
def committee():
    return a_committee(short_name="机关党委")


@pytest.fixture
def branches(committee):
    return [a_branch(committee, short_name=name) for name in ("一支部", "二支部", "三支部")]


# Orders


def a_branch_of(*names, branch=None, **fields):
    branch = branch or a_branch(short_name="一支部")
    for name in names:
        a_member(branch, name=name, **fields)
    return branch


@pytest.mark.parametrize(
    ("order", "names"),
    [
        (
            "display",
            ["章明", "林芳", "李强", "张伟", "张一", "李娜", "欧阳雪", "古丽娜尔·买买提江"],
        ),
        ("", ["章明", "林芳", "李强", "张伟", "张一", "李娜", "欧阳雪", "古丽娜尔·买买提江"]),
        ("pinyin", ["古丽娜尔·买买提江", "李娜", "李强", "林芳", "欧阳雪", "张伟", "张一", "章明"]),
        (
            "strokes",
            ["古丽娜尔·买买提江", "李娜", "李强", "张一", "张伟", "林芳", "欧阳雪", "章明"],
        ),
    ],
)
def test_people_stand_in_the_order_that_is_asked_for(order, names):
    branch = a_branch_of(
        "章明", "林芳", "李强", "张伟", "张一", "李娜", "欧阳雪", "古丽娜尔·买买提江"
    )
    assert column(made("roster", branch, order=order), "name") == names


def test_by_joining_the_first_to_join_comes_first_and_who_has_no_day_last():
    branch = a_branch()
    for name, joined in (("丙", None), ("乙", (2001,)), ("甲", (1999, 7)), ("丁", (1999, 7, 1))):
        a_member(branch, name=f"{name}某", joined_on=joined and PartialDate(*joined))

    paper = made("roster", branch, order="joined")

    assert column(paper, "name") == ["甲某", "丁某", "乙某", "丙某"]
    assert column(paper, "number") == ["1", "2", "3", "4"]


@pytest.mark.parametrize("order", ["pinyin", "strokes", "joined"])
def test_the_first_people_of_a_long_roster_are_those_of_the_whole(branches, order):
    for number, branch in enumerate(branches):
        a_branch_of("王一", "丁二", branch=branch, joined_on=PartialDate(2000 - number))
    for key in ("roster", "roster_by_branch"):
        kind = PAPERS[key].make.__self__
        roster, layout = kind.drawn(branches[0].parent, asked_for(order=order))
        whole = kind.paper(roster, layout, asked_for())
        beginning = kind.paper(roster, layout, asked_for(), first=3)
        assert beginning.table.rows == whole.table.rows[:3]


# A committee


def test_the_roster_of_a_committee_is_one_list_with_the_branch_of_each(committee, branches):
    a_branch_of("王一", branch=branches[0])
    a_branch_of("丁一", branch=branches[1])

    paper = made("roster", committee, order="strokes")

    assert column(paper, "name") == ["丁一", "王一"]
    assert column(paper, "branch") == ["二支部", "一支部"]
    assert [section.heading for section in paper.table.sections] == [""]


def test_by_branch_each_has_its_heading_its_order_and_its_sum(committee, branches):
    a_branch_of("王一", "丁一", branch=branches[0])
    a_branch_of("王二", branch=branches[2], kind="probationary", full_member_on=None)

    paper = made("roster_by_branch", committee, order="strokes", page_per_branch=True)

    first, second = paper.table.sections  # a branch of nobody has none
    assert (first.heading, second.heading) == ("一支部", "三支部")
    assert [row[1] for row in first.rows] == ["丁一", "王一"]
    assert (first.total, second.total) == ("小计：2人", "小计：1人（其中预备党员1人）")
    assert paper.count_line == "共3人（其中预备党员1人）"
    assert column(paper, "number") == ["1", "2", "3"]
    assert "branch" not in keys(paper)
    assert paper.page_per_section
    assert not made("roster_by_branch", committee).page_per_section


def test_the_roster_of_one_branch_has_no_groups(branches):
    a_branch_of("王一", branch=branches[0])

    assert [each.heading for each in made("roster_by_branch", branches[0]).table.sections] == [""]


def test_a_committee_of_nobody_gets_a_paper_too(committee):
    paper = made("roster_by_branch", committee)

    assert (paper.count, paper.count_line) == (0, "共0人")


# To check, and to sign in


def test_the_sheet_to_check_is_the_roster_with_a_line_for_corrections(branches):
    branch = a_branch_of("王一", branch=branches[0])

    paper, roster = made("checking_sheet", branch), made("roster", branch)

    assert paper.title == "一支部党员信息核对表"
    assert paper.correction == "更正"
    assert paper.table.rows == roster.table.rows


def test_the_sign_in_sheet_names_the_meeting_and_who_is_expected(branches):
    branch = a_branch_of("王一", branch=branches[0], phone="13800001234")
    an_office(a_member(branch, name="李书记", kind="probationary", full_member_on=None))
    a_member(branch, name="走了").leave("transferred_out", date(2024, 6, 1))

    paper = made("sign_in_sheet", branch, meeting="支部党员大会")

    assert paper.title == "一支部会议签到表"
    assert paper.unit_line == "会议名称：支部党员大会"
    assert paper.day == "时间：2026年11月20日"
    assert paper.count_line == "应到2人（其中预备党员1人）"
    assert paper.table.rows == (("1", "李书记", "书记", "", ""), ("2", "王一", "", "", ""))
    assert [each.heading for each in paper.table.columns][3:] == ["签到", "未到原因"]
    assert paper.signoff[:2] == ("实到：　　　人", "未到：　　　人")
    assert "隐藏" not in paper.footer
    assert column(made("sign_in_sheet", branch, date(2024, 5, 31)), "name")[2:] == ["走了"]


@pytest.mark.parametrize("key", ["roster", "roster_by_branch", "checking_sheet", "sign_in_sheet"])
def test_every_paper_prints_also_for_nobody_and_with_markup_in_every_field(
    committee, branches, key
):
    def pdf(organization) -> bytes:
        answers = asked_for(meeting=MARKUP)
        return print_paper(PAPERS[key], organization, answers, PDF).data

    assert pdf(committee).startswith(b"%PDF")
    member = a_member(branches[0], native_place=MARKUP, job_title=MARKUP, note=MARKUP)
    type(member).objects.filter(pk=member.pk).update(name=MARKUP)

    paper = made(key, committee, meeting=MARKUP)

    assert MARKUP in paper.table.rows[0]
    assert pdf(committee).startswith(b"%PDF")


@pytest.mark.parametrize("key", ["roster", "roster_by_branch", "checking_sheet", "sign_in_sheet"])
def test_a_day_without_the_organisation_is_refused_with_a_sentence(key):
    branch = a_branch(short_name="一支部", founded_on=date(2010, 3, 1))
    with pytest.raises(ValidationError) as error:
        made(key, branch, date(2010, 2, 28))

    assert error.value.messages == [
        "一支部 was founded on 2010-03-01. Choose that day or a later one."
    ]
