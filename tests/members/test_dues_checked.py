"""``check_ledger``: clean on what the verbs write, and not on what anybody has changed by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from members.models import BankBalance, Closing, DuesStanding, Remittance, ReturnRun
from tests.factories import TODAY, a_branch, a_member
from tests.members.dues import a_reduction, an_assessment
from tests.members.ledger import MARCH, a_payment, a_policy, an_entry, month

pytestmark = pytest.mark.django_db


@pytest.fixture
def a_year_of_work(committee, branch):
    """Something in each table of the ledger."""
    a_policy(committee.parent)
    retired = a_branch(committee, sort="retired")
    one, other, old = a_member(branch), a_member(branch), a_member(retired)
    for each in (one, other, old):
        an_assessment(each, "10.00")
    a_payment(old, month(12, 2025), paid_on=date(2025, 12, 5))
    a_payment(one, month(1), month(2), MARCH, amount="12.50")
    a_payment(other, month(1)).reverse("typed twice", date(2026, 3, 16))
    a_payment(other, kind="extra", amount="1500.00")
    a_payment(other, kind="special", amount="5.00", campaign="抗洪")
    DuesStanding.settle(old, MARCH, TODAY)
    a_reduction(other, month(5))
    an_entry(branch, "opening", "100.00")
    an_entry(committee, "interest", "0.30").reverse("wrong bank", TODAY, TODAY)
    an_entry(committee, "spent", "20.00")
    remittance = Remittance.compute(branch, month(1), month(4))
    remittance.send(date(2026, 4, 2), remittance.due, TODAY)
    remittance.confirm(date(2026, 4, 6), remittance.due - 1, TODAY)
    run = ReturnRun.propose(committee, 2025, TODAY)
    run.lines.get().pay_out(TODAY, TODAY)
    BankBalance(organization=branch, day=TODAY, balance=Decimal("9.00")).save()
    Closing.close(committee, MARCH, TODAY, None)


def check() -> str:
    out = StringIO()
    call_command("check_ledger", stdout=out)
    return out.getvalue()


@pytest.mark.usefixtures("a_year_of_work")
def test_what_the_verbs_have_written_holds():
    assert check() == "The ledger holds.\n"


def test_an_empty_ledger_holds(db):
    assert check() == "The ledger holds.\n"


@pytest.mark.usefixtures("a_year_of_work")
@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("payment", "payment SET amount = amount + 1 WHERE kind = 'extra'"),
        ("payment", "payment SET amount = amount + 100 WHERE kind = 'dues' AND amount > 0"),
        ("payment", "payment SET kind = 'dues' WHERE kind = 'extra'"),
        ("payment", "payment SET booked_month = '2026-02-01' WHERE kind = 'extra'"),
        ("payment", "payment SET amount = amount - 1 WHERE reverses_id IS NOT NULL"),
        ("payment", "payment SET receipt_number = '77' WHERE kind = 'extra'"),
        ("payment", "paymentmonth SET amount = amount + 1"),
        ("paymentmonth", "paymentmonth SET booked_month = '2026-08-01'"),
        ("duesstanding", "paymentmonth SET month = '2026-09-01' WHERE month = '2026-02-01'"),
        ("duesstanding", "duesstanding SET paid_to = '2026-12-01'"),
        ("duesstanding", "duesstanding SET over = over + 1"),
        ("duesstanding", "duesstanding SET settled_to = '2026-08-01'"),
        ("duesstanding", "assessment SET monthly = monthly + 10000"),
        ("duesstanding", "reduction SET month_from = '2026-01-01'"),
        ("accountentry", "accountentry SET amount = amount + 1 WHERE kind = 'spent'"),
        ("accountentry", "accountentry SET amount = amount - 1 WHERE amount < 0"),
        ("accountentry", "accountentry SET kind = 'opening' WHERE kind = 'received'"),
        ("accountentry", "accountentry SET fund = 'budget' WHERE kind = 'received'"),
        ("accountentry", "accountentry SET arrives_from_id = NULL"),
        ("accountentry", "accountentry SET day = '2026-04-01' WHERE kind = 'received'"),
        ("remittance", "remittance SET paid = paid + 100"),
        ("remittance", "remittance SET due = due + 1"),
        ("remittance", "remittance SET month_until = '2026-05-01'"),
        ("returnline", "returnline SET due = due + 1"),
        ("returnline", "returnrun SET share = 20"),
        ("returnrun", "returnrun SET year = 2024"),
        ("closing", "closing SET month = '2026-02-01'"),
        ("bankbalance", "bankbalance SET balance = balance + 1"),
    ],
)  # fmt: skip
def test_what_was_changed_by_hand_is_found(table, change):
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE members_{change}")
        assert cursor.rowcount > 0
    out = StringIO()
    with pytest.raises(CommandError, match="The ledger does not hold") as raised:
        call_command("check_ledger", stdout=out)
    assert raised.value.returncode == 1
    assert f"members_{table} " in out.getvalue()
