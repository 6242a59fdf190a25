"""What is to be done next for each open file, from when and by when: derived, never edited."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from branches.models import Organization, in_scopes, scopes
from branches.rules import roles
from members.models import choices
from members.models.development.acting import ENTERED_AT, files_waiting_for
from registry.sentences import Sentence

OVERDUE, DUE, SOON, POSSIBLE, BLOCKED = "overdue", "due", "soon", "possible", "blocked"
STATES = (OVERDUE, DUE, SOON, POSSIBLE, BLOCKED)
WITHIN = 30  # days
# For whom a step waits, as a desk says it; what an applicant hands in waits for the branch.
BRANCH = "branch"
WAITING_AT = {
    BRANCH: ("applicant", "branch"),
    "general_branch": ("general_branch",),
    "committee": ("committee",),
    "above": ("above",),
}


class DeadlineQuerySet(models.QuerySet["Deadline"]):
    def visible_to(self, user: Any, verb: str = roles.VIEW) -> Self:
        return self.filter(in_scopes(scopes(user, verb), "organization__path"))

    def under(self, organization: Organization) -> Self:
        """What is to be done for files in ``organization`` and in everything below it."""
        return self.filter(
            organization__path__gte=organization.path, organization__path__lt=organization.end_path
        )

    def waiting_for(self, user: Any) -> Self:
        """What is for ``user`` himself to enter; a step sent back waits for the branch."""
        return self.filter(is_waiting_for(user))

    def waiting_at(self, level: str) -> Self:
        """What waits for one of the levels of WAITING_AT, whoever is to enter it there."""
        return self.filter(is_waiting_at(level))

    def sent_back(self) -> Self:
        """Steps that the committee has sent back, and the branch has not answered."""
        return self.filter(sent_back=True)

    def overdue(self, on: date) -> Self:
        """The last day for it has passed."""
        return self.in_state(OVERDUE, on)

    def due(self, on: date) -> Self:
        """``on`` is the last day for it."""
        return self.in_state(DUE, on)

    def soon(self, on: date, within: int = WITHIN) -> Self:
        """The last day for it is one of the next ``within`` days."""
        return self.in_state(SOON, on, within)

    def possible(self, on: date, within: int = WITHIN) -> Self:
        """It may be done on ``on``, and nothing presses yet."""
        return self.in_state(POSSIBLE, on, within)

    def blocked(self, on: date, within: int = WITHIN) -> Self:
        """It may not be done on ``on``: its day is to come, or a step before it is missing."""
        return self.in_state(BLOCKED, on, within)

    def in_state(self, state: str, on: date, within: int = WITHIN) -> Self:
        """The rows of one of ``STATES``; raise KeyError for another one."""
        return self.filter(conditions(on, within)[state])

    def pressing(self, on: date, within: int = WITHIN) -> Self:
        """The last day for it has passed, is ``on``, or is one of the next ``within`` days."""
        return self.filter(due_by__lte=on + timedelta(days=within))

    def open_on(self, on: date) -> Self:
        """It may be done on ``on``, whether it presses or not."""
        return self.filter(_open(on))

    def in_order(self) -> Self:
        """By the last day, those without one behind the others, then by place and person."""
        return self.order_by(
            models.F("due_by").asc(nulls_last=True), "possible_from", "organization__path",
            "file_id", "position",
        )  # fmt: skip

    def by_last_day(self) -> Self:
        """The most pressing first, as an index has them; for rows with a last day."""
        return self.order_by("due_by", "file_id", "position")

    def by_branch(self) -> Self:
        """Branch by branch, the pressing ones of each first, as an index has them."""
        return self.order_by("organization__path", "due_by", "possible_from", "file_id", "position")


def conditions(on: date, within: int = WITHIN) -> dict[str, Q]:
    """Return what a row of each of ``STATES`` fulfils: the only statement of these questions."""
    last = on + timedelta(days=within)
    later = Q(due_by__isnull=True) | Q(due_by__gt=last)
    return {
        OVERDUE: Q(due_by__lt=on),
        DUE: Q(due_by=on),
        SOON: Q(due_by__gt=on, due_by__lte=last),
        POSSIBLE: later & _open(on),
        BLOCKED: later & (Q(blocked=True) | Q(possible_from__gt=on)),
    }


def _open(on: date) -> Q:
    return Q(blocked=False) & (Q(possible_from__isnull=True) | Q(possible_from__lte=on))


def is_waiting_for(user: Any) -> Q:
    """Return what a row fulfils that is for ``user`` himself to enter."""
    at = files_waiting_for(user)
    condition = Q(sent_back=True) & at["branch"]
    for acts, level in ENTERED_AT.items():
        condition |= Q(sent_back=False, acts=acts) & at[level]
    return condition


def is_waiting_at(level: str) -> Q:
    """Return what a row fulfils that waits for ``level``; what was sent back is at the branch."""
    here = Q(sent_back=False, acts__in=WAITING_AT[level])
    return here | Q(sent_back=True) if level == BRANCH else here


class Deadline(models.Model):
    """One step that an open file waits for. Rewritten with the file, in the same transaction."""

    file = models.ForeignKey(
        "members.DevelopmentFile",
        models.CASCADE,
        related_name="deadlines",
        verbose_name=_("file"),
    )
    # The file's branch, repeated so that a desk counts without reading the files.
    organization = models.ForeignKey(
        Organization, models.CASCADE, related_name="+", verbose_name=_("branch"), db_index=False
    )
    step = models.CharField(_("step"), max_length=40)
    position = models.PositiveSmallIntegerField(default=0)
    acts = models.CharField(_("waits for"), max_length=20, choices=choices.acting_levels)
    possible_from = models.DateField(_("possible from"), null=True)
    due_by = models.DateField(_("due by"), null=True)
    blocked = models.BooleanField(_("blocked"), default=False)
    provisional = models.BooleanField(
        _("provisional"),
        default=False,
        help_text=_("The public holidays of that year are not known yet."),
    )
    sent_back = models.BooleanField(_("sent back"), default=False)
    reasons = models.JSONField(default=list, help_text="[[sentence, its values], …]")

    objects = DeadlineQuerySet.as_manager()

    class Meta:
        verbose_name = _("deadline")
        verbose_name_plural = _("deadlines")
        ordering = ["file", "position"]
        indexes = [
            # Holds all that a desk counts.
            models.Index(
                fields=["organization", "due_by", "possible_from", "blocked", "acts", "sent_back"],
                name="deadline_by_branch",
            ),
            models.Index(fields=["due_by", "file"], name="deadline_by_last_day"),
        ]
        constraints = [
            models.UniqueConstraint(name="deadline_once_per_step", fields=["file", "step"])
        ]

    def __str__(self) -> str:
        return f"{self.file_id} {self.step} {self.possible_from}–{self.due_by}"

    @property
    def said(self) -> list[Sentence]:
        """Why the step is blocked, or from when it is possible, as the rules have said it."""
        return [said_again(*each) for each in self.reasons]

    def state(self, on: date, within: int = WITHIN) -> str:
        """Return which of ``STATES`` it is in on ``on``, as the questions of the rows ask it."""
        last = on + timedelta(days=within)
        return state_on(self.possible_from, self.due_by, on, last, blocked=self.blocked)


def state_on(
    possible_from: date | None, due_by: date | None, on: date, last: date, *, blocked: bool
) -> str:
    """Return which of ``STATES`` a row is in on ``on``; what is due up to ``last`` comes soon."""
    if due_by and due_by <= last:
        return OVERDUE if due_by < on else DUE if due_by == on else SOON
    begun = possible_from is None or possible_from <= on
    return POSSIBLE if begun and not blocked else BLOCKED


def said_again(template: str, params: dict[str, Any]) -> Sentence:
    """Return the sentence that a row keeps."""
    values = {
        name: said_again(*value) if isinstance(value, list) else value
        for name, value in params.items()
    }
    return Sentence(template, **values)
