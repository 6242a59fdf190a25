"""The verbs that change the course of a file: sent back, moved, stopped, taken up again."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from branches.models import Organization, may
from branches.models.reorganizing import Objections
from branches.rules import roles
from members.models.accounts import account
from members.models.development.acting import may_enter
from members.models.development.following import follow
from members.models.development.returns import SentBack
from members.models.development.taking import TakingSteps
from members.models.members import Member
from members.rules.development import stopping
from members.rules.development.steps import APPROVALS
from members.rules.placements import LEAVING_REASONS
from registry.language import said
from registry.models import Action, ChainHead, Entry


class ChangingCourse(TakingSteps):
    """Where a file goes and whether it goes on; hence ``self: Any``, as in ``TakingSteps``."""

    stopped_on: Any

    class Meta:
        abstract = True

    @transaction.atomic
    def correct(self: Any, on: date) -> None:
        """Save what a clerk has corrected in the data of the person on ``on``."""
        self._held()
        before = type(self)._base_manager.get(pk=self.pk)
        if before.organization_id != self.organization_id:
            raise ValueError("The branch changes by move_to() only.")
        self.full_clean(exclude=["organization"])
        follow(self)

    @transaction.atomic
    def send_back(self: Any, step: str, reason: str, *, by: Any, on: date) -> SentBack:
        """Return the file to the branch, which mends something before ``step`` can be taken."""
        self._hold()
        problems = Objections()
        self._refuse_unless_open(problems)
        if not reason.strip():
            problems.add("reason", _("Say what the branch has to mend."))
        if not self.deadlines.filter(step=step).exists():
            problems.add("step", _("The file waits for no such step. Choose one that is open."))
        elif not self._may_enter(step, by):
            problems.add("step", _("Who enters this step sends it back. Ask a clerk there."))
        if self.returns.filter(step=step, answered_on__isnull=True).exists():
            problems.add("step", _("It was sent back already. Wait for the answer of the branch."))
        problems.stop()
        row = SentBack(
            file=self,
            step=step,
            reason=reason.strip()[:200],
            sent_back_on=on,
            sent_back_by=account(by),
        )
        row.save()
        follow(self)
        return row

    @transaction.atomic
    def answer(self: Any, step: str, answer: str, *, by: Any, on: date) -> None:
        """Say what the branch has mended, so that ``step`` waits for the committee again."""
        self._hold()
        problems = Objections()
        row = self.returns.filter(step=step, answered_on__isnull=True).first()
        if row is None:
            problems.add("step", _("Nothing was sent back here that waits for an answer."))
        if not answer.strip():
            problems.add("answer", _("Say what has been mended."))
        if not may_enter(by, self.organization, "branch"):
            problems.add("step", _("The branch answers. Ask a clerk there."))
        problems.stop()
        row.answer, row.answered_on, row.answered_by = answer.strip()[:200], on, account(by)
        row.save()
        follow(self)

    @transaction.atomic
    def move_to(self: Any, organization: Organization, on: date, *, by: Any) -> None:
        """Go on in another branch; what was done so far goes on counting.

        A member on the roll goes there with his file.
        """
        self._hold()
        organization = Organization.objects.get(pk=organization.pk)
        problems = Objections()
        self._refuse_stranger(problems, by, roles.MOVE)
        if self.wrong_entry:
            problems.add("file", _("This file is marked as a wrong entry. Open a new one."))
        if organization.pk == self.organization_id:
            problems.add(
                "organization",
                _("%(name)s belongs to this branch already."),
                name=self.name,
            )
        try:
            self._refuse_place(organization, on)
        except ValidationError as error:
            problems.add_all(error)
        problems.stop()
        member = Member._base_manager.filter(pk=self.member_id).first()
        if member and member.is_on_roll and member.organization_id != organization.pk:
            member.move_to(organization, on)
            self.refresh_from_db()
            if self.organization_id == organization.pk:
                return
        self.follow_to(organization)

    def follow_to(self: Any, organization: Organization) -> None:
        """Belong to ``organization``, to which the person has gone; who calls holds the tree."""
        ChainHead.hold(f"organization:{self.organization_id}", f"organization:{organization.pk}")
        self.organization = organization
        follow(self)

    def end_with_member(self: Any, leaving_reason: str, on: date) -> None:
        """Stop because the member has left the register; who calls holds the tree."""
        self.stopped_on = on
        self.stop_reason = stopping.stop_reason_for(leaving_reason)
        self.stop_note = said(LEAVING_REASONS[leaving_reason].label)
        follow(self)

    @transaction.atomic
    def stop(self: Any, reason: str, note: str, on: date, *, by: Any) -> None:
        """Stop the file for a reason of the table; it waits for nothing then."""
        self._hold()
        problems = Objections()
        self._refuse_stranger(problems, by, roles.CHANGE)
        self._refuse_unless_open(problems)
        if reason not in stopping.STOP_REASONS:
            problems.add(
                "stop_reason",
                _("“%(reason)s” is not a reason for stopping. Choose one from the list."),
                reason=reason,
            )
        if reason == "other" and not note.strip():
            problems.add("stop_note", _("Say which other reason it is."))
        if self.began_on and not self.began_on.could_be(last=on):
            problems.add(
                "on",
                _("The file began on %(day)s and cannot be stopped before, on %(on)s."),
                day=self.began_on,
                on=on,
            )
        problems.stop()
        self.stopped_on, self.stop_reason, self.stop_note = on, reason, note.strip()[:200]
        follow(self)

    @transaction.atomic
    def resume(self: Any, on: date, reason: str, *, by: Any) -> None:
        """Go on with a stopped file from ``on``; what was done before goes on counting."""
        self._hold()
        problems = Objections()
        self._refuse_stranger(problems, by, roles.CHANGE)
        if self.wrong_entry:
            problems.add("file", _("This file is marked as a wrong entry. Open a new one."))
        elif not self.stopped_on:
            problems.add("file", _("The file of %(name)s is not stopped."), name=self.name)
        elif on < self.stopped_on:
            problems.add(
                "on",
                _("It was stopped on %(day)s. Choose that day or a later one."),
                day=self.stopped_on,
            )
        elif self.stop_reason == "cancelled":
            problems.add(
                "file",
                _("The membership was cancelled. Withdraw that decision, or open a new file."),
            )
        if not reason.strip():
            problems.add("reason", _("Say why the file goes on."))
        try:
            self._refuse_place(self.organization, on)
        except ValidationError as error:
            problems.add_all(error)
        problems.stop()
        self.stopped_on, self.stop_reason, self.stop_note = None, "", ""
        # Another file may have been opened meanwhile.
        self.full_clean(exclude=["organization"])
        follow(self)
        Entry.append(Action.CHANGE, self, reason=reason.strip())

    @transaction.atomic
    def mark_wrong(self: Any, reason: str) -> None:
        """Mark the file as made by mistake: it counts nowhere, and its ID number is free again."""
        self._hold()
        problems = Objections()
        if not reason.strip():
            problems.add("reason", _("Say why the entry was wrong."))
        if self.wrong_entry:
            problems.add("file", _("%(name)s is marked so already."), name=self.name)
        effects = self.steps.filter(withdrawn_on__isnull=True, step__in=APPROVALS)
        if effects.exists():
            problems.add(
                "file",
                _("The committee has approved by this file. Withdraw its approvals first."),
            )
        problems.stop()
        self.wrong_entry, self.wrong_entry_reason = True, reason.strip()[:200]
        self.member = None
        follow(self)

    def _refuse_unless_open(self: Any, problems: Objections) -> None:
        if not self.is_open:
            problems.add(
                "file", _("The file of %(name)s is closed. Start it again first."), name=self.name
            )

    def _refuse_stranger(self: Any, problems: Objections, by: Any, verb: str) -> None:
        if by is not None and not may(by, verb, self.organization.path):
            problems.add(
                "file",
                _("The file of %(name)s belongs to %(branch)s. Ask a clerk there."),
                name=self.name,
                branch=self.organization,
            )
