"""Where a member belonged, from when until when: one row per stay in a branch."""

from __future__ import annotations

from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from branches.models import Organization, OrganizationPeriod, in_scopes, scopes
from branches.rules import roles
from members.models import choices
from registry.models import Record


class PlacementQuerySet(models.QuerySet["Placement"]):
    def on(self, day: date) -> Self:
        """The stays that hold on ``day``: at most one of each member."""
        return self.filter(
            Q(placed_until__isnull=True) | Q(placed_until__gt=day), placed_from__lte=day
        )

    def under(self, organization: Organization, day: date) -> Self:
        """The stays in ``organization`` and everything that stood below it on ``day``."""
        then = organization.on(day)
        if then is None:
            return self.none()
        below = OrganizationPeriod.objects.on(day).under(then.path)
        return self.filter(organization__in=below.values("organization"))

    def visible_to(self, user: Any, verb: str = roles.VIEW) -> Self:
        """The stays in a user's organisations, also of people who have moved on since."""
        return self.filter(in_scopes(scopes(user, verb), "organization__path"))


class Placement(Record):
    """One stay of a member in a branch. Written only by the member's verbs."""

    member = models.ForeignKey(
        "members.Member", models.CASCADE, related_name="placements", verbose_name=_("member")
    )
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="placements", verbose_name=_("branch")
    )
    placed_from = models.DateField(_("from"))
    placed_until = models.DateField(
        _("until"), null=True, blank=True, help_text=_("The first day after it.")
    )
    began = models.CharField(_("began as"), max_length=30, choices=choices.beginnings)
    ended = models.CharField(_("ended as"), max_length=30, blank=True, choices=choices.endings)
    # His place in the order of that branch when he left it, so that its roster stays as it was.
    place = models.PositiveIntegerField(_("order"), null=True, editable=False)

    objects = PlacementQuerySet.as_manager()

    unlogged = frozenset({"place"})

    class Meta:
        verbose_name = _("stay")
        verbose_name_plural = _("stays")
        ordering = ["member", "placed_from", "id"]
        indexes = [
            # Holds all that a past day asks, so that counting it reads the index alone.
            models.Index(
                fields=["organization", "placed_from", "placed_until", "member"],
                name="placement_by_branch",
            )
        ]
        constraints = [
            models.CheckConstraint(
                name="placement_ends_after_it_begins",
                condition=Q(placed_until__isnull=True) | Q(placed_until__gte=F("placed_from")),
                violation_error_message=_("A stay ends after it begins. Check both days."),
            ),
            models.UniqueConstraint(
                name="placement_open_once",
                fields=["member"],
                condition=Q(placed_until__isnull=True),
                violation_error_message=_("A member belongs to one branch at a time."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization} {self.placed_from}–{self.placed_until or ''}"

    @property
    def log_chain(self) -> str:
        return f"organization:{self.organization_id}"
