"""Discipline and measures, for those who may see them: the list, one decision, what changes it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from branches.rules import roles
from members.admin.asking import AskingForm, asking, record_to
from members.admin.deeds import done, is_done, typed
from members.admin.doors import address_of
from members.admin.standing.pages import (
    StandingForm,
    deed,
    page,
    shown_of,
    states,
)
from members.models import Discipline, choices
from members.rules import discipline as rules
from registry import access
from registry.admin.history import lines_of
from registry.forms import DayField
from registry.login.kept_forms import keeps_form
from registry.models import Entry, acting

HERE = "standing_discipline"
SOON = 60  # days
ENDING = "ending"


@require_safe
def disciplines(request: HttpRequest) -> HttpResponse:
    organization, asked = asking(request, AskingForm, roles.VIEW_DISCIPLINE)
    today = timezone.localdate()
    rows = Discipline.objects.visible_to(request.user).under(organization)
    parts = {"": rows.holding(today), ENDING: rows.ending_within(today, SOON), "all": rows}
    state = request.GET.get("state", "")
    if state not in parts:
        state = ""
    ordered = parts[state].select_related("member__organization")
    return page(
        request,
        "disciplines",
        organization,
        HERE,
        asking=asked,
        shown=shown_of(request, ordered.order_by("until", "pk")),
        tabs=states(
            organization,
            HERE,
            state,
            ("", _now("in effect"), parts[""].count()),
            (ENDING, _now("ends within 60 days"), parts[ENDING].count()),
            ("all", _now("all"), parts["all"].count()),
        ),
        query=f"state={state}",
    )


@require_safe
def discipline(request: HttpRequest, pk: int) -> HttpResponse:
    """One decision, what has changed it, and the log of it, which stands nowhere else."""
    row = _decision(request, roles.VIEW_DISCIPLINE, pk)
    entries = list(Entry.objects.about(row).select_related("user"))
    kind = rules.KINDS[row.kind]
    may_change = access.may_on(request.user, roles.CHANGE_DISCIPLINE, row) and not row.is_over
    return page(
        request,
        "discipline",
        row.member.organization,
        HERE,
        title=f"{row.member.name}: {row.get_kind_display()}",
        row=row,
        facts=[
            *_facts(row),
            (_now("written in"), kind.source),
            (_now("note"), row.note),
        ],
        may_change=may_change,
        may_extend=may_change and bool(kind.longest) and not row.extended_by,
        lines=lines_of(entries, row, request.user),
    )


def _decision(request: HttpRequest, verb: str, pk: int) -> Discipline:
    rows = Discipline.objects.select_related("member__organization")
    row: Discipline = record_to(request, verb, rows, pk)
    return row


def _facts(row: Discipline) -> list[tuple[str, Any]]:
    facts = [
        (_now("name"), row.member.name),
        (_now("branch"), row.member.organization),
        (_now("discipline or measure"), row.get_kind_display()),
        (_now("decided on"), row.decided_on),
        (_now("length in months"), row.months + row.extended_by),
        (_now("period until"), row.period_until),
        (_now("effect until"), row.until),
        (_now("document number"), row.document),
        (_now("decided by"), row.decided_by),
        (_now("extended on"), row.extended_on),
        (_now("overturned on") if row.overturned else _now("lifted on"), row.lifted_on),
        (_now("document of the extension or the lifting"), row.later_document),
    ]
    return [(name, value) for name, value in facts if value]


class ExtendForm(StandingForm):
    months = forms.IntegerField(label=_("longer by, in months"), min_value=1, max_value=24)
    on = DayField(label=_("decided on"))
    document = forms.CharField(label=_("document number"), max_length=100)


class LiftForm(StandingForm):
    on = DayField(label=_("on"), initial=timezone.localdate)
    document = forms.CharField(label=_("document number"), max_length=100)
    overturned = forms.BooleanField(
        label=_("overturned"),
        required=False,
        help_text=_("The decision itself was wrong, so it never had any effect."),
    )


class CorrectForm(StandingForm):
    kind = forms.ChoiceField(label=_("discipline or measure"), choices=choices.discipline_kinds)
    decided_on = DayField(label=_("decided on"))
    months = forms.IntegerField(label=_("length in months"), required=False, min_value=0)
    document = forms.CharField(label=_("document number"), max_length=100)
    decided_by = forms.CharField(label=_("decided by"), max_length=100)
    note = forms.CharField(
        label=_("note"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean_months(self) -> int:
        return self.cleaned_data["months"] or 0


@keeps_form
@require_http_methods(["GET", "HEAD", "POST"])
def extend(request: HttpRequest, pk: int) -> HttpResponse:
    row = _decision(request, roles.CHANGE_DISCIPLINE, pk)

    def longer(months: int, on: date, document: str) -> None:
        with acting(request.user, ""):
            row.extend(months, on, document)

    form = ExtendForm(typed(request))
    return _deed(request, row, form, longer, _now("Extend the period"), [
        _now("Probation within the Party is extended once, to two years at most."),
    ])  # fmt: skip


@keeps_form
@require_http_methods(["GET", "HEAD", "POST"])
def lift(request: HttpRequest, pk: int) -> HttpResponse:
    row = _decision(request, roles.CHANGE_DISCIPLINE, pk)

    def end(on: date, document: str, *, overturned: bool) -> None:
        with acting(request.user, ""):
            row.lift(on, document, overturned=overturned)

    form = LiftForm(typed(request))
    return _deed(request, row, form, end, _now("Lift or overturn"), [
        _now("From that day it has no more effect; posts that ended do not come back."),
        _now("A membership that it ended is restored on the member's page."),
    ])  # fmt: skip


@keeps_form
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    row = _decision(request, roles.CHANGE_DISCIPLINE, pk)

    def keep(**said: Any) -> None:
        for name, value in said.items():
            setattr(row, name, value)
        with acting(request.user, ""):
            row.correct(timezone.localdate())

    initial = {name: getattr(row, name) for name in CorrectForm.base_fields}
    form = CorrectForm(typed(request), initial=initial)
    return _deed(request, row, form, keep, _now("Correct the decision"), [
        _now("Only what was mistyped; what follows from it is worked out again."),
    ])  # fmt: skip


def _deed(
    request: HttpRequest,
    row: Discipline,
    form: StandingForm,
    verb: Any,
    title: str,
    consequences: list[str],
) -> HttpResponse:
    facts = _facts(row)  # before the form changes the record
    organization = row.member.organization
    if is_done(request, form, verb):
        return done(
            request,
            address_of(HERE, organization),
            _now("The decision on %(name)s is kept.") % {"name": row.member.name},
        )
    return deed(request, organization, HERE, form, title, facts=facts, consequences=consequences)


for route, view, name, verb in (
    ("standing/discipline/", disciplines, HERE, roles.VIEW_DISCIPLINE),
    ("standing/discipline/<int:pk>/", discipline, f"{HERE}_of", roles.VIEW_DISCIPLINE),
    ("standing/discipline/<int:pk>/extend/", extend, f"{HERE}_extend", roles.CHANGE_DISCIPLINE),
    ("standing/discipline/<int:pk>/lift/", lift, f"{HERE}_lift", roles.CHANGE_DISCIPLINE),
    ("standing/discipline/<int:pk>/correct/", correct, f"{HERE}_correct", roles.CHANGE_DISCIPLINE),
):
    admin.site.page(route, view, name, verb)  # type: ignore[attr-defined]
