"""Units (单位), the public bodies themselves, and areas (片区), which lie across the tree."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from branches.rules import credit_code
from registry.language import refuse
from registry.models import Record


class Unit(Record):
    """A public body in which organisations stand: an organ, an institution, an enterprise."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    credit_code = models.CharField(
        _("unified social credit code"), max_length=18, blank=True, help_text="GB 32100-2015"
    )
    has_leading_group = models.BooleanField(_("has a leading group"), default=False)
    head_name = models.CharField(
        _("head"), max_length=50, blank=True, help_text=_("The name, where no member is chosen.")
    )

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
        self.credit_code = self.credit_code.strip().upper()
        if self.credit_code:
            try:
                refuse(credit_code.objections(self.credit_code))
            except ValidationError as error:
                raise ValidationError({"credit_code": error.messages}) from error


class Area(Record):
    """An area (片区): units that meet across the tree."""

    name = models.CharField(_("name"), max_length=50, unique=True)
    display_order = models.PositiveIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("area")
        verbose_name_plural = _("areas")
        ordering = ["display_order", "name"]

    def __str__(self) -> str:
        return self.name
