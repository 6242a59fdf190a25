"""Whatever is paid, reversed, closed, moved and sent: the sum over the tree balances to the fen."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from branches.models import Organization, Subtree
from members.models import (
    AccountEntry,
    Closing,
    DuesStanding,
    Member,
    Payment,
    PaymentMonth,
    Remittance,
)
from members.models.dues.arrears import arrears_of
from members.models.dues.checking import faults
from members.models.dues.owing import Owing
from members.models.dues.statements import balance_of, closing_of, statement_of
from tests.factories import TODAY, a_branch, a_committee, a_member, a_work_committee
from tests.members.dues import a_reduction, an_assessment
from tests.members.ledger import a_payment, a_policy, an_entry, month

pytestmark = pytest.mark.django_db
FIRST, MIDDLE, UNTIL = month(1), month(7), month(1, 2027)
NUMBERS = st.integers(0, 10**6)
STEPS = st.tuples(
    st.sampled_from(
        ["pay"] * 6 + ["reverse"] * 2 + ["close", "reopen", "move", "move_branch", "leave"]
        + ["reduce", "interest", "spend", "remit", "confirm", "take_back"]
    ),
    NUMBERS,
    NUMBERS,
    st.integers(1, 300_000),  # fen
)  # fmt: skip


def one_of(rows, number):
    found = list(rows.order_by("pk"))
    return found[number % len(found)] if found else None


class World:
    """A small tree, and the verbs that chance tries on it; what is refused changes nothing."""

    def __init__(self, committees: int, branches: int) -> None:
        self.top = a_work_committee()
        a_policy(self.top, share_upward=Decimal("33.33"))
        for _ in range(committees):
            committee = a_committee(self.top)
            for _ in range(branches):
                member = a_member(a_branch(committee))
                an_assessment(member, "12.34")
        self.day = date(2026, 1, 5)

    def do(self, verb: str, one: int, other: int, fen: int) -> None:
        self.day = min(TODAY, self.day + date.resolution * (other % 20))
        try:
            with transaction.atomic():
                getattr(self, verb)(one, other, Decimal(fen) / 100)
        except ValidationError:
            pass

    def pay(self, one, other, amount):
        member = one_of(Member.objects, one)
        months = [month(1 + (other + each) % 12) for each in range(1 + other % 3)]
        a_payment(member, *months, amount=str(amount), paid_on=self.day)

    def reverse(self, one, _other, _amount):
        if payment := one_of(Payment.objects, one):
            payment.reverse("wrong", self.day)

    def close(self, one, other, _amount):
        closing = one_of(Organization.objects.exclude(kind="branch"), one)
        Closing.close(closing, month(1 + other % 12), self.day, None)

    def reopen(self, one, _other, _amount):
        if closing := one_of(Closing.objects, one):
            closing.reopen("forgot", self.day, None)

    def move(self, one, other, _amount):
        branch = one_of(Organization.objects.filter(kind="branch"), other)
        one_of(Member.objects, one).move_to(branch, self.day)

    def move_branch(self, one, other, _amount):
        branch = one_of(Organization.objects.filter(kind="branch"), one)
        branch.move_under(
            one_of(Organization.objects.filter(kind="organ_committee"), other), on=self.day
        )

    def leave(self, one, _other, _amount):
        one_of(Member.objects, one).leave("died", self.day)

    def reduce(self, one, other, _amount):
        a_reduction(one_of(Member.objects, one), month(1 + other % 12))

    def interest(self, one, _other, amount):
        an_entry(one_of(Organization.objects, one), "interest", str(amount), day=self.day)

    def spend(self, one, _other, amount):
        an_entry(one_of(Organization.objects, one), "spent", str(amount), day=self.day)

    def remit(self, one, other, amount):
        payer = one_of(Organization.objects, one)
        begin = 1 + other % 11
        remittance = Remittance.compute(payer, month(begin), month(begin + 1))
        remittance.send(self.day, amount, TODAY)

    def confirm(self, one, _other, amount):
        if remittance := one_of(Remittance.objects, one):
            remittance.confirm(self.day, amount, TODAY)

    def take_back(self, one, _other, _amount):
        if entry := one_of(AccountEntry.objects, one):
            entry.reverse("wrong", self.day, TODAY)


def branches_on(organization, until) -> set[int]:
    """Keys of what stood there on the last day before; what comes later brings its money along."""
    below = Subtree(organization, until - date.resolution)
    return set(Organization.objects.filter(below.holds("pk")).values_list("pk", flat=True))


def adds_up(found) -> bool:
    came = found.opening + found.paid + found.received + found.interest
    return came - found.remitted - found.returned - found.spent == found.closing


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(st.integers(1, 3), st.integers(1, 3), st.lists(STEPS, min_size=20, max_size=60))
def test_the_sum_over_the_tree_balances(committees, branches, steps):
    with transaction.atomic():
        world = World(committees, branches)
        for step in steps:
            world.do(*step)
        assert list(faults()) == []
        everybody = Organization.objects.all()
        for organization in everybody:
            whole = statement_of(organization, FIRST, UNTIL)
            halves = [
                statement_of(organization, FIRST, MIDDLE),
                statement_of(organization, MIDDLE, UNTIL),
            ]
            assert all(map(adds_up, [whole, *halves]))
            if branches_on(organization, MIDDLE) == branches_on(organization, UNTIL):
                assert halves[0].closing == halves[1].opening
            assert whole.closing == halves[1].closing == closing_of(organization, UNTIL)
        # Each account by itself, and what is under way or was lost on the way.
        transfers = AccountEntry.objects.filter(counterpart__isnull=False)
        sent = transfers.filter(kind="remitted").aggregate(s=Sum("amount", default=0))["s"]
        arrived = transfers.filter(kind="received").aggregate(s=Sum("amount", default=0))["s"]
        alone = sum(balance_of(each, UNTIL) for each in everybody)
        assert alone + sent - arrived == closing_of(world.top, UNTIL)
        # What people owe, less what they have paid for it, is open or too much.
        here = list(Member.objects.on_roll().values_list("pk", flat=True))
        owed = sum(each.amount for each in Owing(FIRST, UNTIL, members=here).rows())
        paid = PaymentMonth.objects.filter(member__in=here).aggregate(s=Sum("amount", default=0))
        over = DuesStanding.objects.filter(member__in=here).aggregate(s=Sum("over", default=0))
        still_open = sum(line.open.amount for line in arrears_of(world.top, month(12)))
        assert owed - paid["s"] == still_open - over["s"]
        transaction.set_rollback(True)
