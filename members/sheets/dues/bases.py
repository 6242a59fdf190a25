"""Base lists (缴费基准): a member's monthly income for the dues of a year."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from django.core.exceptions import ValidationError

from branches.models import Organization
from members.models import BaseComponent, DuesBase, Member
from members.models.dues.closed_months import ClosingBook
from members.rules.dues import CATEGORIES as PAYING
from members.rules.dues import FIXED
from members.rules.dues_months import next_month, written
from members.sheets.dues.people import DuesResource, People, begin
from members.sheets.dues.reading import read_amount, read_year, year_named_in
from members.sheets.dues.writing import ELSEWHERE, ByVerb, UndoneByVerb, held
from members.sheets.known import in_chunks
from members.sheets.twice import says_the_same
from registry.models import ImportJob
from registry.models.job_rows import RowState, Undo
from registry.money import ZERO
from registry.sentences import Sentence, warning
from registry.sheets import codes, headings
from registry.sheets.cells import CellError
from registry.sheets.columns import OWN
from registry.sheets.progress import Progress
from registry.sheets.resources import CellField, Context, Overtaken, Reversal
from registry.sheets.rows import StagedRow
from registry.sheets.undoing import changed_since, failed, kept


class BaseResource(DuesResource):
    """One row is the base of one member for one year, as one figure or in its components."""

    sheet_kind: ClassVar[str] = "dues_bases"
    model_label = "members.duesbase"

    year = CellField("年份 年度 缴费年份 核定年度 所属年份", read_year)
    amount = CellField(
        "缴费基准 核算基数 核算基数（元） 党费计算基数 缴费基数 交纳基数 缴纳基数 工资基数 "
        "月工资收入 党费基数 基数 计费基数 党费核算基数",
        read_amount,
    )

    def own_headings(self) -> dict[str, str]:
        """The components that hold at the office of the upload, by their names."""
        return {headings.with_note(name): f"{OWN}{name}" for name in components_of(self.context)}

    def judge(self, rows: Sequence[StagedRow], progress: Progress) -> list[Sentence]:
        return BaseJudge(self.context).judge(rows, progress)

    def writing(self, job: ImportJob) -> BaseWriting:
        return BaseWriting(job, self.context)

    def prepare_undo(
        self, job: ImportJob, rows: Sequence[StagedRow], progress: Progress
    ) -> Reversal:
        return BaseUndoing(job, rows, self.context).prepare()


def components_of(context: Context) -> dict[str, BaseComponent]:
    """Return the components that hold where the upload belongs now, by name."""
    found = BaseComponent.objects.for_path(context.scope_path, context.today.replace(day=1))
    return {each.name: each for each in found}


class BaseJudge:
    """Says of each row which base it gives; writes nothing."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.components = components_of(context)

    def judge(self, rows: Sequence[StagedRow], progress: Progress) -> list[Sentence]:
        single = begin(rows)
        people = People(single, self.context)
        meant = [(row, people.of(row)) for row in progress.over(single, len(single))]
        known = _bases({member["pk"] for _row, member in meant if member})
        given: dict[tuple[int, int], list[StagedRow]] = defaultdict(list)
        for row, member in meant:
            year = self._year_of(row)
            amount = self._amount_of(row)
            if member and year and amount is not None and not row.stopped:
                given[member["pk"], year].append(row)
                if PAYING[member["category"]].category == FIXED:
                    row.tell(_by_amount(member["name"]), "amount")
                self._compare(row, member, year, amount, known.get((member["pk"], year)))
            row.state = row.stopped or row.state
        for same in given.values():
            _judge_twice(same)
        return _closed([row for row in single if row.state in (RowState.NEW, RowState.CHANGED)])

    def _year_of(self, row: StagedRow) -> int | None:
        year: int | None = row.values.get("year")
        if year is None and not any(each.field == "year" for each in row.told):
            sheet = self.context.sheets.get(row.sheet, {})
            year = year_named_in((*reversed(sheet.get("titles", ())), row.sheet))
            if year is None:
                row.tell(
                    Sentence(
                        "The row says no year. Add a column 年份, or write the year above the "
                        "headings.",
                        code=codes.YEAR_MISSING,
                    ),
                    "year",
                )
        if year and year > self.context.today.year + 1:
            row.tell(
                Sentence(
                    "%(year)s is too far ahead. Write this year or the next one.",
                    code=codes.YEAR_MISSING,
                    year=str(year),
                ),
                "year",
            )
        return year

    def _amount_of(self, row: StagedRow) -> Decimal | None:
        """Return the base, and keep its parts where the row tells them."""
        whole: Decimal | None = row.values.get("amount")
        parts: dict[str, Decimal] = {}
        for name in self.components:
            if text := row.values.get(f"{OWN}{name}"):
                try:
                    parts[name] = read_amount(text).value  # type: ignore[assignment]
                except CellError as error:
                    row.tell(error.sentence, f"{OWN}{name}")
                    return None
        parts = {name: part for name, part in parts.items() if part is not None}
        if not parts:
            if whole is None and not any(each.field == "amount" for each in row.told):
                row.tell(
                    Sentence("The base is missing. Write it.", code=codes.VALUE_MISSING), "amount"
                )
            return whole
        total = sum(
            (-part if self.components[name].deducted else part for name, part in parts.items()),
            ZERO,
        )
        if total < 0:
            row.tell(
                Sentence(
                    "The components add up to %(sum)s, which is below 0. Check what is deducted.",
                    code=codes.BASE_PARTS,
                    sum=total,
                ),
                "amount",
            )
            return None
        if whole is not None and whole != total:
            row.tell(
                Sentence(
                    "The base is %(base)s, its components add up to %(sum)s. Correct one of them.",
                    code=codes.BASE_PARTS,
                    base=whole,
                    sum=total,
                ),
                "amount",
            )
            return None
        row.outcome["parts"] = {name: str(part) for name, part in parts.items()}
        return total

    def _compare(
        self, row: StagedRow, member: Any, year: int, amount: Decimal, known: DuesBase | None
    ) -> None:
        row.outcome |= {
            "member": member["pk"],
            "organization": member["organization_id"],
            "year": year,
            "amount": str(amount),
        }
        row.changes = [["amount", str(known.amount) if known else "", str(amount)]]
        if known is None:
            return
        row.target_id = known.pk
        had = {part.component.name: str(part.amount) for part in known.parts.all()}
        row.outcome["had"] = {"amount": str(known.amount), "parts": had, "version": known.version}
        row.state = RowState.CHANGED
        if known.amount == amount and had == row.outcome.get("parts", had):
            row.state, row.changes = RowState.UNCHANGED, []


def _bases(members: set[int]) -> dict[tuple[int, int], DuesBase]:
    return {
        (base.member_id, base.year): base
        for chunk in in_chunks(members)
        for base in DuesBase.objects.filter(member__in=chunk).prefetch_related("parts__component")
    }


def _judge_twice(same: Sequence[StagedRow]) -> None:
    """Of equal rows about one member and year keep the first; others name each other."""
    first, *others = same
    for row in others:
        if row.outcome["amount"] == first.outcome["amount"]:
            row.state, row.changes = RowState.SKIPPED, []
            row.tell(says_the_same(first))
    differing = [row for row in same if row.state != RowState.SKIPPED]
    if len(differing) < 2:
        return
    for row in differing:
        places = [f"{each.sheet}!{each.number}" for each in differing if each is not row]
        row.tell(
            Sentence(
                "The same member has another base for %(year)s in %(places)s. Keep one of them.",
                code=codes.BASE_TWICE,
                year=str(row.outcome["year"]),
                places=", ".join(places[:3]),
            ),
            "amount",
        )
        row.state = row.stopped


def _closed(rows: Sequence[StagedRow]) -> list[Sentence]:
    """Return up to where the years of the bases are closed, where some of them are."""
    years = {row.outcome["year"] for row in rows}
    book = ClosingBook(date(min(years), 1, 1)) if years else None
    if book is None or not book.last:
        return []
    branches = {row.outcome["organization"] for row in rows}
    paths = {
        pk: path
        for chunk in in_chunks(branches)
        for pk, path in Organization.objects.filter(pk__in=chunk).values_list("pk", "path")
    }
    told = {
        (book.closed_to(paths[row.outcome["organization"]]), row.outcome["year"]) for row in rows
    }
    reached = {min(last, date(year, 12, 1)) for last, year in told if last and last.year >= year}
    return [
        warning(
            "%(month)s is closed: what was owed up to it stays, and a base of that year acts from "
            "%(open)s on.",
            code=codes.MONTH_CLOSED,
            month=written(month),
            open=written(next_month(month)),
        )
        for month in sorted(reached)
    ]


def _by_amount(name: str) -> Sentence:
    return warning(
        "%(name)s pays a fixed amount, not by a base. The base is kept and changes nothing.",
        code=codes.BASE_UNUSED,
        name=name,
    )


class BaseWriting(ByVerb):
    """Bases on their way into the register."""

    def write(self) -> None:
        mine = held(self.context, {row.outcome["member"] for row in self.rows})
        known = _bases(set(mine))
        components = components_of(self.context)
        entered = {}
        for row in self.rows:
            said = row.outcome
            member = mine.get(said["member"])
            base = known.get((said["member"], said["year"]))
            before = said.get("had", {}).get("version")
            if member is None or before != (base.version if base else None):
                raise Overtaken
            if not set(said.get("parts", ())) <= components.keys():
                raise Overtaken
            parts = {
                components[name]: Decimal(each) for name, each in said.get("parts", {}).items()
            }
            try:
                given = DuesBase.give(member, said["year"], Decimal(said["amount"]), parts or None)
            except ValidationError as error:
                raise Overtaken(" ".join(error.messages)) from error
            if row.key and base is None:
                entered[row.key] = given.pk
        self.job.founded(entered)


class BaseUndoing(UndoneByVerb):
    """Gives back the base that a member had before, where nobody has changed it since."""

    def write(self) -> None:
        mine = held(self.context, {row.outcome["member"] for row in self.rows})
        bases = DuesBase.objects.in_bulk([row.target_id or 0 for row in self.rows])
        later = changed_since(self.job, DuesBase._meta.label_lower, list(bases))
        for row in self.rows:
            if not row.key:
                continue
            member, base = mine.get(row.outcome["member"]), bases.get(row.target_id or 0)
            name = row.values.get("name") or (str(member) if member else row.outcome["year"])
            if member is None:
                self.results[row.key] = failed(str(name), ELSEWHERE)
            elif base is None or base.version != row.outcome.get("had", {}).get("version", 0) + 1:
                self.results[row.key] = kept(str(name), later.get(row.target_id or 0))
            else:
                _give_back(member, base, row.outcome.get("had"))
                self.results[row.key] = (Undo.RESTORED, None)


def _give_back(member: Member, base: DuesBase, had: dict[str, Any] | None) -> None:
    if had is None:
        base.delete()
        return
    components = {
        each.name: each
        for each in BaseComponent.objects.for_path(member.organization.path, date(base.year, 12, 1))
    }
    parts = {
        components[name]: Decimal(part) for name, part in had["parts"].items() if name in components
    }
    whole = len(parts) == len(had["parts"])
    DuesBase.give(member, base.year, Decimal(had["amount"]), parts if parts and whole else None)
