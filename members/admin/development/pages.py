"""The pages of development beside each other, and the way to one file."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from branches.models import Organization
from branches.rules import roles
from members.admin import doors
from members.admin.doors import Door, open_doors

DOORS = (
    Door(_("Desk"), "development", roles.VIEW),
    Door(_("Files"), "members_developmentfile_changelist", roles.VIEW),
    Door(pgettext_lazy("development", "Together"), "development_together", roles.VIEW),
    Door(_("Board"), "development_board", roles.VIEW),
    Door(_("Quotas and settings"), "development_policies", roles.VIEW),
)


def link_to(url_name: str, *arguments: Any) -> str:
    """Return the address of a page of the site."""
    return reverse(f"admin:{url_name}", args=arguments)


def file_url(file_id: int) -> str:
    return link_to("members_developmentfile_change", file_id)


def step_url(file_id: int, step: str) -> str:
    return link_to("development_step", file_id, step)


def doors_of(user: Any, organization: Organization, here: str) -> list[tuple[Any, str, bool]]:
    return open_doors(DOORS, user, organization, here)


def page(
    request: HttpRequest, template: str, organization: Organization, here: str, **more: Any
) -> HttpResponse:
    template = f"admin/members/development/{template}.html"
    return doors.page(request, template, DOORS, organization, here, **more)
