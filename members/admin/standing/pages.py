"""What the lists of standing have in common: whose they are, and the tabs between them."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from branches.models import Organization
from branches.rules import roles
from members.admin import doors
from members.admin.deeds import DeedForm
from members.admin.doors import Door, address_of
from registry.plain_text import PlainTexts

SHOWN = 100
DOORS = (
    Door(_("Lost contact"), "standing", roles.VIEW),
    Door(_("Floating members"), "standing_floating", roles.VIEW),
    Door(_("From elsewhere"), "standing_guests", roles.VIEW),
    Door(_("Second memberships"), "standing_second", roles.VIEW),
    Door(_("Discipline and measures"), "standing_discipline", roles.VIEW_DISCIPLINE),
)


class StandingForm(PlainTexts, DeedForm):
    """A form that a verb of standing answers."""


def page(
    request: HttpRequest, template: str, organization: Organization, here: str, **more: Any
) -> HttpResponse:
    """Return a page with its tabs; ``here`` is the address name of the one that is open."""
    name = f"admin/members/standing/{template}.html"
    return doors.page(request, name, DOORS, organization, here, **more)


deed = partial(doors.deed, page)


def states(
    organization: Organization, here: str, chosen: str, *named: tuple[str, str | Promise, int]
) -> list[dict[str, Any]]:
    """Return the parts of a list as tabs: code, label and how many stand there."""
    return [
        {
            "label": label,
            "number": number,
            "url": address_of(here, organization, state=code),
            "here": code == chosen,
        }
        for code, label, number in named
    ]


def shown_of(request: HttpRequest, rows: Any) -> Any:
    """Return the page of ``rows`` that the address names."""
    return Paginator(rows, SHOWN).get_page(request.GET.get("page", "")[:9])
