"""One election: the way of its candidates, its votes, and what comes next."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from branches.models import may
from branches.rules import roles
from members.admin.asking import record_to
from members.admin.deeds import done, is_done, typed
from members.admin.terms.pages import DayForm, TermsForm, deed, page
from members.models import Ballot, Election, choices
from members.models.terms.concluding import conclude, reopen
from members.rules import elections, terms
from registry.login.kept_forms import keeps_form
from registry.models import acting

HERE = "terms_elections"


def address_of_election(election: Election) -> str:
    return reverse("admin:terms_election", args=[election.pk])


def election_to_change(request: HttpRequest, pk: int) -> Election:
    rows = Election.objects.select_related("organization")
    election: Election = record_to(request, roles.CHANGE_ORGANIZATION, rows, pk)
    return election


@require_safe
def election_page(request: HttpRequest, pk: int) -> HttpResponse:
    rows = Election.objects.select_related("organization")
    election = record_to(request, roles.VIEW, rows, pk)
    organization = election.organization
    taken = {each.step: each for each in election.steps.all()}
    is_open = election.concluded_on is None
    may_ever = may(request.user, roles.CHANGE_ORGANIZATION, organization.path)
    may_change = is_open and may_ever
    following = elections.next_step(taken)
    ballots = list(election.ballots.prefetch_related("candidates__member"))
    return page(
        request,
        "election",
        organization,
        HERE,
        title=_now("Election of %(name)s") % {"name": organization},
        election=election,
        steps=[
            {"label": label, "taken": taken.get(step), "is_next": step == following}
            for step, label in choices.election_steps()
        ],
        following=following if may_change else None,
        may_change=may_change,
        may_conclude=may_change and following is None,
        may_take_back=may_ever and bool(taken),
        is_counting=may_change and elections.ASSEMBLY in taken and elections.REPORT not in taken,
        may_name=may_change and elections.REPLY not in taken,
        ballots=[_ballot(each) for each in ballots],
        is_counted=any(each.present is not None for each in ballots),
    )


def _ballot(ballot: Ballot) -> dict[str, Any]:
    result = ballot.result()
    return {
        "ballot": ballot,
        "needed": elections.candidates_needed(ballot.seats, one_for_one=ballot.is_one_for_one),
        "majority": elections.votes_needed(ballot.present) if ballot.present else None,
        "tied": "、".join(result.tied) if result else "",
        "empty": result.empty_seats if result else 0,
        "candidates": list(ballot.candidates.all()),
    }


class StepForm(DayForm):
    document = forms.CharField(label=_("document number"), required=False, max_length=100)
    note = forms.CharField(label=_("note"), required=False, max_length=200)


@keeps_form
@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the step that comes next."""
    election = election_to_change(request, pk)
    following = elections.next_step(election.taken())
    label = dict(choices.election_steps()).get(following or "", "")
    form = StepForm(typed(request))

    def take(on: Any, **said: Any) -> None:
        last = following or elections.REPORT
        with acting(request.user, ""):
            election.take(last, on, timezone.localdate(), **said)

    if is_done(request, form, take):
        text = _now("“%(step)s” is entered.") % {"step": label}
        return done(request, address_of_election(election), text)
    return deed(
        request,
        election.organization,
        HERE,
        form,
        _now("Next step: %(step)s") % {"step": label},
        button=_now("Save"),
        facts=[(_now("election"), election)],
        back=address_of_election(election),
    )


class TakeBackForm(TermsForm):
    reason = forms.CharField(label=_("why"), max_length=200, help_text=_("Stands in the history."))


@keeps_form
@require_http_methods(["GET", "HEAD", "POST"])
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    election = election_to_change(request, pk)
    form = TakeBackForm(typed(request))

    is_concluded = election.concluded_on is not None

    def undo(reason: str) -> None:
        with acting(request.user, reason):
            if is_concluded:
                reopen(election)
            else:
                election.take_back()

    if is_done(request, form, undo):
        return done(request, address_of_election(election), _now("The last step is taken back."))
    last: Any = election.steps.order_by("on", "pk").last()
    follows = _now("With the day of the assembly goes what was counted on it.")
    if is_concluded:
        last = _now("concluded on %(day)s") % {"day": election.concluded_on}
        follows = _now("The new terms and posts go; the terms and officers before them run on.")
    return deed(
        request,
        election.organization,
        HERE,
        form,
        _now("Take back the last step"),
        facts=[(_now("election"), election), (_now("last step"), last or "–")],
        consequences=[follows],
        back=address_of_election(election),
    )


class ConcludeForm(TermsForm):
    years = forms.IntegerField(
        label=_("length in years"), help_text=_("Of the new term; of both bodies.")
    )
    document = forms.CharField(label=_("document number"), required=False, max_length=100)


@keeps_form
@require_http_methods(["GET", "HEAD", "POST"])
def conclusion(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin the new terms and the offices of the elected."""
    election = election_to_change(request, pk)
    organization = election.organization
    usual = terms.usual_years(organization.kind, organization.sort)
    form = ConcludeForm(typed(request), initial={"years": usual})

    def close(years: int, document: str) -> None:
        bodies = dict.fromkeys(election.ballots.values_list("body", flat=True), years)
        with acting(request.user, ""):
            conclude(election, bodies, timezone.localdate(), document=document)

    if is_done(request, form, close):
        text = _now("The election is concluded: the new terms run and the elected hold office.")
        return done(request, address_of_election(election), text)
    return deed(
        request,
        organization,
        HERE,
        form,
        _now("Conclude the election"),
        facts=[(_now("election"), election), (_now("assembly held on"), election.held_on or "–")],
        consequences=[
            _now("The new terms begin on the day of the assembly, and the old ones end."),
            _now("Who held a post of these bodies leaves it that day; the elected take theirs."),
        ],
        back=address_of_election(election),
    )


for route, view, name, verb in (
    ("terms/elections/<int:pk>/", election_page, "terms_election", roles.VIEW),
    ("terms/elections/<int:pk>/step/", step, "terms_step", roles.CHANGE_ORGANIZATION),
    ("terms/elections/<int:pk>/back/", take_back, "terms_take_back", roles.CHANGE_ORGANIZATION),
    ("terms/elections/<int:pk>/conclude/", conclusion, "terms_conclude", roles.CHANGE_ORGANIZATION),
):
    admin.site.page(route, view, name, verb)  # type: ignore[attr-defined]
