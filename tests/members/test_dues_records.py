"""Policies, bases, assessments and reductions: what they say, and what they refuse."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from branches.rules import roles
from members.models import Assessment, BaseComponent, DuesBase, DuesPolicy, DuesStanding, Reduction
from members.models.dues.assessing import assess, correct, end, withdraw
from members.models.dues.policies import policy_for
from registry.models import Entry
from registry.models.records import HIDDEN
from tests.factories import a_branch, a_committee, a_member, a_user, a_work_committee
from tests.members.dues import JANUARY, YEAR_END, a_policy, a_reduction, an_assessment
from tests.members.ledger import a_payment

pytestmark = pytest.mark.django_db

FEBRUARY, JUNE, JULY = (date(2026, month, 1) for month in (2, 6, 7))


def refusals(verb, *arguments, **options) -> list[str]:
    with pytest.raises(ValidationError) as refused, transaction.atomic():
        verb(*arguments, **options)
    return refused.value.messages


# Policies


def test_without_a_policy_dues_are_rounded_to_the_fen_and_nothing_else_is_said(branch):
    policy = policy_for(branch, JUNE)
    assert (policy.rounding_unit, policy.rounding_mode) == ("0.01", "half_up")
    assert policy.retired_coefficient == 100
    assert (policy.share_upward, policy.remitted_every, policy.returned_share) == (None, "", None)
    assert policy.reopening_needs_two is False


def test_of_each_item_the_nearest_office_decides():
    top = a_work_committee()
    committee = a_committee(top)
    branch = a_branch(committee)
    a_policy(top, rounding_unit="1", rounding_mode="up", share_upward=Decimal(20),
             reopening_needs_two=True)  # fmt: skip
    a_policy(committee, rounding_unit="0.1", share_upward=Decimal(0), remitted_every="quarter")
    a_policy(branch, rounding_mode="down", reopening_needs_two=False)
    a_policy(a_branch(committee), rounding_unit="0.01")
    policy = policy_for(branch, JUNE)
    assert (policy.rounding.unit, policy.rounding.mode) == ("0.1", "down")
    assert (policy.share_upward, policy.remitted_every) == (Decimal(0), "quarter")
    assert policy.reopening_needs_two is False
    assert policy_for(committee, JUNE).reopening_needs_two is True


def test_a_later_policy_replaces_the_earlier_one_from_its_month(branch):
    a_policy(branch, rounding_unit="1", rounding_mode="up")
    a_policy(branch, JUNE, rounding_unit="0.1")
    for month, unit, mode in ((date(2026, 5, 1), "1", "up"), (JUNE, "0.1", "half_up")):
        rounding = policy_for(branch, month).rounding
        assert (rounding.unit, rounding.mode) == (unit, mode)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"share_upward": Decimal("100.01")}, "Ensure this value is less than or equal to 100."),
        ({"returned_share": Decimal(-1)}, "Ensure this value is greater than or equal to 0."),
        ({"valid_from": date(2026, 6, 2)}, "A month is kept as its first day. Choose the first."),
        ({}, "This office has a policy from that month already."),
    ],
)
def test_a_policy_is_checked(branch, fields, sentence):
    a_policy(branch, JUNE)
    said = refusals(a_policy, branch, **{"valid_from": JUNE} | fields)
    assert sentence in said


# Bases


def a_component(organization, name: str, **fields) -> BaseComponent:
    return BaseComponent.objects.create(
        organization=organization, name=name, **{"month_from": JANUARY} | fields
    )


def test_a_base_is_one_figure_or_the_sum_of_its_components(committee, branch):
    member = a_member(branch)
    wage, allowance = a_component(committee, "职务工资"), a_component(committee, "津贴补贴")
    tax = a_component(committee, "个人所得税", deducted=True)
    parts = {wage: Decimal("4000.50"), allowance: Decimal(1500), tax: Decimal("99.60")}
    base = DuesBase.give(member, 2026, parts=parts)
    assert str(base.amount) == "5400.90"
    assert {part.component: part.amount for part in base.parts.all()} == parts

    base = DuesBase.give(member, 2026, Decimal(5000))
    assert (DuesBase.objects.get().amount, base.parts.count()) == (5000, 0)


def test_the_list_of_components_is_dated_and_inherited(committee, branch):
    kept = a_component(committee, "职务工资")
    a_component(committee, "取暖费", month_until=JUNE)
    own = a_component(branch, "保留福补", month_from=JULY)
    a_component(a_branch(committee), "绩效")
    found = {m: list(BaseComponent.objects.for_path(branch.path, m)) for m in (JUNE, JULY)}
    assert found == {JUNE: [kept], JULY: [kept, own]}


def test_a_base_is_never_below_0(committee, branch):
    member, tax = a_member(branch), a_component(committee, "个人所得税", deducted=True)
    sentence = "The base is -1.00; it cannot be below 0."
    assert refusals(DuesBase.give, member, 2026, parts={tax: Decimal(1)}) == [sentence]
    assert refusals(DuesBase.give, member, 2026, Decimal("10.005")) == [
        "“10.005” is not an amount in yuan. Write it as 12.50."
    ]
    assert not DuesBase.objects.exists()


def test_the_log_says_that_an_income_changed_and_not_to_what(branch):
    member = a_member(branch)
    DuesBase.give(member, 2026, Decimal(5000))
    base = DuesBase.give(member, 2026, Decimal(6000))
    changed, added = Entry.objects.about(base)
    assert changed.changes == [["amount", HIDDEN, HIDDEN]]
    assert ["amount", "", HIDDEN] in added.changes


@pytest.mark.parametrize("role", ["reader", "approver"])
def test_incomes_are_seen_by_those_who_keep_dues_alone(committee, branch, role):
    member = a_member(branch)
    DuesBase.give(member, 2026, Decimal(5000))
    an_assessment(member)
    a_reduction(member, JUNE)
    rows = (DuesBase, Assessment, Reduction)
    seen = {
        user: [model.objects.visible_to(who).count() for model in rows]
        for user, who in {
            "clerk": a_user("committee_clerk", committee),
            "branch": a_user("branch_clerk", branch),
            "other": a_user("branch_clerk", a_branch(committee)),
            "role": a_user(role, committee),
        }.items()
    }
    assert seen == {"clerk": [1] * 3, "branch": [1] * 3, "other": [0] * 3, "role": [0] * 3}
    assert (
        DuesPolicy.objects.visible_to(a_user(role, committee), roles.VIEW_DUES_TOTALS) is not None
    )


# Assessments


def test_a_change_within_the_year_begins_with_its_month(branch):
    member = a_member(branch)
    an_assessment(member, "15.00")
    assess(member, JULY, Decimal(6000), reason="promoted")
    assess(member, date(2026, 4, 1), Decimal(4000), reason="wage corrected by finance")
    rows = Assessment.objects.filter(member=member)
    assert [(f"{r.month_from:%m}", f"{r.month_until:%m}", str(r.monthly)) for r in rows] == [
        ("01", "04", "15.00"),
        ("04", "07", "40.00"),
        ("07", "01", "90.00"),
    ]


def test_a_change_needs_a_reason_and_a_month_of_its_own(branch):
    member = a_member(branch)
    an_assessment(member)
    assert refusals(assess, member, JANUARY, Decimal(-1)) == [
        "张三 is assessed from 2026-01 already. Correct that assessment.",
        "The base is -1; it cannot be below 0.",
    ]
    assert refusals(assess, member, JULY, Decimal(5000), reason=" ") == [
        "Say why the dues change within the year."
    ]
    assert refusals(assess, member, date(2008, 3, 1), Decimal(5000)) == [
        "No dues scale is recorded for 2008-03; the first is of 2008-04."
    ]


def test_a_member_may_be_assessed_by_another_category_than_his_own(branch):
    member = a_member(branch)
    found = assess(member, JANUARY, Decimal(5000), category="retired")
    assert (found.category, str(found.monthly)) == ("retired", "25.00")


def test_a_wrong_assessment_is_put_right_for_all_its_months(branch):
    member = a_member(branch)
    wrong = an_assessment(member, "15.00")
    assert refusals(correct, wrong, Decimal(4000), "") == [
        "Say what was wrong with the assessment."
    ]
    correct(wrong, Decimal(4000), "a digit was missing")
    kept = Assessment.objects.get()
    assert (str(kept.monthly), kept.reason) == ("40.00", "a digit was missing")
    changes = Entry.objects.about(kept)[0].changes
    assert ["base", HIDDEN, HIDDEN] in changes
    assert ["monthly", "15.00", "40.00"] in changes


def test_the_standing_follows_what_is_owed(branch):
    member = a_member(branch)
    an_assessment(member)
    a_payment(member, JANUARY, FEBRUARY)

    def paid_to() -> date | None:
        return DuesStanding.objects.get().paid_to

    assert paid_to() == FEBRUARY
    assess(member, FEBRUARY, Decimal(5000), reason="promoted")
    assert paid_to() == JANUARY
    reduction = a_reduction(member, FEBRUARY)
    assert paid_to() == date(2026, 12, 1)
    end(reduction, JULY)
    assert paid_to() == JUNE
    withdraw(reduction)
    assert paid_to() == JANUARY


@pytest.mark.parametrize(
    "fields",
    [
        {"month_from": date(2026, 1, 2)},
        {"month_until": date(2026, 12, 31)},
        {"month_until": JANUARY},
        {"base": Decimal(-1)},
        {"monthly": Decimal("-0.01")},
    ],
    ids=str,
)
def test_the_database_itself_keeps_no_impossible_assessment(branch, fields):
    kept = an_assessment(a_member(branch))
    with pytest.raises(IntegrityError), transaction.atomic():
        Assessment.objects.filter(pk=kept.pk).update(**fields)


# Reductions


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"kind": "reduced"}, "A reduction says to which amount; an exemption has none."),
        ({"amount": Decimal(1)}, "A reduction says to which amount; an exemption has none."),
        ({"month_until": None}, "A reduction is approved for a period. Name its end."),
        ({"month_until": JUNE}, "It ends after it begins. Check both months."),
        ({"month_until": date(2026, 8, 31)}, "A month is kept as its first day. Choose the first."),
        ({"reason": ""}, "This field cannot be blank."),
        ({"approved_by": ""}, "This field cannot be blank."),
        ({"approved_on": None}, "This field cannot be null."),
    ],
)
def test_a_reduction_is_approved_for_a_period_and_a_reason(branch, fields, sentence):
    assert refusals(a_reduction, a_member(branch), JUNE, **fields) == [sentence]


@pytest.mark.parametrize(
    ("month_from", "month_until", "refused"),
    [
        pytest.param(date(2026, 5, 1), JUNE, False, id="ends before"),
        pytest.param(date(2026, 5, 1), JULY, True, id="ends within"),
        pytest.param(JULY, date(2026, 8, 1), True, id="within"),
        pytest.param(date(2026, 9, 1), YEAR_END, False, id="begins after"),
        pytest.param(date(2026, 8, 1), YEAR_END, True, id="begins within"),
    ],
)
def test_a_month_has_one_reduction_at_most(branch, month_from, month_until, refused):
    member = a_member(branch)
    a_reduction(member, JUNE, month_until=date(2026, 9, 1))
    if refused:
        assert refusals(a_reduction, member, month_from, month_until=month_until) == [
            "张三 has a reduction from 2026-06 already. End that one first."
        ]
    else:
        a_reduction(member, month_from, month_until=month_until)
    a_reduction(a_member(branch), month_from, month_until=month_until)
