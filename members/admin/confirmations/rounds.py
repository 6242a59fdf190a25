"""The rounds of an organisation and those that ask its branches; opening and closing one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from branches.models import may
from branches.rules import hierarchy, roles
from members.admin.asking import AskingForm, asking, organization_asked
from members.admin.confirmations.pages import (
    ConfirmationForm,
    page,
    round_to_decide,
    round_url,
    state_of,
)
from members.admin.deeds import is_done, typed
from members.models import ConfirmationRound
from registry.admin import Place
from registry.forms import DayField
from registry.login.kept_forms import keeps_form
from registry.models import acting

SHOWN = 50  # rounds on one page


@dataclass(frozen=True)
class Line:
    """One round in the list, and how many of whom it asks have answered."""

    opened: ConfirmationRound
    state: str
    asked: int
    right: int
    wrong: int
    url: str


@require_safe
def rounds(request: HttpRequest) -> HttpResponse:
    organization, asked = asking(request, AskingForm, roles.VIEW)
    user, today = request.user, timezone.localdate()
    here = Q(
        organization__path__gte=organization.path, organization__path__lt=organization.end_path
    )
    above = Q(pk__in=ConfirmationRound.objects.asking_under(organization).values("pk"))
    rows = ConfirmationRound.objects.concerning(user).filter(here | above)
    counted: Any = rows.select_related("organization").annotate(
        right=Count("confirmations", filter=Q(confirmations__right=True)),
        wrong=Count("confirmations", filter=Q(confirmations__right=False)),
    )
    shown = Paginator(counted.order_by("-opened_on", "-pk"), SHOWN).get_page(
        request.GET.get("page", "")[:9]
    )
    own = {each.pk for each in shown if may(user, roles.VIEW, each.organization.path)}
    may_open = may(user, roles.CHANGE_TREE, organization.path)
    return page(
        request,
        "rounds",
        organization,
        asking=asked,
        lines=[
            Line(
                each,
                state_of(each, today),
                each.asked().count() if each.pk in own else 0,
                each.right,
                each.wrong,
                round_url(each),
            )
            for each in shown
        ],
        own=own,
        shown=shown,
        query="",
        may_open=may_open and organization.kind != hierarchy.BRANCH,
    )


class OpenForm(ConfirmationForm):
    name = forms.CharField(
        label=_("name of the round"),
        required=False,  # the verb asks for it
        max_length=100,
        help_text=_("As the office calls it, such as “second half of 2026”."),
    )
    as_at = DayField(label=_("rosters as at"), initial=timezone.localdate)
    last_day = DayField(
        label=_("last day"), help_text=_("Who is late may still confirm until you close the round.")
    )


@keeps_form
@require_http_methods(["GET", "HEAD", "POST"])
def open_round(request: HttpRequest) -> HttpResponse:
    """Ask every branch below an organisation whether its roster is right."""
    organization = organization_asked(request, roles.VIEW)
    if not may(request.user, roles.CHANGE_TREE, organization.path):
        raise PermissionDenied
    form = OpenForm(typed(request))
    today = timezone.localdate()

    def start(name: str, as_at: Any, last_day: Any) -> None:
        with acting(request.user, ""):
            ConfirmationRound.open(organization, name, as_at, last_day, today, request.user)

    if is_done(request, form, start):
        opened = ConfirmationRound.objects.filter(organization=organization).latest("pk")
        messages.success(request, _now("The round is open. Each branch finds it on its desk."))
        return HttpResponseRedirect(round_url(opened))
    title = _now("Open a round of confirmation")
    return page(
        request,
        "deed",
        organization,
        form=form,
        title=title,
        button=title,
        facts=[(_now("organisation"), organization)],
        consequences=[
            _now("Every branch that stood below on the day of the rosters, and stands today."),
            _now("Its clerk looks at the roster as at that day and confirms it, or says what is "
                 "wrong."),
        ],
    )  # fmt: skip


@keeps_form
@require_http_methods(["GET", "HEAD", "POST"])
def close_round(request: HttpRequest, pk: int) -> HttpResponse:
    opened = round_to_decide(request, pk)
    form = ConfirmationForm(typed(request))
    today = timezone.localdate()

    def close() -> None:
        with acting(request.user, ""):
            opened.close(today, request.user)

    if is_done(request, form, close):
        messages.success(request, _now("The round is closed."))
        return HttpResponseRedirect(round_url(opened))
    left = opened.open_branches().count()
    return page(
        request,
        "deed",
        opened.organization,
        form=form,
        title=_now("Close the round"),
        button=_now("Close the round"),
        back=round_url(opened),
        facts=[
            (_now("name of the round"), opened.name),
            (_now("rosters as at"), opened.as_at),
            (_now("last day"), opened.last_day),
            (_now("not confirmed"), left),
        ],
        consequences=[_now("Nothing is confirmed or withdrawn in it any more.")],
    )


admin.site.page(  # type: ignore[attr-defined]
    "confirmations/",
    rounds,
    "confirmations",
    roles.VIEW,
    Place(_("Roster confirmation"), "confirmations", roles.VIEW, 28, "check"),
)
admin.site.page(  # type: ignore[attr-defined]
    "confirmations/new/", open_round, "confirmation_open", roles.CHANGE_TREE
)
admin.site.page(  # type: ignore[attr-defined]
    "confirmations/<int:pk>/close/", close_round, "confirmation_close", roles.CHANGE_TREE
)
