"""What an office decides, with what follows from it: quotas of a year, steps of its own."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q

from branches.models import Organization
from members.models.development.files import DevelopmentFile
from members.models.development.following import rebuild
from members.models.development.policies import LocalStep, Quota
from registry.calendar import PartialDate
from registry.models import ChainHead


@transaction.atomic
def give_quotas(year: int, planned: Mapping[Organization, int | None]) -> int:
    """Give each organisation its quota of ``year``, None for none; return how many have changed."""
    ChainHead.hold(*(organization.log_chain for organization in planned))
    rows = Quota.objects.filter(year=year, organization__in=list(planned))
    given = {quota.organization_id: quota for quota in rows.select_related("organization")}
    changed = 0
    for organization, number in planned.items():
        quota = given.get(organization.pk)
        if number == (quota.planned if quota else None):
            continue
        changed += 1
        if number is None and quota:
            quota.delete()
        else:
            quota = quota or Quota(organization=organization, year=year)
            quota.planned = number
            quota.full_clean()
            quota.save()
    return changed


@transaction.atomic
def keep_local_step(step: LocalStep) -> int:
    """Save an office's own step, and write anew what the files that have it wait for.

    Returns how many open files these were: those begun while the step is valid, or was before.
    """
    before = LocalStep.objects.filter(pk=step.pk).first() if step.pk else None
    step.full_clean()
    step.save()
    since = min(each.valid_from for each in (step, before) if each)
    return rebuild(_begun_since(step.organization, since))


def _begun_since(organization: Organization, since: date) -> Any:
    """The open files that began on that day or later; those of an unknown day among them."""
    # A year or a month alone counts from its first day, as LocalStep.holds_on asks it.
    begun = Q(began_on__isnull=True) | Q(began_on__gte=PartialDate(since.year))
    return DevelopmentFile.objects.open().under(organization).filter(begun)
