"""Rounds in which branches confirm their rosters (名册核对): when one opens and what is answered.

Twice a year a committee asks every branch below it whether its roster is right as at a day. The
last day is one to keep: who is late may still confirm until the committee closes the round.
Source: the practice of 党组织和党员信息核查; no regulation names days, so none is kept here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from branches.rules import hierarchy
from registry.sentences import Sentence


@dataclass(frozen=True)
class NewRound:
    """A round as it is to be opened by an organisation of this kind."""

    kind: str
    name: str
    as_at: date
    last_day: date
    stood: bool  # the organisation, on the day of the rosters


@dataclass(frozen=True)
class Running:
    """A round as it stands when a branch answers; ``asked`` says whether this branch is asked."""

    name: str
    committee: str
    as_at: date
    closed_on: date | None
    asked: bool


@dataclass(frozen=True)
class Answer:
    """What a branch has said already: that its roster is right, or what is wrong in it."""

    right: bool
    on: date
    by: str


def opening_objections(new: NewRound, today: date) -> list[Sentence]:
    """Return every reason against opening a round on ``today``."""
    found = []
    if new.kind == hierarchy.BRANCH:
        found.append(
            Sentence(
                "A branch has nobody below it to ask. A committee opens the round.",
                code="no_branch_below",
            )
        )
    if not new.name.strip():
        found.append(
            Sentence(
                "The round has no name. Call it as the office does, such as 2026-2.",
                field="name",
                code="name_missing",
            )
        )
    if new.as_at > today:
        found.append(
            Sentence(
                "%(day)s is still to come. Choose today or an earlier day for the rosters.",
                field="as_at",
                code="as_at_in_future",
                day=new.as_at,
            )
        )
    elif not new.stood:
        found.append(
            Sentence(
                "The organisation did not stand on %(day)s. Choose a later day for the rosters.",
                field="as_at",
                code="as_at_before_founding",
                day=new.as_at,
            )
        )
    if new.last_day < new.as_at:
        found.append(
            Sentence(
                "The last day, %(last)s, comes before the day of the rosters, %(day)s. Choose a "
                "later one.",
                field="last_day",
                code="last_day_before_as_at",
                last=new.last_day,
                day=new.as_at,
            )
        )
    elif new.last_day < today:
        found.append(
            Sentence(
                "%(last)s has passed. Give the branches until a later day.",
                field="last_day",
                code="last_day_has_passed",
                last=new.last_day,
            )
        )
    return found


def answering_objections(
    running: Running, before: Answer | None, *, right: bool, remark: str
) -> list[Sentence]:
    """Return every reason against a branch's answer: its roster is right, or ``remark`` says what
    is wrong. What was wrong may be right later; what was right is withdrawn first."""
    found = _round_objections(running)
    if not right and not remark.strip():
        found.append(
            Sentence(
                "Say what is wrong in the roster, so that the committee knows.",
                field="remark",
                code="remark_missing",
            )
        )
    if before is not None and before.right:
        found.append(
            Sentence(
                "%(by)s confirmed it on %(day)s already. Withdraw that first, if it was wrong.",
                code="confirmed_already",
                by=before.by,
                day=before.on,
            )
        )
    return found


def withdrawing_objections(running: Running, before: Answer | None) -> list[Sentence]:
    """Return every reason against taking an answer back."""
    found = _round_objections(running)
    if before is None:
        found.append(
            Sentence(
                "Nothing was said of this roster yet, so there is nothing to withdraw.",
                code="nothing_to_withdraw",
            )
        )
    return found


def closing_objections(running: Running) -> list[Sentence]:
    """Return the reason against closing a round: it is closed."""
    if running.closed_on is None:
        return []
    return [
        Sentence(
            "“%(name)s” was closed on %(day)s already.",
            code="closed_already",
            name=running.name,
            day=running.closed_on,
        )
    ]


def _round_objections(running: Running) -> list[Sentence]:
    found = []
    if running.closed_on is not None:
        found.append(
            Sentence(
                "“%(name)s” was closed on %(day)s. Tell %(committee)s what has changed.",
                code="round_closed",
                name=running.name,
                day=running.closed_on,
                committee=running.committee,
            )
        )
    if not running.asked:
        found.append(
            Sentence(
                "“%(name)s” asks the branches that stood below %(committee)s on %(day)s and stand "
                "today; this one is not among them.",
                code="not_asked",
                name=running.name,
                committee=running.committee,
                day=running.as_at,
            )
        )
    return found
