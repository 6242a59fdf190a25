"""The figures of a day: every number is a condition on the stays, and its list asks the same one.

What a person is (sex, education, category) is asked of the record as it stands; full or
probationary, ages and Party age are those of the day.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db.models import Case, Count, F, IntegerField, Q, Value, When
from django.db.models.functions import Cast, Greatest

from branches.rules import hierarchy
from members.models.figures.chosen import Chosen
from members.models.searching import probationary_on
from members.rules import codes, figures
from members.rules.figures import UNKNOWN
from registry.calendar import PartialDate, code_from, days_in

TOTAL = "total"
Conditions = dict[str, Q]


def _totals(day: date) -> Conditions:
    probationary = probationary_on(day, "member__")
    return {
        TOTAL: Q(),
        # Not ~Q: a day of full membership that nobody knows is no later one.
        "full": Q(member__kind=codes.FULL)
        & (
            Q(member__full_member_on__isnull=True)
            | Q(member__full_member_on__lte=PartialDate.of(day))
        ),
        "probationary": probationary,
        "women": Q(member__sex=codes.FEMALE),
        "minority": ~Q(member__ethnicity__in=("", figures.HAN)),
    }


def _by_sex(day: date) -> Conditions:
    return {code: Q(member__sex=code) for code in codes.SEXES} | {UNKNOWN: Q(member__sex="")}


def _by_age(day: date) -> Conditions:
    found = {}
    for band in figures.AGES:
        born = Q()
        if band.low is not None:
            born &= Q(member__born_on__lte=_years_before(day, band.low))
        if band.high is not None:
            born &= Q(member__born_on__gt=_years_before(day, band.high + 1))
        found[band.code] = born
    return found | {UNKNOWN: Q(member__born_on__isnull=True)}


def _years_before(day: date, years: int) -> PartialDate:
    return PartialDate.of(figures.years_before(day, years))


def _by_education(day: date) -> Conditions:
    return {
        level.code: Q(member__education__in=sorted(level.codes))
        for level in figures.EDUCATION_LEVELS
    } | {UNKNOWN: Q(member__education="")}


def _by_category(day: date) -> Conditions:
    return {code: Q(member__category=code) for code in codes.CATEGORIES}


def _by_joined(day: date) -> Conditions:
    found = {}
    for period in figures.PERIODS:
        joined = Q()
        if period.first is not None:
            joined &= Q(member__joined_on__gte=code_from(period.first.first_day))
        if period.last is not None:
            joined &= Q(member__joined_on__lte=PartialDate.of(period.last.last_day))
        found[period.code] = joined
    return found | {UNKNOWN: Q(member__joined_on__isnull=True)}


def _by_party_age(day: date) -> Conditions:
    """By whole years of Party age; “unknown” holds those whose Party age has not begun."""
    begun = Q(member__full_member_on__lte=PartialDate.of(day))
    found = {}
    for band in figures.PARTY_AGES:
        years = begun
        if band.low:
            years &= _of_party_age(day, band.low)
        if band.high is not None:
            years &= ~_of_party_age(day, band.high + 1)
        found[band.code] = years
    not_begun = Q(member__full_member_on__isnull=True)
    not_begun |= Q(member__full_member_on__gt=PartialDate.of(day))
    return found | {UNKNOWN: not_begun}


def _of_party_age(day: date, years: int) -> Q:
    """Of so many years at least: by the date alone, or by the months for those corrected."""
    plain = Q(member__party_age_correction=0, member__full_member_on__lte=_years_before(day, years))
    return plain | (~Q(member__party_age_correction=0) & Q(party_months__gte=12 * years))


def _by_ethnicity(day: date) -> Conditions:
    found = {code: Q(member__ethnicity=code) for code in codes.ETHNIC_GROUPS}
    return found | {UNKNOWN: Q(member__ethnicity="")}


GROUPS: dict[str, Callable[[date], Conditions]] = {
    "members": _totals,
    "by_sex": _by_sex,
    "by_age": _by_age,
    "by_education": _by_education,
    "by_category": _by_category,
    "by_joined": _by_joined,
    "by_party_age": _by_party_age,
    "by_ethnicity": _by_ethnicity,
}


def with_party_age(stays: Any, day: date) -> Any:
    """Return ``stays`` with ``party_months``, whole months of Party age on ``day``; none before.

    As ``membership.party_age`` counts them: from the first day that the date allows.
    """
    code = Cast(F("member__full_member_on"), IntegerField())
    month, of_month = Greatest((code / 100) % 100, 1), Greatest(code % 100, 1)
    begun = (code / 10000) * 12 + month
    now = day.year * 12 + day.month
    last = day.day == days_in(day.year, day.month)  # then no day of the month is still to come
    counted: Any = Value(now) - begun + F("member__party_age_correction")
    not_yet = counted - 1
    whole = counted if last else Case(When(_of_month__gt=day.day, then=not_yet), default=counted)
    rows = stays if last else stays.alias(_of_month=of_month)
    months = Case(
        When(member__full_member_on__lte=PartialDate.of(day), then=Greatest(whole, 0)),
        default=None,
        output_field=IntegerField(),
    )
    return rows.alias(party_months=months)


def stays_behind(chosen: Chosen, day: date, group: str, code: str) -> Any:
    """Return the stays that a number counts; raise KeyError for a number that there is not."""
    condition = GROUPS[group](day)[code]
    return with_party_age(chosen.stays_on(day), day).filter(condition)


def counted(chosen: Chosen, day: date) -> dict[str, dict[str, int]]:
    """Return every number of members on ``day``, by group and code."""
    conditions = {group: of(day) for group, of in GROUPS.items() if group != APART}
    stays = with_party_age(chosen.stays_on(day), day)
    asked = {
        f"{group}__{code}": Count("pk", filter=condition) if condition else Count("pk")
        for group, each in conditions.items()
        for code, condition in each.items()
    }
    row = stays.aggregate(**asked)
    found = {
        group: {code: row[f"{group}__{code}"] for code in each}
        for group, each in conditions.items()
    }
    return found | {APART: _ethnicities(chosen.stays_on(day))}


APART = "by_ethnicity"  # has too many values to ask for each by itself


def _ethnicities(stays: Any) -> dict[str, int]:
    found = dict.fromkeys([*codes.ETHNIC_GROUPS, UNKNOWN], 0)
    rows = stays.order_by().values_list("member__ethnicity").annotate(Count("pk"))
    for code, number in rows:
        found[code or UNKNOWN] += number
    return found


def organizations_on(chosen: Chosen, day: date) -> dict[str, int]:
    """Return how many organisations of each kind there were on ``day``, the chosen one included."""
    rows = chosen.periods_on(day).order_by().values_list("kind").annotate(Count("pk"))
    found = dict(rows)
    return {kind: found.get(kind, 0) for kind in hierarchy.KINDS}
