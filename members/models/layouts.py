"""Layouts (版式): how an office wants its rosters printed. Never whose names stand on them.

A layout holds for the office that keeps it and for everything below. Of several with one name the
nearest holds; the one called 标准 is used where none is named, and there always is one.
"""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from branches.models import Organization, in_scopes, scopes
from branches.rules import roles, tree
from registry.models import VersionedRecord

STANDARD = "标准"
NARROWEST, WIDEST = 4, 390  # millimetres


class Sheet(models.TextChoices):
    A4_ON_ITS_SIDE = "a4_on_its_side", _("A4 on its side")
    A4 = "a4", _("A4 upright")
    A3_ON_ITS_SIDE = "a3_on_its_side", _("A3 on its side")


class LayoutQuerySet(models.QuerySet["Layout"]):
    def visible_to(self, user: Any, verb: str = roles.VIEW) -> Self:
        """The layouts of the offices on which ``user`` has ``verb``."""
        return self.filter(in_scopes(scopes(user, verb), "organization__path"))

    def for_path(self, path: str) -> Self:
        """The layouts that hold at ``path``: of the office there and of all above it."""
        return self.filter(organization__path__in=[*tree.ancestors_of(path), path])

    def nearest_each(self, path: str) -> dict[str, Layout]:
        """Return the layouts that hold at ``path`` by their names, the standard one first."""
        held = self.for_path(path).select_related("organization")
        # Paths grow downwards, so the nearest one comes last and stays.
        nearest = {each.name: each for each in held.order_by("organization__path")}
        names = [STANDARD, *sorted(name for name in nearest if name != STANDARD)]
        return {name: nearest.get(name) or Layout(name=name) for name in names}


class Layout(VersionedRecord):
    """One way of printing rosters: columns, order, widths, paper. Empty means the usual."""

    organization = models.ForeignKey(
        Organization, models.CASCADE, related_name="layouts", verbose_name=_("kept by")
    )
    name = models.CharField(
        _("name of the layout"),
        max_length=30,
        help_text=_("The one called 标准 is used where none is chosen."),
    )
    # [[key, millimetres], …] in their order; papers know what a key means.
    columns = models.JSONField(_("columns"), default=list, blank=True)
    title = models.CharField(
        _("title"),
        max_length=50,
        blank=True,
        help_text=_("Stands behind the name of the organisation, in place of 党员花名册."),
    )
    footer = models.CharField(
        _("footer"), max_length=100, blank=True, help_text=_("Stands at the foot of every page.")
    )
    sheet = models.CharField(
        _("paper"), max_length=20, choices=Sheet.choices, default=Sheet.A4_ON_ITS_SIDE
    )
    by_branch = models.BooleanField(_("grouped by branch, with sums"), default=False)
    drop_empty = models.BooleanField(_("leave out columns in which nothing stands"), default=False)

    objects = LayoutQuerySet.as_manager()

    class Meta:
        verbose_name = _("layout")
        verbose_name_plural = _("layouts")
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "name"],
                name="layout_name_once_per_office",
                violation_error_message=_("The office already has a layout of this name."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def log_chain(self) -> str:
        return f"organization:{self.organization_id}"

    @property
    def widths(self) -> dict[str, int]:
        """The columns in their order, each with its width."""
        return dict(self.columns)
