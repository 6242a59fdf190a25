"""Whom nobody can find: lost, lost for six months, suspended, suspended for two years."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from branches.rules import roles
from members.admin.asking import AskingForm, asking
from members.admin.standing.pages import page, shown_of, states
from members.models import Member
from members.rules import placements, standing
from registry.admin import Place

SIX_MONTHS, SUSPENDED, TWO_YEARS = "six_months", "suspended", "two_years"


@require_safe
def lost_contact(request: HttpRequest) -> HttpResponse:
    organization, asked = asking(request, AskingForm, roles.VIEW)
    today = timezone.localdate()
    members = Member.objects.visible_to(request.user).under(organization)
    suspended = members.filter(suspended_on__isnull=False, wrong_entry=False)
    parts = {
        "": members.on_roll().lost_contact(),
        SIX_MONTHS: members.lost_contact_for_six_months(today),
        SUSPENDED: suspended,
        TWO_YEARS: members.suspended_for_two_years(today),
    }
    labels = {
        "": _now("lost contact"),
        SIX_MONTHS: _now("six months or more: may be suspended"),
        SUSPENDED: _now("suspended"),
        TWO_YEARS: _now("two years or more: striking off to be examined"),
    }
    state = request.GET.get("state", "")
    if state not in parts:
        state = ""
    shown = shown_of(request, parts[state].select_related("organization").in_roster_order())
    return page(
        request,
        "contact",
        organization,
        "standing",
        asking=asked,
        shown=shown,
        lines=[(member, *_days(member)) for member in shown],
        is_suspended=state in {SUSPENDED, TWO_YEARS},
        tabs=states(
            organization,
            "standing",
            state,
            *((code, labels[code], rows.count()) for code, rows in parts.items()),
        ),
        query=f"state={state}",
    )


def _days(member: Member) -> tuple[Any, Any]:
    """Return since when it is so, and from when on what follows may be decided."""
    if member.suspended_on:
        examined = member.leaving_reason == placements.SUSPENDED
        then = standing.to_be_struck_off_from(member.suspended_on) if examined else None
        return member.suspended_on, then
    since = member.lost_contact_since
    return since, standing.may_be_suspended_from(since) if since else None


admin.site.page(  # type: ignore[attr-defined]
    "standing/",
    lost_contact,
    "standing",
    roles.VIEW,
    Place(_("Standing of members"), "standing", roles.VIEW, 14, icon="user"),
)
