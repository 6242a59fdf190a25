"""Party groups (党小组), the parts of a branch."""

from __future__ import annotations

from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from branches.models.grants import in_scopes, scopes
from branches.rules import hierarchy, roles
from registry.models import Record


class PartyGroupQuerySet(models.QuerySet["PartyGroup"]):
    def visible_to(self, user: Any, verb: str = roles.VIEW) -> Self:
        return self.filter(in_scopes(scopes(user, verb), "organization__path"))


class PartyGroup(Record):
    """A part of a branch; it has a leader and members, but keeps nothing of its own."""

    organization = models.ForeignKey(
        "branches.Organization",
        models.CASCADE,
        related_name="party_groups",
        verbose_name=_("branch"),
    )
    name = models.CharField(pgettext_lazy("organisation", "name"), max_length=50)
    display_order = models.PositiveIntegerField(_("order"), default=0)

    objects = PartyGroupQuerySet.as_manager()

    class Meta:
        verbose_name = _("Party group")
        verbose_name_plural = _("Party groups")
        ordering = ["organization", "display_order", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "name"],
                name="party_group_name_once_per_branch",
                violation_error_message=_("The branch already has a Party group of this name."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if self.organization_id and not hierarchy.KINDS[self.organization.kind].holds_members:
            raise ValidationError({"organization": _("Party groups are parts of a branch.")})

    @property
    def log_chain(self) -> str:
        return f"organization:{self.organization_id}"
