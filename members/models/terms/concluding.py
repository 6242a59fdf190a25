"""What follows from an election: the new terms, and the offices of those who are elected."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _now

from members.models.offices import Office
from members.models.terms.ballots import SEAT_OF, Ballot
from members.models.terms.elections import Election
from members.models.terms.terms import Term, hold
from members.rules import elections


@transaction.atomic
def conclude(
    election: Election, years: Mapping[str, int], today: date, *, document: str = ""
) -> list[Term]:
    """Begin the new terms on the day of the assembly and return them; ``years`` are the lengths by
    body.

    The officers of a body until then leave their posts that day, the elected take theirs. Raises
    ValidationError with every objection, and then nothing has changed.
    """
    organization = hold(election.organization)
    election.refuse_if_concluded()
    ballots = list(election.ballots.prefetch_related("candidates__member"))
    bodies = list(dict.fromkeys(ballot.body for ballot in ballots))
    _refuse(election, ballots, bodies, today)
    day: Any = election.held_on
    begun = [
        Term.begin(organization, body, day, years.get(body), today, document=document)
        for body in bodies
    ]
    for body in bodies:
        for office in _officers(election, body, day):
            office.held_until = day
            office.save()
    for (body, *_who), candidates in _elected(ballots).items():
        posts = {candidate.post for candidate in candidates}
        for post in sorted(posts - {SEAT_OF[body]} or posts):
            Office(
                organization=organization,
                member=candidates[0].member,
                name_from_elsewhere=candidates[0].name_from_elsewhere,
                body=body,
                post=post,
                held_from=day,
            ).save()
    election.concluded_on = today
    election.save()
    return begun


@transaction.atomic
def reopen(election: Election) -> None:
    """Take back the conclusion: the new terms and posts go, those before run on.

    Whoever left a post of these bodies on the day of the assembly holds it again. Raises
    ValidationError with every objection, and then nothing has changed.
    """
    organization = hold(election.organization)
    election.refresh_from_db()
    day: Any = election.held_on
    bodies = set(election.ballots.values_list("body", flat=True))
    begun = list(Term.objects.filter(organization=organization, body__in=bodies, began_on=day))
    posts = Office.objects.filter(organization=organization, body__in=bodies)
    taken = list(posts.filter(held_from=day))
    _refuse_to_reopen(election, begun, taken)
    for term in begun:
        term.withdraw()
    for office in taken:
        office.delete()
    for office in posts.filter(held_until=day):
        office.held_until = None
        office.save()
    election.concluded_on = None
    election.save()


def _refuse_to_reopen(election: Election, begun: list[Term], taken: list[Office]) -> None:
    errors = []
    if election.concluded_on is None:
        errors.append(_now("The election is still under way; there is nothing to take back."))
    others = Election.objects.filter(organization=election.organization_id, concluded_on=None)
    if others.exclude(pk=election.pk).exists():
        errors.append(_now("Another election was opened since. Go on with that one."))
    errors += [
        _now("The term of the %(body)s ended on %(day)s. Withdraw the later one first.")
        % {"body": term.get_body_display(), "day": term.ended_on}
        for term in begun
        if term.ended_on is not None
    ]
    errors += [
        _now("%(office)s was held until %(day)s only. Correct that post first.")
        % {"office": office, "day": office.held_until}
        for office in taken
        if office.held_until is not None
    ]
    if errors:
        raise ValidationError(errors)


def _officers(election: Election, body: str, day: date) -> list[Office]:
    """The offices of a body that are held on the day, and those that begin later."""
    rows = Office.objects.filter(organization=election.organization, body=body)
    return [each for each in rows if each.held_until is None or each.held_until > day]


def _elected(ballots: list[Ballot]) -> dict[Any, list[Any]]:
    """The elected candidacies of each person at each body."""
    found = defaultdict(list)
    for ballot in ballots:
        for each in ballot.candidates.all():
            if each.elected:
                found[ballot.body, each.member_id, each.name_from_elsewhere].append(each)
    return found


def _refuse(election: Election, ballots: list[Ballot], bodies: list[str], today: date) -> None:
    errors = []
    if elections.REPORT not in election.taken():
        errors.append(_now("The result was not sent up yet. Enter that step first."))
    for ballot in ballots:
        result = ballot.result()
        if result is not None and result.tied:
            text = _now("%(ballot)s: %(names)s have the same votes. Vote between them again.")
            errors.append(text % {"ballot": ballot, "names": "、".join(result.tied)})
        if result is not None and not result.elected:
            errors.append(_now("%(ballot)s: nobody is elected. Vote again.") % {"ballot": ballot})
    day = election.held_on
    if day is not None:
        for body in bodies:
            errors += [
                _now("%(office)s holds the post since %(day)s, not before the assembly. Check it.")
                % {"office": office, "day": office.held_from}
                for office in _officers(election, body, day)
                if office.held_from >= day
            ]
    if errors:
        raise ValidationError(errors)
