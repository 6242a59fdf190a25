"""The register of a branch, what it publishes, arrears and receipts: who stands there with what."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from members.models import Payment
from members.models.dues.assessing import assess
from members.models.dues.statements import statement_of
from members.papers.kinds import PAPERS
from registry.models import Entry
from registry.models.log import Action
from tests.factories import a_branch, a_committee, a_member, a_user
from tests.members.dues import JANUARY, a_reduction, an_assessment
from tests.members.ledger import a_payment, month
from tests.members.papers import asked, headings, made, rows, text_of

pytestmark = pytest.mark.django_db
REGISTER, PUBLIC, ARREARS = "dues_register", "dues_branch_publication", "dues_arrears"


@pytest.fixture
def committee():
    return a_committee(name="甲机关党委")


@pytest.fixture
def branch(committee):
    return a_branch(committee, name="一支部", short_name="一支部")


@pytest.fixture
def member(branch):
    member = a_member(branch, name="李伟")
    assess(member, JANUARY, Decimal(5000))
    return member


def months_of(row: dict[str, str]) -> list[str]:
    return [row[f"month_{number}"] for number in range(1, 13)]


def sums(paper) -> dict[str, str]:
    [row] = next(section for section in paper.table.sections if section.sums).rows
    return dict(zip([each.key for each in paper.table.columns], row, strict=True))


def refused(key, subject, **more) -> list[str]:
    with pytest.raises(ValidationError) as error:
        PAPERS[key].make(subject, asked(**more))
    return error.value.messages


# 党费收缴登记表


def test_what_was_paid_stands_in_its_month_and_what_is_open_is_blank(branch, member):
    a_payment(member, month(1), month(3), amount="50.00")
    a_payment(member, month(4), amount="20.00")

    paper = made(REGISTER, branch)
    [row, _sum] = rows(paper)

    assert paper.title == "一支部2026年党费收缴登记表"
    assert row["base"] == "5000.00"
    assert row["monthly"] == "50.00"
    assert months_of(row) == ["50.00", "", "50.00", "20.00", *[""] * 8]
    assert row["paid"] == "120.00"
    assert row["signature"] == ""
    assert "截至2026年11月：应交550.00元，欠交430.00元；" in text_of(REGISTER, branch)


def test_months_of_an_exemption_and_of_another_branch_say_so(committee, branch, member):
    a_reduction(member, month(4), month_until=month(6))
    a_reduction(member, month(6), month_until=month(8), kind="paid_elsewhere")
    member.move_to(a_branch(committee), date(2026, 9, 10))
    member.refresh_from_db()
    a_payment(member, month(1), amount="50.00")  # of the months here, to the other branch

    [row, _sum] = rows(made(REGISTER, branch))

    assert months_of(row) == ["转", "", "", "免", "免", "外", "外", "", "", "／", "／", "／"]
    assert row["paid"] == "0.00"
    assert "欠交200.00元" in text_of(REGISTER, branch)


def test_a_branch_does_not_learn_what_has_come_after_somebody_moved_out_of_its_rows(branch, member):
    clerk = a_user("branch_clerk", branch)
    member.move_to(a_branch(), date(2026, 9, 10))
    member.refresh_from_db()
    a_payment(member, month(1), amount="50.00")

    [row, _sum] = rows(made(REGISTER, branch, reader=clerk))

    assert row["name"] == "李伟"
    assert row["base"] == ""
    assert months_of(row)[0] == ""


def test_a_change_within_the_year_and_an_extra_are_noted(branch, member):
    assess(member, month(7), Decimal(12000), reason="晋升")
    a_payment(member, amount="1000.00", kind="extra")

    [row, _sum] = rows(made(REGISTER, branch))

    assert row["note"] == "7月起基数12000.00、月交240.00；自愿多交1000.00"


def test_the_register_is_as_at_its_day(branch, member):
    a_payment(member, month(1), amount="50.00", paid_on=date(2026, 3, 15))

    [before, _sum] = rows(made(REGISTER, branch, date(2026, 3, 14)))
    [then, _sum] = rows(made(REGISTER, branch, date(2026, 3, 15)))

    assert (before["month_1"], then["month_1"]) == ("", "50.00")


def test_a_payment_that_is_reversed_is_open_again(branch, member):
    a_payment(member, month(1), amount="50.00").reverse("记错", date(2026, 3, 16))

    [row, _sum] = rows(made(REGISTER, branch))

    assert months_of(row) == [""] * 12


def test_the_register_adds_up_to_the_statement(branch, member):
    other = a_member(branch, name="王芳")
    assess(other, JANUARY, Decimal(3335))
    a_payment(member, month(1), month(2), amount="50.00")
    a_payment(other, month(2), amount="33.35")
    a_payment(other, month(3), amount="11.11")

    paper = made(REGISTER, branch)
    statement = statement_of(branch, month(1), month(12))

    assert sums(paper)["paid"] == f"{statement.paid}" == "144.46"
    assert [sums(paper)[f"month_{number}"] for number in (1, 2, 3)] == ["50.00", "83.35", "11.11"]
    said = f"应交{statement.owed}元，欠交{statement.arrears}元"
    assert said in paper.table.sections[-1].total
    assert paper.count == 2


def test_the_register_is_that_of_a_branch(committee):
    assert refused(REGISTER, committee) == [
        "甲机关党委 is no branch. Choose one, or print those of all branches below."
    ]
    assert refused(REGISTER, a_branch(), more={"year": 2027}) == [
        "2027 has not begun on 2026-11-20. Choose an earlier year."
    ]


def test_a_larger_branch_asks_no_more(branch, member):
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            made(REGISTER, branch)
        return len(captured)

    a_payment(member, month(1), amount="50.00")
    few = queries()
    for _ in range(5):
        another = a_member(branch)
        an_assessment(another, "10.00")
        a_payment(another, month(1))

    assert queries() == few


# 党员党费交纳公示


def test_a_branch_publishes_to_itself_what_each_has_paid(branch, member, committee):
    a_payment(member, month(1), month(2), amount="50.00")
    a_payment(member, amount="100.00", kind="extra")

    paper = made(PUBLIC, branch)
    [row, total] = rows(paper)

    assert (row["name"], row["owed"], row["paid"], row["extra"]) == (
        "李伟", "550.00", "200.00", "100.00",
    )  # fmt: skip
    assert total["paid"] == f"{statement_of(branch, month(1), month(12)).paid}"
    assert "基数" not in text_of(PUBLIC, branch)
    assert refused(PUBLIC, committee) == [
        "甲机关党委 is no branch. Choose one, or print those of all branches below."
    ]


# 党费欠缴名单


def test_who_is_behind_stands_under_his_branch_with_what_is_to_be_done(committee, branch, member):
    other = a_branch(committee, name="二支部")
    behind = a_member(other, name="王芳")
    an_assessment(behind, "10.00")
    a_payment(member, *[month(number) for number in range(1, 9)], amount="50.00")
    clear = a_member(branch, name="赵六")
    an_assessment(clear, "10.00")
    a_payment(clear, *[month(number) for number in range(1, 13)])

    paper = made(ARREARS, committee, more={"year": 2026, "month": 9})
    [first, second] = rows(paper)

    assert list(headings(paper))[:2] == ["一支部（1人，50.00元）", "二支部（1人，90.00元）"]
    assert (first["name"], first["paid_to"], first["months"]) == ("李伟", "2026年8月", "1")
    assert (first["amount"], first["level"]) == ("50.00", "提醒")
    assert (second["name"], second["in_a_row"], second["level"]) == ("王芳", "9", "报党委研究")
    statement = statement_of(committee, month(9), month(10))
    assert paper.table.sections[-1].total == f"合计：2人，{statement.arrears}元"
    assert paper.count == 2


def test_a_month_to_come_has_no_arrears_yet(branch):
    assert refused(ARREARS, branch, more={"year": 2026, "month": 12}) == [
        "2026-12 has not begun on 2026-11-20. Choose an earlier month."
    ]
    assert refused(ARREARS, branch, more={"year": 2008, "month": 3}) == [
        "There are no dues for 2008-03; the first month is 2008-04."
    ]


def test_how_far_somebody_has_paid_is_not_told_once_he_has_moved_away(branch, member):
    clerk = a_user("branch_clerk", branch)
    a_payment(member, month(1), amount="50.00")
    member.move_to(a_branch(), date(2026, 9, 10))

    [row] = rows(made(ARREARS, branch, reader=clerk, more={"year": 2026, "month": 6}))

    assert (row["name"], row["paid_to"], row["months"]) == ("李伟", "", "5")


# 党费收据


def receipt_of(member, **more):
    return dict(PAPERS["dues_receipt"].make(member, asked(**more)).boxes)


def test_a_receipt_says_the_amount_twice_and_names_the_months(member):
    months = [month(1), month(2), month(3), month(5)]
    payment = a_payment(member, *months, amount="50.01", method="bank", receipt_number="0017")

    boxes = receipt_of(member, more={"payment": payment.pk})

    assert boxes == {
        "交款人": "李伟",
        "所在党支部": "一支部",
        "款项": "党费（2026年1月至3月、2026年5月）",
        "交款方式": "银行",
        "金额（大写）": "人民币贰佰元零肆分",
        "金额（小写）": "¥200.04",
    }
    printed = text_of("dues_receipt", member)
    assert "编号：0017" in printed
    assert printed.count("人民币贰佰元零肆分") == 2


def test_the_last_payment_has_its_receipt_where_none_is_named(member):
    a_payment(member, month(1), amount="50.00")
    a_payment(member, amount="8.00", kind="special", campaign="抗震救灾")

    assert receipt_of(member)["款项"] == "特殊党费（抗震救灾）"


def test_without_a_payment_that_holds_there_is_no_receipt(branch, member):
    paid = a_payment(member, month(1), amount="50.00")
    foreign = a_payment(a_member(branch), amount="10.00", kind="extra")
    reversal = paid.reverse("记错", date(2026, 3, 16))

    assert refused("dues_receipt", member, more={"payment": paid.pk}) == [
        "This payment of 李伟 is reversed, so there is no receipt of it."
    ]
    for number in (foreign.pk, reversal.pk, 987654):
        assert refused("dues_receipt", member, more={"payment": number}) == [
            "There is no such payment of 李伟."
        ]
    assert refused("dues_receipt", member) == [
        "李伟 has paid nothing by 2026-11-20 that a receipt could be made of."
    ]


def test_the_page_gives_the_receipt_to_those_who_keep_the_dues(client, branch, member):
    payment = a_payment(member, month(1), amount="50.00")
    client.force_login(a_user("branch_clerk", branch))

    answer = client.get(f"/dues/receipts/{payment.pk}/")

    assert answer.content.startswith(b"%PDF")
    assert Entry.objects.about(member).get(action=Action.PRINT).changes[0] == [
        "paper", "", "党费收据",
    ]  # fmt: skip
    client.force_login(a_user("branch_clerk", a_branch()))
    unknown = client.get(f"/dues/receipts/{payment.pk + 1}/")
    assert client.get(f"/dues/receipts/{payment.pk}/").status_code == unknown.status_code == 404
    client.force_login(a_user("reader", branch))
    assert client.get(f"/dues/receipts/{payment.pk}/").status_code in (403, 404)
    assert Payment.objects.count() == 1
