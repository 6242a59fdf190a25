"""Base lists: whose income of which year, found by number or name, given back by undoing."""

from __future__ import annotations

from decimal import Decimal

import pytest

from members.models import BaseComponent, DuesBase
from tests.factories import a_branch, a_member, a_user, an_id_number
from tests.members.ledger import month
from tests.members.sheets_of_dues import (
    a_sheet,
    answered,
    applied,
    codes_of,
    said_of,
    staged,
    states,
    undone,
)

pytestmark = pytest.mark.django_db

BY_ID = ("身份证", "年份", "缴费基准")
BY_NAME = ("序号", "姓  名", "核算基数（元）")


@pytest.fixture
def member(branch):
    return a_member(branch, name="陶敏", staff_number="0017")


def bases():
    return [(each.member.name, each.year, each.amount) for each in DuesBase.objects.order_by("pk")]


def test_a_list_by_id_number_gives_bases(branch, member):
    job = staged("dues_bases", a_sheet(BY_ID, (member.id_number, "2026", "¥8,123.50元")), branch)
    assert (states(job), codes_of(job)) == (["new"], [])
    assert applied(job).written == 1
    assert bases() == [("陶敏", 2026, Decimal("8123.50"))]


def test_a_list_by_name_takes_its_year_from_the_title(branch, member):
    data = a_sheet(BY_NAME, (1, "陶  敏", "８０００"), title="2026年度党费核算基数表")
    job = staged("dues_bases", data, branch)
    assert applied(job).written == 1
    assert bases() == [("陶敏", 2026, Decimal("8000.00"))]


def test_a_list_without_a_year_is_asked_for_it(branch, member):
    job = staged("dues_bases", a_sheet(BY_NAME, (1, "陶敏", 8000)), branch)
    assert said_of(job) == [("B1".replace("1", "2"), "year_missing", "error")]


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("八千", "amount_unreadable"),
        ("-8000", "amount_negative"),
        (-8000, "amount_negative"),
        ("8000.005", "amount_below_fen"),
        ("8e3", "amount_unreadable"),
        (None, "value_missing"),
    ],
)
def test_what_is_no_base_is_told_at_its_cell(branch, member, written, code):
    job = staged("dues_bases", a_sheet(BY_ID, (member.id_number, 2026, written)), branch)
    assert said_of(job) == [("C2", code, "error")]
    assert applied(job).stopped
    assert bases() == []


def test_two_bases_for_one_year_name_each_other(branch, member):
    rows = [(member.id_number, 2026, 8000), (member.id_number, 2026, 9000)]
    job = staged("dues_bases", a_sheet(BY_ID, *rows), branch)
    assert said_of(job) == [("C2", "base_twice", "error"), ("C3", "base_twice", "error")]


def test_the_same_base_twice_is_taken_once(branch, member):
    rows = [(member.id_number, 2026, 8000), (member.id_number, 2026, 8000)]
    job = staged("dues_bases", a_sheet(BY_ID, *rows), branch)
    assert states(job) == ["new", "skipped"]


def test_the_same_list_again_changes_nothing(branch, member):
    data = a_sheet(BY_ID, (member.id_number, 2026, 8000))
    applied(staged("dues_bases", data, branch))
    assert states(staged("dues_bases", data, branch)) == ["unchanged"]


def test_two_namesakes_ask(branch, member):
    other = a_member(branch, name="陶敏")
    job = staged("dues_bases", a_sheet((*BY_NAME, "年份"), (1, "陶敏", 8000, 2026)), branch)
    assert (states(job), codes_of(job)) == (["question"], ["match_unsure"])
    answered(job, "match_unsure", str(other.pk))
    applied(job)
    assert DuesBase.objects.get().member == other


def test_a_name_of_the_whole_committee_is_unsure(committee, branch, member):
    a_branch(committee)
    job = staged("dues_bases", a_sheet((*BY_NAME, "年份"), (1, "陶敏", 8000, 2026)), committee)
    assert (states(job), codes_of(job)) == (["question"], ["match_unsure"])


def test_finance_finds_people_by_their_staff_numbers(committee, member):
    headings = ("工号", "姓名", "月工资收入", "年度")
    job = staged("dues_bases", a_sheet(headings, ("0017", "陶敏", 8000, 2026)), committee)
    assert applied(job).written == 1


def test_another_name_than_that_of_the_number_asks(committee, member):
    headings = ("工号", "姓名", "月工资收入", "年度")
    job = staged("dues_bases", a_sheet(headings, ("0017", "陶明", 8000, 2026)), committee)
    assert codes_of(job) == ["name_differs"]
    answered(job, "name_differs", "register")
    assert applied(job).written == 1


def test_somebody_elses_member_and_nobody_get_the_same_answer(branch, member):
    foreign = a_member(a_branch(), name="魏然")
    clerk = a_user("branch_clerk", branch)
    rows = [(foreign.id_number, 2026, 8000), (an_id_number(), 2026, 8000)]
    job = staged("dues_bases", a_sheet(BY_ID, *rows), branch, user=clerk)
    assert len({each.message for each in job.findings.all()}) == 1
    assert codes_of(job) == ["member_unknown", "member_unknown"]


def test_components_are_columns_under_their_names(branch, committee, member):
    for name, deducted in (("职务工资", False), ("个人所得税", True)):
        BaseComponent.objects.create(
            organization=committee, name=name, deducted=deducted, month_from=month(1, 2020)
        )
    headings = ("姓名", "年份", "职务工资", "个人所得税")
    job = staged("dues_bases", a_sheet(headings, ("陶敏", 2026, 9000, 500)), branch)
    assert applied(job).written == 1
    base = DuesBase.objects.get()
    assert (base.amount, base.parts.count()) == (Decimal("8500.00"), 2)


def test_components_that_add_up_to_another_base_are_wrong(branch, committee, member):
    BaseComponent.objects.create(organization=committee, name="职务工资", month_from=month(1, 2020))
    headings = ("姓名", "年份", "缴费基数", "职务工资")
    job = staged("dues_bases", a_sheet(headings, ("陶敏", 2026, 8000, 9000)), branch)
    assert said_of(job) == [("C2", "base_parts", "error")]


def test_taking_back_gives_back_what_was_there(branch, member):
    other = a_member(branch, name="魏然")
    DuesBase.give(member, 2026, Decimal("7000.00"))
    rows = [(member.id_number, 2026, 8000), (other.id_number, 2026, 9000)]
    job = staged("dues_bases", a_sheet(BY_ID, *rows), branch)
    assert states(job) == ["changed", "new"]
    applied(job)
    assert undone(job) == (2, 0, 0)
    assert bases() == [("陶敏", 2026, Decimal("7000.00"))]


def test_a_base_that_somebody_has_changed_since_stays(branch, member):
    job = staged("dues_bases", a_sheet(BY_ID, (member.id_number, 2026, 8000)), branch)
    applied(job)
    DuesBase.give(member, 2026, Decimal("8500.00"))
    assert undone(job) == (0, 1, 0)
    assert bases() == [("陶敏", 2026, Decimal("8500.00"))]
