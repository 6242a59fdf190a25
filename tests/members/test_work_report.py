"""The work report: what the registers fill, what is typed, and the sentences that hold both."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from branches.models import Unit
from members.models import Office, Term, TypedFigure, UnitHead, WorkReportTemplate
from members.models.figures.work_reports import template_for
from members.models.figures.working import Working, work_report_of
from members.models.reorganizing import dissolve_organization, move_organization
from members.rules.work_report import DEFAULT_TEMPLATE, FACTS
from registry.calendar import PartialDate
from tests.factories import TODAY, a_branch, a_committee, a_member, a_user, a_work_committee
from tests.members.terms import a_term

pytestmark = pytest.mark.django_db

FIRST, LAST, MAY = date(2025, 1, 1), date(2025, 12, 31), date(2025, 5, 12)


@pytest.fixture
def work():
    return a_work_committee()


@pytest.fixture
def committee(work):
    return a_committee(work)


def said(organization) -> dict:
    """The numbers of 2025 that are something."""
    numbers = work_report_of(organization, FIRST, LAST)
    return {key: number for key, number in numbers.items() if number}


def test_what_happened_to_organisations_is_told_by_the_chronicle(work, committee):
    other = a_committee(work, founded_on=MAY)
    branch = a_branch(committee, founded_on=MAY)
    old = a_branch(committee)
    branch.rename("中共第一支部委员会", "第一支部", on=date(2025, 6, 1))
    branch.rename("中共第二支部委员会", "第二支部", on=date(2025, 7, 1))
    move_organization(branch, other, date(2025, 8, 1))
    dissolve_organization(old, date(2025, 9, 1))
    assert said(work) == {
        "organizations_total": 4,
        "organ_committees_founded": 1,
        "branches_founded": 1,
        "organizations_renamed": 1,
        "organizations_moved": 1,
        "organizations_dissolved": 1,
    }
    assert said(committee)["organizations_moved"] == 1, "it moved out"
    assert said(other)["organizations_moved"] == 1, "it moved in"


def test_people_are_counted_as_in_the_balance(committee):
    branch, outside = a_branch(committee), a_branch(a_committee())
    new = a_member(branch, since=MAY, kind="probationary", full_member_on=None,
                   joined_on=PartialDate(2025, 5, 12))  # fmt: skip
    new.placements.update(began="developed")
    full = a_member(
        branch, joined_on=PartialDate(2024, 5, 6), full_member_on=PartialDate(2025, 5, 6)
    )
    a_member(branch).move_to(outside, MAY)
    a_member(branch).leave("died", MAY)
    assert said(committee) == {
        "organizations_total": 2,
        "members_total": 2,
        "members_developed": 1,
        "members_made_full": 1,
        "members_transferred_out": 1,
        "members_died": 1,
    }
    working = Working(committee, FIRST, LAST)
    assert [each.member_id for each in working.behind("members_developed")] == [new.pk]
    assert [each.member_id for each in working.behind("members_made_full")] == [full.pk]


def test_heads_of_units_who_are_secretaries_are_counted_with_their_units(committee):
    headed, other = Unit.objects.create(name="市财政局"), Unit.objects.create(name="市档案馆")
    committee.units.add(headed, other)
    head = a_member(a_branch(committee))
    UnitHead.objects.create(unit=headed, member=head)
    Office.objects.create(
        organization=committee, member=head, post="secretary", held_from=date(2020, 1, 1)
    )
    numbers = said(committee)
    assert numbers["units_with_organizations"] == 2
    assert numbers["units_whose_head_is_secretary"] == 1


def test_every_number_of_a_register_counts_the_list_behind_it(committee):
    working = Working(committee, FIRST, LAST)
    listed = {"members_total", "organizations_total", "dues_returned"}
    for code, number in working.numbers().items():
        if FACTS[code].about and code not in listed:
            assert number == len(working.behind(code)), code


def test_a_typed_number_keeps_its_author_until_it_changes(committee):
    first, second = a_user("committee_clerk", committee), a_user("committee_clerk", committee)
    visits = {"members_visited": Decimal(12), "money_for_visits": Decimal("3.50")}
    TypedFigure.keep(committee, FIRST, LAST, visits, TODAY, first)
    TypedFigure.keep(
        committee, FIRST, LAST, {**visits, "members_visited": Decimal(14)}, TODAY, second
    )
    kept = {each.key: (each.value, each.typed_by) for each in TypedFigure.objects.all()}
    assert kept == {"members_visited": (14, second), "money_for_visits": (Decimal("3.5"), first)}
    assert work_report_of(committee, FIRST, LAST)["members_visited"] == 14
    assert work_report_of(committee, FIRST, date(2025, 6, 30))["members_visited"] is None
    TypedFigure.keep(committee, FIRST, LAST, {"members_visited": None}, TODAY, second)
    assert work_report_of(committee, FIRST, LAST)["members_visited"] is None


def test_a_typed_number_below_zero_is_refused_and_none_is_kept(committee):
    with pytest.raises(ValidationError) as refused:
        TypedFigure.keep(
            committee, FIRST, LAST,
            {"red_flag_branches": Decimal(2), "members_visited": Decimal(-1)}, TODAY,
        )  # fmt: skip
    assert refused.value.message_dict == {
        "members_visited": ["-1 is below 0. Write how many there were."]
    }
    assert not TypedFigure.objects.exists()


def test_the_sentences_of_an_office_hold_below_it_until_an_office_has_its_own(work, committee):
    assert template_for(committee) == DEFAULT_TEMPLATE
    WorkReportTemplate.write(work, "发展党员{发展党员}名。")
    assert template_for(committee) == "发展党员{发展党员}名。"
    WorkReportTemplate.write(committee, "种树{种树}棵。")
    assert template_for(committee) == "种树{种树}棵。"
    assert template_for(work) == "发展党员{发展党员}名。"


def test_committees_that_were_due_and_those_that_elected_in_time(committee):
    held, late, overdue, postponed, gone, later = (a_branch(committee) for _each in range(6))
    for branch, years in (
        (held, 3),
        (late, 3),
        (overdue, 2),
        (postponed, 3),
        (gone, 3),
        (later, 5),
    ):
        a_term(branch, date(2022, 6, 10), years)
    a_term(held, date(2025, 6, 10), 3)
    a_term(late, date(2025, 6, 11), 3)
    put_off = Term.objects.get(organization=postponed)
    put_off.postpone(date(2026, 3, 1), "机关工委", date(2025, 5, 1), TODAY)
    Term.objects.get(organization=gone).end(date(2025, 3, 1), TODAY)
    working = Working(committee, FIRST, LAST)
    assert [(each.on, each.organization_id) for each in working.behind("terms_due")] == [
        (date(2024, 6, 10), overdue.pk),
        (date(2025, 6, 10), held.pk),
        (date(2025, 6, 10), late.pk),
    ]
    assert [each.organization_id for each in working.behind("terms_held_on_time")] == [held.pk]
    assert work_report_of(committee, FIRST, LAST)["terms_due"] == 3


def answer_of(*arguments: str) -> str:
    out = StringIO()
    call_command("work_report", *arguments, stdout=out)
    return out.getvalue()


def test_the_command_says_each_number_or_null(committee):
    WorkReportTemplate.write(committee, "新成立党支部{新成立党支部}个，种树{种树}棵。")
    TypedFigure.keep(committee, FIRST, LAST, {"种树": Decimal("7.5")}, TODAY)
    a_branch(committee, founded_on=MAY)
    asked = ("--organization", committee.code, "--from", "2025-01-01", "--to", "2025-12-31")
    numbers = json.loads(answer_of(*asked, "--json"))
    assert set(numbers) == {*FACTS, "种树"}
    assert (numbers["branches_founded"], numbers["money_for_visits"]) == (1, None)
    assert numbers["种树"] == 7.5
    assert answer_of(*asked) == "新成立党支部1个，种树7.5棵。\n"


@pytest.mark.parametrize(
    ("first", "last", "code", "sentence"),
    [
        ("2025-02-01", "2025-01-01", 1, "2025-01-01 comes before 2025-02-01. Exchange the two"),
        ("2025-01-01", "2999-01-01", 1, "2999-01-01 is still to come. Choose today or an"),
        ("soon", "2025-01-01", 2, "“soon” is not a day. Write it as 2026-11-20."),
    ],
)
def test_the_command_refuses_days_without_a_report(committee, first, last, code, sentence):
    with pytest.raises(CommandError, match=sentence) as refused:
        answer_of("--organization", committee.code, "--from", first, "--to", last)
    assert refused.value.returncode == code
