"""The statistics as at a day: every number, the people behind it, and the command."""

from __future__ import annotations

import json
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from branches.models import Area, Unit
from members.models import Member
from members.models.figures.chosen import Chosen
from members.models.figures.counting import GROUPS, counted, organizations_on, stays_behind
from members.models.reorganizing import move_organization
from registry.access import OPERATOR
from registry.calendar import PartialDate
from tests.factories import a_branch, a_committee, a_member, a_user, a_work_committee

pytestmark = pytest.mark.django_db

YEAR_END = date(2025, 12, 31)


@pytest.fixture
def branch():
    return a_branch()


def one_of(branch, group: str, day: date = YEAR_END) -> str:
    """The code under which the only member of a branch is counted."""
    [code] = [code for code, n in counted(Chosen(branch), day)[group].items() if n]
    return code


@pytest.mark.parametrize(
    ("fields", "group", "code"),
    [
        ({"sex": "F"}, "by_sex", "F"),
        ({"sex": "", "id_number": ""}, "by_sex", "unknown"),
        ({"born_on": PartialDate(1995, 1, 1)}, "by_age", "to_30"),
        ({"born_on": PartialDate(1994, 12, 31)}, "by_age", "31_35"),
        ({"born_on": PartialDate(1994, 12)}, "by_age", "31_35"),
        ({"born_on": PartialDate(1964)}, "by_age", "from_61"),
        ({"born_on": None}, "by_age", "unknown"),
        ({"education": "14"}, "by_education", "postgraduate"),
        ({"education": "28"}, "by_education", "university"),
        ({"education": ""}, "by_education", "unknown"),
        ({"category": "retired"}, "by_category", "retired"),
        ({"joined_on": PartialDate(1978, 11)}, "by_joined", "1949_10_1978_11"),
        ({"joined_on": PartialDate(1978, 12)}, "by_joined", "1978_12_1999_12"),
        ({"joined_on": PartialDate(2012, 11, 1)}, "by_joined", "from_2012_11"),
        ({"joined_on": None}, "by_joined", "unknown"),
        ({"full_member_on": PartialDate(2016, 1, 1)}, "by_party_age", "to_9"),
        ({"full_member_on": PartialDate(2015, 12, 31)}, "by_party_age", "10_19"),
        (
            {"full_member_on": PartialDate(2015, 12, 31), "party_age_correction": -1},
            "by_party_age",
            "to_9",
        ),
        (
            {"full_member_on": PartialDate(2016, 3, 15), "party_age_correction": 3},
            "by_party_age",
            "10_19",
        ),
        ({"kind": "probationary", "full_member_on": None}, "by_party_age", "unknown"),
        ({"ethnicity": "15"}, "by_ethnicity", "15"),
    ],
)
def test_a_member_is_counted_in_the_band_that_holds_him(branch, fields, group, code):
    member = Member(
        **{"name": "张三", "sex": "M", "organization": branch, "ethnicity": "01"} | fields
    )
    member.admit(date(2000, 1, 1), today=date(2026, 11, 20))
    assert one_of(branch, group) == code
    assert [stay.member for stay in stays_behind(Chosen(branch), YEAR_END, group, code)] == [member]


def test_every_number_counts_just_the_list_behind_it(branch):
    for year, education, sex in ((1950, "80", "M"), (1972, "21", "F"), (1999, "11", "F")):
        a_member(
            branch,
            born_on=PartialDate(year),
            education=education,
            sex=sex,
            id_number="",
            ethnicity="08" if sex == "F" else "01",
            joined_on=PartialDate(year + 22, 5),
            full_member_on=PartialDate(year + 23, 5),
        )
    chosen = Chosen(branch)
    for group, numbers in counted(chosen, YEAR_END).items():
        assert set(numbers) == set(GROUPS[group](YEAR_END))
        for code, number in numbers.items():
            behind = stays_behind(chosen, YEAR_END, group, code)
            assert behind.count() == number, (group, code)
        if group != "members":
            assert sum(numbers.values()) == 3, group


def test_who_became_a_full_member_later_was_on_probation_then(branch):
    a_member(branch, joined_on=PartialDate(2024, 6, 1), full_member_on=PartialDate(2025, 6, 1))
    then = counted(Chosen(branch), date(2025, 5, 31))["members"]
    assert (then["full"], then["probationary"]) == (0, 1)
    now = counted(Chosen(branch), date(2025, 6, 1))["members"]
    assert (now["full"], now["probationary"]) == (1, 0)


def test_last_years_figures_stay_what_they_were_when_a_branch_moves(branch):
    committee = branch.parent
    there = a_committee(committee.parent)
    a_member(branch)

    def last_year() -> tuple:
        return tuple(of(Chosen(committee), YEAR_END) for of in (counted, organizations_on))

    before = last_year()
    move_organization(branch, there, date(2026, 3, 1))
    committee.refresh_from_db()
    assert last_year() == before
    assert counted(Chosen(there), YEAR_END)["members"]["total"] == 0
    assert counted(Chosen(there), date(2026, 3, 1))["members"]["total"] == 1


def test_an_area_and_a_unit_hold_what_stands_below_theirs_and_is_no_others():
    work = a_work_committee()
    first, second = a_committee(work), a_committee(work)
    area, other = Area.objects.create(name="第一片区"), Area.objects.create(name="第二片区")
    unit = Unit.objects.create(name="市财政局")
    for committee, theirs in ((first, area), (second, other)):
        committee.area = theirs
        committee.save()
    first.units.add(unit)
    lent = a_branch(first, area=other)
    for branch in (a_branch(first), lent, a_branch(second)):
        a_member(branch)
    totals = {
        str(chosen): counted(chosen, YEAR_END)["members"]["total"]
        for chosen in (
            Chosen(area=area, reader=OPERATOR),
            Chosen(area=other, reader=OPERATOR),
            Chosen(unit=unit, reader=OPERATOR),
        )
    }
    assert totals == {"第一片区": 1, "第二片区": 2, "市财政局": 2}
    reader = a_user("reader", second)
    assert counted(Chosen(area=other, reader=reader), YEAR_END)["members"]["total"] == 1


def answer_of(*arguments: str) -> dict:
    out = StringIO()
    call_command("statistics", *arguments, "--json", stdout=out)
    return json.loads(out.getvalue())


def test_the_command_says_the_figures_under_fixed_keys(branch):
    a_member(branch, sex="F", id_number="", education="20", ethnicity="15")
    said = answer_of("--organization", branch.parent.code, "--on", "2025-12-31")
    assert list(said) == ["organization", "on", "members", "organizations", "balance"]
    assert (said["organization"], said["on"]) == (branch.parent.code, "2025-12-31")
    members = said["members"]
    assert list(members) == [
        "total", "full", "probationary", "women", "minority",
        "by_age", "by_education", "by_category", "by_joined",
    ]  # fmt: skip
    assert [members[key] for key in ("total", "full", "women", "minority")] == [1, 1, 1, 1]
    assert members["by_education"]["university"] == 1
    assert said["organizations"] == {
        "work_committee": 0,
        "leading_group": 0,
        "party_committee": 0,
        "organ_committee": 1,
        "general_branch": 0,
        "branch": 1,
    }
    assert said["balance"] == {
        "opening": 1, "developed": 0, "transferred_in": 0, "restored": 0, "whole_in": 0,
        "transferred_out": 0, "died": 0, "left": 0, "probation_cancelled": 0, "suspended": 0,
        "whole_out": 0, "closing": 1, "difference": 0,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("on", "code", "sentence"),
    [
        ("2999-01-01", 1, "2999-01-01 is still to come. Choose today or an earlier day."),
        ("2025-13-01", 2, "“2025-13-01” is not a day. Write it as 2026-11-20."),
    ],
)
def test_the_command_refuses_a_day_that_has_no_figures(branch, on, code, sentence):
    with pytest.raises(CommandError, match=sentence) as refused:
        answer_of("--organization", branch.code, "--on", on)
    assert refused.value.returncode == code


def test_the_command_refuses_a_day_before_the_founding(branch):
    sentence = f"{branch} was founded on 2000-01-01. Choose that day or a later one."
    with pytest.raises(CommandError, match=sentence) as refused:
        answer_of("--organization", branch.code, "--on", "1999-12-31")
    assert refused.value.returncode == 1


def test_the_command_gives_one_answer_for_a_foreign_and_for_no_organisation(branch):
    clerk = a_user("branch_clerk", a_branch())
    for code in (branch.code, "999999"):
        sentence = f"There is no organisation of code “{code}”. Check it, leading zeros included."
        with pytest.raises(CommandError, match=sentence) as refused:
            answer_of("--organization", code, "--on", "2025-12-31", "--as", clerk.username)
        assert refused.value.returncode == 2
