"""What the pages of roster confirmation have in common."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from branches.models import Organization
from branches.rules import roles
from members.admin import doors
from members.admin.deeds import DeedForm
from members.admin.doors import Door
from members.models import ConfirmationRound
from registry.plain_text import PlainTexts

DOORS = (Door(_("Roster confirmation"), "confirmations", roles.VIEW),)
LATE, TODAY, RUNNING, CLOSED = "late", "today", "running", "closed"


class ConfirmationForm(PlainTexts, DeedForm):
    """A form that a verb of rounds answers."""


def page(
    request: HttpRequest, template: str, organization: Organization, **more: Any
) -> HttpResponse:
    template = f"admin/members/confirmations/{template}.html"
    return doors.page(request, template, DOORS, organization, "confirmations", **more)


def round_for(request: HttpRequest, pk: int) -> ConfirmationRound:
    """Return a round that the user's organisation has opened, or that asks a branch of his; 404
    for any other."""
    rows = ConfirmationRound.objects.concerning(request.user)
    return get_object_or_404(rows.select_related("organization", "opened_by", "closed_by"), pk=pk)


def round_to_decide(request: HttpRequest, pk: int) -> ConfirmationRound:
    """Return a round of an organisation whose tree the user may change; 404 for any other."""
    rows = ConfirmationRound.objects.visible_to(request.user, roles.CHANGE_TREE)
    return get_object_or_404(rows.select_related("organization"), pk=pk)


def branch_asked(request: HttpRequest, opened: ConfirmationRound) -> Organization:
    """Return the branch of the address, the user's first one where it names none; 404 where it is
    not his, or not asked."""
    number = request.GET.get("organization", "")
    asked = opened.asked().visible_to(request.user).select_related("organization")
    if number:
        asked = asked.filter(organization=int(number)) if is_key(number) else asked.none()
    then = asked.first()
    if then is None:
        raise Http404(_now("There is no such organisation."))
    found: Organization = then.organization
    return found


def is_key(number: str) -> bool:
    return number.isascii() and number.isdecimal() and len(number) <= 18


def round_url(opened: ConfirmationRound, state: str = "") -> str:
    url = reverse("admin:confirmation_round", args=[opened.pk])
    return f"{url}?state={state}" if state else url


def roster_url(opened: ConfirmationRound | int, branch: int) -> str:
    pk = opened if isinstance(opened, int) else opened.pk
    return f"{reverse('admin:confirmation_roster', args=[pk])}?organization={branch}"


def state_of(opened: ConfirmationRound, today: date) -> str:
    """Return how a round stands: closed, late, on its last day, running."""
    if not opened.is_open:
        return CLOSED
    if opened.last_day <= today:
        return LATE if opened.last_day < today else TODAY
    return RUNNING
