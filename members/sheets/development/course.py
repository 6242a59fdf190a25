"""What a row says of the way of a person: which steps, on which days, with what recorded."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from members.models import Member, StepTaken
from members.rules import development
from members.rules.codes import FULL
from members.sheets.development.columns import COLUMNS, IMPLIED, OF_MEMBERS, OF_PEOPLE
from members.sheets.development.stages import JOINED, STAGES, is_behind, stage_of
from members.sheets.known import overlap
from registry.calendar import PartialDate
from registry.sentences import Sentence, warning
from registry.sheets import codes
from registry.sheets.rows import StagedRow

_ORDER = list(development.STEPS)
# What does not carry a person further until it is approved.
_WAITING = {
    "approval": {"assembly", "deliberation", "committee_talk"},
    "full_approval": {"full_assembly", "full_deliberation"},
}


@dataclass
class Step:
    """One step that a row says. ``instead`` is the step taken whose place it takes."""

    code: str
    on: PartialDate | None = None
    facts: dict[str, Any] = field(default_factory=dict)
    instead: StepTaken | None = None

    @property
    def field(self) -> str:
        return COLUMNS[self.code].on if self.code in COLUMNS else ""

    def done(self) -> development.Done:
        return development.Done(self.code, self.on, self.facts)


class Course:
    """The steps that one row says, beside those that the register has in ``taken``."""

    def __init__(
        self, row: StagedRow, taken: Sequence[StepTaken], member: Member | None, today: date
    ) -> None:
        self.row, self.taken, self.member, self.today = row, taken, member, today
        said = {step.code: step for step in self._in_cells()}
        self._take_stage(said)
        if member is None:
            self._leave_out_membership(said)
        else:
            self._join(said, member)
        if said and not taken:
            said.setdefault("application", Step("application"))
        ordered = sorted(said.values(), key=lambda step: _ORDER.index(step.code))
        self.steps = [step for each in ordered if (step := self._beside(each))]

    # What the cells say

    def _in_cells(self) -> Iterable[Step]:
        values = self.row.values
        for columns in COLUMNS.values():
            on = values.get(columns.on)
            facts = {
                key: _fact(key, values[name])
                for name, key in columns.facts.items()
                if name in values
            }
            if columns.step == "full_assembly" and on and on.first_day > self.today:
                self._say_expected(on)
                continue
            if on or facts:
                yield Step(columns.step, on, {**IMPLIED.get(columns.step, {}), **facts})

    def _say_expected(self, on: PartialDate) -> None:
        self.row.tell(
            warning(
                "“%(day)s” lies in the future. Enter the day of full membership when it has come.",
                code=codes.DATE_IN_FUTURE,
                day=on.printed,
            ),
            "full_assembly_on",
        )

    def _take_stage(self, said: dict[str, Step]) -> None:
        """Compare the stage with the days: where it is further, its step was on an unknown day."""
        stage = self.row.values.get("stage")
        if not stage:
            return
        reached = stage_of({*said, *self._approved()})
        if not reached or is_behind(reached, stage):
            self._go_on_to(stage, said, reached)
        elif is_behind(stage, reached):
            self.row.tell(
                warning(
                    "The row says “%(written)s”, its dates say “%(reached)s”. The dates were "
                    "taken; correct the stage or the dates.",
                    code=codes.STAGE_DIFFERS,
                    written=STAGES[stage].chinese,
                    reached=STAGES[reached].chinese,
                ),
                "stage",
            )

    def _approved(self) -> set[str]:
        """The steps taken, less decisions of the branch whose approval is still to come."""
        taken = {each.step for each in self.taken}
        for approval, waiting in _WAITING.items():
            if approval not in taken:
                taken -= waiting
        return taken

    def _go_on_to(self, stage: str, said: dict[str, Step], reached: str) -> None:
        if self.member is None and stage in JOINED:
            return  # said by ``_leave_out_membership``
        step = STAGES[stage].step
        if not (self.member and stage in JOINED):  # the register of members knows those days
            self.row.tell(
                warning(
                    "The row says “%(written)s”, but not since when. The step was entered without "
                    "its day; write the day if the papers tell it.",
                    code=codes.STAGE_DIFFERS,
                    written=STAGES[stage].chinese,
                ),
                "stage",
            )
        if stage == "full":
            said.setdefault("assembly", Step("assembly", None, dict(IMPLIED["assembly"])))
        said[step] = Step(step, None, dict(IMPLIED.get(step, {})))

    # Who has joined

    def _leave_out_membership(self, said: dict[str, Step]) -> None:
        """Nobody becomes a member by a sheet: what follows on the approval waits for it."""
        left_out = [code for code in said if code in OF_MEMBERS]
        for code in left_out:
            del said[code]
        assembly = said.get("assembly")
        if left_out or self.row.values.get("stage") in JOINED or assembly:
            self.row.tell(
                warning(
                    "The row says that “%(name)s” has joined, but no member on your roll was "
                    "found. The steps up to the assembly were taken. Enter the member, with the "
                    "same ID number, and upload the sheet again; or let the committee enter its "
                    "approval.",
                    code=codes.NOT_ON_ROLL,
                    name=self.row.values.get("name", ""),
                ),
                "assembly_on" if assembly else "stage",
            )
        if assembly and assembly.on is None:
            del said["assembly"]

    def _join(self, said: dict[str, Step], member: Member) -> None:
        """Of a member the register knows when he has joined, and that it was approved."""
        for code, known, approval in (
            ("assembly", member.joined_on, "approval"),
            ("full_assembly", member.full_member_on, "full_approval"),
        ):
            has_come = code == "assembly" or member.kind == FULL
            step, is_news = said.get(code), not self._has(code)
            if step and is_news and not has_come:
                self._say_probationary(member)
            if step is None and has_come and is_news:
                step = said[code] = Step(code, known, dict(IMPLIED[code]))
            if not has_come and not (step and is_news):
                continue  # its approval is still to come
            if step and step.on is None:
                step.on = known
            elif step and known and step.on and code == "assembly" and not overlap(step.on, known):
                self._say_otherwise(step, known, _ROLL)
            if not self._has(approval):
                said.setdefault(approval, Step(approval, None, dict(IMPLIED[approval])))

    def _has(self, code: str) -> bool:
        return any(each.step == code for each in self.taken)

    def _say_probationary(self, member: Member) -> None:
        self.row.tell(
            warning(
                "“%(name)s” is a probationary member on the roll. The sheet changes no member: "
                "enter the full membership on the member's page.",
                code=codes.CHANGE_BY_VERB,
                name=member.name,
            ),
            "full_assembly_on" if "full_assembly_on" in self.row.values else "stage",
        )

    # What the register has already

    def _beside(self, step: Step) -> Step | None:
        """Return the step as far as it is news; None where it is none, or the register differs."""
        known = [each for each in self.taken if each.step == step.code]
        if not known:
            return step
        if development.STEPS[step.code].repeats:
            same = [each for each in known if _may_be_one(each.taken_on, step.on)]
            if not same:
                return step
            known = same
        last = known[-1]
        if step.on and last.taken_on and not overlap(step.on, last.taken_on):
            self._say_otherwise(step, last.taken_on, _FILE)
            return None
        on = step.on if step.on and _is_vaguer(last.taken_on, step.on) else last.taken_on
        facts = {**step.facts, **last.facts}
        if on == last.taken_on and facts == last.facts:
            return None
        if last.step in OF_MEMBERS or last.occasion_id or not last.historical:
            return None  # what was entered as it happened stays as it was entered
        return Step(step.code, on, facts, last)

    def _say_otherwise(self, step: Step, known: PartialDate, where: Sentence) -> None:
        self.row.tell(
            warning(
                "“%(step)s” is on %(written)s in the sheet, on %(known)s %(where)s. Nothing was "
                "changed there; correct the one that is wrong.",
                code=codes.STEP_DIFFERS,
                step=development.STEPS[step.code].label,
                written=step.on or "…",
                known=known,
                where=where,
            ),
            step.field,
        )


_ROLL = Sentence("on the roll")
_FILE = Sentence("in the file")


def _fact(key: str, value: Any) -> Any:
    if key in OF_PEOPLE:
        return [{"name": name} for name in value.split("、")]
    return str(value)


def _is_vaguer(known: PartialDate | None, said: PartialDate) -> bool:
    if known is None:
        return True
    return (not known.month and said.month > 0) or (not known.day and said.day > 0)


def _may_be_one(known: PartialDate | None, said: PartialDate | None) -> bool:
    return said is None or known is None or overlap(said, known)
