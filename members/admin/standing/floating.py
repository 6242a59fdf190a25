"""Floating members: own ones who are away, and people from elsewhere who take part."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from branches.models import Organization, may
from branches.rules import hierarchy, roles
from members.admin.asking import AskingForm, asking, organization_asked, record_to
from members.admin.deeds import done, is_done, typed
from members.admin.doors import address_of
from members.admin.standing.member_forms import AWAY, AwayFields
from members.admin.standing.pages import (
    StandingForm,
    deed,
    page,
    shown_of,
    states,
)
from members.models import FloatingIn, FloatingOut, Member
from registry.forms import DayField
from registry.login.kept_forms import keeps_form
from registry.models import acting

SILENT = "silent"


@require_safe
def floating(request: HttpRequest) -> HttpResponse:
    organization, asked = asking(request, AskingForm, roles.VIEW)
    today = timezone.localdate()
    members = Member.objects.visible_to(request.user).under(organization)
    parts = {
        "": members.on_roll().filter(floating=True),
        SILENT: members.floating_without_contact_for_six_months(today),
    }
    state = request.GET.get("state", "")
    if state not in parts:
        state = ""
    rows = parts[state].select_related("organization").in_roster_order()
    open_rows = FloatingOut.objects.on(today)
    shown = shown_of(request, rows.prefetch_related(Prefetch("times_away", open_rows, "away_now")))
    paths = {member.organization.path for member in shown}
    changed = {path for path in paths if may(request.user, roles.CHANGE, path)}
    return page(
        request,
        "floating",
        organization,
        "standing_floating",
        asking=asked,
        shown=shown,
        lines=[
            (member, next(iter(member.away_now), None), member.organization.path in changed)
            for member in shown
        ],
        tabs=states(
            organization,
            "standing_floating",
            state,
            ("", _now("floating"), parts[""].count()),
            (SILENT, _now("not heard of for six months"), parts[SILENT].count()),
        ),
        query=f"state={state}",
    )


class TimeAwayForm(AwayFields, StandingForm):
    begins_on = DayField(label=_("since"))
    ends_on = DayField(label=_("until"), required=False, help_text=_("The first day after it."))
    field_order = ("begins_on", *AWAY, "ends_on")
    renamed = {"reason": "why_away"}


@keeps_form
@require_http_methods(["GET", "HEAD", "POST"])
def away(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct a time away, or end it."""
    rows = FloatingOut.objects.select_related("member__organization")
    row = record_to(request, roles.CHANGE, rows, pk)
    columns = {"begins_on": "begins_on", **AWAY, "ends_on": "ends_on"}
    initial = {name: getattr(row, column) for name, column in columns.items()}
    form = TimeAwayForm(typed(request), initial=initial)

    def keep(**said: Any) -> None:
        for name, column in columns.items():
            setattr(row, column, said[name])
        with acting(request.user, ""):
            row.keep(timezone.localdate())

    organization = row.member.organization
    back = address_of("standing_floating", organization)
    if is_done(request, form, keep):
        return done(request, back, _now("%(name)s is kept.") % {"name": row.member.name})
    return deed(
        request,
        organization,
        "standing_floating",
        form,
        _now("Correct or end a time away"),
        facts=[(_now("name"), row.member.name), (_now("branch"), organization)],
        button=_now("Save"),
    )


# People from elsewhere


class GuestForm(StandingForm):
    name = forms.CharField(label=_("name"), max_length=50)
    home = forms.CharField(
        label=_("home organisation"), max_length=100, help_text=_("Where the relation is.")
    )
    permit_number = forms.CharField(
        label=_("permit number"),
        required=False,
        max_length=50,
        help_text=_("Of 《流动党员活动证》."),
    )
    begins_on = DayField(label=_("since"))
    ends_on = DayField(label=_("until"), required=False, help_text=_("The first day after it."))
    pays_here = forms.BooleanField(label=_("pays the dues here"), required=False)
    phone = forms.CharField(label=_("telephone"), required=False, max_length=50)
    note = forms.CharField(label=_("note"), required=False, max_length=200)


@require_safe
def guests(request: HttpRequest) -> HttpResponse:
    organization, asked = asking(request, AskingForm, roles.VIEW)
    rows = FloatingIn.objects.visible_to(request.user).under(organization)
    parts = {"": rows.on(timezone.localdate()), "all": rows}
    state = "all" if request.GET.get("state") == "all" else ""
    ordered = parts[state].select_related("organization")
    shown = shown_of(request, ordered.order_by("organization__path", "begins_on", "pk"))
    may_add = organization.kind == hierarchy.BRANCH and not organization.dissolved_on
    return page(
        request,
        "guests",
        organization,
        "standing_guests",
        asking=asked,
        shown=shown,
        lines=[(row, may(request.user, roles.CHANGE, row.organization.path)) for row in shown],
        may_add=may_add and may(request.user, roles.ADD, organization.path),
        is_branch=organization.kind == hierarchy.BRANCH,
        tabs=states(
            organization,
            "standing_guests",
            state,
            ("", _now("today"), parts[""].count()),
            ("all", _now("all"), parts["all"].count()),
        ),
        query=f"state={state}",
    )


@keeps_form
@require_http_methods(["GET", "HEAD", "POST"])
def add_guest(request: HttpRequest) -> HttpResponse:
    organization = organization_asked(request, roles.VIEW)
    if not may(request.user, roles.ADD, organization.path):
        raise PermissionDenied
    title = _now("Enter somebody from elsewhere")
    return _kept(request, FloatingIn(organization=organization), organization, title)


@keeps_form
@require_http_methods(["GET", "HEAD", "POST"])
def change_guest(request: HttpRequest, pk: int) -> HttpResponse:
    rows = FloatingIn.objects.select_related("organization")
    guest = record_to(request, roles.CHANGE, rows, pk)
    return _kept(request, guest, guest.organization, _now("Correct or end somebody's stay"))


def _kept(
    request: HttpRequest, guest: FloatingIn, organization: Organization, title: str
) -> HttpResponse:
    initial = {name: getattr(guest, name) for name in GuestForm.base_fields}
    form = GuestForm(typed(request), initial=initial)

    def keep(**said: Any) -> None:
        for name, value in said.items():
            setattr(guest, name, value)
        with acting(request.user, ""):
            guest.keep(timezone.localdate())

    if is_done(request, form, keep):
        back = address_of("standing_guests", organization)
        return done(request, back, _now("%(name)s is kept.") % {"name": guest.name})
    return deed(
        request,
        organization,
        "standing_guests",
        form,
        title,
        facts=[(_now("branch"), organization)],
        consequences=[
            _now("Takes part, but has no vote here and is counted in no figure."),
        ],
        button=_now("Save"),
    )


for route, view, name, verb in (
    ("standing/floating/", floating, "standing_floating", roles.VIEW),
    ("standing/away/<int:pk>/", away, "standing_away", roles.CHANGE),
    ("standing/guests/", guests, "standing_guests", roles.VIEW),
    ("standing/guests/new/", add_guest, "standing_guest_add", roles.ADD),
    ("standing/guests/<int:pk>/", change_guest, "standing_guest", roles.CHANGE),
):
    admin.site.page(route, view, name, verb)  # type: ignore[attr-defined]
