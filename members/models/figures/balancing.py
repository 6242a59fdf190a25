"""The balance of members between two days, told from the stays alone, with the people behind it.

What is looked at is who was among the chosen on each day: a move inside them is neither a coming
nor a going, an organisation that comes or goes takes its people along (整建制), and whatever no
line of the report explains is a difference.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from django.db.models import F, Q

from members.models.figures.chosen import ONE_DAY, Chosen, Span
from members.models.placements import Placement
from members.rules import figures
from members.rules.figures import CLOSING, DIFFERENCE, LINES, OPENING, WHOLE_IN, WHOLE_OUT
from members.rules.placements import MOVED


@dataclass(frozen=True, order=True)
class Change:
    """One member came (``sign`` 1) or went (-1) on a day, and is counted in a line."""

    on: date
    member_id: int
    sign: int
    line: str
    organization_id: int  # the branch that he came to, or went from


@dataclass(frozen=True)
class Balance:
    """The lines of a balance with their numbers, and every coming and going that they count."""

    first: date
    last: date
    numbers: dict[str, int]
    changes: tuple[Change, ...]

    def behind(self, line: str) -> list[Change]:
        """Return who is counted in a line, in the order of the days."""
        return [change for change in self.changes if change.line == line]


@dataclass(frozen=True)
class _Spell:
    """The days of one stay on which its branch was among the chosen.

    ``came`` and ``went`` are how it began and ended: by a reason of the stay, or with the branch.
    """

    first: date
    until: date
    organization_id: int
    came: str  # a line of the balance
    went: str
    came_by_move: bool  # also by one of the branch: nothing happened to the membership
    went_by_move: bool


def balance_of(chosen: Chosen, first: date, last: date) -> Balance:
    """Return the balance of the days from ``first`` to ``last``, both included."""
    numbers = dict.fromkeys(LINES, 0)
    numbers[OPENING] = chosen.stays_on(first - ONE_DAY).count()
    numbers[CLOSING] = chosen.stays_on(last).count()
    changes = sorted(_changes(chosen, first, last))
    for change in changes:
        if change.line != DIFFERENCE:
            numbers[change.line] += 1
    numbers[DIFFERENCE] = figures.difference(numbers)
    return Balance(first, last, numbers, tuple(changes))


def _changes(chosen: Chosen, first: date, last: date) -> Iterator[Change]:
    eve, until = first - ONE_DAY, last + ONE_DAY
    spans = chosen.spans_in(eve, until)
    spells: dict[int, list[_Spell]] = defaultdict(list)
    for member, *stay in _stays(chosen, spans, first, last):
        spells[member] += _spells(stay, spans[stay[0]])
    for member, each in spells.items():
        if len(each) > 1:
            each.sort(key=lambda spell: spell.first)
        for change in _told(member, each):
            if first <= change.on <= last:
                yield change


def _stays(chosen: Chosen, spans: dict[int, list[Span]], first: date, last: date) -> Iterator[Any]:
    """Yield the stays among the chosen of everybody of whom one began or ended, or whose branch
    came or went: member, branch, its days, and how it began and ended."""
    eve, until = first - ONE_DAY, last + ONE_DAY
    moving = [
        key
        for key, each in spans.items()
        if any(first <= day <= last for span in each for day in (span.first, span.until))
    ]
    lasting = Placement.objects.filter(
        Q(placed_until__isnull=True) | Q(placed_until__gte=first),
        Q(placed_until__isnull=True) | Q(placed_until__gt=F("placed_from")),
        placed_from__lte=last,
        organization__in=chosen.ever_in(eve, until),
    )
    turning = Q(placed_from__gte=first) | Q(placed_until__lte=last)
    members = lasting.filter(turning | Q(organization__in=moving)).values("member")
    columns = ("member", "organization", "placed_from", "placed_until", "began", "ended")
    rows = lasting.filter(member__in=members, member__wrong_entry=False)
    yield from rows.order_by().values_list(*columns).iterator()


def _spells(stay: list[Any], spans: list[Span]) -> Iterator[_Spell]:
    organization, placed_from, placed_until, began, ended = stay
    for span in spans:
        start, end = max(placed_from, span.first), min(placed_until or span.until, span.until)
        if start >= end:
            continue
        with_branch_in, with_branch_out = span.first > placed_from, end != placed_until
        came = figures.line_of_beginning(began)
        if with_branch_in:
            came = DIFFERENCE if span.born else WHOLE_IN
        went = figures.line_of_ending(ended)
        if with_branch_out:
            went = DIFFERENCE if span.ended else WHOLE_OUT
        yield _Spell(
            start,
            end,
            organization,
            came,
            went,
            came_by_move=with_branch_in or began == MOVED,
            went_by_move=with_branch_out or ended == MOVED,
        )


def _told(member: int, spells: list[_Spell]) -> Iterator[Change]:
    """Yield the comings and goings of a member whose ``spells`` are in order.

    Where one spell follows another on the same day by a move, nothing has happened.
    """
    inside = {
        before.until
        for before, after in pairwise(spells)
        if before.until == after.first and before.went_by_move and after.came_by_move
    }
    for spell in spells:
        if spell.first not in inside:
            yield Change(spell.first, member, 1, spell.came, spell.organization_id)
        if spell.until not in inside:
            yield Change(spell.until, member, -1, spell.went, spell.organization_id)
