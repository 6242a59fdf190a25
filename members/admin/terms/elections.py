"""The elections of an organisation and of what stands below it, and the opening of one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from branches.models import Organization
from branches.rules import roles
from members.admin.asking import AskingForm, asking
from members.admin.deeds import done, is_done, typed
from members.admin.terms.pages import TermsForm, deed, organization_to_change, page
from members.models import Election, choices
from members.rules import elections, offices, terms
from registry.login.kept_forms import keeps_form
from registry.models import acting

SHOWN = 100


@require_safe
def elections_page(request: HttpRequest) -> HttpResponse:
    organization, asked = asking(request, AskingForm, roles.VIEW)
    rows = Election.objects.visible_to(request.user).under(organization)
    rows = rows.select_related("organization").prefetch_related("steps")
    shown = Paginator(
        rows.order_by("concluded_on", "organization__path", "-opened_on", "pk"), SHOWN
    ).get_page(request.GET.get("page", "")[:9])
    steps = dict(choices.election_steps())
    return page(
        request,
        "elections",
        organization,
        "terms_elections",
        asking=asked,
        lines=[(each, _next(each, steps)) for each in shown],
        shown=shown,
        query="",
        may_open=terms.elects(organization.kind, organization.sort),
    )


def _next(election: Election, steps: dict[str, str]) -> str:
    """Return what comes next, in words; "" where the election is concluded."""
    if election.concluded_on:
        return ""
    following = elections.next_step(each.step for each in election.steps.all())
    return steps[following] if following else _now("conclude")


class OpenForm(TermsForm):
    seats = forms.IntegerField(label=_("seats of the committee"), required=False, min_value=1)
    discipline_seats = forms.IntegerField(
        label=_("seats of the discipline committee"), required=False, min_value=1
    )
    note = forms.CharField(label=_("note"), required=False, max_length=200)

    def __init__(self, data: Any, organization: Organization) -> None:
        super().__init__(data)
        if organization.kind not in terms.WITH_DISCIPLINE:
            del self.fields["discipline_seats"]


@keeps_form
@require_http_methods(["GET", "HEAD", "POST"])
def open_election(request: HttpRequest) -> HttpResponse:
    organization = organization_to_change(request)
    form = OpenForm(typed(request), organization)
    opened: list[Election] = []

    def start(seats: int | None, note: str, discipline_seats: int | None = None) -> None:
        asked = {offices.COMMITTEE: seats, offices.DISCIPLINE: discipline_seats}
        with acting(request.user, ""):
            bodies = {body: number for body, number in asked.items() if number}
            opened.append(Election.open(organization, bodies, timezone.localdate(), note=note))

    if is_done(request, form, start):
        latest = Election.objects.filter(organization=organization).latest("pk")
        address = reverse("admin:terms_election", args=[latest.pk])
        return done(request, address, _now("The election is opened. Now enter the candidates."))
    return deed(
        request,
        organization,
        "terms_elections",
        form,
        _now("Open an election"),
        facts=[(_now("organisation"), organization)],
        consequences=[
            _now("Committee and discipline committee are elected in one election."),
            _now("A fifth more candidates stand than there are seats: 4 for 3."),
        ],
    )


admin.site.page(  # type: ignore[attr-defined]
    "terms/elections/", elections_page, "terms_elections", roles.VIEW
)
admin.site.page(  # type: ignore[attr-defined]
    "terms/elections/new/", open_election, "terms_election_open", roles.CHANGE_ORGANIZATION
)
