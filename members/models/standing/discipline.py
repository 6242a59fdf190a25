"""Discipline and organisational measures: kept apart, and seen only by those who may.

Changes are logged in a chain of their own, so that no history of a member or of an organisation
shows them; what follows from one for others, such as an office that ends, is logged as usual.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from branches.models import in_scopes, scopes
from branches.rules import roles
from members.models import choices
from members.models.standing.decisions import OfMembers
from members.models.standing.refusing import refuse_all
from members.rules import discipline
from registry.fields import EncryptedTextField
from registry.models import VersionedRecord
from registry.sentences import Sentence

_SUSPENDING = [kind.code for kind in discipline.KINDS.values() if kind.suspends_rights]


class DisciplineQuerySet(OfMembers):
    def visible_to(self, user: Any, verb: str = roles.VIEW_DISCIPLINE) -> Self:
        """The rows on which ``user`` has ``verb``; never without the verb to see discipline."""
        seen = in_scopes(scopes(user, roles.VIEW_DISCIPLINE), "member__organization__path")
        return super().visible_to(user, verb).filter(seen)

    def standing(self) -> Self:
        """Those that were not overturned."""
        return self.filter(overturned=False)

    def holding(self, day: date) -> Self:
        """Those that have effect on ``day``."""
        return self.standing().filter(_not_lifted(day), decided_on__lte=day, until__gt=day)

    def suspending_rights(self, day: date) -> Self:
        """Those under which somebody neither votes nor stands nor sponsors on ``day``."""
        return self.standing().filter(
            _not_lifted(day), kind__in=_SUSPENDING, decided_on__lte=day, period_until__gt=day
        )

    def ending_within(self, day: date, days: int) -> Self:
        """Those whose own length or whole effect ends within ``days`` days from ``day`` on."""
        last = day + timedelta(days=days)
        soon = Q(until__gte=day, until__lte=last) | Q(period_until__gte=day, period_until__lte=last)
        return self.standing().filter(soon, lifted_on__isnull=True)


def _not_lifted(day: date) -> Q:
    return Q(lifted_on__isnull=True) | Q(lifted_on__gt=day)


class Discipline(VersionedRecord):
    """One decision against a member, and until when it holds."""

    member = models.ForeignKey(
        "members.Member", models.CASCADE, related_name="disciplines", verbose_name=_("member")
    )
    kind = models.CharField(
        _("discipline or measure"), max_length=30, choices=choices.discipline_kinds
    )
    decided_on = models.DateField(_("decided on"))
    months = models.PositiveSmallIntegerField(_("length in months"), default=0, blank=True)
    document = models.CharField(_("document number"), max_length=100)
    decided_by = models.CharField(_("decided by"), max_length=100)
    note = EncryptedTextField(_("note"), blank=True, purpose="discipline")
    extended_by = models.PositiveSmallIntegerField(_("extended by"), default=0, editable=False)
    extended_on = models.DateField(_("extended on"), null=True, editable=False)
    period_until = models.DateField(_("period until"), null=True, editable=False)
    until = models.DateField(_("effect until"), editable=False)
    lifted_on = models.DateField(_("lifted on"), null=True, editable=False)
    overturned = models.BooleanField(_("overturned"), default=False, editable=False)
    later_document = models.CharField(
        _("document of the extension or the lifting"), max_length=100, blank=True, editable=False
    )

    objects = DisciplineQuerySet.as_manager()

    unlogged = frozenset({"version", "until", "period_until"})

    class Meta:
        verbose_name = _("discipline or measure")
        verbose_name_plural = _("discipline and measures")
        ordering = ["-decided_on", "-id"]
        indexes = [models.Index(fields=["until"], name="discipline_by_end")]
        constraints = [
            models.UniqueConstraint(
                name="discipline_once",
                fields=["member", "kind", "decided_on"],
                condition=Q(overturned=False),
                violation_error_message=_("This decision is entered already."),
            ),
            models.CheckConstraint(
                name="discipline_lifted_after_it_began",
                condition=Q(lifted_on__isnull=True) | Q(lifted_on__gte=F("decided_on")),
                violation_error_message=_("A decision is lifted after it was taken. Check both."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.decided_on}"

    # Verbs

    @transaction.atomic
    def impose(self, today: date) -> None:
        """Keep this new decision with what follows: offices end, or the membership does.

        Raises ValidationError with every objection; then nothing is kept.
        """
        self.member._held()
        refuse_all(self._objections(today), self.member._refuse_unless_on_roll)
        kind = discipline.KINDS[self.kind]
        if kind.ends_membership:
            self.member.leave(self.kind, self.decided_on, document=self.document, today=today)
        elif kind.ends_offices:
            self._end_offices()
        self._keep()

    @transaction.atomic
    def extend(self, months: int, on: date, document: str) -> None:
        """Let the period last ``months`` longer, as decided on ``on``."""
        self._refuse_if_over()
        refuse_all(
            discipline.extending_objections(
                self.kind, self.months, self.extended_by, months, self.period_until, on
            )
        )
        self.extended_by, self.extended_on, self.later_document = months, on, document
        self._keep()

    @transaction.atomic
    def lift(self, on: date, document: str, *, overturned: bool = False) -> None:
        """Let it have no more effect from ``on``; overturned, it never had any.

        A membership that it ended is restored on a page of its own.
        """
        self._refuse_if_over()
        if on < self.decided_on:
            text = _now("It was decided on %(day)s. Choose that day or a later one.")
            raise ValidationError({"on": text % {"day": self.decided_on}})
        self.lifted_on, self.overturned, self.later_document = on, overturned, document
        self._keep()

    @transaction.atomic
    def correct(self, today: date) -> None:
        """Save what was mistyped; the kind of a decision that ended a membership stays."""
        before = type(self).objects.get(pk=self.pk)
        ends = [discipline.KINDS[each.kind].ends_membership for each in (before, self)]
        if any(ends) and (before.kind, before.decided_on) != (self.kind, self.decided_on):
            raise ValidationError(
                _now(
                    "This decision ended the membership. Correct kind and day with the leaving, "
                    "on the page of the member."
                )
            )
        refuse_all(self._objections(today))
        self._keep()

    # Answers

    @property
    def is_over(self) -> bool:
        return self.lifted_on is not None or self.overturned

    @property
    def log_chain(self) -> str:
        return f"discipline:{self.member.organization_id}"

    def _objections(self, today: date) -> list[Sentence]:
        self.note = self.note or ""
        decision = discipline.Decision(
            self.kind, self.decided_on, self.months, self.document, self.decided_by,
            self.member.name, self.member.joined_on,
        )  # fmt: skip
        return discipline.objections(decision, today)

    def _keep(self) -> None:
        effect = discipline.effect_of(self.kind, self.decided_on, self.months, self.extended_by)
        self.period_until, self.until = effect.period_until, effect.until
        self.full_clean()
        self.save()

    def _end_offices(self) -> None:
        held = self.member.offices.filter(held_until__isnull=True, held_from__lt=self.decided_on)
        for office in held:
            office.held_until = self.decided_on
            office.save()

    def _refuse_if_over(self) -> None:
        if self.is_over:
            raise ValidationError(
                _now("It was lifted already, on %(day)s.") % {"day": self.lifted_on}
            )


def without_rights(member: int, day: date) -> bool:
    """Return whether the member with this key neither votes nor stands nor sponsors on ``day``."""
    return Discipline.objects.filter(member=member).suspending_rights(day).exists()


def keeping_from_posts(member: int, day: date) -> Discipline | None:
    """Return the decision under which a member is given no equal or higher post on ``day``."""
    rows = Discipline.objects.filter(member=member, kind__in=discipline.KEEP_FROM_POSTS)
    return rows.holding(day).order_by("-until").first()
