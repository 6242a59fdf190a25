"""The votes of an election: who stands, and what was counted on the day."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from branches.rules import roles
from members.admin.deeds import done, is_done, typed
from members.admin.standing.warned import post_under_discipline
from members.admin.terms.election import HERE, address_of_election, election_to_change
from members.admin.terms.pages import SomebodyForm, TermsForm, deed
from members.models import Ballot, Candidate, Election, Member, choices
from members.rules import elections, offices, vote
from registry.language import said
from registry.login.kept_forms import keeps_form
from registry.models import acting
from registry.sentences import Sentence

# What is elected one for one.
LEADERS = (
    offices.SECRETARY,
    "full_time_deputy_secretary",
    "deputy_secretary",
    offices.DISCIPLINE_SECRETARY,
    "discipline_deputy_secretary",
)


def _ballot_to_change(request: HttpRequest, pk: int) -> Ballot:
    """Return the ballot; 404 for one of an election that the user may not change."""
    mine = Election.objects.visible_to(request.user, roles.CHANGE_ORGANIZATION)
    rows = Ballot.objects.filter(election__in=mine).select_related("election__organization")
    return get_object_or_404(rows, pk=pk)


class VoteForm(TermsForm):
    post = forms.ChoiceField(label=_("post"))
    seats = forms.IntegerField(label=_("seats"), min_value=1, initial=1)

    def __init__(self, data: Any, bodies: set[str]) -> None:
        super().__init__(data)
        names = dict(choices.posts())
        own: Any = self.fields["post"]
        own.choices = [
            (code, names[code]) for code in LEADERS if offices.POSTS[code].body in bodies
        ]


@keeps_form
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a vote one for one: the secretary, the deputies."""
    election = election_to_change(request, pk)
    form = VoteForm(typed(request), set(election.ballots.values_list("body", flat=True)))

    def add(post: str, seats: int) -> None:
        with acting(request.user, ""):
            election.ask(offices.POSTS[post].body, seats, post)

    if is_done(request, form, add):
        return done(request, address_of_election(election), _now("The vote is added."))
    return deed(
        request,
        election.organization,
        HERE,
        form,
        _now("Add the vote on a secretary or deputy"),
        facts=[(_now("election"), election)],
        consequences=[
            _now("Elected one for one, by the new committee or, without one, by the assembly.")
        ],
        back=address_of_election(election),
    )


class CandidateForm(SomebodyForm):
    post = forms.ChoiceField(label=_("post, if elected"), required=False)

    def __init__(self, data: Any, user: Any, ballot: Ballot) -> None:
        super().__init__(data)
        names = dict(choices.posts())
        own: Any = self.fields
        own["member"].queryset = Member.objects.visible_to(user).on_roll()
        if ballot.is_one_for_one:
            del self.fields["post"]
        else:
            of_body = [
                code
                for code, post in offices.POSTS.items()
                if post.body == ballot.body and code not in LEADERS
            ]
            own["post"].choices = [
                ("", "---------"),
                *((code, names[code]) for code in of_body),
            ]

    def clean(self) -> dict[str, Any]:
        asked = super().clean() or self.cleaned_data
        if bool(asked.get("member")) == bool(asked.get("name_from_elsewhere")) and not self.errors:
            self.add_error("member", _now("Choose a member or write a name, one of both."))
        return asked


@keeps_form
@require_http_methods(["GET", "HEAD", "POST"])
def stand(request: HttpRequest, pk: int) -> HttpResponse:
    ballot = _ballot_to_change(request, pk)
    form = CandidateForm(typed(request), request.user, ballot)
    today = timezone.localdate()
    warnings: list[Sentence] = []

    def name(member: Member | None, name_from_elsewhere: str, post: str = "") -> None:
        warnings.extend(post_under_discipline(member, today, request.user))
        with acting(request.user, ""):
            ballot.name(member, name_from_elsewhere, post=post, on=today)

    if is_done(request, form, name):
        address = address_of_election(ballot.election)
        return done(request, address, _now("The candidate is on the list."), warnings)
    return deed(
        request,
        ballot.election.organization,
        HERE,
        form,
        _now("Add a candidate"),
        facts=[(_now("election"), ballot.election), (_now("ballot"), ballot)],
        back=address_of_election(ballot.election),
    )


class StrikeForm(TermsForm):
    reason = forms.CharField(label=_("why"), max_length=200, help_text=_("Stands in the history."))


@keeps_form
@require_http_methods(["GET", "HEAD", "POST"])
def strike(request: HttpRequest, pk: int) -> HttpResponse:
    mine = Election.objects.visible_to(request.user, roles.CHANGE_ORGANIZATION)
    rows = Candidate.objects.filter(ballot__election__in=mine)
    candidate = get_object_or_404(
        rows.select_related("ballot__election__organization", "member"), pk=pk
    )
    ballot, name = candidate.ballot, candidate.name
    form = StrikeForm(typed(request))

    def take_off(reason: str) -> None:
        with acting(request.user, reason):
            ballot.strike(candidate)

    if is_done(request, form, take_off):
        text = _now("%(name)s is off the list.") % {"name": name}
        return done(request, address_of_election(ballot.election), text)
    return deed(
        request,
        ballot.election.organization,
        HERE,
        form,
        _now("Take a candidate off the list"),
        facts=[(_now("ballot"), ballot), (_now("candidate"), name)],
        back=address_of_election(ballot.election),
    )


class CountForm(TermsForm):
    """Attendance, the ballots, and a box for the votes of each candidate."""

    entitled = forms.IntegerField(label=_("entitled to vote"), min_value=0)
    due = forms.IntegerField(
        label=_("due"), min_value=0, help_text=_("The entitled less the excused.")
    )
    present = forms.IntegerField(label=_("present"), min_value=0)
    returned = forms.IntegerField(label=_("ballots that came back"), min_value=0)
    proxies = forms.IntegerField(
        label=_("votes cast for somebody absent"),
        min_value=0,
        required=False,
        help_text=_("There must be none."),
    )

    def __init__(self, data: Any, ballot: Ballot) -> None:
        super().__init__(data)
        self.candidates = list(ballot.candidates.select_related("member"))
        for reason, entry in vote.EXCUSES.items():
            self.fields[f"excused_{reason}"] = forms.IntegerField(
                label=_now("excused: %(reason)s") % {"reason": said(entry.label)},
                min_value=0,
                required=False,
                initial=ballot.excused.get(reason),
            )
        for each in self.candidates:
            self.fields[f"votes_{each.pk}"] = forms.IntegerField(
                label=_now("votes for %(name)s") % {"name": each.name},
                min_value=0,
                initial=each.votes,
            )
        for name in ("entitled", "due", "present", "returned"):
            self.fields[name].initial = getattr(ballot, name)
        if ballot.entitled is None:
            self.fields["entitled"].initial = ballot.may_vote(timezone.localdate())
        asked = [f"excused_{reason}" for reason in vote.EXCUSES]
        self.order_fields(["entitled", *asked, "due", "present", "returned", "proxies"])

    def attendance(self) -> elections.Attendance:
        asked = self.cleaned_data
        return elections.Attendance(
            entitled=asked["entitled"],
            excused={reason: asked[f"excused_{reason}"] or 0 for reason in vote.EXCUSES},
            due=asked["due"],
            present=asked["present"],
            proxies=asked["proxies"] or 0,
        )


@keeps_form
@require_http_methods(["GET", "HEAD", "POST"])
def count(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter what was counted on the election day."""
    ballot = _ballot_to_change(request, pk)
    form = CountForm(typed(request), ballot)
    results: list[elections.Result] = []

    def enter(**asked: Any) -> None:
        votes = {each.pk: asked[f"votes_{each.pk}"] for each in form.candidates}
        with acting(request.user, ""):
            results.append(ballot.count_votes(form.attendance(), asked["returned"], votes))

    if is_done(request, form, enter):
        names = "、".join(results[0].elected) if results else ""
        text = _now("Elected: %(names)s.") % {"names": names or _now("nobody")}
        return done(request, address_of_election(ballot.election), text)
    return deed(
        request,
        ballot.election.organization,
        HERE,
        form,
        _now("Enter the count"),
        facts=[(_now("ballot"), ballot), (_now("seats"), ballot.seats)],
        consequences=[
            _now("At least four fifths of those due are present; nobody votes for another."),
            _now("Elected is who has more than half of those present, the most votes first."),
        ],
        back=address_of_election(ballot.election),
    )


for route, view, name in (
    ("terms/elections/<int:pk>/vote/", ask, "terms_ask"),
    ("terms/ballots/<int:pk>/candidate/", stand, "terms_stand"),
    ("terms/ballots/<int:pk>/count/", count, "terms_count"),
    ("terms/candidates/<int:pk>/strike/", strike, "terms_strike"),
):
    admin.site.page(route, view, name, roles.CHANGE_ORGANIZATION)  # type: ignore[attr-defined]
