"""What a row of a sheet of payments means: who paid, for which months, and what is odd about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from members.models import Member, Taking
from members.rules import dues_months, ledger
from members.rules.dues_months import written
from members.sheets.dues import payment_findings as say
from members.sheets.dues.people import REMARKS, People, begin
from members.sheets.dues.reading import PAID, months_named_in, months_of, year_named_in
from members.sheets.dues.standing_money import Closed, Money
from members.sheets.known import Registered
from members.sheets.twice import says_otherwise, says_the_same
from registry.calendar import first_of_month
from registry.models.job_rows import RowState
from registry.money import ZERO
from registry.sentences import Sentence
from registry.sheets import codes
from registry.sheets.progress import Progress
from registry.sheets.resources import Context
from registry.sheets.rows import StagedRow

_COLUMNS = [(number, f"month_{number}") for number in range(1, 13)]
_ONLINE, _BANK = (
    ("微信", "支付宝", "线上", "交易单号", "交易对方"),
    ("银行", "转账", "代扣", "对方户名"),
)


@dataclass(frozen=True)
class Claim:
    """What a row says was paid: so much for each month, or, without months, so much at once."""

    amount: Decimal
    paid_on: date
    months: dict[date, Decimal]
    dated: bool  # one transfer of a day, not the sum of a month
    kind: str = ledger.DUES


@dataclass(frozen=True)
class Around:
    """What the title and the name of a sheet say of all its rows."""

    span: str
    year: int | None
    method: str


class PaymentJudge:
    """Judges the rows of one upload against the ledger as it is now; writes nothing."""

    def __init__(self, context: Context) -> None:
        self.context, self.today = context, context.today
        self.around: dict[str, Around] = {}
        self.closed = Closed()
        self.said: dict[tuple[object, ...], StagedRow] = {}

    def judge(self, rows: Sequence[StagedRow], progress: Progress) -> list[Sentence]:
        single = begin(rows)
        people = People(single, self.context)
        meant = [(row, people.of(row)) for row in single]
        years = [month.year for row in single for month in self._months_told(row)]
        years += [self._day_of(row).year for row in single]
        keys = {member["pk"] for _row, member in meant if member}
        self.money = Money(keys, min(years, default=self.today.year), max(years, default=0))
        for row, member in progress.over(meant, len(meant)):
            if member:
                self._judge(row, member)
            row.state = row.stopped or row.state
        return []

    def _judge(self, row: StagedRow, member: Registered) -> None:
        pk = member["pk"]
        row.outcome = {"member": pk, "organization": member["organization_id"]}
        claim = self._claim_of(row, pk)
        if claim is None:
            if not row.stopped:
                row.state = RowState.UNCHANGED  # nothing was paid
            return
        if row.stopped or self._is_repeated(row, pk, claim):
            return
        claim = self._beyond_the_ledger(row, pk, claim)
        if claim is None:
            return
        self._object(row, pk, claim)
        self._remark(row, pk, claim)
        if not row.stopped:
            self._count(row, pk, claim)

    # What it says

    def _around_sheet(self, name: str) -> Around:
        if name not in self.around:
            sheet = self.context.sheets.get(name, {})
            lines = [*reversed(sheet.get("titles", ())), name]
            spans = [span for line in lines if (span := months_named_in(line))]
            words = " ".join([*lines, *sheet.get("headings", {}).values()])
            method = ledger.CASH
            for code, signs in ((ledger.BANK, _BANK), (ledger.ONLINE, _ONLINE)):
                if any(sign in words for sign in signs):
                    method = code
            self.around[name] = Around(spans[0] if spans else "", year_named_in(lines), method)
        return self.around[name]

    def _year_of(self, row: StagedRow) -> int | None:
        year: int | None = row.values.get("year")
        return year or self._around_sheet(row.sheet).year

    def _day_of(self, row: StagedRow) -> date:
        """Return the day on which was paid; where the sheet says none, the day of the upload."""
        said = row.values.get("paid_on")
        day: date = min(said.last_day, self.today) if said else self.context.opening_on
        return day

    def _months_told(self, row: StagedRow) -> list[date]:
        """Return the months that the row, its remark or its sheet names."""
        values, around = row.values, self._around_sheet(row.sheet)
        year = self._year_of(row)
        if any(name in row.letters for _number, name in _COLUMNS):
            return [month for name, month in self._month_columns(row) if name in values]
        dated = values.get("paid_on")
        if dated and year is None:
            year = dated.year
        first, last = values.get("month_first"), values.get("month_last")
        if first and last:
            span = f"{first.split('/')[0]}/{last.split('/')[1]}"
            return months_of(span, year) if span[0] != "/" else []
        remarks = (months_named_in(values.get(name, "")) for name in REMARKS)
        told = values.get("month") or next(filter(None, remarks), "")
        return months_of(told or around.span, year) if told or around.span else []

    def _month_columns(self, row: StagedRow) -> list[tuple[str, date]]:
        headings = self.context.sheets.get(row.sheet, {}).get("headings", {})
        found = []
        for number, name in _COLUMNS:
            if letter := row.letters.get(name):
                span = months_named_in(headings.get(letter, ""))
                year = self._year_of(row)
                if months := months_of(span, year) if span else []:
                    found.append((name, months[0]))
                elif year:
                    found.append((name, date(year, number, 1)))
        return found

    def _claim_of(self, row: StagedRow, pk: int) -> Claim | None:
        """Return what the row says was paid; None where nothing was, or it is told why not."""
        values, day = row.values, self._day_of(row)
        in_columns = [name for _number, name in _COLUMNS if name in row.letters]
        if in_columns:
            if not self._month_columns(row):
                row.tell(say.no_year(), in_columns[0])
                return None
            return self._of_columns(row, pk, day)
        amount = values.get("amount")
        if amount is None and "amount" not in row.letters:
            amount = values.get("charged")
            if "charged" not in row.letters:
                row.tell(say.no_amount(), "amount")
        if not amount:
            return None
        dated = "paid_on" in values and "month" not in row.letters and "due" not in row.letters
        months = self._months_told(row)
        claim = Claim(amount, day, {}, dated)
        if not months and dated:
            return self._of_a_transfer(row, pk, claim)
        if not months:
            if not any(each.field.startswith("month") for each in row.told):
                row.tell(say.no_month(), "month")
            return None
        shares = self._shares(pk, months, amount, values.get("due"))
        if shares is None:
            row.tell(say.not_to_be_split(amount, months), "amount")
            return None
        return replace(claim, months=shares)

    def _of_columns(self, row: StagedRow, pk: int, day: date) -> Claim | None:
        due = row.values.get("due") or row.values.get("charged")
        months: dict[date, Decimal] = {}
        for name, month in self._month_columns(row):
            cell = row.values.get(name)
            amount = (due or self.money.owed[pk].get(month)) if cell == PAID else cell
            if cell == PAID and not amount:
                row.tell(say.tick_without_amount(month), name)
            elif amount:
                months[month] = amount
        if not months:
            return None
        return Claim(sum(months.values(), ZERO), day, months, dated=False)

    def _shares(
        self, pk: int, months: Sequence[date], amount: Decimal, due: Decimal | None
    ) -> dict[date, Decimal] | None:
        """Return how much of an amount is for which month: as owed, else the same for each."""
        owed = self.money.owed[pk]
        if len(months) == 1:
            return {months[0]: amount}
        if sum((owed.get(month, ZERO) for month in months), ZERO) == amount:
            return {month: owed[month] for month in months if owed.get(month)}
        if due and due * len(months) == amount:
            return dict.fromkeys(months, due)
        share = amount / len(months)
        return dict.fromkeys(months, share) if share == round(share, 2) else None

    def _of_a_transfer(self, row: StagedRow, pk: int, claim: Claim) -> Claim | None:
        """Find by its amount for what a transfer was that says no month; ask where it fits none."""
        month = first_of_month(claim.paid_on)
        answer = row.answer(codes.MONTHS_UNSURE)
        if answer == ledger.EXTRA:
            return replace(claim, kind=ledger.EXTRA)
        if answer == written(month):
            return replace(claim, months={month: claim.amount})
        missing = self.money.open_months(pk, month)
        if missing.get(month) == claim.amount:
            return replace(claim, months={month: claim.amount})
        taken: dict[date, Decimal] = {}
        for each, amount in missing.items():
            taken[each] = amount
            if sum(taken.values(), ZERO) == claim.amount:
                return replace(claim, months=taken)
        if (pk, claim.paid_on, claim.amount) in self.money.days:
            return replace(claim, months={month: claim.amount})  # which is told below
        choices = [(written(month), written(month)), (ledger.EXTRA, "")]
        row.tell(say.fits_no_months(claim.amount, sum(missing.values(), ZERO)), "amount", choices)
        return None

    # What the ledger says

    def _is_repeated(self, row: StagedRow, pk: int, claim: Claim) -> bool:
        """Skip a row that says what one above says; both are wrong where a month has two sums."""
        what: tuple[object, ...] = (tuple(claim.months), row.values.get("month"))
        if claim.dated:
            serial = (row.values.get(name) for name in ("receipt_number", *REMARKS))
            what = (claim.paid_on, claim.amount, *serial)
        first = self.said.setdefault((pk, *what), row)
        if first is row:
            return False
        if first.values == row.values or claim.dated or _amount_of(first) == claim.amount:
            row.state = RowState.SKIPPED
            row.tell(says_the_same(first))
            return True
        row.tell(says_otherwise([first]))
        first.tell(says_otherwise([row]))
        first.state = first.stopped
        return True

    def _beyond_the_ledger(self, row: StagedRow, pk: int, claim: Claim) -> Claim | None:
        """Return what of a claim the ledger does not have yet; None for nothing."""
        answer = row.answer(codes.ALREADY_PAID)
        paid = self.money.paid[pk]
        known = {month: paid[month] for month in claim.months if paid.get(month)}
        if claim.dated and (pk, claim.paid_on, claim.amount) in self.money.days:
            row.tell(say.booked_already(claim.amount, claim.paid_on), "amount")
            row.state = RowState.UNCHANGED
            return None
        if not known:
            return claim
        if claim.dated:
            return self._beyond_what_is_owed(row, pk, claim, known)
        rest = {
            month: amount - known.get(month, ZERO)
            for month, amount in claim.months.items()
            if amount > known.get(month, ZERO)
        }
        less = [month for month, amount in claim.months.items() if amount < known.get(month, ZERO)]
        if less or not rest or answer == say.LEAVE:
            row.state = RowState.UNCHANGED
            row.tell(say.paid_already(known, claim.months), "amount")
            return None
        partly = [month for month in rest if month in known]
        if partly and answer != say.BOOK:
            row.tell(say.paid_in_part(known, claim.months), "amount", say.CHOICES)
        return replace(claim, amount=sum(rest.values(), ZERO), months=rest)

    def _beyond_what_is_owed(
        self, row: StagedRow, pk: int, claim: Claim, known: dict[date, Decimal]
    ) -> Claim | None:
        """Ask of a transfer for months that are paid whether it is the same money once more."""
        answer, owed = row.answer(codes.ALREADY_PAID), self.money.owed[pk]
        over = any(known[each] + claim.months[each] > owed.get(each, ZERO) for each in known)
        if over and answer == say.LEAVE:
            row.state = RowState.UNCHANGED
            return None
        if over and answer != say.BOOK:
            row.tell(say.paid_in_part(known, claim.months), "amount", say.CHOICES)
        return claim

    def _object(self, row: StagedRow, pk: int, claim: Claim) -> None:
        """Tell what keeps the payment from being booked."""
        member = self.money.members[pk]
        money = self._taking(row, pk, claim).as_money()
        for each in ledger.payment_objections(
            money, member.name, self.money.stays.get(pk, []), self.today
        ):
            row.tell(each, {"months": "month"}.get(each.field, each.field))

    def _remark(self, row: StagedRow, pk: int, claim: Claim) -> None:
        """Tell what is odd about the payment; it is booked all the same."""
        member, months = self.money.members[pk], sorted(claim.months)
        owed = self.money.owed[pk]
        extra = claim.amount if claim.kind == ledger.EXTRA else ZERO
        for each in dues_months.remarks_on_payment(months, claim.paid_on, extra):
            row.tell(each, {"months": "month"}.get(each.field, each.field))
        unowed = [month for month in months if month not in owed]
        if unowed:
            row.tell(say.not_owed(member.name, unowed), "month")
        else:
            self._compare(row, pk, claim)
        self._compare_rate(row, pk, months[0] if months else first_of_month(claim.paid_on))
        self._tell_closed(row, member, claim)

    def _compare(self, row: StagedRow, pk: int, claim: Claim) -> None:
        owed = {month: self.money.owed[pk][month] for month in sorted(claim.months)}
        due = row.values.get("due")
        if due is None and "amount" in row.letters:
            due = row.values.get("charged")
        if due is not None and due not in owed.values() and due != sum(owed.values(), ZERO):
            row.tell(say.due_differs(due, owed), "due" if "due" in row.letters else "charged")
        paid = {m: a + self.money.paid[pk].get(m, ZERO) for m, a in claim.months.items()}
        odd = [month for month, amount in paid.items() if amount != owed[month]]
        if odd:
            row.tell(say.paid_differs(odd, paid, owed), "amount")

    def _compare_rate(self, row: StagedRow, pk: int, month: date) -> None:
        base, due = row.values.get("base"), row.values.get("due") or row.values.get("charged")
        if base is None or due is None:
            return
        expected = self.money.by_rate(pk, base, month)
        if expected is not None and due not in (expected, expected * 12):
            row.tell(say.not_by_rate(base, due, expected), "base")

    def _tell_closed(self, row: StagedRow, member: Member, claim: Claim) -> None:
        last = self.closed.to(member.organization)
        closed = [month for month in sorted(claim.months) if last and month <= last]
        own = first_of_month(claim.paid_on)
        if last and (closed or own <= last):
            booked = dues_months.next_month(last) if own <= last else own
            row.tell(say.closed(last, booked), "month")

    # What comes of it

    def _taking(self, row: StagedRow, pk: int, claim: Claim) -> Taking:
        method = row.values.get("method") or self._around_sheet(row.sheet).method
        number = str(row.values.get("receipt_number", ""))[-30:]
        return Taking(pk, claim.amount, claim.paid_on, claim.months, claim.kind, method, number)

    def _count(self, row: StagedRow, pk: int, claim: Claim) -> None:
        """Keep what is to be booked, and let the rows below know of it."""
        taking = self._taking(row, pk, claim)
        row.outcome |= {
            "amount": str(taking.amount),
            "paid_on": taking.paid_on.isoformat(),
            "months": {month.isoformat(): str(each) for month, each in taking.months.items()},
            "kind": taking.kind,
            "method": taking.method,
            "receipt_number": taking.receipt_number,
            "latest": self.money.latest.get(pk, 0),
        }
        row.changes = [
            ["month", "", ", ".join(written(month) for month in sorted(claim.months))],
            ["amount", "", str(claim.amount)],
        ]
        if not row.values.get("name"):
            row.changes.insert(0, ["name", "", self.money.members[pk].name])
        paid = self.money.paid[pk]
        for month, amount in claim.months.items():
            paid[month] = paid.get(month, ZERO) + amount


def _amount_of(row: StagedRow) -> Decimal:
    return Decimal(row.outcome.get("amount", 0))
