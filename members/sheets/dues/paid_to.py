"""Paid-to lists (党费缴纳至年月): to which month somebody had paid before the register knew."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db.models import Min

from members.models import DuesStanding, PaymentMonth
from members.rules.dues_months import written
from members.sheets.dues.people import DuesResource, People, begin
from members.sheets.dues.reading import read_month
from members.sheets.dues.writing import ELSEWHERE, ByVerb, UndoneByVerb, held
from members.sheets.known import in_chunks
from members.sheets.twice import says_otherwise, says_the_same
from registry.calendar import first_of_month
from registry.models import ImportJob
from registry.models.job_rows import RowState, Undo
from registry.sentences import Sentence, warning
from registry.sheets import codes
from registry.sheets.progress import Progress
from registry.sheets.resources import CellField, Context, Overtaken, Reversal
from registry.sheets.rows import StagedRow
from registry.sheets.undoing import failed, kept


class PaidToResource(DuesResource):
    """One row is one member and the last month that he had paid for.

    It is the opening of his standing: no money is booked. Where the register has payments of his
    own for that month or before, they are right, and the row only says that it differs.
    """

    sheet_kind: ClassVar[str] = "dues_paid_to"
    model_label = "members.duesstanding"

    # 党委 for 党费 is a typing error that goes round with a widely used form.
    settled_to = CellField(
        "党费缴纳至年月 党费交至年月 党委缴纳至年月 历史党费缴至 党费缴至年月 党费交纳至年月 "
        "党费缴至 党费交至 党费缴纳至 党费交纳至 党费已交到 党费已交至 党费已缴至 "
        "交至年月 缴至年月 缴纳至年月",
        read_month,
    )

    def judge(self, rows: Sequence[StagedRow], progress: Progress) -> list[Sentence]:
        return _Judge(self.context).judge(rows, progress)

    def writing(self, job: ImportJob) -> _Writing:
        return _Writing(job, self.context)

    def prepare_undo(
        self, job: ImportJob, rows: Sequence[StagedRow], progress: Progress
    ) -> Reversal:
        return _Undoing(job, rows, self.context).prepare()


class _Judge:
    def __init__(self, context: Context) -> None:
        self.context = context

    def judge(self, rows: Sequence[StagedRow], progress: Progress) -> list[Sentence]:
        single = begin(rows)
        people = People(single, self.context)
        meant = [(row, people.of(row)) for row in progress.over(single, len(single))]
        keys = {member["pk"] for _row, member in meant if member}
        standings = {each.pk: each for each in _standings(keys)}
        first_paid = _first_paid(keys)
        said: dict[int, StagedRow] = {}
        for row, member in meant:
            month = row.values.get("settled_to")
            if not month and not row.stopped:
                row.tell(_missing(), "settled_to")
            if member and month and not row.stopped:
                pk = member["pk"]
                row.outcome = {"member": pk, "organization": member["organization_id"]}
                self._compare(row, month, standings.get(pk), first_paid.get(pk))
                _judge_twice(row, said.setdefault(pk, row))
            row.state = row.stopped or row.state
        return []

    def _compare(
        self, row: StagedRow, month: str, standing: DuesStanding | None, paid: date | None
    ) -> None:
        day = date.fromisoformat(f"{month}-01")
        row.target_id = row.outcome["member"]
        before = standing.settled_to if standing else None
        known = standing.paid_to if standing else None
        if day > first_of_month(self.context.today):
            row.tell(
                Sentence(
                    "%(month)s is still to come. Enter what was paid in advance as a payment.",
                    code=codes.PAID_TO_DIFFERS,
                    month=month,
                ),
                "settled_to",
            )
        elif day in (before, known):
            row.state = RowState.UNCHANGED
        elif paid and paid <= day:
            row.state = RowState.UNCHANGED
            row.tell(
                warning(
                    "The sheet says paid to %(written)s, the register has payments from %(first)s "
                    "on and says %(known)s. Nothing was changed; enter the payments that lack.",
                    code=codes.PAID_TO_DIFFERS,
                    written=month,
                    first=written(paid),
                    known=written(known) if known else "—",
                ),
                "settled_to",
            )
        else:
            row.state = RowState.CHANGED
            row.changes = [["settled_to", written(before) if before else "", month]]
            row.outcome |= {"month": month, "had": written(before) if before else None}


def _standings(keys: Iterable[int]) -> Iterable[DuesStanding]:
    for chunk in in_chunks(keys):
        yield from DuesStanding.objects.filter(pk__in=chunk)


def _first_paid(keys: Iterable[int]) -> dict[int, date]:
    """Return the first month that each member has paid for, net of what was reversed."""
    found: dict[int, date] = {}
    for chunk in in_chunks(keys):
        rows = PaymentMonth.objects.filter(
            member__in=chunk,
            payment__reverses__isnull=True,
            payment__reversed_by__isnull=True,
        )
        found |= dict(rows.order_by().values_list("member").annotate(Min("month")))
    return found


def _judge_twice(row: StagedRow, first: StagedRow) -> None:
    if row is first:
        return
    if row.values["settled_to"] == first.values["settled_to"]:
        row.state, row.changes = RowState.SKIPPED, []
        row.tell(says_the_same(first))
        return
    for each, other in ((row, first), (first, row)):
        each.tell(says_otherwise([other]))
        each.state = each.stopped


def _missing() -> Sentence:
    return Sentence(
        "The month is missing. Write the last one that was paid for, such as 202603.",
        code=codes.MONTH_MISSING,
    )


class _Writing(ByVerb):
    """Openings on their way into the register."""

    def write(self) -> None:
        mine = held(self.context, {row.outcome["member"] for row in self.rows})
        settled = {each.pk: each.settled_to for each in _standings(mine)}
        for row in self.rows:
            member, had = mine.get(row.outcome["member"]), _month(row.outcome["had"])
            if member is None or settled.get(member.pk) != had:
                raise Overtaken
            month = _month(row.outcome["month"])
            try:
                DuesStanding.settle(member, month, self.context.today)
            except ValidationError as error:
                raise Overtaken(" ".join(error.messages)) from error


class _Undoing(UndoneByVerb):
    """Gives back the opening that a member had before, where nobody has set another since."""

    def write(self) -> None:
        mine = held(self.context, {row.outcome["member"] for row in self.rows})
        settled = {each.pk: each.settled_to for each in _standings(mine)}
        for row in self.rows:
            member = mine.get(row.outcome["member"])
            if not row.key:
                continue
            name = str(row.values.get("name") or member or row.outcome["month"])
            if member is None:
                self.results[row.key] = failed(name, ELSEWHERE)
            elif settled.get(member.pk) != _month(row.outcome["month"]):
                self.results[row.key] = kept(name, None)
            else:
                DuesStanding.settle(member, _month(row.outcome["had"]), self.context.today)
                self.results[row.key] = (Undo.RESTORED, None)


def _month(text: str | None) -> date | None:
    return date.fromisoformat(f"{text}-01") if text else None
