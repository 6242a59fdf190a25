"""What speaks against entering a step, and what is wrong in a file as it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from members.rules.development import wording
from members.rules.development.deciding import objections_to_facts
from members.rules.development.files import DONE, MISSING, File
from members.rules.development.planning import plan
from members.rules.development.route import Stop, route_of
from members.rules.development.step import ERROR, PROBATION, WARNING
from members.rules.development.steps import APPROVALS, HELD_AGAIN
from members.rules.development.taken import Taken, ordered_by, taken_of
from members.rules.development.windows import early, late
from registry.calendar import PartialDate, months_after
from registry.sentences import Sentence, warning

# Warnings that are answered with a reason.
NEEDS_REASON = frozenset(
    {"historical", "too_early", "too_late", "skipped_before", "comes_first", "out_of_order",
     "refused_before", "stopped"}
)  # fmt: skip
# Without these an approval is refused whatever the age of the file.
DECIDED_BY = {"approval": "assembly", "full_approval": "full_assembly"}


def objections(
    step: str,
    file: File,
    on: PartialDate | date | None,
    *,
    facts: Mapping[str, Any],
    today: date,
    entitled: bool = True,
    historical: bool = False,
    reason: str = "",
) -> list[Sentence]:
    """Return every reason against entering ``step`` on ``on``, errors and warnings, all at once.

    ``file`` is the file without this step. ``entitled``: the committee that approves has the
    right to. ``historical``: entered afterwards from old papers; such a step may have any day or
    none, with warnings and a reason, and so may a late one or one before which something was
    skipped. ``today`` is the day of entering. Raises ValueError for a rule set that is not
    recorded.
    """
    route, taken = route_of(file), taken_of(file)
    stop = route.at.get(step)
    if stop is None:
        return [
            Sentence(
                "There is no step “%(step)s” in this file. Choose one from the list.",
                field="step",
                code="step_unknown",
                step=step,
            )
        ]
    day = None if on is None else PartialDate.of(on)
    level = WARNING if historical else ERROR
    found = [
        *_against_the_person(stop, file, entitled=entitled),
        *_against_doing_it(stop, file, taken, day, level),
        *_against_what_came_before(stop, taken, level, _later_codes(stop, route.at, taken)),
    ]
    if day is None:
        found += _without_a_day(level)
    else:
        special = facts.get("special") is True
        found += _against_the_day(file, day, today)
        found += _out_of_time(stop, taken, day, level, special=special)
        found += _out_of_order(stop, route.at, taken, day, level)
    found += objections_to_facts(stop, route.rules, taken, day, facts, historical=historical)
    if historical:
        found.append(
            warning(
                "Entered afterwards from old papers. Keep the papers with the file.",
                code="historical",
            )
        )
    if needs_reason(found) and not reason.strip():
        found.append(
            Sentence(
                "The step is late, early, entered afterwards or something before it is missing. "
                "Give the reason.",
                field="reason",
                code="reason_missing",
            )
        )
    return found


def needs_reason(objections: Iterable[Sentence]) -> bool:
    """Return whether one of the warnings has to be answered with a reason."""
    return any(said.level == WARNING and said.code in NEEDS_REASON for said in objections)


def _against_the_person(stop: Stop, file: File, *, entitled: bool) -> list[Sentence]:
    found = []
    if file.full_member or (file.is_member and stop.step.stage != PROBATION):
        found.append(wording.ALREADY_MEMBER)
    if not entitled and stop.code in APPROVALS:
        found.append(
            Sentence(
                "This organisation does not approve members. Send it to a committee that is "
                "entitled to.",
                code="not_entitled",
            )
        )
    return found


def _against_doing_it(
    stop: Stop, file: File, taken: Taken, day: PartialDate | None, level: str
) -> list[Sentence]:
    found = []
    if stop.code in taken.last and not stop.step.repeats and not _may_be_repeated(stop, taken):
        found.append(
            Sentence(
                "“%(step)s” is recorded already, on %(day)s. Correct that entry, or withdraw it.",
                code="already_done",
                step=stop.step.label,
                day=taken.last[stop.code].on or "…",
            )
        )
    if file.stopped_on is not None and (day is None or day.last_day >= file.stopped_on):
        said = wording.stopped(file.stopped_on)
        found.append(said if level == ERROR else wording.as_warning(said))
    return found


def _may_be_repeated(stop: Stop, taken: Taken) -> bool:
    """Whether it was refused, itself or in what followed it, so that it is held again."""
    return stop.code in taken.refused or any(
        stop.code in HELD_AGAIN.get(refused, ()) for refused in taken.refused
    )


def _later_codes(stop: Stop, at: Mapping[str, Stop], taken: Taken) -> frozenset[str]:
    """The steps directly before ``stop`` that were skipped long ago: others followed them."""
    reached = 0
    for code in taken.last:
        reached |= at[code].bit if code in at else 0
    return frozenset(
        code for code in stop.before if code not in taken.last and at[code].later & reached
    )


def _against_what_came_before(
    stop: Stop, taken: Taken, level: str, skipped: frozenset[str]
) -> list[Sentence]:
    found = []
    for before in stop.before:
        decides = DECIDED_BY.get(stop.code) == before
        if before in taken.refused:
            said = wording.was_refused(stop.labels[before])
        elif before not in taken.last:
            said = wording.comes_first(stop.labels[before])
        else:
            continue
        if decides or (level == ERROR and before in stop.needs):
            found.append(wording.as_error(said))
        elif before not in skipped:
            found.append(said)
    return found


def _without_a_day(level: str) -> list[Sentence]:
    return [
        Sentence(
            "The day is missing. Enter it; only a step from old papers may do without.",
            level=level,
            field="on",
            code="day_missing",
        )
    ]


def _against_the_day(file: File, day: PartialDate, today: date) -> list[Sentence]:
    found = []
    if day.first_day > today:
        found.append(
            Sentence(
                "%(day)s is still to come. Enter the step on the day on which it is taken.",
                field="on",
                code="in_future",
                day=day,
            )
        )
    if file.born_on is not None and day.last_day < file.born_on.first_day:
        found.append(
            Sentence(
                "%(day)s is before the day of birth, %(born)s. Check both dates.",
                field="on",
                code="before_birth",
                day=day,
                born=file.born_on,
            )
        )
    return found


def _out_of_time(
    stop: Stop, taken: Taken, day: PartialDate, level: str, *, special: bool
) -> list[Sentence]:
    found = []
    for limit, first_day, provisional in early(stop, taken, day):
        hard = ERROR if limit.always else level if limit.level == ERROR else WARNING
        found.append(
            wording.too_early(stop.step, day, limit, stop.labels[limit.anchor], first_day, hard)
        )
        found += [wording.PROVISIONAL] if provisional else []
    for limit, last_day, provisional in late(stop, taken, day, special=special):
        found.append(wording.too_late(stop.step, day, limit, stop.labels[limit.anchor], last_day))
        found += [wording.PROVISIONAL] if provisional else []
    if stop.every is not None:
        last = taken.last.get(stop.code) or taken.last.get(stop.every.anchor)
        if last is not None and last.on is not None:
            due_by = months_after(last.on.last_day, stop.every.months)
            if day.first_day > due_by:
                found.append(
                    wording.too_late(stop.step, day, stop.every, stop.labels[last.step], due_by)
                )
    return found


def _out_of_order(
    stop: Stop, at: Mapping[str, Stop], taken: Taken, day: PartialDate, level: str
) -> list[Sentence]:
    found = []
    for before in stop.before:
        days = taken.days.get(before)
        if days is not None and day.last_day < days[0]:
            hard = level if before in stop.needs else WARNING
            earlier = ordered_by(taken, before)
            found.append(wording.out_of_order(stop.step, day, stop.labels[before], earlier, hard))
    if stop.step.repeats or stop.code in taken.last:  # held again: what followed came before it
        return found
    for code in taken.days:
        later = at.get(code)
        if later is not None and stop.later & later.bit:
            last = taken.last[code].on
            if last is not None and day.first_day > last.last_day:
                found.append(wording.after_its_follower(stop.step, day, stop.labels[code], last))
    return found


def findings(file: File, today: date) -> list[tuple[str, Sentence]]:
    """Return what is out of order, out of time or missing in a file as it is.

    Pairs of a step's code and a sentence, in the order of the steps; errors are what could not
    have been, such as a step before birth. Nothing is refused here: the file stays as it is.
    """
    route, taken = route_of(file), taken_of(file)
    found: list[tuple[str, Sentence]] = []
    for planned in plan(file, today):
        if planned.state == MISSING:
            found += [(planned.step, said) for said in planned.reasons]
        elif planned.state != DONE and planned.step not in taken.last:
            continue
        else:
            stop = route.at[planned.step]
            found += [(planned.step, said) for said in _in_a_file(stop, file, taken, today)]
            if planned.state == DONE:
                found += [(planned.step, said) for said in planned.reasons]
    return found


def _in_a_file(stop: Stop, file: File, taken: Taken, today: date) -> list[Sentence]:
    found: list[Sentence] = []
    decided_by = DECIDED_BY.get(stop.code)
    if decided_by and decided_by not in taken.last and stop.code not in taken.refused:
        found.append(wording.comes_first(stop.labels[decided_by]))
    for done in taken.times[stop.code]:
        if done.on is None:
            found.append(wording.day_unknown(stop.step.label))
        else:
            found += _against_the_day(file, done.on, today)
    return found
