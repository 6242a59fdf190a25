"""Many files at once: what ``begin`` and ``record`` do for one, set by set, for uploads.

The rows have been judged by the same rules. All of it is entered afterwards from old papers, so
nobody becomes a member by it; who is one is joined to his file. ``write`` is called within the
caller's transaction, and all is done or nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.db import connection

from branches.models import Organization
from branches.models.reorganizing import hold_tree
from members.models.accounts import account
from members.models.development import following
from members.models.development.acting import ENTERED_AT, acting_organization
from members.models.development.files import DevelopmentFile
from members.models.development.reading import chunks
from members.models.development.steps import StepTaken
from members.models.members import Member
from members.rules import development
from members.rules.development.steps import APPROVALS
from registry.calendar import PartialDate
from registry.loading import update
from registry.models import Action, Entry, StaleRecord

_BATCH = 200
# What every completed file is saved with, so that its version tells that it was.
_ALWAYS = ("member", "missing_count")


class SaidStep(NamedTuple):
    """One step that the papers tell; ``instead`` is the key of a step whose place it takes."""

    step: str
    on: PartialDate | None
    facts: dict[str, Any]
    instead: int | None = None


class SaidFile(NamedTuple):
    """One person as his papers tell him. ``version`` is that of his file, 0 where it is new."""

    key: int
    version: int
    organization: int
    values: Mapping[str, Any]
    steps: Sequence[SaidStep]
    member: int | None  # the member on the roll whom the file is joined to
    reason: str  # where the papers are
    rule_set: str = ""
    began_on: PartialDate | None = None


class FileIntake:
    """Files to be opened or completed on ``on`` by ``by``, logged in ``chain``."""

    def __init__(self, chain: str, reason: str, on: date, by: Any) -> None:
        self.chain, self.reason, self.on, self.by = chain, reason, on, by
        self._acting: dict[tuple[int, str], Organization] = {}
        self._turns: dict[tuple[int, str], int] = {}
        self._entries: list[Entry] = []

    def write(self, said: Sequence[SaidFile]) -> None:
        """Write them; raise ``StaleRecord`` where a file or a member has changed meanwhile."""
        hold_tree(shared=True)
        self._hold_members({each.member for each in said if each.member})
        known = self._held({each.key: each.version for each in said if each.version})
        self.places: dict[int, Organization] = {}
        for some in chunks({each.organization for each in said}):
            self.places |= Organization.objects.in_bulk(some)
        self._withdraw(
            {step.instead: each.reason for each in said for step in each.steps if step.instead}
        )
        self._ask_turns(list(known))
        new = [self._opened(each) for each in said if not each.version]
        DevelopmentFile.objects.bulk_create(new, batch_size=_BATCH)
        self._complete(known, [each for each in said if each.version])
        files = known | {file.pk: file for file in new}
        steps = [step for each in said for step in self._taken(files[each.key], each)]
        for made in (new, StepTaken.objects.bulk_create(steps, batch_size=_BATCH)):
            self._log(Action.ADD, made)
        Entry.append_all(self.chain, self._entries)
        for some in chunks(files):
            following.rebuild(DevelopmentFile.objects.filter(pk__in=some))

    def _hold_members(self, keys: Iterable[int]) -> None:
        held = 0
        wanted = set(keys)
        for some in chunks(wanted):
            rows = Member.objects.on_roll().filter(pk__in=some)
            held += len(list(rows.select_for_update(of=("self",), no_key=True).order_by("pk")))
        if held != len(wanted):
            raise StaleRecord(self.reason)

    def _held(self, versions: Mapping[int, int]) -> dict[int, DevelopmentFile]:
        found: dict[int, DevelopmentFile] = {}
        for some in chunks(versions):
            rows = DevelopmentFile.objects.select_for_update(of=("self",), no_key=True)
            rows = rows.select_related("organization").filter(pk__in=some).order_by("pk")
            found |= {file.pk: file for file in rows}
        if {key: file.version for key, file in found.items() if file.is_open} != versions:
            raise StaleRecord(self.reason)
        return found

    def _withdraw(self, reasons: Mapping[int, str]) -> None:
        """Let steps go whose place more precise ones take; where those stand, is the reason."""
        gone = []
        for some in chunks(reasons):
            for row in StepTaken.objects.in_force().filter(pk__in=some).select_related("file"):
                row.withdrawn_on, row.withdrawn_by = self.on, account(self.by)
                row.withdrawal_reason = reasons[row.pk][:200]
                gone.append(row)
        if len(gone) != len(reasons):
            raise StaleRecord(self.reason)
        save_withdrawals(gone)
        self._log(Action.CHANGE, gone)

    def _ask_turns(self, keys: Sequence[int]) -> None:
        for some in chunks(keys):
            rows = StepTaken.objects.in_force().filter(file__in=some).order_by("turn")
            for file, step, turn in rows.values_list("file", "step", "turn"):
                self._turns[file, step] = turn

    def _opened(self, said: SaidFile) -> DevelopmentFile:
        file = DevelopmentFile(
            pk=said.key,
            organization=self.places[said.organization],
            member_id=said.member,
            rule_set=said.rule_set,
            began_on=said.began_on,
            standing="applicant",
            stage="application",
            **said.values,
        )
        file.derive()
        return file

    def _complete(self, known: Mapping[int, DevelopmentFile], said: Sequence[SaidFile]) -> None:
        rows: dict[tuple[str, ...], list[tuple[Any, ...]]] = defaultdict(list)
        for each in said:
            file = known[each.key]
            for name, value in each.values.items():
                setattr(file, name, value)
            if each.member:
                file.member_id = each.member
            file.derive()
            if each.began_on and not file.began_on:
                file.began_on = each.began_on
            columns = columns_of(file, each.values)
            rows[columns].append((*values_of(file, columns), file.pk, file.version))
        self._log(Action.CHANGE, [known[each.key] for each in said])
        for columns, values in rows.items():
            if update(DevelopmentFile, columns, values, version="version") != len(values):
                raise StaleRecord(self.reason)

    def _taken(self, file: DevelopmentFile, said: SaidFile) -> Iterable[StepTaken]:
        for step in said.steps:
            turn = self._turns[file.pk, step.step] = self._turns.get((file.pk, step.step), 0) + 1
            joins = step.step == "approval" and said.member is not None
            yield StepTaken(
                file=file,
                step=step.step,
                turn=turn,
                taken_on=step.on,
                facts=step.facts,
                result=str(step.facts.get("result", ""))[:20],
                reason=said.reason[:200],
                historical=True,
                organization=self._acts(file, step.step),
                entered_by=account(self.by),
                entered_on=self.on,
                effect={"joined": True} if joins and step.step in APPROVALS else {},
            )

    def _acts(self, file: DevelopmentFile, step: str) -> Organization:
        acts = development.STEPS[step].acts
        key = file.organization_id, ENTERED_AT[acts]
        if key not in self._acting:
            self._acting[key] = acting_organization(file.organization, acts)
        return self._acting[key]

    def _log(self, action: str, records: Iterable[Any]) -> None:
        self._entries += entries_of(action, records, self.reason)


def entries_of(action: str, records: Iterable[Any], reason: str) -> list[Entry]:
    """Return what the log says of files and steps that are saved many at once."""
    return [
        Entry(
            action=action,
            model=record._meta.label_lower,
            object_id=record.pk,
            label=record.name if isinstance(record, DevelopmentFile) else _label(record),
            changes=changes,
            reason=reason,
        )
        for record in records
        if (changes := record.changes())
    ]


def _label(step: StepTaken) -> str:
    return f"{step.file.name} {development.STEPS[step.step].chinese}"


def save_withdrawals(rows: Iterable[StepTaken]) -> None:
    """Save of steps whether, why and by whom they were withdrawn."""
    update(
        StepTaken,
        ("withdrawn_on", "withdrawn_by", "withdrawal_reason"),
        [
            (row.withdrawn_on and row.withdrawn_on.isoformat(), row.withdrawn_by_id,
             row.withdrawal_reason, row.pk)
            for row in rows
        ],
    )  # fmt: skip


def columns_of(file: DevelopmentFile, changed: Iterable[str]) -> tuple[str, ...]:
    """Return the columns that are saved where the fields ``changed`` have."""
    columns = [*changed, *_ALWAYS]
    if "name" in columns:
        columns += ["name_initials", "name_pinyin"]
    columns += [f"{name}_digest" for name in ("phone",) if name in columns]
    if "id_number" in columns:
        columns.append("id_digest")
    if file.began_on:
        columns.append("began_on")
    return tuple(columns)


def values_of(file: DevelopmentFile, columns: Iterable[str]) -> list[Any]:
    """Return what stands in the columns as the database keeps it."""
    fields = [DevelopmentFile._meta.get_field(name) for name in columns]
    return [
        field.get_db_prep_save(getattr(file, field.attname), connection)  # type: ignore[union-attr]
        for field in fields
    ]
