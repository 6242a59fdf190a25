"""What an office has decided about dues: rounding, shares, periods; inherited down the tree."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Any, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from branches.models import Organization, in_scopes, scopes
from branches.rules import roles, tree
from members.models import choices
from members.models.dues.months import kept_as_month
from members.rules.dues import RETIRED, TO_THE_FEN, Rounding
from registry.models import VersionedRecord

HUNDRED = Decimal(100)


@dataclass(frozen=True)
class Policy:
    """What holds at one place in one month; None or "" where nobody above has said anything."""

    rounding_unit: str = TO_THE_FEN.unit
    rounding_mode: str = TO_THE_FEN.mode
    retired_coefficient: Decimal = HUNDRED
    share_upward: Decimal | None = None
    remitted_every: str = ""
    returned_share: Decimal | None = None
    reopening_needs_two: bool = False

    @property
    def rounding(self) -> Rounding:
        return Rounding(self.rounding_unit, self.rounding_mode)

    def base_of(self, category: str, income: Decimal) -> Decimal:
        """Return the base that follows from an income: of a pension the local part."""
        if category != RETIRED or self.retired_coefficient == HUNDRED:
            return income
        return TO_THE_FEN.of(income * self.retired_coefficient / HUNDRED)


SAID = tuple(field.name for field in fields(Policy))


class DuesPolicyQuerySet(models.QuerySet["DuesPolicy"]):
    def visible_to(self, user: Any, verb: str = roles.VIEW_DUES_TOTALS) -> Self:
        return self.filter(in_scopes(scopes(user, verb), "organization__path"))

    def for_path(self, path: str) -> Self:
        """The policies that may hold at ``path``: of the office there and of all above it."""
        return self.filter(organization__path__in=[*tree.ancestors_of(path), path])

    def for_anybody_under(self, path: str) -> Self:
        """The policies that may hold at ``path`` or somewhere below it."""
        below = models.Q(organization__path__gte=path, organization__path__lt=tree.end_of(path))
        return self.filter(below | models.Q(organization__path__in=tree.ancestors_of(path)))


def _percent(label: Any, help_text: Any) -> Any:
    return models.DecimalField(
        label,
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(HUNDRED)],
        help_text=help_text,
    )


class DuesPolicy(VersionedRecord):
    """What an office decides from a month until its next policy; empty: as the offices above."""

    organization = models.ForeignKey(
        Organization, models.CASCADE, related_name="dues_policies", verbose_name=_("organisation")
    )
    valid_from = models.DateField(_("from month"))
    rounding_unit = models.CharField(
        _("rounded to"), max_length=4, blank=True, choices=choices.rounding_units
    )
    rounding_mode = models.CharField(
        _("rounded"), max_length=10, blank=True, choices=choices.rounding_modes
    )
    retired_coefficient = _percent(
        _("part of a pension that is the base"), _("In percent, for the retired of this office.")
    )
    share_upward = _percent(_("share remitted upward"), _("In percent of what was paid."))
    remitted_every = models.CharField(
        _("remitted every"), max_length=10, blank=True, choices=choices.remittance_periods
    )
    returned_share = _percent(
        _("share returned to retired branches"), _("In percent of what they paid.")
    )
    reopening_needs_two = models.BooleanField(
        _("a second person opens a closed month again"), null=True, blank=True
    )

    objects = DuesPolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("dues policy")
        verbose_name_plural = _("dues policies")
        ordering = ["organization", "valid_from"]
        constraints = [
            kept_as_month("dues_policy_from_a_month", "valid_from"),
            models.UniqueConstraint(
                fields=["organization", "valid_from"],
                name="dues_policy_once_per_month",
                violation_error_message=_("This office has a policy from that month already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization} {self.valid_from:%Y-%m}"

    @property
    def log_chain(self) -> str:
        return f"organization:{self.organization_id}"


class PolicyBook:
    """Policies held in memory, to be asked for many places and months."""

    def __init__(self, policies: models.QuerySet[DuesPolicy]) -> None:
        self._by_path: dict[str, list[DuesPolicy]] = defaultdict(list)
        self._known: dict[tuple[str, date], Policy] = {}
        for policy in policies.select_related("organization").order_by("valid_from"):
            self._by_path[policy.organization.path].append(policy)

    def in_force(self, path: str, month: date) -> Policy:
        """Return what holds at ``path`` in ``month``: of each item what the nearest office says."""
        if (path, month) not in self._known:
            self._known[path, month] = self._composed(path, month)
        return self._known[path, month]

    def sources(self, path: str, month: date) -> dict[str, DuesPolicy]:
        """Return for each item the policy that says it; none for what nobody has said."""
        said: dict[str, DuesPolicy] = {}
        for each in (*tree.ancestors_of(path), path):
            if latest := _latest(self._by_path.get(each, ()), month):
                said |= {name: latest for name in SAID if getattr(latest, name) not in (None, "")}
        return said

    def _composed(self, path: str, month: date) -> Policy:
        sources = self.sources(path, month).items()
        return Policy(**{name: getattr(policy, name) for name, policy in sources})


def _latest(policies: Iterable[DuesPolicy], month: date) -> DuesPolicy | None:
    begun = [policy for policy in policies if policy.valid_from <= month]
    return begun[-1] if begun else None


def policy_for(organization: Organization, month: date) -> Policy:
    """Return what holds at ``organization`` in ``month``."""
    path = organization.path
    return PolicyBook(DuesPolicy.objects.for_path(path)).in_force(path, month)
