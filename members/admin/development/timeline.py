"""The way of one file: every step with its state, its days, who acts, and what one may do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from branches.models import Organization
from members.admin.development.file_pages import enters, steps_of
from members.admin.development.recorded import in_words
from members.models import DevelopmentFile, SentBack, StepTaken
from members.models.development.acting import ENTERED_AT, acting_organization
from members.rules import development
from members.rules.development import BLOCKED, DONE, MISSING, NOT_NEEDED, POSSIBLE
from members.rules.development.planning import DESK_STATES
from registry.language import said
from registry.sentences import ERROR

OVERDUE, DUE, SOON = "overdue", "due", "soon"
# How loud a state is said: names of the badge's colours.
BADGES = {DONE: "good", OVERDUE: "bad", DUE: "warn", SOON: "warn", MISSING: "warn"}
BRANCH = "branch"
QUIET = {"nothing_before"}  # reasons that need not be said


@dataclass(frozen=True)
class Taken:
    """One time that a step was taken."""

    row: StepTaken
    words: list[tuple[str, str]]
    withdraw: str = ""  # an address, for whoever may


@dataclass(frozen=True)
class Line:
    """One step as the page shows it."""

    step: development.Step
    label: str
    state: str
    state_label: str
    badge: str
    planned: development.Planned
    acts: str
    organization: Organization
    taken: list[Taken]
    withdrawn: list[StepTaken]
    reasons: list[str]  # why it is not possible, or possible only from a day
    faults: list[tuple[str, bool]]  # what is odd, and whether it could not have been
    returned: SentBack | None = None
    enter: str = ""
    send_back: str = ""
    answer: str = ""
    enter_label: str = ""
    is_next: bool = False  # it may be entered now

    @property
    def anchor(self) -> str:
        return f"step-{self.step.code}"


@dataclass(frozen=True)
class Part:
    """One of the five stages."""

    stage: development.Stage
    label: str
    lines: list[Line] = field(default_factory=list)

    @property
    def done(self) -> int:
        return sum(1 for line in self.lines if line.state == DONE)

    @property
    def asked(self) -> int:
        """How many of its steps this file has to take, or has taken."""
        return sum(1 for line in self.lines if line.state != NOT_NEEDED)

    @property
    def is_open(self) -> bool:
        """Whether something waits here; a stage that is over or far off is folded."""
        return any(
            line.is_next or line.faults or line.returned or line.state in {OVERDUE, DUE, SOON}
            for line in self.lines
        )


class Timeline:
    """The five stages of ``file``, for ``user``, on ``today``."""

    def __init__(self, file: DevelopmentFile, user: Any, today: date) -> None:
        self.file, self.user, self.today = file, user, today
        self.known = file.facts_for_rules()
        self.steps = steps_of(file, self.known)
        self._taken: Mapping[str, list[StepTaken]] = self._rows()
        self._returned = {row.step: row for row in file.returns.filter(answered_on__isnull=True)}
        self._faults: dict[str, list[tuple[str, bool]]] = defaultdict(list)
        for step, sentence in development.findings(self.known, today):
            if (fault := (said(sentence), sentence.level == ERROR)) not in self._faults[step]:
                self._faults[step].append(fault)
        self._waiting = set(file.deadlines.values_list("step", flat=True))

    def _rows(self) -> Mapping[str, list[StepTaken]]:
        rows: dict[str, list[StepTaken]] = defaultdict(list)
        kept = self.file.steps.select_related("entered_by", "organization", "withdrawn_by")
        for row in kept.order_by("turn", "pk"):
            row.file = self.file
            rows[row.step].append(row)
        return rows

    @cached_property
    def _entering(self) -> dict[str, bool]:
        """By level: whether the user enters what is done there."""
        at: dict[str, bool] = {}
        return {
            acts: at.setdefault(level, enters(self.user, self.file, acts))
            for acts, level in ENTERED_AT.items()
        }

    @cached_property
    def _organizations(self) -> dict[str, Organization]:
        branch = self.file.organization
        return {acts: acting_organization(branch, acts) for acts in ENTERED_AT}

    @cached_property
    def parts(self) -> list[Part]:
        parts = {
            stage.code: Part(stage, said(stage.label)) for stage in development.STAGES.values()
        }
        for planned in development.plan(self.known, self.today):
            step = self.steps[planned.step]
            parts[step.stage].lines.append(self._line(step, planned))
        return list(parts.values())

    @property
    def faults(self) -> int:
        return sum(len(each) for each in self._faults.values())

    def _line(self, step: development.Step, planned: development.Planned) -> Line:
        state = self._state_of(planned)
        labels = {**development.STATES, **DESK_STATES}
        rows = self._taken.get(step.code, [])
        faults = self._faults.get(step.code, [])
        odd = {text for text, _is_error in faults}
        return Line(
            step=step,
            label=said(step.label),
            state=state,
            state_label=said(labels[state]),
            badge=BADGES.get(state, ""),
            planned=planned,
            acts=said(development.LEVELS[step.acts].label),
            organization=self._organizations[step.acts],
            taken=[self._of(step, row) for row in rows if row.in_force],
            withdrawn=[row for row in rows if not row.in_force],
            reasons=[text for text in _reasons(planned) if text not in odd],
            faults=faults,
            returned=self._returned.get(step.code),
            **self._deeds(step, planned),
        )

    def _deeds(self, step: development.Step, planned: development.Planned) -> dict[str, Any]:
        """What the user may do at this step: addresses, "" for what is not his."""
        found: dict[str, Any] = {}
        file, state = self.file, planned.state
        own, returned = self._entering[step.acts], self._returned.get(step.code)
        by_branch = self._entering[BRANCH]
        if returned and by_branch:
            found["answer"] = reverse("admin:development_answer", args=[returned.pk])
        if not file.is_open:
            return found
        address = [file.pk, step.code]
        again = (state == DONE and step.repeats) or (state == NOT_NEEDED and step.optional)
        if (own or by_branch) and (again or state not in {DONE, NOT_NEEDED}):
            is_time = state == POSSIBLE and self._state_of(planned) != BLOCKED
            live = own and (again or is_time)
            found["enter"] = reverse("admin:development_step", args=address)
            found["enter_label"] = _("Record") if live else _("From old papers")
            found["is_next"] = own and is_time
        above = ENTERED_AT[step.acts] != BRANCH
        if own and above and not returned and step.code in self._waiting:
            found["send_back"] = reverse("admin:development_send_back", args=address)
        return found

    def _state_of(self, planned: development.Planned) -> str:
        if planned.state not in {POSSIBLE, BLOCKED} or not self.file.is_open:
            return planned.state
        return development.desk_state(planned, self.today)

    def _of(self, step: development.Step, row: StepTaken) -> Taken:
        own = self._entering[step.acts] or (row.historical and self._entering[BRANCH])
        address = ""
        if own and not self.file.wrong_entry and step.code != "application":
            address = reverse("admin:development_withdraw", args=[row.pk])
        return Taken(row, in_words(step, row.facts), address)


def _reasons(planned: development.Planned) -> list[str]:
    """Why the step is not possible, in short: what has to come before it stands in one line."""
    first = [each for each in planned.reasons if each.code == "comes_first"]
    others = [said(each) for each in planned.reasons if each.code not in {"comes_first", *QUIET}]
    if not first:
        return others
    before = _(", ").join(_quoted(each.params["before"]) for each in first)
    return [_("After %(steps)s.") % {"steps": before}, *others]


def _quoted(label: str) -> str:
    return _("“%(step)s”") % {"step": said(label)}
