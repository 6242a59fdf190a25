"""Closing a month, and opening one again: with a reason, and by two where the office wants it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from branches.models import Organization, may
from branches.rules import roles
from members.admin.asking import AskingForm, asking
from members.admin.deeds import DeedForm, is_done, typed
from members.admin.doors import address_of
from members.admin.dues.fields import MonthField
from members.admin.dues.pages import page
from members.models import Closing
from members.models.dues.closings import closed_to
from members.models.dues.policies import policy_for
from members.rules.dues_months import next_month, written
from registry.calendar import first_of_month, months_after
from registry.login.kept_forms import keeps_form
from registry.plain_text import PlainTexts

SHOWN = 36  # closings on the page


class ClosingForm(DeedForm):
    month = MonthField(
        label=_("month"), help_text=_("With it all months before it are closed, here and below.")
    )


class ReopeningForm(PlainTexts, DeedForm):
    reason = forms.CharField(
        label=_("why"),
        required=False,  # the verb asks for it
        max_length=200,
        help_text=_("Stands in the history."),
    )


class ConfirmingForm(DeedForm):
    """Only the yes of the second person."""


@dataclass(frozen=True)
class Line:
    """A closed month, and what this user may do about it."""

    closing: Closing
    is_own: bool  # he sees who closed it, and why it was opened
    may_reopen: bool
    may_confirm: bool


@keeps_form
@require_http_methods(["GET", "HEAD", "POST"])
def months(request: HttpRequest) -> HttpResponse:
    """The months that are closed for an organisation, and the form that closes another."""
    organization, asked = asking(request, AskingForm, roles.VIEW_DUES_TOTALS)
    today = timezone.localdate()
    may_close = may(request.user, roles.CLOSE_DUES, organization.path)
    if request.method == "POST" and not may_close:
        raise PermissionDenied
    last = closed_to(organization)
    following = next_month(last) if last else months_after(first_of_month(today), -1)
    form = ClosingForm(typed(request), initial={"month": following}) if may_close else None
    if form and is_done(
        request, form, lambda month: Closing.close(organization, month, today, request.user)
    ):
        text = _now("%(month)s is closed, with all months before it.")
        messages.success(request, text % {"month": written(form.cleaned_data["month"])})
        return HttpResponseRedirect(address_of("dues_months", organization))
    return page(
        request,
        "months",
        organization,
        "dues_months",
        asking=asked,
        form=form,
        last=last and written(last),
        open_from=written(next_month(last)) if last else "",
        lines=_lines(request.user, organization),
    )


def _lines(user: Any, organization: Organization) -> list[Line]:
    """Return what binds the organisation, and what was asked of those below."""
    seen = set(Closing.objects.visible_to(user).values_list("pk", flat=True))
    binding = Closing.objects.over(organization)
    asked_below = Closing.objects.closed().filter(
        pk__in=seen,
        asked_on__isnull=False,
        organization__path__gt=organization.path,
        organization__path__lt=organization.end_path,
    )
    rows = (binding | asked_below).select_related(
        "organization", "closed_by", "asked_by", "reopened_by"
    )
    return [
        Line(
            closing,
            is_own=closing.pk in seen,
            may_reopen=not closing.reopened_on
            and may(user, roles.CLOSE_DUES, closing.organization.path),
            may_confirm=bool(closing.asked_on)
            and not closing.reopened_on
            and closing.asked_by != user
            and may(user, roles.APPROVE, closing.organization.path),
        )
        for closing in rows[:SHOWN]
    ]


@keeps_form
@require_http_methods(["GET", "HEAD", "POST"])
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    closing = _closing(request, pk, roles.CLOSE_DUES)
    today = timezone.localdate()
    form = ReopeningForm(typed(request), initial={"reason": closing.reason})
    if is_done(request, form, lambda reason: closing.reopen(reason, today, request.user)):
        text = (
            _now("%(month)s is open again.")
            if closing.reopened_on
            else _now("Asked to open %(month)s. An approver confirms it.")
        )
        messages.success(request, text % {"month": written(closing.month)})
        return HttpResponseRedirect(address_of("dues_months", closing.organization))
    two = policy_for(closing.organization, first_of_month(today)).reopening_needs_two
    follows = (
        _now("The month stays closed until an approver of the office has confirmed it.")
        if two
        else _now("Here and below money may be booked in this month again.")
    )
    return _deed(request, closing, form, _now("Open %(month)s again"), follows)


@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    closing = _closing(request, pk, roles.APPROVE)
    form = ConfirmingForm(typed(request))
    today = timezone.localdate()
    if is_done(request, form, lambda: closing.confirm_reopening(today, request.user)):
        text = _now("%(month)s is open again.")
        messages.success(request, text % {"month": written(closing.month)})
        return HttpResponseRedirect(address_of("dues_months", closing.organization))
    follows = _now("Here and below money may be booked in this month again.")
    return _deed(request, closing, form, _now("Confirm that %(month)s is opened again"), follows)


def _closing(request: HttpRequest, pk: int, verb: str) -> Closing:
    rows = Closing.objects.visible_to(request.user, verb).select_related("organization")
    return get_object_or_404(rows, pk=pk)


def _deed(
    request: HttpRequest, closing: Closing, form: DeedForm, title: str, follows: str
) -> HttpResponse:
    facts = [(_now("organisation"), closing.organization), (_now("closed on"), closing.closed_on)]
    if closing.asked_on:
        facts += [(_now("asked by"), closing.asked_by or ""), (_now("reason"), closing.reason)]
    title %= {"month": written(closing.month)}
    return page(
        request,
        "deed",
        closing.organization,
        "dues_months",
        form=form,
        title=title,
        button=title,
        facts=facts,
        consequences=[follows],
    )


for route, view, name, verb in (
    ("dues/months/", months, "dues_months", roles.VIEW_DUES_TOTALS),
    ("dues/closings/<int:pk>/reopen/", reopen, "dues_reopen", roles.CLOSE_DUES),
    ("dues/closings/<int:pk>/confirm/", confirm, "dues_confirm_reopening", roles.APPROVE),
):
    admin.site.page(route, view, name, verb)  # type: ignore[attr-defined]
