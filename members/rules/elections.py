"""Elections of a committee: the way of the candidates, who may vote, who stands, who is elected.

Source: 中国共产党基层组织选举工作条例 (2020): at least four fifths of those due are present, a
candidate is elected by more than half of those present, a fifth more candidates than seats, and
nobody votes for somebody who is absent. Who is not among those due stands in ``vote.EXCUSES``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from members.rules import vote
from members.rules.codes import Entry, choices_of, table_of
from members.rules.vote import due_of
from registry.sentences import Sentence, warning

__all__ = ["due_of"]

# The way of the candidates, in its order.
REQUEST, REVIEW, REPLY, ASSEMBLY, REPORT = "request", "review", "reply", "assembly", "report"
STEPS = table_of(
    Entry(REQUEST, Sentence("request to the superior"), "请示"),
    Entry(REVIEW, Sentence("review of the candidates"), "审核"),
    Entry(REPLY, Sentence("reply of the superior"), "批复"),
    Entry(ASSEMBLY, Sentence("election assembly"), "大会选举"),
    Entry(REPORT, Sentence("result sent up for approval"), "报批"),
)
WITH_DOCUMENT = frozenset({REQUEST, REPLY, REPORT})

QUORUM = (4, 5)  # of those due
SURPLUS = 5  # one more candidate for each five seats or part of them


def step_choices() -> list[tuple[str, str]]:
    return choices_of(STEPS)


def next_step(taken: Iterable[str]) -> str | None:
    """Return the step that comes after those taken; None after the last."""
    done = set(taken)
    return next((step for step in STEPS if step not in done), None)


def step_objections(
    step: str, on: date, taken: Mapping[str, date], today: date, *, candidates: int = 1
) -> list[Sentence]:
    """Return every reason against taking ``step`` on ``on``, after those ``taken``.

    ``candidates`` is how many stand so far: an empty list is not sent to the superior.
    """
    found = []
    following = next_step(taken)
    if step in taken:
        found.append(
            Sentence(
                "“%(step)s” was taken on %(day)s already. Take it back first.",
                field="step",
                code="step_taken",
                step=STEPS[step].label,
                day=taken[step],
            )
        )
    elif step != following:
        found.append(
            Sentence(
                "“%(following)s” comes before “%(step)s”. Enter it first.",
                field="step",
                code="step_out_of_order",
                step=STEPS[step].label,
                following=STEPS[following].label if following else "",
            )
        )
    if on > today:
        found.append(
            Sentence(
                "%(day)s is still to come. Enter it on that day.",
                field="on",
                code="step_in_the_future",
                day=on,
            )
        )
    if taken and on < max(taken.values()):
        found.append(
            Sentence(
                "The step before was on %(before)s. Choose that day or a later one, not %(day)s.",
                field="on",
                code="step_before_the_last",
                before=max(taken.values()),
                day=on,
            )
        )
    if not candidates:
        found.append(
            Sentence(
                "Nobody stands yet. Enter the candidates first.",
                field="step",
                code="no_candidates",
            )
        )
    return found


def candidates_needed(seats: int, *, one_for_one: bool = False) -> int:
    """Return how many candidates stand at least: a fifth more than seats, so 4 for 3 seats.

    A secretary and the deputies are elected one for one.
    """
    return seats if one_for_one else seats + -(-seats // SURPLUS)


def present_needed(due: int) -> int:
    """Return the fewest present with whom the assembly may elect: 4/5 of those due."""
    part, whole = QUORUM
    return -(-due * part // whole)


def votes_needed(present: int) -> int:
    """Return the fewest votes that elect: more than half of those present."""
    return present // 2 + 1


@dataclass(frozen=True)
class Attendance:
    """Who was at an assembly; ``excused`` is the number for each reason of ``vote.EXCUSES``."""

    entitled: int
    excused: Mapping[str, int]
    due: int
    present: int
    proxies: int = 0  # votes cast for somebody absent


def attendance_objections(here: Attendance) -> list[Sentence]:
    """Return every reason why nobody can be elected by these people."""
    numbers = {"entitled": here.entitled, "due": here.due, "present": here.present}
    found = vote.adding_up(numbers, sum(here.excused.values()))
    found += [
        Sentence(
            "“%(reason)s” is no reason to be excused. Count those people among the due.",
            field="excused",
            code="excuse_unknown",
            reason=reason,
        )
        for reason, number in here.excused.items()
        if number and reason not in vote.EXCUSES
    ]
    found += [
        Sentence(
            "%(number)s excused is below 0. Enter 0 or more.",
            field="excused",
            code="negative_excused",
            number=number,
        )
        for number in here.excused.values()
        if number < 0
    ]
    if here.due < 1:
        found.append(
            Sentence("Nobody is due. Count again.", field="due", code="nobody_due"),
        )
    elif here.present < present_needed(here.due):
        found.append(
            Sentence(
                "%(present)s of %(due)s due are present; an election needs four fifths, "
                "%(needed)s. Hold it on another day.",
                field="present",
                code="too_few_present",
                present=here.present,
                due=here.due,
                needed=present_needed(here.due),
            )
        )
    if here.proxies:
        found.append(
            Sentence(
                "%(number)s votes were cast for somebody absent. Nobody votes for another; leave "
                "them out.",
                field="proxies",
                code="votes_by_proxy",
                number=here.proxies,
            )
        )
    return found


@dataclass(frozen=True)
class Ballot:
    """One vote: ``votes`` in favour by candidate, ``returned`` the ballots in the box."""

    seats: int
    present: int
    returned: int
    votes: Mapping[str, int]
    one_for_one: bool = False


def slate_objections(seats: int, candidates: int, *, one_for_one: bool = False) -> list[Sentence]:
    """Return the reason against so many candidates for so many seats."""
    needed = candidates_needed(seats, one_for_one=one_for_one)
    if candidates >= needed:
        return []
    return [
        Sentence(
            "%(seats)s seats need %(needed)s candidates at least; there are %(number)s. Name more.",
            field="candidates",
            code="too_few_candidates",
            seats=seats,
            needed=needed,
            number=candidates,
        )
    ]


def ballot_objections(ballot: Ballot) -> list[Sentence]:
    """Return every reason why this vote does not count."""
    found = slate_objections(ballot.seats, len(ballot.votes), one_for_one=ballot.one_for_one)
    if ballot.returned > ballot.present:
        found.append(
            Sentence(
                "%(returned)s ballots came back, but only %(present)s are present; nobody votes "
                "for another. Vote again.",
                field="returned",
                code="more_ballots_than_present",
                returned=ballot.returned,
                present=ballot.present,
            )
        )
    elif ballot.returned < ballot.present:
        found.append(
            warning(
                "%(returned)s ballots came back of %(present)s. The others count as not given.",
                field="returned",
                code="fewer_ballots_than_present",
                returned=ballot.returned,
                present=ballot.present,
            )
        )
    for name, votes in ballot.votes.items():
        if votes < 0:
            found.append(
                Sentence(
                    "%(name)s: %(votes)s is below 0. Enter 0 or more.",
                    field="votes",
                    code="negative_votes",
                    name=name,
                    votes=votes,
                )
            )
        if votes > ballot.returned:
            found.append(
                Sentence(
                    "%(name)s has %(votes)s votes, but %(returned)s ballots came back. Count "
                    "again.",
                    field="votes",
                    code="more_votes_than_ballots",
                    name=name,
                    votes=votes,
                    returned=ballot.returned,
                )
            )
    return found


@dataclass(frozen=True)
class Result:
    """Who is elected, in the order of votes; ``tied`` are those between whom a vote decides."""

    elected: tuple[str, ...]
    tied: tuple[str, ...] = ()
    empty_seats: int = 0


def result(ballot: Ballot) -> Result:
    """Return who is elected: the most votes of those with more than half of the present.

    Where more have it than there are seats and the last places are equal, those stand again.
    """
    needed = votes_needed(ballot.present)
    having = [name for name, votes in ballot.votes.items() if votes >= needed]
    ranked = sorted(having, key=lambda name: -ballot.votes[name])
    if len(ranked) <= ballot.seats:
        return Result(tuple(ranked), empty_seats=ballot.seats - len(ranked))
    last = ballot.votes[ranked[ballot.seats - 1]]
    if ballot.votes[ranked[ballot.seats]] < last:
        return Result(tuple(ranked[: ballot.seats]))
    sure = tuple(name for name in ranked if ballot.votes[name] > last)
    tied = tuple(name for name in ranked if ballot.votes[name] == last)
    return Result(sure, tied, ballot.seats - len(sure))


def standing_objections(
    name: str, *, probationary: bool, without_rights: bool = False, others: Sequence[str] = ()
) -> list[Sentence]:
    """Return every reason why somebody cannot stand; ``others`` stand for the same seats."""
    found = []
    if probationary:
        found.append(
            Sentence(
                "%(name)s is a probationary member and can neither vote nor stand. Choose a full "
                "member.",
                field="member",
                code="probationary_stands",
                name=name,
            )
        )
    if without_rights:
        found.append(
            Sentence(
                # Why is nobody's business here: it may be discipline, which few may see.
                "%(name)s cannot stand at present. Choose somebody else.",
                field="member",
                code="rights_suspended",
                name=name,
            )
        )
    if name in others:
        found.append(
            Sentence(
                "%(name)s stands for these seats already. Choose somebody else.",
                field="member",
                code="stands_already",
                name=name,
            )
        )
    return found
