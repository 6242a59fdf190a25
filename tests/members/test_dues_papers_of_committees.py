"""Monthly summary, publication, remittances and returns: sums of branches, to the fen."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from members.models import Remittance, ReturnRun
from members.models.dues.assessing import assess
from members.models.dues.statements import statement_of
from tests.factories import TODAY, a_branch, a_committee, a_member
from tests.members.dues import JANUARY, an_assessment
from tests.members.ledger import a_payment, a_policy, an_entry, month
from tests.members.papers import headings, made, rows

pytestmark = pytest.mark.django_db
MARCH = {"more": {"year": 2026, "month": 3}}


@pytest.fixture
def committee():
    committee = a_committee(name="甲机关党委", short_name="甲党委")
    a_policy(committee)
    return committee


@pytest.fixture
def branches(committee):
    """Two branches of two; in the first one has paid everything, in the second nobody has."""
    found = [a_branch(committee, name=f"第{n}支部") for n in (1, 2)]
    for branch in found:
        for name, base in (("李伟", "3335"), ("王芳", "2500")):
            assess(a_member(branch, name=name), JANUARY, Decimal(base))
    paying = found[0].members.get(name="李伟")
    a_payment(paying, month(1), month(2), amount="33.35", method="bank")
    a_payment(paying, month(3), amount="33.35", method="online")
    a_payment(paying, amount="7.77", kind="extra")
    return found


def of(rows_, name):
    return next(row for row in rows_ if row["name"] == name)


# 党费收缴月汇总表


def test_each_branch_has_a_row_and_the_last_one_adds_them_up(committee, branches):
    paper = made("dues_summary", committee, **MARCH)
    found = rows(paper)

    assert paper.title == "甲党委2026年3月党费收缴汇总表"
    assert paper.count == 2
    first = of(found, "第1支部")
    assert {key: first[key] for key in first if key not in ("number", "name")} == {
        "members": "2",
        "owed": "45.85",
        "on_time": "33.35",
        "late": "66.70",
        "in_arrears": "1",
        "arrears": "37.50",
        "cash": "7.77",
        "bank": "66.70",
        "online": "33.35",
        "taken": "107.82",
    }
    assert of(found, "第2支部")["taken"] == "0.00"
    statement = statement_of(committee, month(3), month(4))
    total = of(found, "合计")
    assert (total["owed"], total["arrears"]) == (f"{statement.owed}", f"{statement.arrears}")
    assert (total["late"], total["taken"]) == (f"{statement.late}", f"{statement.paid}")


def test_a_month_has_the_branches_that_stood_at_its_end(committee, branches):
    a_branch(committee, name="新支部", founded_on=date(2026, 11, 1))
    found = rows(made("dues_summary", committee, **MARCH))
    assert [row["name"] for row in found] == ["第1支部", "第2支部", "合计"]

    found = rows(made("dues_summary", committee, more={"year": 2026, "month": 11}))
    assert [row["name"] for row in found] == ["第1支部", "第2支部", "新支部", "合计"]


def test_people_do_not_make_the_summary_dearer(committee, branches):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            made("dues_summary", committee, **MARCH)
        return len(captured)

    few = queries()
    for _ in range(5):
        another = a_member(branches[1])
        an_assessment(another)
        a_payment(another, month(3))

    assert queries() == few


def test_without_branches_the_summary_says_so(committee):
    assert made("dues_summary", committee, **MARCH).table.rows == ()


# 党费收缴情况公示


def test_the_publication_has_sums_only_and_what_became_of_the_money(committee, branches):
    an_entry(committee, "spent", "30.00")
    an_entry(committee, "interest", "0.45")

    paper = made("dues_publication", committee)
    found = rows(paper)
    statement = statement_of(committee, month(1), month(12))

    assert not {"李伟", "王芳"} & set(paper.texts())
    assert (of(found, "第1支部")["paid"], of(found, "第1支部")["extra"]) == ("107.82", "7.77")
    assert (of(found, "合计")["owed"], of(found, "合计")["paid"]) == (
        f"{statement.owed}", f"{statement.paid}",
    )  # fmt: skip
    assert paper.table.sections[-1].total == (
        "党费收支：期初结存0.00元；收入108.27元（党员交纳107.82元，利息0.45元）；"
        f"支出30.00元（使用30.00元）；期末结存{statement.closing}元。"
    )
    assert f"{statement.closing}" == "78.27"


# 党费上缴清单


def test_what_goes_up_and_what_comes_from_below_stand_apart(committee, branches):
    own = Remittance.compute(committee, month(1), month(4))
    below = Remittance.compute(branches[0], month(1), month(4))
    Remittance.compute(branches[0], month(4), month(7))
    below.send(date(2026, 4, 10), below.due, TODAY, voucher_number="17")
    below.confirm(date(2026, 4, 12), below.due - 1, TODAY)

    paper = made("dues_remittances", committee)
    up, up_total, first, second, total = rows(paper)

    assert [each for each in headings(paper) if each] == ["上缴上级", "下级上缴"]
    assert (up["months"], up["due"], up["sent"]) == ("2026年1月至3月", f"{own.due}", "")
    assert up_total["difference"] == "0.00"
    assert (first["share"], first["due"], first["sent"]) == ("50%", "53.91", "53.91")
    assert (first["sent_on"], first["voucher"]) == ("2026.04.10", "17")
    assert (first["arrived"], first["difference"]) == ("52.91", "-1.00")
    assert (second["due"], second["sent"]) == ("0.00", "")
    assert (total["due"], total["arrived"], total["difference"]) == ("53.91", "52.91", "-1.00")
    early = rows(made("dues_remittances", committee, date(2026, 4, 11)))[2]
    assert (early["sent"], early["arrived"]) == ("53.91", "")
    assert made("dues_remittances", committee, more={"year": 2025}).table.rows == ()


# 党费返还清单


def test_the_branches_of_the_retired_are_listed_with_what_they_get_back(committee):
    retired = a_branch(committee, name="离退休支部", sort="retired")
    member = a_member(retired)
    an_assessment(member, "12.34", 2025)
    a_payment(member, month(1, 2025), amount="12.34", paid_on=date(2025, 3, 1))
    run = ReturnRun.propose(committee, 2025, date(2026, 1, 20))
    run.lines.get().pay_out(date(2026, 2, 1), TODAY, voucher_number="3")

    paper = made("dues_returns", committee)
    line, total = rows(paper)

    assert paper.title == "甲党委2025年党费返还清单"
    assert (line["name"], line["paid"], line["share"]) == ("离退休支部", "12.34", "10%")
    assert (line["due"], line["sent"], line["sent_on"]) == ("1.23", "1.23", "2026.02.01")
    assert (total["due"], total["sent"], total["arrived"]) == ("1.23", "1.23", "0.00")
