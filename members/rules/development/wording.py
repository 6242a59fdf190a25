"""The sentences about steps: what comes first, from when, and what was early, late or skipped.

Steps and anchors are given by their labels.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache

from members.rules.development.step import BIRTH, ERROR, PROBATION_END, WARNING, Limit, Step
from registry.calendar import PartialDate
from registry.sentences import Sentence, warning

# What the anchors are called that are no steps.
ANCHORS: Mapping[str, Sentence] = {
    BIRTH: Sentence("day of birth"),
    PROBATION_END: Sentence("end of probation"),
}
NOTHING_BEFORE = warning("Nothing has to be done before it.", code="nothing_before")


@lru_cache(maxsize=256)
def comes_first(before: str) -> Sentence:
    return warning(
        "“%(before)s” comes first and is not recorded. Enter it; from old papers, its day may be "
        "left unknown.",
        code="comes_first",
        before=before,
    )


@lru_cache(maxsize=256)
def was_refused(before: str) -> Sentence:
    return warning(
        "“%(before)s” ended with a refusal. Hold it again, or stop the file.",
        code="refused_before",
        before=before,
    )


@lru_cache(maxsize=256)
def was_skipped(step: str) -> Sentence:
    return warning(
        "“%(step)s” is not recorded, though later steps are. Enter it from the papers, or leave "
        "the gap with a reason.",
        code="skipped",
        step=step,
    )


@lru_cache(maxsize=256)
def day_unknown(anchor: str) -> Sentence:
    return warning(
        "The day of “%(step)s” is unknown, so nothing can be counted from it.",
        code="day_unknown",
        step=anchor,
    )


@lru_cache(maxsize=20_000)
def possible_from(day: date, limit: Limit, anchor: str) -> Sentence:
    """Why a step that is not blocked waits for a day."""
    if limit.working_days:
        return warning(
            "Possible from %(day)s, after %(days)s working days of “%(anchor)s” (%(source)s).",
            code="possible_from",
            day=day,
            days=limit.working_days,
            anchor=anchor,
            source=limit.source,
        )
    if limit.anchor == BIRTH:
        return warning(
            "Possible from %(day)s, the day of turning %(years)s (%(source)s).",
            code="possible_from",
            day=day,
            years=limit.months // 12,
            source=limit.source,
        )
    return warning(
        "Possible from %(day)s, counted from “%(anchor)s” (%(source)s).",
        code="possible_from",
        day=day,
        anchor=anchor,
        source=limit.source,
    )


def too_early(
    step: Step, on: PartialDate, limit: Limit, anchor: str, day: date, level: str
) -> Sentence:
    if limit.anchor == BIRTH:
        return Sentence(
            "%(on)s is before the day of turning %(years)s, %(day)s. An applicant is at least "
            "%(years)s years old; check both dates.",
            level=level,
            field="on",
            code="too_young",
            on=on,
            years=limit.months // 12,
            day=day,
        )
    if level == ERROR:
        return Sentence(
            "“%(step)s” is possible from %(day)s, not on %(on)s; counted from “%(anchor)s” "
            "(%(source)s). Wait for that day.",
            field="on",
            code="too_early",
            step=step.label,
            day=day,
            on=on,
            anchor=anchor,
            source=limit.source,
        )
    return warning(
        "“%(step)s” on %(on)s came before %(day)s; counted from “%(anchor)s” (%(source)s). Compare "
        "both dates with the papers.",
        field="on",
        code="too_early",
        step=step.label,
        day=day,
        on=on,
        anchor=anchor,
        source=limit.source,
    )


def too_late(step: Step, on: PartialDate, limit: Limit, anchor: str, day: date) -> Sentence:
    return warning(
        "“%(step)s” on %(on)s came after %(day)s, the last day in time; counted from “%(anchor)s” "
        "(%(source)s). Give the reason.",
        field="on",
        code="too_late",
        step=step.label,
        on=on,
        day=day,
        anchor=anchor,
        source=limit.source,
    )


def out_of_order(
    step: Step, on: PartialDate, before: str, day: PartialDate | None, level: str = WARNING
) -> Sentence:
    return Sentence(
        "“%(step)s” on %(on)s comes before “%(before)s” on %(day)s, which it follows. Check both "
        "dates.",
        level=level,
        field="on",
        code="out_of_order",
        step=step.label,
        on=on,
        before=before,
        day=day,
    )


@lru_cache(maxsize=1024)
def stopped(day: date) -> Sentence:
    return Sentence(
        "The file was stopped on %(day)s. Start it again first.", code="stopped", day=day
    )


PROVISIONAL = warning(
    "The holidays of that year are not known yet, so working days are provisional. Check them "
    "against the holiday notice.",
    field="on",
    code="provisional",
)
ALREADY_MEMBER = Sentence(
    "The person is already a member. Enter changes on the member's page, and stop this file.",
    code="already_member",
)


def after_its_follower(step: Step, on: PartialDate, later: str, day: PartialDate) -> Sentence:
    return warning(
        "“%(step)s” on %(on)s comes after “%(later)s” on %(day)s, which follows it. Check both "
        "dates.",
        field="on",
        code="out_of_order",
        step=step.label,
        on=on,
        later=later,
        day=day,
    )


def _at_level(said: Sentence, level: str) -> Sentence:
    return Sentence(
        said.template, level=level, field=said.field, code=said.code, **dict(said.params)
    )


def as_warning(said: Sentence) -> Sentence:
    return _at_level(said, WARNING)


def as_error(said: Sentence) -> Sentence:
    return _at_level(said, ERROR)
