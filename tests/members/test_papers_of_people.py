"""Birthdays, fifty years, floating, lost contact, hardship: who stands on the list of a day."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from members.models import FloatingOut, Member
from members.papers.kinds import PAPERS
from registry.calendar import PartialDate
from tests.factories import TODAY, a_branch, a_committee, a_member, a_user
from tests.members.papers import column, headings, made, names, office, rows, text_of

pytestmark = pytest.mark.django_db
JUNE, MAY = date(2024, 6, 1), date(2024, 5, 31)
# What puts somebody on each list as at a day of May 2024 and today.
ON_THE_LIST = {
    "birthdays": {"joined_on": PartialDate(2005, 6, 1), "full_member_on": PartialDate(2006, 6, 1)},
    "fifty_years": {
        "born_on": PartialDate(1950, 3),
        "joined_on": PartialDate(1972, 6),
        "full_member_on": PartialDate(1973, 6),
    },
    "floating": {"floating": True, "floating_to": "广东省深圳市"},
    "lost_contact": {"lost_contact_since": PartialDate(2024, 3)},
    "hardship": {"hardship": True},
}
OPTIONS = {"birthdays": {"more": {"month": 6}}}
every_list = pytest.mark.parametrize("key", ON_THE_LIST)
# Lists that go by what is kept without a day: it may have been written after a move.
by_flags = pytest.mark.parametrize("key", ["floating", "lost_contact", "hardship"])
by_dates = pytest.mark.parametrize("key", ["birthdays", "fifty_years"])


def on_the_list(key, branch, **fields):
    return a_member(branch, **ON_THE_LIST[key] | fields)


def listed(key, organization, day=TODAY, **options):
    return names(key, organization, day, **OPTIONS.get(key, {}), **options)


# Every list


@every_list
def test_who_belonged_on_the_day_stands_on_it(key):
    old, new = a_branch(), a_branch()
    on_the_list(key, old, name="李伟").move_to(new, JUNE)
    on_the_list(key, old, name="王芳").suspend(JUNE)
    on_the_list(key, old, name="赵六").leave("died", JUNE)
    on_the_list(key, old, name="钱七").mark_wrong("entered twice")

    assert listed(key, old, MAY) == ["李伟", "王芳", "赵六"]
    assert listed(key, old, JUNE) == []
    assert listed(key, new, JUNE) == ["李伟"]


@every_list
def test_an_empty_list_is_a_paper_that_says_so(key):
    branch = a_branch(name="第一支部委员会", short_name="一支部")
    a_member(branch, joined_on=PartialDate(2005, 3), full_member_on=PartialDate(2006, 3))

    paper = made(key, branch, **OPTIONS.get(key, {}))

    assert paper.count == 0
    assert paper.count_line == "共0人"
    assert "（无人员）" in text_of(key, branch, **OPTIONS.get(key, {}))


@every_list
def test_a_committee_groups_them_by_branch_under_its_name_of_the_day(key):
    committee = a_committee()
    second = a_branch(committee, name="乙支部", display_order=2)
    first = a_branch(committee, name="甲支部", display_order=1)
    on_the_list(key, first, name="甲一"), on_the_list(key, second, name="乙一")
    on_the_list(key, second, name="乙二")
    second.rename("丙支部", "", on=JUNE, document="")

    before = made(key, committee, MAY, **OPTIONS.get(key, {}))
    after = made(key, committee, TODAY, **OPTIONS.get(key, {}))

    assert list(headings(before)) == ["乙支部（2人）", "甲支部（1人）"]
    assert list(headings(after)) == ["丙支部（2人）", "甲支部（1人）"]
    assert column(before, "name") == ["乙一", "乙二", "甲一"]
    assert column(before, "number") == ["1", "2", "3"]
    assert list(headings(made(key, first, **OPTIONS.get(key, {})))) == [""]


@every_list
def test_branches_of_one_short_name_are_not_thrown_together(key):
    top = a_committee()
    for name in ("甲", "乙"):
        branch = a_branch(a_committee(top), name=f"{name}局第一支部", short_name="第一党支部")
        on_the_list(key, branch)

    assert list(headings(made(key, top, **OPTIONS.get(key, {})))) == [
        "甲局第一支部（1人）",
        "乙局第一支部（1人）",
    ]


@every_list
def test_numbers_are_masked_unless_asked_for_in_full(key):
    member = on_the_list(key, a_branch(), phone="13800001234")

    masked = made(key, member.organization, **OPTIONS.get(key, {}))
    full = made(key, member.organization, in_full=True, **OPTIONS.get(key, {}))

    [shown], [open_] = rows(masked), rows(full)
    assert (shown["phone"], open_["phone"]) == ("138****1234", "13800001234")
    assert member.id_number not in "".join(masked.texts())
    if "id_number" in shown:
        assert (shown["id_number"], open_["id_number"]) == (
            "*" * 15 + member.id_number[-3:],
            member.id_number,
        )
    assert masked.footer.startswith("打印：张干事　2026-11-20 12:00　")
    assert masked.footer.endswith("部分隐藏")
    assert "含完整" in full.footer


@every_list
@pytest.mark.parametrize("text", ["#f()$x$", "=1+1", "<b>x"])
def test_syntax_of_any_program_is_printed_as_it_is_written(key, text):
    member = on_the_list(key, a_branch())
    Member.objects.filter(pk=member.pk).update(name=text, note=text, job_title=text)

    assert text_of(key, member.organization, **OPTIONS.get(key, {})).count(text) == 3


@every_list
def test_a_day_without_the_organisation_gets_a_sentence_and_an_earlier_one_a_list(key):
    branch, other = a_branch(short_name="一支部", founded_on=date(2010, 3, 1)), a_branch()
    on_the_list(key, branch, name="李伟", since=date(2010, 3, 1)).move_to(other, JUNE)
    branch.dissolve(on=JUNE, document="")

    assert listed(key, branch, MAY) == ["李伟"]
    for day, sentence in (
        (JUNE, "一支部 was dissolved on 2024-06-01. Choose an earlier day."),
        (
            date(2010, 2, 28),
            "一支部 was founded on 2010-03-01. Choose that day or a later one.",
        ),
    ):
        with pytest.raises(ValidationError) as error:
            listed(key, branch, day)
        assert error.value.message_dict == {"on": [sentence]}


@every_list
def test_more_people_than_anybody_reads_get_a_sentence(key, monkeypatch):
    branch = a_branch(short_name="一支部")
    for module in ("people", "party_age"):
        monkeypatch.setattr(f"members.papers.{module}.MOST", 2)
    on_the_list(key, branch), on_the_list(key, branch)
    assert len(listed(key, branch)) == 2
    on_the_list(key, branch)

    with pytest.raises(ValidationError) as error:
        listed(key, branch)

    assert error.value.message_dict == {
        "organization": ["More than 2 people of 一支部. Choose an organisation below it."]
    }


@every_list
def test_the_number_of_queries_does_not_follow_the_number_of_people(key):
    committee = a_committee()

    def queries() -> int:
        clerk = a_user("committee_clerk", committee)
        with CaptureQueriesContext(connection) as captured:
            made(key, committee, TODAY, clerk, **OPTIONS.get(key, {}))
        return len(captured)

    on_the_list(key, a_branch(committee))
    few = queries()
    for _ in range(4):
        on_the_list(key, a_branch(committee))

    assert queries() == few


# Whom the reader sees


@by_flags
def test_what_may_have_been_written_after_a_move_is_not_told(key):
    branch = a_branch()
    on_the_list(key, branch, name="李伟").move_to(a_branch(), JUNE)
    clerk = a_user("branch_clerk", branch)

    assert listed(key, branch, MAY) == ["李伟"]
    assert listed(key, branch, MAY, reader=clerk) == []


@by_dates
def test_who_has_moved_out_since_is_named_masked_and_without_what_was_written_since(key):
    branch = a_branch()
    member = on_the_list(key, branch, name="李伟", phone="13800001234")
    member.move_to(a_branch(), JUNE)
    member.job_title, member.note = "新单位处长", "新支部的备注"
    member.correct(TODAY)
    clerk = a_user("branch_clerk", branch)

    paper = made(key, branch, MAY, clerk, in_full=True, **OPTIONS.get(key, {}))

    [shown] = rows(paper)
    assert (shown["name"], shown["phone"], shown["job"], shown["note"]) == (
        "李伟",
        "138****1234",
        "",
        "",
    )
    assert paper.footer.endswith("（已转走1人除外）")


# 政治生日


@pytest.mark.parametrize(
    ("joined", "month", "birthday", "anniversary"),
    [
        pytest.param(PartialDate(2005, 6, 12), 6, "6月12日", "21周年", id="a day"),
        pytest.param(PartialDate(2005, 6), 6, "6月", "21周年", id="a month"),
        pytest.param(PartialDate(2008, 2, 29), 2, "2月28日", "18周年", id="29 February"),
        pytest.param(PartialDate(2005, 6), 7, None, None, id="another month"),
        pytest.param(PartialDate(2005), 1, None, None, id="only the year is known"),
        pytest.param(PartialDate(2026, 3, 1), 3, None, None, id="the month of joining itself"),
    ],
)
def test_a_party_birthday_is_the_anniversary_of_joining(joined, month, birthday, anniversary):
    branch = a_branch()
    a_member(branch, kind="probationary", joined_on=joined, full_member_on=None)

    found = rows(made("birthdays", branch, more={"month": month}))

    assert [(row["birthday"], row["anniversary"]) for row in found] == (
        [(birthday, anniversary)] if birthday else []
    )


def test_birthdays_stand_by_their_day_and_without_a_question_in_the_month_of_the_day():
    branch = a_branch(short_name="一支部")
    for name, day in (("晚", 30), ("早", 2), ("只知月份", 0)):
        a_member(branch, name=name, joined_on=PartialDate(2005, 11, day))

    assert names("birthdays", branch, TODAY) == ["只知月份", "早", "晚"]
    assert made("birthdays", branch, TODAY).title == "一支部2026年11月政治生日名单"
    assert made("birthdays", branch, MAY).title == "一支部2024年5月政治生日名单"
    assert names("birthdays", branch, MAY) == []


# 光荣在党50年


@pytest.mark.parametrize(
    ("full", "months", "age", "note"),
    [
        pytest.param(PartialDate(1976, 7, 1), 0, "50年", "本年度新满50年", id="to the day"),
        pytest.param(PartialDate(1976, 7, 2), 0, None, None, id="a day short"),
        pytest.param(PartialDate(1976, 7), 0, "50年", "本年度新满50年", id="a month"),
        pytest.param(PartialDate(1975, 7, 1), 0, "51年", "", id="longer than a year ago"),
        pytest.param(PartialDate(1970, 4), 0, "56年3个月", "", id="no probation then"),
        pytest.param(PartialDate(1976, 5, 1), -3, None, None, id="months of suspension less"),
        pytest.param(PartialDate(1977, 1, 1), 6, "50年", "本年度新满50年", id="months given"),
    ],
)
def test_fifty_years_count_from_full_membership_with_the_correction(full, months, age, note):
    branch = a_branch()
    a_member(
        branch,
        born_on=PartialDate(1950),
        joined_on=full,
        full_member_on=full,
        party_age_correction=months,
    )

    found = rows(made("fifty_years", branch))

    assert [(row["party_age"], row["note"]) for row in found] == ([(age, note)] if age else [])


def test_the_year_may_be_another_one_and_a_member_without_the_day_is_not_counted():
    branch = a_branch(short_name="一支部")
    fields = {"born_on": PartialDate(1950), "joined_on": PartialDate(1975)}
    a_member(branch, name="明年", full_member_on=PartialDate(1977, 3), **fields)
    a_member(branch, name="不详", full_member_on=None, **fields)
    a_member(branch, name="预备", kind="probationary", full_member_on=None, **fields)

    assert names("fifty_years", branch) == []
    next_year = made("fifty_years", branch, more={"year": 2027})
    assert column(next_year, "name") == ["明年"]
    assert next_year.title == "一支部2027年光荣在党50年党员名册"


@pytest.mark.parametrize(
    ("key", "data", "errors"),
    [
        ("birthdays", {"month": "2"}, {}),
        ("birthdays", {"month": ""}, {"month": ["Choose the month."]}),
        (
            "birthdays",
            {"month": "13"},
            {"month": ["“13” is not a month. Choose one from 1 to 12."]},
        ),
        ("fifty_years", {"year": "2027"}, {}),
        ("fifty_years", {"year": ""}, {"year": ["Write the year."]}),
        (
            "fifty_years",
            {"year": "1970"},
            {"year": ["“1970” is not a year from 1971 on. Write it as 2026."]},
        ),
        (
            "fifty_years",
            {"year": "soon"},
            {"year": ["“soon” is not a year from 1971 on. Write it as 2026."]},
        ),
        (
            "fifty_years",
            {"year": "10000"},
            {"year": ["“10000” is not a year from 1971 on. Write it as 2026."]},
        ),
    ],
)
def test_an_answer_that_cannot_be_read_is_quoted(key, data, errors):
    assert PAPERS[key].questions(data).errors == errors


# 流动, 失联, 困难


def test_where_a_floating_member_has_gone_stands_beside_him():
    branch = a_branch(short_name="一支部")
    a_member(branch), on_the_list("floating", branch, name="李伟")
    paper = made("floating", branch)

    assert paper.title == "一支部流动党员名册"
    assert [(row["name"], row["floating_to"]) for row in rows(paper)] == [("李伟", "广东省深圳市")]


def test_a_time_away_is_listed_as_at_its_days():
    branch = a_branch()
    member = a_member(branch, name="李伟")
    away = FloatingOut(
        member=member, begins_on=MAY, place="深圳市", province="44", permit_number="流动17"
    )
    away.keep(TODAY)
    away.end(JUNE)
    a_member(branch, name="王芳")
    [row] = rows(made("floating", branch, MAY))
    assert (row["floating_to"], row["begins_on"], row["reason"], row["permit"]) == (
        "广东省深圳市", "2024.05.31", "务工经商", "流动17",
    )  # fmt: skip
    assert listed("floating", branch, JUNE) == []


@pytest.mark.parametrize(
    ("since", "day", "found"),
    [
        (PartialDate(2024, 3), MAY, [("2024.03", "2个月")]),
        (PartialDate(2024, 5, 31), MAY, [("2024.05.31", "0个月")]),
        (PartialDate(2022, 5), MAY, [("2022.05", "2年")]),
        (PartialDate(2023, 1, 15), MAY, [("2023.01.15", "1年4个月")]),
        (PartialDate(2024, 6), MAY, []),
        (None, MAY, []),
    ],
)
def test_contact_was_lost_by_the_day_or_not_yet(since, day, found):
    branch = a_branch()
    a_member(branch, lost_contact_since=since)

    shown = rows(made("lost_contact", branch, day))

    assert [(row["lost_contact_since"], row["lost_for"]) for row in shown] == found


def test_the_list_of_hardship_tells_category_and_party_age_on_the_day():
    branch = a_branch()
    member = on_the_list("hardship", branch, category="retired", note="慢性病")
    office(member, "publicity_member")

    [shown] = rows(made("hardship", branch, MAY))

    assert (shown["category"], shown["party_age"], shown["note"]) == (
        "退休",
        "17年",
        "慢性病",
    )
