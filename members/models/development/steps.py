"""Steps taken on a person's way: what was done, when, by whom entered."""

from __future__ import annotations

from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from branches.models import Organization, in_scopes, scopes
from branches.rules import roles
from members.models.accounts import whoever
from members.models.development.facts import KeepsFacts
from members.models.development.policies import step_label
from members.rules import development
from registry.calendar import PartialDate, code_from
from registry.fields import PartialDateField
from registry.sentences import Sentence


class StepTakenQuerySet(models.QuerySet["StepTaken"]):
    def visible_to(self, user: Any, verb: str = roles.VIEW) -> Self:
        """The steps of the files in a user's organisations."""
        return self.filter(in_scopes(scopes(user, verb), "file__organization__path"))

    def under(self, organization: Organization) -> Self:
        """The steps of files in ``organization`` and in everything below it."""
        return self.filter(
            file__organization__path__gte=organization.path,
            file__organization__path__lt=organization.end_path,
        )

    def in_force(self) -> Self:
        """The steps that hold: not withdrawn, and of files that are no wrong entries."""
        return self.filter(withdrawn_on__isnull=True, file__wrong_entry=False)

    def in_year(self, year: int) -> Self:
        """The steps taken in ``year``, as far as their dates tell."""
        first, after = code_from(date(year, 1, 1)), code_from(date(year + 1, 1, 1))
        return self.filter(
            taken_on__gte=PartialDate.from_code(first), taken_on__lt=PartialDate.from_code(after)
        )

    def of(self, step: str, result: str = "") -> Self:
        """The steps of this code, and with this result where one is asked for."""
        return self.filter(step=step, **({"result": result} if result else {}))


class StepTaken(KeepsFacts):
    """One step of one file. Never edited: a wrong one is withdrawn for a reason and taken anew."""

    file = models.ForeignKey(
        "members.DevelopmentFile",
        models.PROTECT,
        related_name="steps",
        verbose_name=_("file"),
    )
    step = models.CharField(_("step"), max_length=40)
    turn = models.PositiveSmallIntegerField(
        _("which time"),
        default=1,
        help_text=_("Reviews repeat, and what was refused is held again."),
    )
    taken_on = PartialDateField(_("taken on"), null=True, blank=True)
    facts = models.JSONField(_("recorded"), default=dict, blank=True)
    result = models.CharField(_("result"), max_length=20, blank=True, editable=False)
    # Of an approval of full membership: what it has approved. Derived, for those who count.
    decision = models.CharField(_("decision"), max_length=20, blank=True, editable=False)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    historical = models.BooleanField(_("entered afterwards from old papers"), default=False)
    occasion = models.ForeignKey(
        "members.Occasion",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="steps",
        verbose_name=_("meeting"),
    )
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="+", verbose_name=_("taken by organisation")
    )
    entered_by = whoever(_("entered by"))
    entered_on = models.DateField(_("entered on"))
    alone = models.BooleanField(_("one person did what two should"), default=False, editable=False)
    # What it changed in the register, so that its withdrawal can give it back.
    effect = models.JSONField(default=dict, editable=False)
    withdrawn_on = models.DateField(_("withdrawn on"), null=True, editable=False)
    withdrawn_by = whoever(_("withdrawn by"))
    withdrawal_reason = models.CharField(
        _("why withdrawn"), max_length=200, blank=True, editable=False
    )

    objects = StepTakenQuerySet.as_manager()

    warnings: tuple[Sentence, ...] = ()  # those left standing, of a step that was taken just now
    unlogged = frozenset({"decision", "effect", "result"})

    class Meta:
        verbose_name = _("step taken")
        verbose_name_plural = _("steps taken")
        ordering = ["file", "id"]
        indexes = [
            # Holds all that the board of a year counts.
            models.Index(
                fields=["step", "taken_on", "result", "file"], name="step_taken_by_step_and_day"
            )
        ]
        constraints = [
            models.UniqueConstraint(
                name="step_taken_once",
                fields=["file", "step", "turn"],
                condition=Q(withdrawn_on__isnull=True),
                violation_error_message=_("This step has been taken already."),
            ),
            models.CheckConstraint(
                name="step_withdrawn_with_a_reason",
                condition=Q(withdrawn_on__isnull=True) | ~Q(withdrawal_reason=""),
                violation_error_message=_("A step is withdrawn for a reason. Say which."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.file} {self.label} {self.taken_on or ''}".rstrip()

    @property
    def label(self) -> str:
        """What the step is called, in the language in use; of an office's own step its name."""
        return step_label(self.step, self.file.organization.path)

    @property
    def log_chain(self) -> str:
        return f"organization:{self.file.organization_id}"

    @property
    def in_force(self) -> bool:
        return self.withdrawn_on is None

    def done(self) -> development.Done:
        """Return what the rules need to know of this step."""
        return development.Done(step=self.step, on=self.taken_on, facts=self.facts)
