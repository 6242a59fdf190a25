"""The verbs by which a file gains its steps, and loses those that were wrong."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from branches.models import Organization, may
from branches.models.reorganizing import Objections, hold_tree
from branches.rules import roles
from members.models.accounts import account
from members.models.development import register
from members.models.development.acting import acting_organization, may_enter
from members.models.development.following import follow
from members.models.development.judging import Attempt
from members.models.development.policies import step_label
from members.models.development.reading import Readings
from members.models.development.returns import SentBack
from members.models.development.steps import StepTaken
from members.models.members import Member
from members.models.people import Person
from members.rules import development
from members.rules.development.judging import DECIDED_BY
from members.rules.development.recorded import AGREED
from members.rules.development.steps import AFTER_AN_EXTENSION, APPROVALS
from members.rules.development.taken import carries
from registry.calendar import PartialDate
from registry.language import refuse
from registry.sentences import WARNING, Sentence

APPLICATION = "application"
_ORDER = list(development.STEPS)


class TakingSteps(Person):
    """The steps of a file; its columns stand in ``DevelopmentFile``, hence ``self: Any``."""

    class Meta:
        abstract = True

    @transaction.atomic
    def begin(
        self: Any,
        on: PartialDate | date | None,
        facts: Mapping[str, Any],
        *,
        by: Any,
        today: date,
        historical: bool = False,
        reason: str = "",
    ) -> StepTaken:
        """Open this new file with the application of ``on``, and return that step.

        A file entered afterwards is joined to the member whom it is about, where ``by`` sees him.
        Raises ValidationError with every objection to the person, the branch and the day.
        """
        self.organization = self._held(self.organization)
        problems = Objections()
        if by is not None and not may(by, roles.ADD, self.organization.path):
            problems.add(
                "organization",
                _("Files of %(branch)s are opened by its clerks. Choose your own branch."),
                branch=self.organization,
            )
        self.began_on = day_of(on)
        day = self.began_on.first_day if self.began_on else date.min
        self.rule_set = self.rule_set or development.rule_set_on(day if on else today).code
        self.standing, self.stage = "applicant", APPLICATION
        _collect(problems, lambda: self._refuse_place(self.organization, today))
        _collect(problems, lambda: self.full_clean(exclude=["organization"]))
        self.derive()
        if historical:
            self.member = register.known_member(self, by)
        attempt = self._attempt(APPLICATION, on, facts, by, today, historical, reason)
        _collect(problems, lambda: refuse(attempt.objections()))
        problems.stop()
        self.save()
        row: StepTaken = self._take(attempt)
        return row

    def objections(
        self: Any,
        step: str,
        on: PartialDate | date | None,
        facts: Mapping[str, Any],
        *,
        by: Any,
        today: date,
        historical: bool = False,
        reason: str = "",
    ) -> list[Sentence]:
        """Return all that speaks against taking ``step``, errors and warnings; change nothing."""
        found: list[Sentence] = self._attempt(
            step, on, facts, by, today, historical, reason
        ).objections()
        return found

    @transaction.atomic
    def record(
        self: Any,
        step: str,
        on: PartialDate | date | None,
        facts: Mapping[str, Any],
        *,
        by: Any,
        today: date,
        historical: bool = False,
        reason: str = "",
    ) -> StepTaken:
        """Take ``step`` on ``on``, None where nobody knows the day any more, and return it.

        What follows for the register is done at once. Raises ValidationError with every objection;
        the warnings that were left standing are in ``warnings`` of the step returned.
        """
        self._hold()
        attempt = self._attempt(step, on, facts, by, today, historical, reason)
        refuse(attempt.objections())
        row: StepTaken = self._take(attempt)
        return row

    @transaction.atomic
    def withdraw(self: Any, row: StepTaken, reason: str, *, by: Any, on: date) -> None:
        """Take a wrong step back on ``on``, and restore what it changed in the register.

        A step on which another rests is withdrawn after that one.
        """
        self._hold()
        row = StepTaken.objects.get(pk=row.pk, file=self)
        problems = Objections()
        if not reason.strip():
            problems.add("reason", _("Say why the step is withdrawn."))
        if row.withdrawn_on:
            problems.add("step", _("This step was withdrawn on %(day)s."), day=row.withdrawn_on)
        if row.step == APPLICATION:
            problems.add(
                "step", _("A file begins with its application. Mark the file as a wrong entry.")
            )
        path = self.organization.path
        if not row.withdrawn_on and (resting := self._resting_on(row)):
            names = ", ".join(dict.fromkeys(step_label(each.step, path) for each in resting))
            problems.add("step", _("Withdraw what rests on it first: %(steps)s."), steps=names)
        if not self._may_enter(row.step, by) and not (
            row.historical and may_enter(by, self.organization, "branch")
        ):
            problems.add("step", _("Who enters this step withdraws it. Ask a clerk there."))
        problems.stop()
        register.give_back(row, self, reason.strip(), on)
        row.withdrawn_on, row.withdrawn_by = on, account(by)
        row.withdrawal_reason = reason.strip()[:200]
        row.save()
        follow(self)

    # Steps of these verbs

    def _hold(self: Any) -> None:
        """Hold the tree, the member and this file, always in this order; refuse a stale file."""
        hold_tree(shared=True)
        if self.member_id:
            list(Member._base_manager.select_for_update(no_key=True).filter(pk=self.member_id))
        self.organization = self._held(Organization(pk=self.organization_id))

    def _attempt(
        self: Any,
        step: str,
        on: PartialDate | date | None,
        facts: Mapping[str, Any],
        by: Any,
        today: date,
        historical: bool,
        reason: str,
    ) -> Attempt:
        return Attempt(self, step, day_of(on), facts, by, today, historical, reason)

    def _take(self: Any, attempt: Attempt, occasion: Any = None) -> StepTaken:
        row = StepTaken(
            file=self,
            step=attempt.step,
            turn=attempt.turn,
            taken_on=attempt.on,
            facts=attempt.facts,
            result=str(attempt.facts.get("result", ""))[:20],
            reason=attempt.reason,
            historical=attempt.historical,
            occasion=occasion,
            organization=attempt.held_by or attempt.organization,
            entered_by=account(attempt.by),
            entered_on=attempt.today,
            alone=attempt.alone,
        )
        row.effect = register.take_effect(row, attempt)
        row.save()
        row.warnings = tuple(each for each in attempt.said if each.level == WARNING)
        returned = SentBack.objects.filter(file=self, step=row.step, answered_on__isnull=True)
        for each in returned:
            each.answered_on, each.answered_by = attempt.today, account(attempt.by)
            each.save()
        follow(self)
        return row

    def _resting_on(self: Any, row: StepTaken) -> list[StepTaken]:
        """The steps in force that could not have been taken without ``row``."""
        rows = Readings([self]).taken(self)
        if row.step in APPROVALS and row.result == AGREED:
            later = _ORDER[_ORDER.index(row.step) + 1 :]
            after = rows[[each.pk for each in rows].index(row.pk) + 1 :]
            again = AFTER_AN_EXTENSION if row.step == "full_approval" else ()
            return [
                each
                for each in rows
                if each.step in later or (each.step in again and each in after)
            ]
        approval = next((one for one, other in DECIDED_BY.items() if other == row.step), "")
        approved = [each for each in rows if each.step == approval and each.result == AGREED]
        decided = [each for each in rows if each.step == row.step and carries(each.done())]
        others = [each for each in decided if each.pk != row.pk]
        return approved if row in decided and len(others) < len(approved) else []

    def _may_enter(self: Any, step: str, by: Any) -> bool:
        steps = development.STEPS | {each.code: each for each in self.facts_for_rules().local_steps}
        acts = steps[step].acts if step in steps else "branch"
        return may_enter(by, acting_organization(self.organization, acts), acts)

    def facts_for_rules(self: Any) -> development.File:
        """Return what the rules need to know of this file and its steps."""
        return Readings([self]).of(self)


def day_of(on: PartialDate | date | str | None) -> PartialDate | None:
    return None if on in (None, "") else PartialDate.of(on)


def _collect(problems: Objections, check: Any) -> None:
    try:
        check()
    except ValidationError as error:
        problems.add_all(error)
