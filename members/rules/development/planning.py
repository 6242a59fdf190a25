"""The plan of a file: for every step whether it is done, from when it is possible, by when due."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache

from members.rules.development import wording
from members.rules.development.files import (
    BLOCKED,
    DONE,
    MISSING,
    NOT_NEEDED,
    POSSIBLE,
    Done,
    File,
    Planned,
)
from members.rules.development.route import Stop, route_of
from members.rules.development.step import PROBATION, WARNING
from members.rules.development.taken import Taken, ordered_by, taken_of
from members.rules.development.windows import early, late, window_of
from registry.sentences import Sentence

_DAY = timedelta(days=1)

OVERDUE, DUE, SOON = "overdue", "due", "soon"
DESK_STATES = {
    OVERDUE: Sentence("overdue"),
    DUE: Sentence("due"),
    SOON: Sentence("soon"),
    POSSIBLE: Sentence("possible"),
    BLOCKED: Sentence("blocked"),
}


def plan(file: File, on: date) -> tuple[Planned, ...]:
    """Return one ``Planned`` for every step of the file's rule set, in their order.

    Only ``overdue_since`` follows from ``on``; everything else stays as it is until a step is
    entered. Raises ValueError for a rule set that is not recorded.
    """
    route, taken = route_of(file), taken_of(file)
    at = route.at
    reached = 0
    for code in taken.last:
        if code in at:
            reached |= at[code].bit
    closed = _closed(file)
    result = []
    for stop in route.stops:
        done = taken.last.get(stop.code)
        passed = stop.later & reached
        if done is not None and (passed or stop.every is None):
            planned = _done(stop, done, taken)
        elif not stop.asked:
            planned = _not_needed(stop)
        elif passed:
            planned = _missing(stop)
        elif closed and not (closed[0] is wording.ALREADY_MEMBER and _may_go_on(file, stop)):
            planned = Planned(stop.code, BLOCKED, reasons=closed)
        elif not stop.near & reached and stop.before:
            planned = _far_off(stop)
        else:
            skipped = {c for c in stop.before if c not in taken.last and at[c].later & reached}
            planned = _open(stop, done, taken, skipped, on)
        result.append(planned)
    return tuple(result)


@cache
def _not_needed(stop: Stop) -> Planned:
    return Planned(stop.code, NOT_NEEDED)


@cache
def _missing(stop: Stop) -> Planned:
    return Planned(stop.code, MISSING, reasons=(wording.was_skipped(stop.step.label),))


@cache
def _far_off(stop: Stop) -> Planned:
    """The plan of a step before which nothing has been done; most steps of a file are such."""
    reasons = tuple(wording.comes_first(stop.labels[before]) for before in stop.before)
    return Planned(stop.code, BLOCKED, reasons=reasons)


def _closed(file: File) -> tuple[Sentence, ...]:
    if file.stopped_on is not None:
        return (wording.stopped(file.stopped_on),)
    return (wording.ALREADY_MEMBER,) if file.is_member or file.full_member else ()


def _may_go_on(file: File, stop: Stop) -> bool:
    """Whether somebody who is on the roll already may still take the step: on probation."""
    return stop.step.stage == PROBATION and not file.full_member


def _done(stop: Stop, done: Done, taken: Taken) -> Planned:
    on = done.on
    if on is None:
        return Planned(stop.code, DONE)
    reasons: list[Sentence] = []
    special = bool(done.facts) and done.facts.get("special") is True
    window = window_of(stop, taken, special=special) if stop.every is None else None
    if window is not None:
        if window.possible_from is not None and on.last_day < window.possible_from:
            reasons += [
                wording.too_early(stop.step, on, limit, stop.labels[limit.anchor], day, WARNING)
                for limit, day, _ in early(stop, taken, on)
            ]
        if window.due_by is not None and on.first_day > window.due_by:
            reasons += [
                wording.too_late(stop.step, on, limit, stop.labels[limit.anchor], day)
                for limit, day, _ in late(stop, taken, on, special=special)
            ]
    if stop.code not in taken.refused:
        last_day = on.last_day
        for before in stop.before:
            days = taken.days.get(before)
            if days is not None and last_day < days[0]:
                day = ordered_by(taken, before)
                reasons.append(wording.out_of_order(stop.step, on, stop.labels[before], day))
    if window is None:
        return Planned(stop.code, DONE, on, reasons=tuple(reasons))
    return Planned(
        stop.code,
        DONE,
        on,
        window.possible_from,
        window.due_by,
        window.provisional,
        tuple(reasons),
    )


def _open(stop: Stop, done: Done | None, taken: Taken, skipped: set[str], on: date) -> Planned:
    reasons: list[Sentence] = []
    for before in stop.before:
        if before in taken.refused:
            reasons.append(wording.was_refused(stop.labels[before]))
        elif before not in taken.last and (before not in skipped or before in stop.needs):
            reasons.append(wording.comes_first(stop.labels[before]))
    window = window_of(stop, taken)
    opens_on, due_by = window.possible_from, window.due_by
    blocked = bool(reasons)
    if opens_on is not None and window.from_limit is not None:
        reasons.append(
            wording.possible_from(
                opens_on, window.from_limit, stop.labels[window.from_limit.anchor]
            )
        )
    reasons += [wording.day_unknown(stop.labels[anchor]) for anchor in window.unknown]
    if not blocked and stop.every is None:
        for before in stop.before:
            days = taken.days.get(before)
            if days is not None and (opens_on is None or days[0] > opens_on):
                opens_on = days[0]
            elif days is None and before not in skipped and before not in window.unknown:
                reasons.append(wording.day_unknown(stop.labels[before]))
    if opens_on is None and due_by is None and not reasons:
        reasons.append(wording.NOTHING_BEFORE)
    return Planned(
        stop.code,
        BLOCKED if blocked else POSSIBLE,
        done.on if done else None,
        opens_on,
        due_by,
        window.provisional,
        tuple(reasons),
        due_by + _DAY if due_by is not None and due_by < on else None,
    )


def open_steps(planned: Iterable[Planned]) -> list[Planned]:
    """Return what a desk shows of one file, in its order.

    Every step that may be done, every blocked one that has a last day, and the first one that is
    blocked; nothing of a file that is closed.
    """
    shown = []
    seen_blocked = False
    for step in planned:
        if step.state == POSSIBLE:
            shown.append(step)
        elif step.state == BLOCKED:
            if step.due_by is not None or not (seen_blocked or _is_closed(step)):
                shown.append(step)
            seen_blocked = True
    return shown


def _is_closed(step: Planned) -> bool:
    return any(reason.code in {"stopped", "already_member"} for reason in step.reasons)


def overdue_since(planned: Planned, on: date) -> date | None:
    """Return the first day on which the step was late, as seen on ``on``; None where it is not."""
    if planned.state not in {POSSIBLE, BLOCKED} or planned.due_by is None:
        return None
    return planned.due_by + _DAY if planned.due_by < on else None


def desk_state(planned: Planned, on: date, within: int = 30) -> str:
    """Return one of DESK_STATES; "" for a step that is done, skipped or not needed.

    ``within`` are days. A last day counts before everything else, also where the step is still
    blocked; a step whose first day is to come is blocked until then.
    """
    if planned.state not in {POSSIBLE, BLOCKED}:
        return ""
    by = planned.due_by
    if by is not None and by <= on + timedelta(days=within):
        return OVERDUE if by < on else DUE if by == on else SOON
    waits = planned.possible_from is not None and planned.possible_from > on
    return BLOCKED if planned.state == BLOCKED or waits else POSSIBLE
