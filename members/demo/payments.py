"""The demo's payments: a year of collecting, as far as it has come on the day of the demo."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from branches.models import Organization
from branches.rules.hierarchy import BRANCH, ORGAN_COMMITTEE
from members.models import Closing, DuesStanding, Payment, PaymentMonth, Remittance
from members.models.dues.owing import Owing
from members.models.importing import chunks
from members.rules.dues_months import months_between, next_month
from registry.calendar import first_of_month, months_after
from registry.loading import insert, restart_numbers

PAYMENT = [
    "id", "member", "organization", "paid_on", "booked_month", "amount", "kind", "campaign",
    "method", "receipt_number", "taken_by", "reverses", "reason", "form_key", "form_line",
]  # fmt: skip
PAYMENT_MONTH = ["payment", "member", "organization", "month", "booked_month", "amount"]
METHODS = ("cash", "online", "online", "bank")
# Of a hundred members so many: months that are still open, and yuan given beyond what is owed.
HABITS = [(0, 0)] * 92 + [(1, 0)] * 3 + [(2, 0), (4, 0), (7, 0), (0, 5), (0, 20)]


class PaymentLoader:
    """Lets everybody who owes something for the year of ``on`` pay for it, or nearly everybody."""

    def __init__(self, seed: int, on: date) -> None:
        self.rng = random.Random(f"payments {seed}")  # noqa: S311 - invented payments
        self.on, self.first = on, date(on.year, 1, 1)
        self.until = first_of_month(on)  # the month of ``on`` is being collected
        self.payments: list[tuple[Any, ...]] = []
        self.months: list[tuple[Any, ...]] = []

    def load(self) -> None:
        for member, owed in self._owed().items():
            self._pay(member, owed)
        insert(Payment, PAYMENT, self.payments)
        insert(PaymentMonth, PAYMENT_MONTH, self.months)
        restart_numbers(Payment)
        members = list(DuesStanding.objects.order_by("member").values_list("member", flat=True))
        for chunk in chunks(members):
            DuesStanding.recompute(chunk)
        committee = Organization.objects.filter(kind=ORGAN_COMMITTEE).order_by("path").first()
        if committee and self.until > self.first:
            self._remit(committee)

    def _owed(self) -> dict[int, dict[date, tuple[int, Decimal]]]:
        owed: dict[int, dict[date, tuple[int, Decimal]]] = defaultdict(dict)
        for each in Owing(self.first, self.until).rows():
            if each.amount:
                owed[each.member_id][each.month] = (each.organization_id, each.amount)
        return dict(sorted(owed.items()))

    def _pay(self, member: int, owed: dict[date, tuple[int, Decimal]]) -> None:
        behind, beyond = self.rng.choice(HABITS)
        method = self.rng.choice(METHODS)
        months = sorted(owed)
        for month in months[: len(months) - behind]:
            branch, amount = owed[month]
            late = next_month(month) < self.until and self.rng.random() < 0.03
            booked = next_month(month) if late else month
            self._book(member, branch, month, booked, amount + beyond, method)
            beyond = 0
        if months and self.rng.random() < 0.005:
            self._type_twice(member)

    def _book(
        self, member: int, branch: int, month: date, booked: date, amount: Decimal, method: str
    ) -> None:
        key = len(self.payments) + 1
        day = (booked + timedelta(days=self.rng.randrange(4, 20))).isoformat()
        self._add(key, member, branch, day, month, booked, int(amount.scaleb(2)), method, None, "")

    def _type_twice(self, member: int) -> None:
        """The last payment was entered twice, and one of the two taken back."""
        (_key, who, branch, day, booked, fen, *_rest) = self.payments[-1]
        if who != member:
            return
        month = date.fromisoformat(self.months[-1][3])
        again, back = len(self.payments) + 1, len(self.payments) + 2
        booked = date.fromisoformat(booked)
        self._add(again, member, branch, day, month, booked, fen, "cash", None, "")
        self._add(back, member, branch, day, month, booked, -fen, "cash", again, "重复登记")

    def _add(
        self, key: int, member: int, branch: int, day: str, month: date, booked: date, fen: int,
        method: str, reverses: int | None, reason: str,
    ) -> None:  # fmt: skip
        said = booked.isoformat()
        receipt = "" if reverses else f"{self.on.year}{key:06}"
        self.payments.append(
            (key, member, branch, day, said, fen, "dues", "", method, receipt, "组织委员", reverses,
             reason, "", 0)
        )  # fmt: skip
        self.months.append((key, member, branch, month.isoformat(), said, fen))

    def _remit(self, committee: Organization) -> None:
        """The first committee remits each quarter and has closed what is remitted."""
        branches = Organization.objects.under(committee).standing().filter(kind=BRANCH)
        for begin, until in self._quarters():
            for payer in (*branches, committee):
                remittance = Remittance.compute(payer, begin, until)
                if not remittance.due:
                    continue
                day = min(until + timedelta(days=8), self.on)
                remittance.send(day, remittance.due, self.on, voucher_number=f"{until:%Y%m}")
                remittance.confirm(min(day + timedelta(days=3), self.on), remittance.due, self.on)
            Closing.close(committee, months_after(until, -1), self.on, None)

    def _quarters(self) -> Iterator[tuple[date, date]]:
        for begin in months_between(self.first, self.until)[::3]:
            if months_after(begin, 3) <= self.until:
                yield begin, months_after(begin, 3)
