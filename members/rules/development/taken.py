"""What of a file counts now: the last time of each step, rounds after an extension told apart."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import NamedTuple

from members.rules import vote
from members.rules.development.files import Done, File
from members.rules.development.recorded import EXTENDED, NEGATIVE
from members.rules.development.route import route_of
from members.rules.development.step import BIRTH, PROBATION_END
from members.rules.development.steps import AFTER_AN_EXTENSION, HELD_AGAIN, STEPS
from registry.calendar import PartialDate, months_after

# Of a person who has taken one of these steps, acceptance has been approved.
AFTER_APPROVAL = frozenset(code for code, step in STEPS.items() if "approval" in step.needs)


class Taken(NamedTuple):
    """``days`` has the first and the last day that an anchor allows.

    It lacks anchors whose day is unknown, and steps that ended with a refusal: nothing is counted
    from those, and what is held again comes after them.
    """

    times: dict[str, list[Done]]
    last: dict[str, Done]
    days: dict[str, tuple[date, date]]
    refused: frozenset[str]  # steps whose last result does not carry the person further
    is_approved: bool
    extension: Done | None  # the assembly that extended probation, once that is approved
    asked_extension: Done | None  # the same, approved or not
    probation_end: PartialDate | None


def ordered_by(taken: Taken, code: str) -> PartialDate | None:
    """Return the day by which a step taken is in order: of one that repeats, its first."""
    first = taken.times[code][0].on
    return first if first and STEPS.get(code, _ONCE).repeats else taken.last[code].on


def months_on(day: PartialDate, months: int) -> PartialDate | None:
    """Return ``day`` that many months later, as precise; None where the year alone does not say."""
    if day.day:
        return PartialDate.of(months_after(day.first_day, months))
    if day.month:
        year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
        return PartialDate(year, month + 1)
    return None if months % 12 else PartialDate(day.year + months // 12)


def carries(done: Done) -> bool:
    """Return whether the step was decided in the person's favour, or is no decision."""
    facts = done.facts
    if not facts:
        return True
    if facts.get("result") in NEGATIVE or facts.get("consent") is False:
        return False
    return "result" in facts or done.step != "assembly" or _was_admitted(done)


def _was_admitted(done: Done) -> bool:
    numbers = [done.facts.get(name) for name in ("due", "present", "written_for", "votes_for")]
    if not all(isinstance(number, int) for number in (numbers[0], numbers[1], numbers[3])):
        return True  # the paper says that it was held, and nothing against
    due, present, written, votes_for = (number or 0 for number in numbers)
    return not vote.admission(due, present, written, votes_for)


def taken_of(file: File) -> Taken:
    """Return what has been done by now, and the days that follow from it."""
    times: dict[str, list[Done]] = defaultdict(list)
    for done in file.done:
        times[done.step].append(done)
    last = {code: them[-1] for code, them in times.items()}
    asked_extension = extension = None
    if "full_assembly" in last:
        asked_extension = next(
            (done for done in times["full_assembly"] if done.facts.get("result") == EXTENDED), None
        )
        if asked_extension is not None:
            extension = _second_round(asked_extension, times, last)
    refused = frozenset(code for code, done in last.items() if done.facts and not carries(done))
    if refused:
        refused = _still_refused(refused, last)
    is_approved = not AFTER_APPROVAL.isdisjoint(last) or (
        "approval" in last and "approval" not in refused
    )
    days = {
        code: _days(done.on)
        for code, done in last.items()
        if done.on is not None and code not in refused
    }
    for code, them in times.items():  # a step that repeats is in order by its first time
        if len(them) > 1 and them[0].on is not None and STEPS.get(code, _ONCE).repeats:
            days[code] = (them[0].on.first_day, days.get(code, _days(them[0].on))[1])
    end = None
    if "assembly" in last and "assembly" not in refused and "approval" not in refused:
        end = _probation_end(file, last["assembly"], extension)
        if end is not None and is_approved:
            days[PROBATION_END] = _days(end)
    if file.born_on is not None:
        days[BIRTH] = _days(file.born_on)
    return Taken(times, last, days, refused, is_approved, extension, asked_extension, end)


def _still_refused(refused: frozenset[str], last: dict[str, Done]) -> frozenset[str]:
    """Take from ``last`` what was refused before an earlier step was held again: it is open."""
    for code in refused:
        on = last[code].on
        again = (last[before].on for before in HELD_AGAIN.get(code, ()) if before in last)
        if on is not None and any(day is not None and day.first_day > on.last_day for day in again):
            del last[code]
    return refused.intersection(last)


_ONCE = STEPS["application"]


def _days(day: PartialDate) -> tuple[date, date]:
    if day.day:
        exact = date(day.year, day.month, day.day)
        return exact, exact
    return day.first_day, day.last_day


def _probation_end(file: File, assembly: Done, extension: Done | None) -> PartialDate | None:
    if assembly.on is None:
        return None
    end = months_on(assembly.on, route_of(file).rules.probation_months)
    if end is not None and extension is not None:
        # An extension runs from the day on which probation would have ended.
        return months_on(end, extended_months(extension))
    return end


def extended_months(extension: Done) -> int:
    """Return the months of an extension; half a year where the papers do not tell."""
    months = extension.facts.get("extended_months")
    return months if isinstance(months, int) else 6


def _second_round(
    extension: Done, times: dict[str, list[Done]], last: dict[str, Done]
) -> Done | None:
    """Leave in ``last`` what was done since the extension; return it where it is in force.

    In force: the committee has agreed, or a second assembly has been held upon it.
    """
    assemblies = times["full_assembly"]
    again = assemblies[assemblies.index(extension) + 1 :]
    second = again[0] if again else None
    rounds: dict[str, tuple[list[Done], list[Done]]] = {}
    for code in AFTER_AN_EXTENSION:
        if code == "full_assembly" or code not in times:
            continue
        # Application and notice come before the second assembly, the rest after it.
        since = extension if code in {"full_application", "full_notice"} else second
        now = [
            done
            for place, done in enumerate(times[code])
            if since is not None and _belongs_to_the_second(done, since, place)
        ]
        rounds[code] = [done for done in times[code] if done not in now], now
    agreed = any(carries(done) for done in rounds.get("full_approval", ([], []))[0])
    if second is None and not agreed:
        return None
    if second is None:
        del last["full_assembly"]
    for code, (_, now) in rounds.items():
        if now:
            last[code] = now[-1]
        else:
            del last[code]
    return extension


def _belongs_to_the_second(done: Done, since: Done, place: int) -> bool:
    if done.on is None or since.on is None:
        return place > 0
    if since.step == "full_assembly" and since.facts.get("result") == EXTENDED:
        return done.on.first_day > since.on.last_day
    return done.on.last_day >= since.on.first_day
