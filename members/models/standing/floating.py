"""Floating members (流动党员): own ones who are away, and people from elsewhere who are here."""

from __future__ import annotations

from datetime import date
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from branches.models import Organization, in_scopes, scopes
from branches.rules import roles, tree
from members.models import choices
from members.models.standing.decisions import OfMembers
from members.models.standing.refusing import refuse_all
from members.models.standing.spans import goes_on
from members.rules import standing
from registry.calendar import months_after
from registry.language import refuse
from registry.models import VersionedRecord


class FloatingOutQuerySet(OfMembers):
    def on(self, day: date) -> Self:
        return self.filter(goes_on(day), begins_on__lte=day)

    def without_contact(self, day: date) -> Self:
        """Those last heard of six months before ``day`` or earlier."""
        latest = months_after(day, -standing.FLOATING_CONTACT_MONTHS)
        heard = Coalesce(F("contacted_on"), F("begins_on"))
        return self.annotate(heard_on=heard).filter(heard_on__lte=latest)


class FloatingOut(VersionedRecord):
    """One time of a member away from his branch, where his relation stays.

    The member's own columns “floating” and “floating to” say the same of today, for lists and
    sheets; the verbs here keep them.
    """

    member = models.ForeignKey(
        "members.Member", models.CASCADE, related_name="times_away", verbose_name=_("member")
    )
    begins_on = models.DateField(_("since"))
    ends_on = models.DateField(
        _("until"), null=True, blank=True, help_text=_("The first day after it.")
    )
    place = models.CharField(_("floating to"), max_length=100)
    province = models.CharField(_("province"), max_length=2, blank=True, choices=choices.provinces)
    reason = models.CharField(
        _("why away"), max_length=20, choices=choices.floating_reasons, default="work"
    )
    permit_number = models.CharField(
        _("permit number"), max_length=50, blank=True, help_text=_("Of 《流动党员活动证》.")
    )
    contact_person = models.CharField(
        _("contact person"),
        max_length=100,
        blank=True,
        help_text=_("Who keeps in touch: name and telephone."),
    )
    contacted_on = models.DateField(_("last heard of on"), null=True, blank=True)

    objects = FloatingOutQuerySet.as_manager()

    class Meta:
        verbose_name = _("time away")
        verbose_name_plural = _("times away")
        ordering = ["member", "begins_on", "id"]
        constraints = [
            models.CheckConstraint(
                name="time_away_ends_after_it_begins",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gt=F("begins_on")),
                violation_error_message=_("It ends after it begins. Check both days."),
            ),
            models.UniqueConstraint(
                name="away_once_at_a_time",
                fields=["member"],
                condition=Q(ends_on__isnull=True),
                violation_error_message=_("This member is away already. End that time first."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place} {self.begins_on}–{self.ends_on or ''}"

    @transaction.atomic
    def keep(self, today: date) -> None:
        """Save what a clerk has entered; raise ValidationError with every objection."""
        self.member._held()
        found = standing.to_come(self.begins_on, today, "begins_on")
        if self.contacted_on:
            found += standing.to_come(self.contacted_on, today, "contacted_on")
        checks = [self.member._refuse_unless_on_roll] if self._state.adding else []
        refuse_all(found, *checks, self.full_clean)
        self.save()
        is_away = self.ends_on is None or self.ends_on > today
        self._say(floating=is_away, place=self.place if is_away else "")

    @transaction.atomic
    def end(self, on: date) -> None:
        """Be back from ``on``."""
        self.member._held()
        if self.ends_on is not None:
            raise ValidationError(_now("It ended already, on %(day)s.") % {"day": self.ends_on})
        refuse(standing.ends_too_soon(self.begins_on, on))
        self.ends_on = on
        self.save()
        self._say(floating=False, place="")

    def _say(self, *, floating: bool, place: str) -> None:
        member: Any = self.member
        if (member.floating, member.floating_to) != (floating, place):
            member.floating, member.floating_to = floating, place
            member.save()

    @property
    def log_chain(self) -> str:
        return f"organization:{self.member.organization_id}"


class GuestQuerySet(models.QuerySet["FloatingIn"]):
    def on(self, day: date) -> Self:
        return self.filter(goes_on(day), begins_on__lte=day)

    def visible_to(self, user: Any, verb: str = roles.VIEW) -> Self:
        return self.filter(in_scopes(scopes(user, verb), "organization__path"))

    def under(self, top: Organization) -> Self:
        ends = tree.end_of(top.path)
        return self.filter(organization__path__gte=top.path, organization__path__lt=ends)


class FloatingIn(VersionedRecord):
    """Somebody from elsewhere who takes part in a branch: has no vote here and counts nowhere."""

    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="floating_in", verbose_name=_("branch")
    )
    name = models.CharField(_("name"), max_length=50)
    home = models.CharField(
        _("home organisation"), max_length=100, help_text=_("Where the relation is.")
    )
    permit_number = models.CharField(
        _("permit number"), max_length=50, blank=True, help_text=_("Of 《流动党员活动证》.")
    )
    begins_on = models.DateField(_("since"))
    ends_on = models.DateField(
        _("until"), null=True, blank=True, help_text=_("The first day after it.")
    )
    pays_here = models.BooleanField(_("pays the dues here"), default=False)
    phone = models.CharField(_("telephone"), max_length=50, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)

    objects = GuestQuerySet.as_manager()

    class Meta:
        verbose_name = _("floating member from elsewhere")
        verbose_name_plural = _("floating members from elsewhere")
        ordering = ["organization", "begins_on", "id"]
        constraints = [
            models.CheckConstraint(
                name="floating_in_ends_after_it_begins",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gt=F("begins_on")),
                violation_error_message=_("It ends after it begins. Check both days."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @transaction.atomic
    def keep(self, today: date) -> None:
        """Save what a clerk has entered; raise ValidationError with every objection."""
        found = [
            *standing.to_come(self.begins_on, today, "begins_on"),
            *standing.hosting_objections(
                str(self.organization), self.organization.kind, self.organization.dissolved_on
            ),
        ]
        refuse_all(found, self.full_clean)
        self.save()

    @property
    def log_chain(self) -> str:
        return f"organization:{self.organization_id}"
