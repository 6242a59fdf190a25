"""What the pages of transfers have in common: whose they are, and the tabs between them."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from branches.models import Organization, may
from branches.rules import roles
from members.admin import doors
from members.admin.asking import organization_asked
from members.admin.deeds import DeedForm
from members.admin.doors import Door
from members.models import Transfer
from members.rules import transfers
from registry.plain_text import PlainTexts

HERE, SETTINGS = "transfers", "transfer_policies"
DOORS = (
    Door(_("Transfers"), HERE, roles.VIEW),
    Door(_("Settings"), SETTINGS, roles.VIEW),
)
BADGES = {
    transfers.EXPIRED: "bad", transfers.OVERDUE: "bad", transfers.PROPOSED: "warn",
    transfers.PASSING: "warn", transfers.TO_PLACE: "warn", transfers.RECEIPT_OWED: "warn",
    transfers.COMPLETE: "good",
}  # fmt: skip


class TransferForm(PlainTexts, DeedForm):
    """A form that a verb of transfers answers."""


def page(
    request: HttpRequest,
    template: str,
    organization: Organization,
    here: str = HERE,
    **more: Any,
) -> HttpResponse:
    """Return a page of transfers with its tabs; ``here`` is the one that is open."""
    template = f"admin/members/transfers/{template}.html"
    return doors.page(request, template, DOORS, organization, here, **more)


def deed(
    request: HttpRequest, organization: Organization, form: DeedForm, title: Any, **more: Any
) -> HttpResponse:
    """Return the page of one thing to be done, whose button says what it is."""
    return doors.deed(page, request, organization, HERE, form, title, **more)


def organization_to_move_in(request: HttpRequest) -> Organization:
    """Return the organisation of the address; 403 where the user moves nobody, 404 as ever."""
    organization = organization_asked(request, roles.VIEW)
    if not may(request.user, roles.MOVE, organization.path):
        raise PermissionDenied
    return organization


def side_of(transfer: Transfer, user: Any) -> Organization:
    """Return the side of a transfer that ``user`` sees, the giving one first: whose page it is."""
    sides: list[Organization] = [
        each for each in (transfer.from_organization, transfer.to_organization) if each
    ]
    return next((each for each in sides if may(user, roles.VIEW, each.path)), sides[0])


def address_of(transfer: Transfer) -> str:
    return reverse("admin:transfer", args=[transfer.pk])
