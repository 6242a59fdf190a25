"""A closed month: no change of what somebody pays reaches back into it, by whatever door."""

from __future__ import annotations

from decimal import Decimal
from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command

from members.models import Assessment, Closing, DuesBase, Reduction
from members.models.dues.assessing import assess, correct, end, grant, withdraw
from members.models.dues.owing import Owing
from members.models.dues.yearly import YearlyRun
from registry.models import StaleRecord
from tests.factories import TODAY, a_branch, a_member
from tests.members.dues import JANUARY, YEAR_END, a_reduction, an_assessment
from tests.members.ledger import MARCH, month
from tests.members.sheets_of_dues import a_sheet, applied, said_of, staged

pytestmark = pytest.mark.django_db
STAYS = (
    "2026-03 is closed, and what was owed for it stays. Let the change begin in 2026-04 or later, "
    "or have 2026-03 opened."
)


@pytest.fixture
def member(branch):
    return a_member(branch)


@pytest.fixture
def march(committee):
    """A function that closes March 2026 and all before it."""
    return lambda: Closing.close(committee, MARCH, TODAY, None)


def owed(member) -> list[str]:
    rows = Owing(JANUARY, month(7), members=[member.pk]).rows()
    return [f"{each.month:%m}: {each.amount}" for each in sorted(rows, key=lambda row: row.month)]


def refused(member, deed, *args, **kwargs) -> list[str]:
    before = owed(member)
    with pytest.raises(ValidationError) as raised:
        deed(*args, **kwargs)
    assert owed(member) == before
    return raised.value.messages


def given(member, amount: str) -> None:
    DuesBase.give(member, 2026, Decimal(amount))


def run(organization, year: int = 2026) -> dict[str, int]:
    yearly = YearlyRun(organization, year)
    return dict(yearly.confirm(yearly.proposals()))


# One member


def test_dues_change_from_the_first_open_month_on(member, march):
    an_assessment(member)
    march()
    assert refused(member, assess, member, MARCH, Decimal(4000), reason="promoted") == [STAYS]
    assert refused(member, assess, member, JANUARY, Decimal(4000)) == [
        f"{member.name} is assessed from 2026-01 already. Correct that assessment.",
        STAYS,
    ]
    assess(member, month(4), Decimal(4000), reason="promoted")
    assert owed(member) == [
        "01: 10.00", "02: 10.00", "03: 10.00", "04: 40.00", "05: 40.00", "06: 40.00",
    ]  # fmt: skip


def test_a_figure_of_closed_months_is_corrected_only_where_the_amount_stays(member, march):
    kept = an_assessment(member, "10.00")
    march()
    assert refused(member, correct, kept, Decimal(4000), "typed wrong") == [STAYS]
    correct(kept, Decimal("2000.50"), "typed wrong")
    assert (str(kept.base), str(kept.monthly)) == ("2000.50", "10.00")
    later = assess(member, month(4), Decimal(4000), reason="promoted")
    correct(later, Decimal(6000), "typed wrong")
    assert owed(member)[2:4] == ["03: 10.00", "04: 90.00"]


def test_a_reduction_begins_and_ends_in_open_months(member, march):
    an_assessment(member)
    running = a_reduction(member, month(2), month_until=month(6))
    march()
    assert refused(member, end, running, MARCH) == [STAYS]
    running.refresh_from_db()
    assert refused(member, withdraw, running) == [STAYS]
    end(running, month(4))
    late = Reduction(
        member=member, month_from=month(1), month_until=month(2), kind="exempt",
        approved_by="机关党委", approved_on=TODAY, reason="生活困难",
    )  # fmt: skip
    assert refused(member, grant, late) == [STAYS.replace("03", "01").replace("04", "02")]
    late.month_from, late.month_until = month(5), YEAR_END
    grant(late)
    withdraw(late)
    assert owed(member)[:4] == ["01: 10.00", "02: 0.00", "03: 0.00", "04: 10.00"]


def test_a_month_is_closed_where_it_was_owed_to(member, march):
    an_assessment(member)
    member.move_to(a_branch(), month(3))
    march()
    assert refused(member, assess, member, month(2), Decimal(4000), reason="promoted") == [
        STAYS.replace("03", "02").replace("04", "03")
    ]
    assess(member, MARCH, Decimal(4000), reason="promoted")


def test_who_came_after_the_closed_months_is_assessed_for_the_whole_year(branch, march):
    march()
    member = a_member(branch, since=month(4))
    an_assessment(member)
    assert owed(member) == ["04: 10.00", "05: 10.00", "06: 10.00"]


def test_an_opened_month_may_be_changed_again(member, march):
    kept = an_assessment(member)
    march().reopen("forgot a raise", TODAY, None)
    correct(kept, Decimal(4000), "typed wrong")
    assert owed(member)[0] == "01: 40.00"


# Everybody


def test_the_run_assesses_who_is_late_from_the_first_open_month(committee, branch, member, march):
    elsewhere = a_member(a_branch(committee))
    for each in (member, elsewhere):
        given(each, "2000")
    Closing.close(branch, MARCH, TODAY, None)
    assert run(committee) == {"proposed": 2}
    begun = Assessment.objects.order_by("pk").values_list("member", "month_from")
    assert dict(begun) == {member.pk: month(4), elsewhere.pk: JANUARY}
    assert run(committee) == {"unchanged": 2}


def test_the_run_corrects_nothing_that_was_owed_for_a_closed_month(branch, member, march):
    given(member, "2000")
    run(branch)
    march()
    given(member, "4000")
    [proposal] = YearlyRun(branch, 2026).proposals()
    assert proposal.objection == (
        "2026-03 is closed, so the base given since does not count for the whole year. Change the "
        "dues from 2026-04 on, with a reason, or have 2026-03 opened."
    )
    assert run(branch) == {"unchanged": 1}
    given(member, "2000.50")
    assert run(branch) == {"changed": 1}, "the amount stays"
    assert owed(member)[0] == "01: 10.00"


def test_a_year_that_is_closed_whole_is_not_assessed(committee, branch):
    a_member(branch, category="student", since=month(1, 2025))
    Closing.close(committee, month(12, 2025), TODAY, None)
    [proposal] = YearlyRun(branch, 2025).proposals()
    assert proposal.objection == (
        "2025-12 is closed, and all months before it. Choose a later year, or have it opened."
    )
    assert run(branch, 2025) == {"without_base": 1}
    assert run(branch) == {"proposed": 1}


def test_nothing_is_written_where_a_month_was_closed_since_it_was_proposed(branch, member, march):
    given(member, "2000")
    yearly = YearlyRun(branch, 2026)
    proposals = list(yearly.proposals())
    march()
    with pytest.raises(StaleRecord):
        yearly.confirm(proposals)
    assert not Assessment.objects.exists()


# The doors


def test_the_page_says_it_beside_the_month_and_offers_an_open_one(client, clerk, member, march):
    march()
    url = f"/dues/members/{member.pk}/change/?year=2026"
    page = client.get(url)
    assert page.context["form"]["month"].value() == "2026-04"
    data = {"month": "2026-02", "income": "4000", "category": "in_service", "reason": "补核"}
    answer = client.post(url, data | {"seen": page.context["seen"]})
    assert answer.context["form"].errors["month"] == [STAYS]
    kept = assess(member, month(4), Decimal(2000))
    Closing.close(clerk.grants.get().organization, month(4), TODAY, None)
    url = f"/dues/assessments/{kept.pk}/correct/"
    data["seen"] = client.get(url).context["seen"]
    assert client.post(url, data).context["form"].errors["__all__"] == [
        STAYS.replace("04", "05").replace("03", "04")
    ]


def test_the_list_of_the_run_says_who_begins_later(client, clerk, member, march):
    given(member, "2000")
    march()
    text = client.get("/dues/assessment/", {"year": "2026", "state": "all"}).content.decode()
    assert "Begins in 2026-04: the months before it are closed." in text


def test_the_command_says_how_many_begin_later(branch, member, march):
    given(member, "2000")
    march()
    told = StringIO()
    call_command("assess_dues", "2026", "--organization", branch.code, stderr=told)
    assert told.getvalue().splitlines() == [
        "Members who begin in 2026-04, as the months before it are closed: 1.",
        "Members proposed: 1, changed: 0, unchanged: 0, without a base: 0.",
    ]
    assert Assessment.objects.get().month_from == month(4)


def test_a_base_list_says_from_when_it_acts_and_changes_no_closed_month(branch, member, march):
    an_assessment(member)
    march()
    data = a_sheet(("身份证", "年份", "缴费基准"), (member.id_number, 2026, 4000))
    job = staged("dues_bases", data, branch)
    assert said_of(job) == [("", "month_closed", "warning")]
    assert str(job.findings.get().message) == (
        "2026-03 is closed: what was owed up to it stays, and a base of that year acts from "
        "2026-04 on."
    )
    assert applied(job).written == 1
    assert run(branch) == {"unchanged": 1}
    assert owed(member)[0] == "01: 10.00"
