"""What an office has decided about development: four eyes, quotas, steps of its own."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any, Self

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from branches.models import Organization, in_scopes, scopes
from branches.rules import roles, tree
from members.models import choices
from members.rules import development
from members.rules.development import Limit
from registry.language import said
from registry.models import VersionedRecord
from registry.sentences import Sentence


class PolicyQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any, verb: str = roles.VIEW) -> Self:
        return self.filter(in_scopes(scopes(user, verb), "organization__path"))

    def for_path(self, path: str) -> Self:
        """What may hold at ``path``: of the office there and of all above it."""
        return self.filter(organization__path__in=[*tree.ancestors_of(path), path])


class DevelopmentPolicy(VersionedRecord):
    """What an office decides from a day until its next policy; empty: as the offices above."""

    organization = models.ForeignKey(
        Organization,
        models.CASCADE,
        related_name="development_policies",
        verbose_name=_("organisation"),
    )
    valid_from = models.DateField(_("from"))
    four_eyes = models.BooleanField(
        _("who enters the decision of an assembly does not enter its approval"),
        null=True,
        blank=True,
    )

    objects = PolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("development policy")
        verbose_name_plural = _("development policies")
        ordering = ["organization", "valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "valid_from"],
                name="development_policy_once_per_day",
                violation_error_message=_("This office has a policy from that day already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization} {self.valid_from}"

    @property
    def log_chain(self) -> str:
        return f"organization:{self.organization_id}"


def needs_four_eyes(path: str, on: date) -> bool:
    """Return whether at ``path`` two people enter an assembly and its approval on ``on``.

    The nearest office that has said something decides; where nobody has, one person may do both.
    """
    said = DevelopmentPolicy.objects.for_path(path).filter(
        valid_from__lte=on, four_eyes__isnull=False
    )
    nearest = said.order_by("-organization__path", "-valid_from")
    return bool(nearest.values_list("four_eyes", flat=True).first())


class QuotaQuerySet(PolicyQuerySet):
    def under(self, organization: Organization) -> Self:
        """The quotas of ``organization`` and of everything below it."""
        return self.filter(
            organization__path__gte=organization.path, organization__path__lt=organization.end_path
        )


class Quota(VersionedRecord):
    """How many people an organisation may accept in a year (发展计划)."""

    organization = models.ForeignKey(
        Organization, models.CASCADE, related_name="quotas", verbose_name=_("organisation")
    )
    year = models.PositiveSmallIntegerField(_("year"))
    planned = models.PositiveIntegerField(_("planned"))

    objects = QuotaQuerySet.as_manager()

    class Meta:
        verbose_name = _("quota")
        verbose_name_plural = _("quotas")
        ordering = ["organization", "-year"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "year"],
                name="quota_once_per_year",
                violation_error_message=_("This organisation has a quota for that year already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.organization} {self.year}: {self.planned}"

    @property
    def log_chain(self) -> str:
        return f"organization:{self.organization_id}"


def _count(label: Any) -> Any:
    return models.PositiveSmallIntegerField(
        label, null=True, blank=True, help_text=_("Counted from the step that it follows.")
    )


class LocalStep(VersionedRecord):
    """A step that a province or an office has added for itself and everything below it.

    It holds for files begun while it is valid. Whoever changes one lets ``following.rebuild``
    write the deadlines of the files below the office anew.
    """

    organization = models.ForeignKey(
        Organization, models.CASCADE, related_name="local_steps", verbose_name=_("organisation")
    )
    code = models.CharField(
        _("code"),
        max_length=40,
        validators=[
            RegexValidator(
                r"^local_[a-z0-9_]+$", _("Begin with local_ and go on with a–z, 0–9 and _.")
            )
        ],
    )
    number = models.CharField(_("number"), max_length=10, help_text=_("As printed, such as 7-2."))
    name = models.CharField(_("step"), max_length=50)
    after = models.CharField(_("follows"), max_length=40, choices=choices.development_steps)
    acts = models.CharField(_("taken by"), max_length=20, choices=choices.acting_levels)
    optional = models.BooleanField(_("may be left out"), default=False)
    earliest_months = _count(_("months before it"))
    earliest_working_days = _count(_("working days before it"))
    latest_months = _count(_("months at most"))
    latest_working_days = _count(_("working days at most"))
    source = models.CharField(_("source"), max_length=200, blank=True)
    valid_from = models.DateField(_("from"))
    valid_until = models.DateField(
        _("until"), null=True, blank=True, help_text=_("The first day without it.")
    )

    objects = PolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("step of its own")
        verbose_name_plural = _("steps of its own")
        ordering = ["organization", "number", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "code"],
                name="local_step_once",
                violation_error_message=_("This office has a step of this code already."),
            ),
            models.CheckConstraint(
                name="local_step_ends_after_it_begins",
                condition=Q(valid_until__isnull=True) | Q(valid_until__gt=F("valid_from")),
                violation_error_message=_("It ends after it begins. Check both days."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"

    @property
    def log_chain(self) -> str:
        return f"organization:{self.organization_id}"

    def holds_on(self, day: date | None) -> bool:
        """Return whether files begun on ``day`` have this step."""
        if day is None:
            return self.valid_until is None
        return self.valid_from <= day and (self.valid_until is None or day < self.valid_until)

    def step(self) -> development.Step:
        """Return the step as the rules know it."""
        return development.Step(
            code=self.code,
            number=self.number,
            label=Sentence(self.name.replace("%", "%%")),
            chinese=self.name,
            stage=development.STEPS[self.after].stage,
            acts=self.acts,
            after=(self.after,),
            needs=(self.after,),
            optional=self.optional,
            earliest=self._limits(self.earliest_months, self.earliest_working_days),
            latest=self._limits(self.latest_months, self.latest_working_days),
            source=self.source,
        )

    def _limits(self, months: int | None, working_days: int | None) -> tuple[Limit, ...]:
        limits = []
        if months:
            limits.append(Limit(self.after, months=months, source=self.source))
        if working_days:
            limits.append(Limit(self.after, working_days=working_days, source=self.source))
        return tuple(limits)


class LocalSteps:
    """The steps of all offices held in memory, to be asked for many files."""

    def __init__(self, steps: models.QuerySet[LocalStep]) -> None:
        self._by_path: dict[str, list[LocalStep]] = defaultdict(list)
        for step in steps.select_related("organization").order_by("pk"):
            self._by_path[step.organization.path].append(step)

    def at(self, path: str, began_on: date | None) -> tuple[development.Step, ...]:
        """Return the steps that a file at ``path``, begun on ``began_on``, has beside the rules'.

        Of two with one code the nearer office's holds; where the day is unknown, those that have
        no end.
        """
        found: dict[str, development.Step] = {}
        for each in (*tree.ancestors_of(path), path) if self._by_path else ():
            for local in self._by_path.get(each, ()):
                if local.holds_on(began_on):
                    found[local.code] = local.step()
        return tuple(found.values())


def step_label(code: str, path: str) -> str:
    """Return what a step is called, in the language in use; of an office's own step its name."""
    if code in development.STEPS:
        return said(development.STEPS[code].label)
    own = LocalStep.objects.for_path(path).filter(code=code).order_by("-organization__path")
    return own.values_list("name", flat=True).first() or code
