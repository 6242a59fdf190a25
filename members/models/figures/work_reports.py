"""The work report of an office: its sentences, inherited down the tree, and what is typed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from branches.models import Organization
from branches.rules import tree
from members.models.accounts import account, whoever
from members.models.figures.reports import OrganizationsOwnQuerySet
from members.rules import figures, work_report
from registry.language import refuse
from registry.models import VersionedRecord


class WorkReportTemplate(VersionedRecord):
    """The sentences of an office's report; they hold below it until an office has its own."""

    organization = models.OneToOneField(
        Organization,
        models.CASCADE,
        related_name="work_report_template",
        verbose_name=_("organisation"),
    )
    text = models.TextField(_("sentences"), max_length=20_000)

    objects = OrganizationsOwnQuerySet.as_manager()

    class Meta:
        verbose_name = _("template of the work report")
        verbose_name_plural = _("templates of the work report")
        ordering = ["organization__path"]

    def __str__(self) -> str:
        return str(self.organization)

    def clean(self) -> None:
        refuse(work_report.template_objections(self.text))

    @property
    def log_chain(self) -> str:
        return f"organization:{self.organization_id}"

    @classmethod
    def nearest_to(cls, organization: Organization) -> Self | None:
        """Return the template that holds at ``organization``: its own or the nearest above."""
        line = [*tree.ancestors_of(organization.path), organization.path]
        rows = cls._default_manager.filter(organization__path__in=line)
        return rows.select_related("organization").order_by("-organization__path").first()

    @classmethod
    @transaction.atomic
    def write(cls, organization: Organization, text: str) -> Self:
        """Give ``organization`` these sentences of its own; raise ValidationError with all that
        speaks against them."""
        own = cls._default_manager.filter(organization=organization).first()
        own = own or cls(organization=organization)
        own.text = text.replace("\r\n", "\n").strip()
        own.full_clean()
        own.save()
        return own


def template_for(organization: Organization) -> str:
    """Return the sentences that hold at ``organization``: of the nearest office, or ours."""
    nearest = WorkReportTemplate.nearest_to(organization)
    return nearest.text if nearest else work_report.DEFAULT_TEMPLATE


class TypedFigure(VersionedRecord):
    """One number of a period that no register fills: typed, with its author."""

    organization = models.ForeignKey(
        Organization, models.CASCADE, related_name="typed_figures", verbose_name=_("organisation")
    )
    first = models.DateField(_("from"))
    last = models.DateField(_("to"))
    key = models.CharField(_("what"), max_length=work_report.LONGEST_NAME)
    value = models.DecimalField(_("number"), max_digits=14, decimal_places=2)
    typed_by = whoever(_("typed by"))
    typed_on = models.DateField(_("typed on"))

    objects = OrganizationsOwnQuerySet.as_manager()

    class Meta:
        verbose_name = _("typed number")
        verbose_name_plural = _("typed numbers")
        ordering = ["organization", "first", "last", "key"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "first", "last", "key"], name="typed_figure_once"
            ),
            models.CheckConstraint(
                name="typed_figure_of_a_period", condition=models.Q(last__gte=models.F("first"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization} {self.first}–{self.last} {work_report.name_of(self.key)}"

    def clean(self) -> None:
        refuse(work_report.figure_objections(self.value))

    @property
    def log_chain(self) -> str:
        return f"organization:{self.organization_id}"

    @classmethod
    @transaction.atomic
    def keep(
        cls,
        organization: Organization,
        first: date,
        last: date,
        values: Mapping[str, Decimal | None],
        today: date,
        by: Any = None,
    ) -> None:
        """Keep the typed numbers of a period; one that is emptied is none again.

        A number that did not change keeps its author. Raises ValidationError with everything that
        speaks against them, each under its key.
        """
        refuse(figures.period_objections(first, last, today))
        kept = {each.key: each for each in cls.of(organization, first, last)}
        problems: dict[str, Any] = {}
        for key, value in values.items():
            row = kept.get(key)
            if value is None:
                if row:
                    row.delete()
                continue
            if row and row.value == value:
                continue
            row = row or cls(organization=organization, first=first, last=last, key=key)
            row.value, row.typed_by, row.typed_on = value, account(by), today
            try:
                row.full_clean()
                row.save()
            except ValidationError as error:
                problems[key] = error.messages
        if problems:
            raise ValidationError(problems)

    @classmethod
    def of(cls, organization: Organization, first: date, last: date) -> models.QuerySet[Self]:
        """The typed numbers of a period."""
        rows = cls._default_manager.filter(organization=organization, first=first, last=last)
        return rows.select_related("typed_by")
