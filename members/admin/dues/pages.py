"""The pages of dues beside each other."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from branches.models import Organization
from branches.rules import roles
from members.admin import doors
from members.admin.doors import Door, open_doors

DOORS = (
    Door(_("Overview"), "dues", roles.VIEW_DUES_TOTALS),
    Door(_("Collection"), "dues_collection", roles.VIEW_DUES),
    Door(_("Assessment"), "dues_assessment", roles.VIEW_DUES),
    Door(_("Arrears"), "dues_arrears", roles.VIEW_DUES),
    Door(_("Months"), "dues_months", roles.VIEW_DUES_TOTALS),
    Door(_("Account book"), "dues_accounts", roles.VIEW_DUES_TOTALS),
    Door(_("Remittances"), "dues_remittances", roles.VIEW_DUES_TOTALS),
    Door(_("Returns"), "dues_returns", roles.VIEW_DUES_TOTALS),
    Door(_("Policies"), "dues_policies", roles.VIEW_DUES_TOTALS),
)


def doors_of(
    user: Any, organization: Organization | None, here: str
) -> list[tuple[Any, str, bool]]:
    return open_doors(DOORS, user, organization, here)


def page(
    request: HttpRequest, template: str, organization: Organization, here: str, **more: Any
) -> HttpResponse:
    return doors.page(
        request, f"admin/members/dues/{template}.html", DOORS, organization, here, **more
    )
