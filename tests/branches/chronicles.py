"""What the database knows of an organisation, and of what stood where on a day."""

from __future__ import annotations

from branches.models import Organization, OrganizationPeriod


def kept(organization):
    """What the database knows of an organisation and its chronicle."""
    row = Organization.objects.filter(pk=organization.pk).values()
    return list(row), list(organization.periods.values())


def chronicle(organization):
    return list(organization.periods.values_list("event", "valid_from", "valid_until"))


def below_on(organization, day):
    """The organisations that stood at or below this one on a day."""
    then = organization.on(day)
    periods = OrganizationPeriod.objects.on(day).under(then.path)
    return {period.organization for period in periods.select_related("organization")}
