"""What is done to a term: entered, postponed, ended, withdrawn."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from branches.rules import roles
from members.admin.asking import record_to
from members.admin.deeds import done, is_done, typed
from members.admin.doors import address_of
from members.admin.terms.pages import (
    DayForm,
    TermsForm,
    deed,
    organization_to_change,
)
from members.models import Term, choices
from members.rules import terms
from registry.forms import DayField
from registry.login.kept_forms import keeps_form
from registry.models import acting
from registry.sentences import Sentence


class TermForm(TermsForm):
    body = forms.ChoiceField(label=_("body"), choices=choices.elected_bodies)
    began_on = DayField(label=_("began on"))
    years = forms.IntegerField(
        label=_("length in years"),
        required=False,
        help_text=_("Two to five; empty for an appointed body."),
    )
    document = forms.CharField(label=_("document number"), required=False, max_length=100)


@keeps_form
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest) -> HttpResponse:
    organization = organization_to_change(request)
    usual = terms.usual_years(organization.kind, organization.sort)
    form = TermForm(typed(request), initial={"years": usual, "body": request.GET.get("body")})
    today = timezone.localdate()
    warnings: list[Sentence] = []

    def enter(document: str, **said: Any) -> None:
        warnings.extend(Term(organization=organization, **said).warnings(today))
        with acting(request.user, ""):
            Term.begin(organization, today=today, document=document, **said)

    if is_done(request, form, enter):
        back = address_of("terms", organization)
        return done(request, back, _now("The term is entered."), warnings)
    return deed(
        request,
        organization,
        "terms",
        form,
        _now("Enter a term"),
        facts=[(_now("organisation"), organization), (_now("usual length"), usual or "–")],
        consequences=[
            _now("The term before ends on the day on which this one begins."),
            _now("The next election is due so many years after it began."),
        ],
    )


class PostponeForm(TermsForm):
    until = DayField(label=_("postponed to"))
    approved_by = forms.CharField(
        label=_("approved by"), required=False, max_length=100, help_text=_("The superior.")
    )
    approved_on = DayField(label=_("approved on"), initial=timezone.localdate)
    document = forms.CharField(label=_("document number"), required=False, max_length=100)


@keeps_form
@require_http_methods(["GET", "HEAD", "POST"])
def postpone(request: HttpRequest, pk: int) -> HttpResponse:
    term = _term(request, pk)
    form = PostponeForm(typed(request))
    today = timezone.localdate()
    warnings: list[Sentence] = []

    def put_off(document: str, **said: Any) -> None:
        warnings.extend(term.postponing(today=today, **said))
        with acting(request.user, ""):
            term.postpone(today=today, document=document, **said)

    if is_done(request, form, put_off):
        return done(request, _back(term), _now("The election is postponed."), warnings)
    return deed(
        request,
        term.organization,
        "terms",
        form,
        _now("Postpone an election"),
        facts=_facts(term),
        consequences=[_now("Normally it is postponed by one year at most.")],
    )


@keeps_form
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, pk: int) -> HttpResponse:
    term = _term(request, pk)
    form = DayForm(typed(request))
    today = timezone.localdate()

    def stop(on: Any) -> None:
        with acting(request.user, ""):
            term.end(on, today)

    if is_done(request, form, stop):
        return done(request, _back(term), _now("The term is ended."))
    return deed(
        request,
        term.organization,
        "terms",
        form,
        _now("End a term"),
        facts=_facts(term),
        consequences=[
            _now("The day is the first without it; no other term follows."),
            _now("A new term ends this one by itself."),
        ],
    )


class WithdrawForm(TermsForm):
    reason = forms.CharField(label=_("why"), max_length=200, help_text=_("Stands in the history."))


@keeps_form
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    term = _term(request, pk)
    organization, facts = term.organization, _facts(term)
    form = WithdrawForm(typed(request))

    def take_back(reason: str) -> None:
        with acting(request.user, reason):
            term.withdraw()

    if is_done(request, form, take_back):
        back = address_of("terms", organization)
        return done(request, back, _now("The term is withdrawn, as if never entered."))
    return deed(
        request,
        organization,
        "terms",
        form,
        _now("Withdraw a term"),
        facts=facts,
        consequences=[_now("Only for a mistake: the term before runs on.")],
    )


def _term(request: HttpRequest, pk: int) -> Term:
    rows = Term.objects.select_related("organization")
    term: Term = record_to(request, roles.CHANGE_TREE, rows, pk)
    return term


def _back(term: Term) -> str:
    return address_of("terms", term.organization)


def _facts(term: Term) -> list[tuple[str, Any]]:
    facts = [
        (_now("organisation"), term.organization),
        (_now("body"), term.get_body_display()),
        (_now("began on"), term.began_on),
        (_now("due on"), term.due()),
        (_now("postponed"), "、".join(f"{each.until}" for each in term.postponements.all())),
    ]
    return [(name, value) for name, value in facts if value]


for route, view, name, verb in (
    ("terms/new/", begin, "terms_begin", roles.CHANGE_ORGANIZATION),
    ("terms/<int:pk>/postpone/", postpone, "terms_postpone", roles.CHANGE_TREE),
    ("terms/<int:pk>/end/", end, "terms_end", roles.CHANGE_TREE),
    ("terms/<int:pk>/withdraw/", withdraw, "terms_withdraw", roles.CHANGE_TREE),
):
    admin.site.page(route, view, name, verb)  # type: ignore[attr-defined]
