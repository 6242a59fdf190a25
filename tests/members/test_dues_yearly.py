"""The yearly run: proposed from what is known, confirmed at once, and run again without change."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from members.models import Assessment, DuesBase, DuesPolicy, DuesStanding
from members.models.dues.assessing import assess
from members.models.dues.proposals import Proposal
from members.models.dues.yearly import YearlyRun
from registry.models import Entry, StaleRecord, acting
from registry.models.chains import Verification
from registry.models.records import HIDDEN
from tests.factories import TODAY, a_branch, a_member, a_user
from tests.members.dues import JANUARY, YEAR_END, a_policy
from tests.members.ledger import a_payment

pytestmark = pytest.mark.django_db


def run(organization, year: int = 2026) -> dict[str, int]:
    """Propose and confirm; the counts that are not 0."""
    yearly = YearlyRun(organization, year)
    return dict(yearly.confirm(yearly.proposals()))


def only(organization, year: int = 2026) -> Proposal:
    [proposal] = YearlyRun(organization, year).proposals()
    return proposal


def monthly(member, year: int = 2026) -> list[str]:
    rows = Assessment.objects.filter(member=member).of_year(year).order_by("month_from")
    return [f"{row.month_from:%m}: {row.monthly}" for row in rows]


def test_a_base_given_for_the_year_is_assessed_for_all_its_months(branch):
    member = a_member(branch)
    DuesBase.give(member, 2026, Decimal("5000.01"))
    assert run(branch) == {"proposed": 1}
    kept = Assessment.objects.get(member=member)
    assert (kept.month_from, kept.month_until) == (JANUARY, YEAR_END)
    assert (kept.category, str(kept.base)) == ("in_service", "5000.01")
    assert (str(kept.rate), str(kept.monthly)) == ("0.0150", "75.00")


def test_without_one_the_base_of_last_year_goes_on(branch):
    member = a_member(branch)
    DuesBase.give(member, 2025, Decimal(4000))
    run(branch, 2025)
    assess(member, date(2025, 7, 1), Decimal(6000), reason="promoted")
    assert run(branch) == {"proposed": 1}
    assert monthly(member) == ["01: 90.00"]


def test_a_year_that_was_left_out_has_nothing_to_go_on(branch):
    DuesBase.give(a_member(branch), 2024, Decimal(4000))
    run(branch, 2024)
    assert run(branch) == {"without_base": 1}


@pytest.mark.parametrize(
    ("category", "expected"),
    [
        ("student", ["01: 0.20"]),
        ("unemployed", ["01: 0.20"]),
        ("farmer", []),
        ("in_service", []),
        ("retired", []),
    ],
)
def test_only_where_the_rule_names_the_amount_no_base_is_needed(branch, category, expected):
    member = a_member(branch, category=category)
    run(branch)
    assert monthly(member) == expected


def test_a_farmer_pays_what_his_branch_has_set(branch):
    member = a_member(branch, category="farmer")
    DuesBase.give(member, 2026, Decimal("0.50"))
    run(branch)
    assert monthly(member) == ["01: 0.50"]


def test_a_base_that_the_rules_do_not_take_is_told(branch):
    DuesBase.give(a_member(branch, category="student"), 2026, Decimal(800))
    proposal = only(branch)
    assert (proposal.state, proposal.found) == ("without_base", None)
    assert proposal.objection == (
        "A fixed amount is between 0.20 and 1.00 yuan, in whole fen; this one is 800.00."
    )


def test_the_base_of_work_is_none_for_the_retired(branch):
    member = a_member(branch)
    DuesBase.give(member, 2025, Decimal(4000))
    run(branch, 2025)
    member.category = "retired"
    member.correct(date(2025, 9, 1))
    assert run(branch) == {"without_base": 1}


def test_of_a_pension_the_local_part_is_the_base(committee, branch):
    a_policy(committee, retired_coefficient=Decimal(30))
    member = a_member(branch, category="retired")
    DuesBase.give(member, 2026, Decimal("9876.55"))
    run(branch)
    kept = Assessment.objects.get(member=member)
    assert (str(kept.base), str(kept.monthly)) == ("2962.97", "14.81")
    assert run(branch, 2027) == {"proposed": 1}, "last year's base is a base already"
    assert monthly(member, 2027) == ["01: 14.81"]


def test_each_office_rounds_in_its_own_way(committee, branch):
    other = a_branch(committee)
    a_policy(committee, rounding_unit="1", rounding_mode="up")
    a_policy(other, rounding_mode="down")
    members = [a_member(branch), a_member(other)]
    for member in members:
        DuesBase.give(member, 2026, Decimal(4330))
    run(committee)
    assert [monthly(member) for member in members] == [["01: 44.00"], ["01: 43.00"]]


def test_a_policy_holds_from_its_month(branch):
    a_policy(branch, date(2026, 2, 1), rounding_unit="1")
    member = a_member(branch)
    DuesBase.give(member, 2026, Decimal(4330))
    run(branch)
    assert monthly(member) == ["01: 43.30"]
    assess(member, date(2026, 2, 1), Decimal(4330), reason="rounded from now on")
    assert monthly(member) == ["01: 43.30", "02: 43.00"]


def test_running_again_changes_nothing(committee, branch):
    for number in range(5):
        DuesBase.give(a_member(branch), 2026, Decimal(3000 + number))
    a_member(branch)
    assert run(committee) == {"proposed": 5, "without_base": 1}
    rows, entries = list(Assessment.objects.values()), Entry.objects.count()
    assert run(committee) == {"unchanged": 5, "without_base": 1}
    assert (list(Assessment.objects.values()), Entry.objects.count()) == (rows, entries)


def test_whoever_has_come_since_is_proposed_alone(branch):
    DuesBase.give(a_member(branch), 2026, Decimal(3000))
    run(branch)
    DuesBase.give(a_member(branch), 2026, Decimal(4000))
    assert run(branch) == {"unchanged": 1, "proposed": 1}


def test_a_corrected_base_puts_the_year_right(branch):
    member = a_member(branch)
    DuesBase.give(member, 2026, Decimal(3000))
    run(branch)
    DuesBase.give(member, 2026, Decimal(3001))
    assert run(branch) == {"changed": 1}
    assert monthly(member) == ["01: 30.01"]
    assert run(branch) == {"unchanged": 1}


LATER = (
    "The base given since is not the one that was assessed. Change the dues from a month on, with "
    "a reason."
)


def test_once_dues_are_paid_a_corrected_base_changes_nothing(branch):
    member = a_member(branch)
    DuesBase.give(member, 2026, Decimal(3000))
    run(branch)
    payment = a_payment(member, JANUARY)
    DuesBase.give(member, 2026, Decimal(3001))
    assert only(branch).objection == LATER
    assert run(branch) == {"unchanged": 1}
    payment.reverse("paid by somebody else", TODAY)
    assert run(branch) == {"changed": 1}


def test_a_base_corrected_after_a_change_of_the_year_changes_nothing(branch):
    member = a_member(branch)
    DuesBase.give(member, 2026, Decimal(3000))
    run(branch)
    assess(member, date(2026, 7, 1), Decimal(4000), reason="promoted")
    DuesBase.give(member, 2026, Decimal(3001))
    assert only(branch).objection == LATER
    assert run(branch) == {"unchanged": 1}
    assert monthly(member) == ["01: 15.00", "07: 40.00"]


def test_standings_follow_the_run(committee, branch):
    ahead, idle = a_member(branch), a_member(branch)
    for member in (ahead, idle):
        DuesBase.give(member, 2026, Decimal(3000))
    a_payment(ahead, JANUARY, amount="10.00")
    assert DuesStanding.objects.get().paid_to == JANUARY
    run(committee)
    assert dict(DuesStanding.objects.values_list("member", "paid_to")) == {
        ahead.pk: None,  # 15.00 are owed, 10.00 were paid
        idle.pk: None,
    }


def test_who_retires_within_the_year_keeps_the_rate_of_its_beginning(branch):
    member = a_member(branch)
    DuesBase.give(member, 2026, Decimal(8000))
    run(branch)
    member.category = "retired"
    member.correct(date(2026, 5, 20))
    assert run(branch) == {"unchanged": 1}
    assess(member, date(2026, 6, 1), Decimal(5000), reason="retired")
    assert monthly(member) == ["01: 120.00", "06: 25.00"]


@pytest.mark.parametrize(
    ("base", "much"),
    [
        pytest.param("4800", False, id="20 % more"),
        pytest.param("4800.50", True, id="a fen above 20 % more"),
        pytest.param("3200", False, id="20 % less"),
        pytest.param("3199.49", True, id="a fen below 20 % less"),
        pytest.param("0", True, id="nothing any more"),
    ],
)
def test_a_change_by_more_than_a_fifth_is_worth_a_look(branch, base, much):
    member = a_member(branch)
    DuesBase.give(member, 2025, Decimal(4000))
    run(branch, 2025)
    DuesBase.give(member, 2026, Decimal(base))
    assert only(branch).differs_much is much


def test_who_pays_for_the_first_time_has_nothing_to_differ_from(branch):
    DuesBase.give(a_member(branch), 2026, Decimal(4000))
    assert not only(branch).differs_much


def test_a_proposal_is_not_kept(branch):
    DuesBase.give(a_member(branch), 2026, Decimal(4000))
    assert only(branch).state == "proposed"
    assert not Assessment.objects.exists()


def test_others_and_those_who_have_left_are_let_alone(branch):
    left, other = a_member(branch), a_member()
    for member in (left, other):
        DuesBase.give(member, 2026, Decimal(4000))
    left.leave("transferred_out", date(2026, 1, 15))
    assert run(branch) == {}
    assert not Assessment.objects.exists()


def test_the_rules_begin_in_april_2008(branch):
    member = a_member(branch)
    DuesBase.give(member, 2008, Decimal(4000))
    run(branch, 2008)
    assert monthly(member, 2008) == ["04: 40.00"]
    with pytest.raises(ValueError, match="No dues scale is recorded for 2007-12"):
        YearlyRun(branch, 2007)


def test_two_runs_at_the_same_time_do_not_assess_twice(branch):
    member = a_member(branch)
    DuesBase.give(member, 2026, Decimal(4000))
    yearly = YearlyRun(branch, 2026)
    proposals = list(yearly.proposals())
    run(branch)
    with pytest.raises(StaleRecord):
        yearly.confirm(proposals)
    assert monthly(member) == ["01: 40.00"]


def test_the_log_tells_the_amount_and_hides_the_income(branch):
    member, user = a_member(branch), a_user("branch_clerk", branch)
    DuesBase.give(member, 2026, Decimal("4567.89"))
    with acting(user):
        run(branch)
        DuesBase.give(member, 2026, Decimal("4667.89"))
        run(branch)
    kept = Assessment.objects.get()
    changed, added = Entry.objects.about(kept)
    assert (added.user, added.label) == (user, "张三 2026-01: 45.68")
    assert added.changes == [
        ["member", "", member.pk],
        ["month_from", "", "2026-01-01"],
        ["month_until", "", "2027-01-01"],
        ["category", "", "in_service"],
        ["base", "", HIDDEN],
        ["rate", "", "0.01"],
        ["monthly", "", "45.68"],
    ]
    assert changed.changes == [["base", HIDDEN, HIDDEN], ["monthly", "45.68", "46.68"]]
    assert not Entry.objects.filter(changes__icontains="567.89").exists()
    assert list(Verification().faults()) == []


def test_a_run_asks_a_fixed_number_of_questions(branch, django_assert_max_num_queries):
    for _ in range(8):
        DuesBase.give(a_member(branch), 2026, Decimal(4000))
    yearly = YearlyRun(branch, 2026)
    with django_assert_max_num_queries(6):
        assert len(list(yearly.proposals())) == 8
    assert DuesPolicy.objects.count() == 0
