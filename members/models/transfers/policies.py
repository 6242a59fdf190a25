"""What an office has decided about transfers: who sends its letters on, and what stands on them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from branches.models import Organization
from branches.rules import hierarchy
from members.models.development.policies import PolicyQuerySet
from registry.models import VersionedRecord


class TransferPolicy(VersionedRecord):
    """What an office decides from a day until its next policy.

    Passing on is inherited by the offices below that say nothing; fax and postcode are its own.
    """

    organization = models.ForeignKey(
        Organization,
        models.CASCADE,
        related_name="transfer_policies",
        verbose_name=_("organisation"),
    )
    valid_from = models.DateField(_("from"))
    passes_through = models.BooleanField(
        _("the work committee passes letters on"),
        null=True,
        blank=True,
        help_text=_("No: the committee's letter goes to the new organisation directly."),
    )
    fax = models.CharField(_("fax"), max_length=50, blank=True)
    postcode = models.CharField(_("postcode"), max_length=10, blank=True)

    objects = PolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("transfer policy")
        verbose_name_plural = _("transfer policies")
        ordering = ["organization", "valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "valid_from"],
                name="transfer_policy_once_per_day",
                violation_error_message=_("This office has a policy from that day already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization} {self.valid_from}"

    @property
    def log_chain(self) -> str:
        return f"organization:{self.organization_id}"


@dataclass(frozen=True)
class Reach:
    """How an office may be reached, as its letters say."""

    fax: str = ""
    postcode: str = ""


def reach_of(organization: Organization, on: date) -> Reach:
    """Return fax and postcode of an office as it has said them last by ``on``."""
    said = TransferPolicy.objects.filter(organization=organization, valid_from__lte=on)
    latest = said.order_by("valid_from").last()
    return Reach(latest.fax, latest.postcode) if latest else Reach()


def passing_through(issuer: Organization, on: date) -> Organization | None:
    """Return the work committee that passes on what ``issuer`` sends on ``on``; None where it
    sends directly. The nearest office that has said something decides."""
    said = TransferPolicy.objects.for_path(issuer.path).filter(
        valid_from__lte=on, passes_through__isnull=False
    )
    nearest = said.order_by("-organization__path", "-valid_from")
    if not nearest.values_list("passes_through", flat=True).first():
        return None
    above = issuer.ancestors().standing().filter(kind=hierarchy.WORK_COMMITTEE)
    return above.order_by("path").last()
