"""What the pages of development have in common: the tabs, the frame, and the way to one file."""

from __future__ import annotations

import secrets
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from branches.models import Organization, may
from branches.rules import roles
from members.admin.dues.pages import Door, address_of

DOORS = (
    Door(_("Desk"), "development", roles.VIEW),
    Door(_("Files"), "members_developmentfile_changelist", roles.VIEW),
    Door(pgettext_lazy("development", "Together"), "development_together", roles.VIEW),
    Door(_("Board"), "development_board", roles.VIEW),
    Door(_("Quotas and settings"), "development_policies", roles.VIEW),
)


def link_to(url_name: str, *arguments: Any) -> str:
    """Return the address of a page; "" where this register has no such page."""
    try:
        return reverse(f"admin:{url_name}", args=arguments)
    except NoReverseMatch:
        return ""


def file_url(file_id: int) -> str:
    return link_to("members_developmentfile_change", file_id)


def step_url(file_id: int, step: str) -> str:
    return link_to("development_step", file_id, step)


def doors(user: Any, organization: Organization, here: str) -> list[tuple[Any, str, bool]]:
    """Return label, address and whether it is open, of each tab that ``user`` may open."""
    return [
        (door.label, address_of(door.url_name, organization), door.url_name == here)
        for door in DOORS
        if may(user, door.verb, organization.path) and link_to(door.url_name)
    ]


def page(
    request: HttpRequest,
    template: str,
    organization: Organization,
    here: str,
    **more: Any,
) -> HttpResponse:
    """Return a page of development with its tabs; ``here`` is the address name of the open one."""
    asking = more.get("asking")
    context = {
        **admin.site.each_context(request),
        "title": next(f"{door.label}" for door in DOORS if door.url_name == here),
        "organization": organization,
        "doors": doors(request.user, organization, here),
        "back": address_of(here, organization),
        "once": request.POST.get("once") or secrets.token_urlsafe(16),
        "media": asking.media if asking is not None else forms.Media(),
        **more,
    }
    return TemplateResponse(request, f"admin/members/development/{template}.html", context)
