"""What speaks against taking a step: the rules, the register, and who asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from branches.models import Organization
from branches.rules import hierarchy
from members.models.development import register
from members.models.development.acting import acting_organization, may_enter
from members.models.development.facts import cleaned, completed
from members.models.development.policies import needs_four_eyes, step_label
from members.models.development.reading import Readings
from members.models.development.steps import StepTaken
from members.rules import development
from members.rules.development.judging import DECIDED_BY
from members.rules.development.steps import APPROVALS
from registry.calendar import PartialDate
from registry.sentences import Sentence


@dataclass
class Attempt:
    """A step that somebody wants to take for one file."""

    file: Any
    step: str
    on: PartialDate | None
    facts: Mapping[str, Any]
    by: Any
    today: date
    historical: bool = False
    reason: str = ""
    held_by: Organization | None = None  # of an occasion: who held it
    readings: Readings | None = None
    said: list[Sentence] = field(default_factory=list)

    def __post_init__(self) -> None:
        day = self.on.first_day if self.on else self.today
        self.facts, self._named = completed(cleaned(self.facts), day)
        self.reason = " ".join(self.reason.split())[:200]

    # What is known

    @cached_property
    def known(self) -> development.File:
        return (self.readings or Readings([self.file])).of(self.file)

    @cached_property
    def definition(self) -> development.Step | None:
        local = {step.code: step for step in self.known.local_steps}
        return development.STEPS.get(self.step) or local.get(self.step)

    @cached_property
    def organization(self) -> Organization:
        """Who enters the step."""
        acts = self.definition.acts if self.definition else "branch"
        return acting_organization(self.file.organization, acts)

    @cached_property
    def entitled(self) -> bool:
        """Whether who gives an approval has the right to."""
        if self.held_by and self.held_by.pk != self.organization.pk:
            return False
        giving = self.organization
        return giving.approves_members and hierarchy.KINDS[giving.kind].may_approve

    @cached_property
    def decided(self) -> StepTaken | None:
        """The branch's decision that an approval is about."""
        decision = DECIDED_BY.get(self.step)
        if decision is None:
            return None
        rows = StepTaken.objects.in_force().filter(file=self.file).of(decision)
        return rows.order_by("-turn").first()

    @property
    def alone(self) -> bool:
        """Whether one person does what two should: enters a decision and its approval."""
        if self.historical or self.decided is None or getattr(self.by, "pk", None) is None:
            return False
        return bool(self.decided.entered_by_id == self.by.pk)

    @cached_property
    def turn(self) -> int:
        """Which time the step is taken: reviews repeat, and what was refused is held again."""
        rows = StepTaken.objects.in_force().filter(file=self.file).of(self.step)
        return 1 + (rows.order_by("-turn").values_list("turn", flat=True).first() or 0)

    # What speaks against it

    def objections(self) -> list[Sentence]:
        """Return all that speaks against the step, errors and warnings, all at once."""
        found = development.objections(
            self.step,
            self.known,
            self.on,
            facts=self.facts,
            today=self.today,
            entitled=self.step not in APPROVALS or self.entitled,
            historical=self.historical,
            reason=self.reason,
        )
        if self.definition is not None:
            asking = [] if self.file._state.adding else self._against_who_asks()
            found = [*self._against_the_file(), *asking, *self._named, *found]
            found += register.objections(self, {each.code for each in found})
        self.said = found
        return found

    def _against_the_file(self) -> list[Sentence]:
        file = self.file
        if file.wrong_entry:
            return [
                Sentence(
                    "The file of %(name)s is marked as a wrong entry. Open a new one.",
                    code="wrong_entry",
                    name=file.name,
                )
            ]
        if file.archived_on:
            return [
                Sentence(
                    "The file of %(name)s was archived on %(day)s. Withdraw the archiving first.",
                    code="file_archived",
                    name=file.name,
                    day=file.archived_on,
                )
            ]
        return []

    def _against_who_asks(self) -> list[Sentence]:
        branch, acts = self.file.organization, self.definition.acts if self.definition else ""
        found = []
        if not may_enter(self.by, self.organization, acts) and not (
            self.historical and may_enter(self.by, branch, "branch")
        ):
            found.append(
                Sentence(
                    "“%(step)s” is entered by %(organization)s. Ask a clerk there.",
                    code="not_yours",
                    step=step_label(self.step, branch.path),
                    organization=self.organization,
                )
            )
        if self.alone and self.decided and needs_four_eyes(branch.path, self.today):
            found.append(
                Sentence(
                    "%(who)s has entered the decision of the assembly. Another person enters "
                    "its approval.",
                    code="four_eyes",
                    who=self.decided.entered_by,
                )
            )
        if self.held_by and not branch.path.startswith(self.held_by.path):
            found.append(
                Sentence(
                    "%(name)s belongs to %(branch)s, which does not stand under %(organization)s. "
                    "Choose people from below it.",
                    code="not_below",
                    name=self.file.name,
                    branch=branch,
                    organization=self.held_by,
                )
            )
        return found
