"""Units (单位), the public bodies themselves, and areas (片区), which lie across the tree.

Several organisations share a unit or an area. A clerk sees those of the organisations in his rows
and of their superiors, whose unit a branch often shares, and those that nobody uses yet, so that
he can choose them. He changes only what no organisation outside his rows uses.
"""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from branches.models.grants import in_scopes, scopes, superiors_of
from branches.rules import credit_code, roles
from registry.language import refuse
from registry.models import Record


class SharedQuerySet(models.QuerySet[Any]):
    """What organisations share, as their column at the other end of ``organizations`` tells."""

    def visible_to(self, user: Any, verb: str = roles.VIEW) -> Self:
        ranges = scopes(user, verb)
        if not ranges:
            return self.none()
        link = self.model._meta.get_field("organizations")
        column = link.field.name
        users = link.related_model.objects.filter(**{f"{column}__isnull": False})
        if verb in (roles.VIEW, roles.EXPORT):
            near = users.filter(in_scopes(ranges) | Q(path__in=superiors_of(ranges)))
            unused = ~Q(pk__in=users.values(column))
            return self.filter(Q(pk__in=near.values(column)) | unused)
        return self.exclude(pk__in=users.exclude(in_scopes(ranges)).values(column))


class Unit(Record):
    """A public body in which organisations stand: an organ, an institution, an enterprise."""

    name = models.CharField(pgettext_lazy("organisation", "name"), max_length=100, unique=True)
    credit_code = models.CharField(
        _("unified social credit code"), max_length=18, blank=True, help_text="GB 32100-2015"
    )
    has_leading_group = models.BooleanField(_("has a leading group"), default=False)
    head_name = models.CharField(
        _("head"), max_length=50, blank=True, help_text=_("The name, where no member is chosen.")
    )

    objects = SharedQuerySet.as_manager()

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["credit_code"],
                condition=~Q(credit_code=""),
                name="unit_credit_code_once",
                violation_error_message=_("Another unit has this unified social credit code."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        self.credit_code = credit_code.normalised(self.credit_code)
        if self.credit_code:
            refuse(credit_code.objections(self.credit_code))


class Area(Record):
    """An area (片区): units that meet across the tree."""

    name = models.CharField(pgettext_lazy("organisation", "name"), max_length=50, unique=True)
    display_order = models.PositiveIntegerField(_("order"), default=0)

    objects = SharedQuerySet.as_manager()

    class Meta:
        verbose_name = _("area")
        verbose_name_plural = _("areas")
        ordering = ["display_order", "name"]

    def __str__(self) -> str:
        return self.name
