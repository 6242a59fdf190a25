"""What speaks against somebody's transfer of the membership relation (组织关系转接).

Sources as in ``course``; for dues that go with the relation, the letter itself, which says to
which month they are paid. Sentences name the person, since many go at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from members.rules.codes import PROBATIONARY
from members.rules.dues_months import written
from members.rules.membership import YEARS_OF_PROBATION
from members.rules.transfers.course import KINDS
from registry.calendar import PartialDate, first_of_month, months_after, years_after
from registry.sentences import Sentence, warning

PROBATION_MONTHS = 1  # so soon before it ends, full membership comes first


@dataclass(frozen=True)
class Leaver:
    """What the rules must know of somebody who is to go."""

    name: str
    on_roll: bool
    since: date  # in the branch that he goes from
    kind: str
    joined_on: PartialDate | None = None
    probation_extended_by: int = 0  # months
    paid_to: date | None = None  # the first day of the month
    under_way: bool = False  # another transfer of his is not closed


@dataclass(frozen=True)
class Destination:
    """Where somebody goes: a branch of the register, or a name outside."""

    name: str
    in_register: bool = False
    is_own: bool = False  # where he is already
    holds_members: bool = True
    founded_on: date | None = None
    dissolved_on: date | None = None


def not_to_come(day: date, today: date, field: str) -> list[Sentence]:
    if day <= today:
        return []
    return [
        Sentence(
            "%(day)s is still to come. Enter it on that day.",
            field=field,
            code="day_to_come",
            day=day,
        )
    ]


def sending_objections(
    kind: str, leaver: Leaver, to: Destination, on: date, today: date
) -> list[Sentence]:
    """Return every reason against a transfer out that begins on ``on``."""
    return [
        *_kind(kind, to),
        *not_to_come(on, today, "on"),
        *_leaver(leaver, on),
        *place_objections(to, on),
        *_unpaid(leaver, on),
        *_probation(leaver, on),
    ]


def _kind(kind: str, to: Destination) -> list[Sentence]:
    if not KINDS[kind].is_entered:
        return [
            Sentence(
                "A whole organisation is moved on its own page, with everybody in it.",
                field="kind",
                code="whole_moves_elsewhere",
            )
        ]
    if KINDS[kind].stays_inside and not to.in_register:
        return [
            Sentence(
                "A transfer within this register goes to one of its branches. Choose one.",
                field="to_organization",
                code="branch_missing",
            )
        ]
    if not KINDS[kind].stays_inside and to.in_register:
        return [
            Sentence(
                "“%(name)s” is in this register, so no letter is needed. Choose the transfer "
                "within the register.",
                field="kind",
                code="letter_not_needed",
                name=to.name,
            )
        ]
    if not to.name.strip():
        return [
            Sentence(
                "Name the organisation that he goes to.",
                field="to_outside",
                code="destination_missing",
            )
        ]
    return []


def _leaver(leaver: Leaver, on: date) -> list[Sentence]:
    found = []
    if not leaver.on_roll:
        found.append(Sentence("%(name)s is not on the roll.", code="not_on_roll", name=leaver.name))
    if leaver.under_way:
        found.append(
            Sentence(
                "Another transfer of %(name)s is under way. Withdraw it first.",
                code="transfer_under_way",
                name=leaver.name,
            )
        )
    if leaver.joined_on and not leaver.joined_on.could_be(last=on):
        found.append(
            Sentence(
                "%(name)s joined on %(joined)s and cannot leave before, on %(on)s.",
                field="on",
                code="leaves_before_joining",
                name=leaver.name,
                joined=leaver.joined_on,
                on=on,
            )
        )
    if on < leaver.since:
        found.append(
            Sentence(
                "%(name)s has been in the branch since %(since)s, after %(on)s. Choose a later "
                "day.",
                field="on",
                code="leaves_before_coming",
                name=leaver.name,
                since=leaver.since,
                on=on,
            )
        )
    return found


def place_objections(to: Destination, on: date) -> list[Sentence]:
    """Return what speaks against a branch of the register taking somebody on ``on``."""
    if not to.in_register:
        return []
    found = []
    if to.is_own:
        found.append(
            Sentence(
                "“%(name)s” is the branch that he is in. Choose another.",
                field="to_organization",
                code="same_branch",
                name=to.name,
            )
        )
    if not to.holds_members:
        found.append(
            Sentence(
                "“%(name)s” holds no members. Choose a branch.",
                field="to_organization",
                code="holds_no_members",
                name=to.name,
            )
        )
    if to.dissolved_on:
        found.append(
            Sentence(
                "“%(name)s” was dissolved on %(day)s. Withdraw the transfer, or choose another "
                "branch.",
                field="to_organization",
                code="branch_dissolved",
                name=to.name,
                day=to.dissolved_on,
            )
        )
    elif to.founded_on and on < to.founded_on:
        found.append(
            Sentence(
                "“%(name)s” was founded on %(day)s, after %(on)s. Choose a later day.",
                field="on",
                code="branch_not_founded",
                name=to.name,
                day=to.founded_on,
                on=on,
            )
        )
    return found


def _unpaid(leaver: Leaver, on: date) -> list[Sentence]:
    if leaver.paid_to is None:
        return [
            warning(
                "Nobody knows to which month %(name)s has paid dues. The letter needs it.",
                field="paid_to",
                code="paid_to_unknown",
                name=leaver.name,
            )
        ]
    if leaver.paid_to >= first_of_month(on):
        return []
    return [
        warning(
            "%(name)s has paid dues to %(paid)s only. They are due to %(month)s, the month of "
            "leaving.",
            field="paid_to",
            code="dues_unpaid",
            name=leaver.name,
            paid=written(leaver.paid_to),
            month=written(first_of_month(on)),
        )
    ]


def _probation(leaver: Leaver, on: date) -> list[Sentence]:
    if leaver.kind != PROBATIONARY or leaver.joined_on is None:
        return []
    ends = years_after(leaver.joined_on.last_day, YEARS_OF_PROBATION)
    ends = months_after(ends, leaver.probation_extended_by)
    if on < months_after(ends, -PROBATION_MONTHS):
        return []
    return [
        warning(
            "The probation of %(name)s ends on %(day)s. Settle full membership before he goes, or "
            "tell the new organisation.",
            code="probation_ends",
            name=leaver.name,
            day=ends,
        )
    ]
