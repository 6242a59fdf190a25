"""What was typed into a collection sheet: read, judged at each cell, and handed to the ledger."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple

from django.http import QueryDict
from django.utils.translation import gettext as _now

from members.models import Payment, Taking
from members.models.dues.collecting import Collection, CollectionRow, MonthCell
from members.models.dues.taking import Payers, TakingsRefused, refuse_takings
from members.rules.dues_months import remarks_on_payment, written
from members.rules.dues_readings import read_amount, read_month
from members.rules.ledger import DUES, EXTRA
from registry.language import said
from registry.money import ZERO

_NAME = re.compile(r"pay-([0-9]{1,18})-([0-9]{4}-[0-9]{2}|extra)")
_SEEN = re.compile(r"([0-9]{1,18}):([0-9]{4}-[0-9]{2}|extra):([0-9]{1,14}\.[0-9]{2})")


class Place(NamedTuple):
    """A cell of the sheet; the month None is the column of what is given beyond the dues."""

    member_id: int
    month: date | None

    @property
    def name(self) -> str:
        return f"pay-{self.member_id}-{written(self.month) if self.month else 'extra'}"


def places_seen(sheet: Collection) -> str:
    """Return what the sheet shows as paid, for a hidden field of its form."""
    found = []
    for row in sheet.rows:
        shown = {written(cell.month): cell.by_now for cell in row.cells.values()}
        shown["extra"] = row.extra_by_now
        found += [f"{row.member_id}:{key}:{paid}" for key, paid in shown.items() if paid > 0]
    return " ".join(found)


class TypedSheet:
    """The typed cells of one sheet, with all that is to be said of them.

    ``objections`` and ``remarks`` are sentences by cell; the place None stands for the whole.
    """

    def __init__(self, sheet: Collection, data: QueryDict, *, late: bool) -> None:
        self.sheet, self.late = sheet, late
        self.texts: dict[Place, str] = {}
        self.objections: dict[Place | None, list[str]] = defaultdict(list)
        self.remarks: dict[Place, list[str]] = defaultdict(list)
        self.seen = _seen_in(data.get("seen", ""))
        for name, text in data.items():
            if name.startswith("pay-") and str(text).strip():
                self._keep(name, str(text).strip()[:40])

    @cached_property
    def rows(self) -> dict[int, CollectionRow]:
        return {row.member_id: row for row in self.sheet.rows}

    def fill_in(self, month: date, ticked: set[str]) -> None:
        """Write into the empty cells of ``month`` what those who are ticked have open."""
        for row in self.sheet.rows:
            cell = row.cells.get(month)
            if cell and f"{row.member_id}" in ticked and self.is_writable(row, cell):
                self.texts.setdefault(Place(row.member_id, month), f"{cell.open}")

    def is_writable(self, row: CollectionRow, cell: MonthCell) -> bool:
        """Whether money may be typed: it is owed, open, and the month as well, or it comes late."""
        return row.here and cell.open > 0 and (self.late or not self.sheet.is_closed(cell.month))

    # From texts to payments

    def read_plainly(self, asked: Mapping[str, Any]) -> list[Taking]:
        """Return the payments that were typed, without looking at the sheet; none where a cell
        cannot be read, where something was given beyond the dues, or money comes late."""
        amounts = self._amounts(quietly=True)
        months: dict[int, dict[date, Decimal]] = defaultdict(dict)
        for (member, month), amount in amounts.items():
            if month is not None:
                months[member][month] = amount
        if self.late or self.is_refused or sum(map(len, months.values())) < len(self.texts):
            return []
        return [
            self._taking(member, DUES, sum(shares.values(), ZERO), shares, asked)
            for member, shares in months.items()
        ]

    def judge(self, asked: Mapping[str, Any], today: date) -> list[Taking]:
        """Return the payments that were typed, with every objection and remark kept."""
        amounts = self._amounts()
        takings = list(self._takings(amounts, asked))
        for taking in takings:
            if row := self.rows.get(taking.member_id):
                self._remark(row, taking)
        if self.is_refused or self.remarks:  # else the ledger says it when it is asked to book
            self._ask_the_ledger(takings, today)
        return takings

    @property
    def is_refused(self) -> bool:
        return any(self.objections.values())

    def refuse(self, refused: TakingsRefused, takings: list[Taking]) -> None:
        """Put what the ledger says at the cells that it speaks of."""
        of_cells = 0
        for line, sentences in refused.of_lines.items():
            taking = takings[line]
            for sentence in sentences:
                of_cells += 1
                for place in _places_of(taking, sentence.params):
                    shown = place if place and place.member_id in self.rows else None
                    text = said(sentence)
                    if text not in self.objections[shown]:
                        self.objections[shown].append(text)
        if not of_cells:
            self.objections[None] += refused.messages

    def is_booked_by(self, form_key: str) -> bool:
        """Whether the payments of a form are just what was typed: it was sent twice."""
        payments = Payment.objects.filter(form_key=form_key, organization=self.sheet.organization)
        booked = {
            Place(member, month): amount
            for member, month, amount in payments.values_list(
                "member", "months__month", "months__amount"
            )
            if month
        }
        extras = payments.filter(kind=EXTRA).values_list("member", "amount")
        booked |= {Place(member, None): amount for member, amount in extras}
        return bool(booked) and booked == self._amounts(quietly=True)

    @property
    def digest(self) -> str:
        """What stands for exactly these remarks on exactly these amounts, once they are seen."""
        parts = [
            f"{place.name}={self.texts.get(place)}{said}" for place, said in self.remarks.items()
        ]
        return hashlib.sha256("\n".join(sorted(parts)).encode()).hexdigest()[:22] if parts else ""

    def _keep(self, name: str, text: str) -> None:
        found = _NAME.fullmatch(name)
        if not found:
            return
        try:
            month = None if found[2] == "extra" else read_month(found[2])
        except ValueError as error:
            self.objections[None].append(said(error.args[0]))
            return
        self.texts[Place(int(found[1]), month)] = text

    def _amounts(self, *, quietly: bool = False) -> dict[Place, Decimal]:
        amounts = {}
        for place, text in self.texts.items():
            try:
                amounts[place] = read_amount(text)
            except ValueError as error:
                if not quietly:
                    shown = place if place.member_id in self.rows else None
                    self.objections[shown].append(said(error.args[0]))
        return amounts

    def _takings(
        self, amounts: Mapping[Place, Decimal], asked: Mapping[str, Any]
    ) -> Iterator[Taking]:
        """One payment of each member for all his months, and one for what he gives beyond."""
        months: dict[int, dict[date, Decimal]] = defaultdict(dict)
        extras: dict[int, Decimal] = {}
        for (member, month), amount in amounts.items():
            if month is None:
                extras[member] = amount
            elif self._is_owed(member, month):
                months[member][month] = amount
        for member, shares in months.items():
            yield self._taking(member, DUES, sum(shares.values(), ZERO), shares, asked)
        for member, amount in extras.items():
            yield self._taking(member, EXTRA, amount, {}, asked)

    def _taking(
        self,
        member: int,
        kind: str,
        amount: Decimal,
        months: dict[date, Decimal],
        asked: Mapping[str, Any],
    ) -> Taking:
        of_months: tuple[date | None, ...] = tuple(months) or (None,)
        return Taking(
            member_id=member,
            amount=amount,
            paid_on=asked["paid_on"],
            months=months,
            kind=kind,
            method=asked["method"],
            receipt_number=asked["receipt_number"],
            seen={month: self.seen.get(Place(member, month), ZERO) for month in of_months},
        )

    def _is_owed(self, member: int, month: date) -> bool:
        """Whether the sheet takes money for this month; it says why where it does not."""
        row = self.rows.get(member)
        if row is None or not row.here:
            return True  # the ledger answers, for somebody else's member as for nobody
        place = Place(member, month)
        told = {"name": row.name, "month": written(month)}
        cell = row.cells.get(month)
        if self.sheet.is_closed(month) and not self.late:
            self.objections[place].append(
                _now(
                    "%(month)s is closed. Empty the cell; money for it is typed under “Late "
                    "money” and counted in the first open month."
                )
                % told
            )
            return False
        if cell is not None and cell.owed is None:
            self.objections[place].append(
                _now(
                    "%(name)s owes nothing for %(month)s, or is not assessed for it yet. Assess "
                    "first, or write it under “Extra”."
                )
                % told
            )
            return False
        return True

    def _ask_the_ledger(self, takings: list[Taking], today: date) -> None:
        """What else speaks against it, so that all is told at once."""
        organization = self.sheet.organization
        try:
            if takings:
                refuse_takings(takings, Payers.of(organization, takings), today)
        except TakingsRefused as refused:
            self.refuse(refused, takings)

    def _remark(self, row: CollectionRow, taking: Taking) -> None:
        beyond = {
            month: amount - cell.open
            for month, amount in taking.months.items()
            if (cell := row.cells.get(month)) and amount > cell.open
        }
        for month, amount in beyond.items():
            self.remarks[Place(row.member_id, month)].append(
                _now(
                    "%(name)s: %(amount)s yuan more than is open for %(month)s. It stands as paid "
                    "too much; what is given freely goes under “Extra”."
                )
                % {"name": row.name, "amount": amount, "month": written(month)}
            )
        extra = taking.amount if taking.kind == EXTRA else sum(beyond.values(), ZERO)
        for remark in remarks_on_payment(taking.months, taking.paid_on, extra):
            place = Place(row.member_id, min(taking.months, default=None))
            self.remarks[place].append(f"{row.name}: {said(remark)}")


def _places_of(taking: Taking, params: Mapping[str, Any]) -> list[Place]:
    """Return the cells of a payment that a sentence with ``params`` speaks of."""
    of_months: tuple[date | None, ...] = tuple(taking.months) or (None,)
    places = [Place(taking.member_id, month) for month in of_months]
    narrowed = [
        place
        for place in places
        if place.month
        and (
            written(place.month) == f"{params.get('month')}"
            or taking.months[place.month] == params.get("amount")
        )
    ]
    return narrowed or places[:1]


def _seen_in(text: str) -> dict[Place, Decimal]:
    """Return what the page had shown as paid; what cannot be read was not shown."""
    seen = {}
    for member, key, paid in _SEEN.findall(text):
        with suppress(ValueError):  # somebody has written into the page
            month = None if key == "extra" else read_month(key)
            seen[Place(int(member), month)] = Decimal(paid)
    return seen
