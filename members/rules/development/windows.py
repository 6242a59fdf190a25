"""From when and until when a step is in time, by its limits and the days already known."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from members.rules.development.route import Stop
from members.rules.development.step import ADVICE, Limit
from members.rules.development.taken import Taken
from registry.calendar import PartialDate, months_after
from registry.working_days import notice_ends_on

_DAY = timedelta(days=1)


class Window(NamedTuple):
    """``possible_from`` is the first day in time, ``due_by`` the last; None where nothing limits.

    Beside each stands the limit that it comes from. Advice is counted here; ``early`` and
    ``late`` leave it out.
    """

    possible_from: date | None = None
    from_limit: Limit | None = None
    due_by: date | None = None
    by_limit: Limit | None = None
    provisional: bool = False
    unknown: tuple[str, ...] = ()  # anchors that were taken on an unknown day


OPEN = Window()


def _counted(limit: Limit, anchor: date, *, special: bool = False) -> tuple[date, bool]:
    if limit.working_days:
        ends_on, provisional = notice_ends_on(anchor, limit.working_days)
        return ends_on + _DAY, provisional
    months = limit.special_months if special and limit.special_months else limit.months
    return (months_after(anchor, months) if months else anchor), False


def _has_no_day(anchor: str, taken: Taken) -> bool:
    return anchor in taken.last and anchor not in taken.refused


def window_of(stop: Stop, taken: Taken, *, special: bool = False) -> Window:
    """Return the window of a step that has not been taken, or not again.

    A month-only anchor opens the window with its first day and closes it with its last, so that
    nothing is late or early that might be in time.
    """
    if stop.every is not None:
        return _since_the_last_time(stop, stop.every, taken)
    if not stop.earliest and not stop.latest:
        return OPEN
    possible_from: date | None = None
    due_by: date | None = None
    from_limit = by_limit = None
    provisional = False
    unknown: list[str] = []
    for limit in stop.earliest:
        days = taken.days.get(limit.anchor)
        if days is None:
            unknown += [limit.anchor] if _has_no_day(limit.anchor, taken) else []
            continue
        day, guessed = _counted(limit, days[0])
        provisional = provisional or guessed
        if possible_from is None or day > possible_from:
            possible_from, from_limit = day, limit
    for limit in stop.latest:
        days = taken.days.get(limit.anchor)
        if days is None:
            unknown += [limit.anchor] if _has_no_day(limit.anchor, taken) else []
            continue
        day, guessed = _counted(limit, days[1], special=special)
        provisional = provisional or guessed
        if due_by is None or day < due_by:
            due_by, by_limit = day, limit
    return Window(possible_from, from_limit, due_by, by_limit, provisional, tuple(unknown))


def _since_the_last_time(stop: Stop, every: Limit, taken: Taken) -> Window:
    """A review is written in the last month of its period; an earlier one is no fault."""
    done = taken.last.get(stop.code)
    anchor = stop.code if done else every.anchor
    days = taken.days.get(anchor)
    if days is None or (done is not None and done.on is None):
        return Window(unknown=(anchor,) if _has_no_day(anchor, taken) else ())
    due_by = months_after(days[1], every.months)
    opens_on = months_after(days[0] if done is None else _first_of(done.on), every.months - 1)
    return Window(opens_on, every, due_by, every)


def _first_of(day: PartialDate | None) -> date:
    assert day is not None  # noqa: S101 – asked just before
    return day.first_day


def early(stop: Stop, taken: Taken, on: PartialDate) -> list[tuple[Limit, date, bool]]:
    """Return the limits before which every day of ``on`` lies, their day, and if provisional."""
    found = []
    for limit in stop.earliest:
        days = taken.days.get(limit.anchor)
        if days is not None and limit.level != ADVICE:
            day, provisional = _counted(limit, days[0])
            if on.last_day < day:
                found.append((limit, day, provisional))
    return found


def late(
    stop: Stop, taken: Taken, on: PartialDate, *, special: bool = False
) -> list[tuple[Limit, date, bool]]:
    """Return the limits after which every day of ``on`` lies, their day, and if provisional."""
    found = []
    for limit in stop.latest:
        days = taken.days.get(limit.anchor)
        if days is not None and limit.level != ADVICE:
            day, provisional = _counted(limit, days[1], special=special)
            if on.first_day > day:
                found.append((limit, day, provisional))
    return found
