"""Dates of a membership: what contradicts what, Party age (党龄) and Party birthday (政治生日).

Sources: 中国共产党章程 (2022), articles 1 and 7, for age and the year of probation;
中国共产党党员教育管理工作条例 (2019) for joining. A date known only to the month or year raises
a finding only if no day in it satisfies the rule.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from members.rules import identity
from members.rules.codes import FULL, PROBATIONARY, SEXES
from registry.calendar import PartialDate, age_on, whole_months_between, years_after
from registry.sentences import Sentence, warning

AGE_AT_JOINING = 18
YEARS_OF_PROBATION = 1

# Joined on these days, both included, nobody is asked for age and probation: the statutes of the
# 9th and 10th congress knew no probation, those before the 8th had other ages and waits.
OTHER_STATUTES = (
    (date.min, date(1955, 12, 31)),
    (date(1969, 4, 1), date(1977, 8, 31)),
)


@dataclass(frozen=True)
class Facts:
    """What is known of one membership; everything may be missing."""

    kind: str = ""
    sex: str = ""
    id_number: str = ""  # normalised, 18 signs
    born_on: PartialDate | None = None
    work_began_on: PartialDate | None = None
    joined_on: PartialDate | None = None
    full_member_on: PartialDate | None = None
    extended: bool = False  # probation was extended, so full membership comes later
    left_on: date | None = None


def objections(facts: Facts, on: date) -> list[Sentence]:
    """Return every contradiction in ``facts`` on the day ``on``, errors and warnings.

    The name and the ID number itself are judged in members.rules.names and identity.
    """
    return [
        *_against_the_id_number(facts),
        *_in_the_future(facts, on),
        *_out_of_order(facts),
        *_too_soon_or_late(facts),
        *_against_the_kind(facts, on),
    ]


def _against_the_id_number(facts: Facts) -> list[Sentence]:
    if not facts.id_number or not identity.is_sound(facts.id_number):
        return []
    found = []
    told = identity.born_on(facts.id_number)
    if facts.born_on and not facts.born_on.could_be(told, told):
        found.append(
            warning(
                "Born on %(born)s, but the ID number says %(told)s. The personnel file decides.",
                field="born_on",
                code="born_differs_from_id",
                born=facts.born_on,
                told=told,
            )
        )
    sex = identity.sex_of(facts.id_number)
    if facts.sex in SEXES and facts.sex != sex:
        found.append(
            warning(
                "Sex is %(sex)s, but the ID number says %(told)s. The personnel file decides.",
                field="sex",
                code="sex_differs_from_id",
                sex=SEXES[facts.sex].label,
                told=SEXES[sex].label,
            )
        )
    return found


def _in_the_future(facts: Facts, on: date) -> list[Sentence]:
    found = []
    if facts.born_on and facts.born_on.first_day > on:
        found.append(
            Sentence(
                "Born on %(day)s, which is still to come. Check the date.",
                field="born_on",
                code="born_in_future",
                day=facts.born_on,
            )
        )
    if facts.joined_on and facts.joined_on.first_day > on:
        found.append(
            Sentence(
                "Joined on %(day)s, which is still to come. Check the date.",
                field="joined_on",
                code="joined_in_future",
                day=facts.joined_on,
            )
        )
    if facts.work_began_on and facts.work_began_on.first_day > on:
        found.append(
            warning(
                "Began work on %(day)s, which is still to come. Check the date.",
                field="work_began_on",
                code="work_in_future",
                day=facts.work_began_on,
            )
        )
    return found


def _out_of_order(facts: Facts) -> list[Sentence]:
    found = []
    born, joined, full = facts.born_on, facts.joined_on, facts.full_member_on
    if born and joined and joined.last_day < born.first_day:
        found.append(
            Sentence(
                "Joined on %(joined)s, before being born on %(born)s. Check both dates.",
                field="joined_on",
                code="joined_before_born",
                joined=joined,
                born=born,
            )
        )
    if joined and full and full.last_day < joined.first_day:
        found.append(
            Sentence(
                "Became a full member on %(full)s, before joining on %(joined)s. Check both dates.",
                field="full_member_on",
                code="full_before_joined",
                full=full,
                joined=joined,
            )
        )
    if joined and facts.left_on and facts.left_on < joined.first_day:
        found.append(
            Sentence(
                "Left on %(left)s, before joining on %(joined)s. Check both dates.",
                field="left_on",
                code="left_before_joined",
                left=facts.left_on,
                joined=joined,
            )
        )
    if born and facts.work_began_on and facts.work_began_on.last_day < born.first_day:
        found.append(
            warning(
                "Began work on %(work)s, before being born on %(born)s. Check both dates.",
                field="work_began_on",
                code="work_before_born",
                work=facts.work_began_on,
                born=born,
            )
        )
    return found


def _too_soon_or_late(facts: Facts) -> list[Sentence]:
    born, joined, full = facts.born_on, facts.joined_on, facts.full_member_on
    if not joined:
        return []
    joined_first, joined_last = joined.first_day, joined.last_day
    if any(joined_last >= first and joined_first <= last for first, last in OTHER_STATUTES):
        return []
    found = []
    born_first = born.first_day if born else None
    if born_first and born_first <= joined_last < years_after(born_first, AGE_AT_JOINING):
        found.append(
            warning(
                "Joined on %(joined)s, before the age of %(age)s; born on %(born)s. "
                "Compare both dates with the personnel file.",
                field="joined_on",
                code="joined_too_young",
                joined=joined,
                age=AGE_AT_JOINING,
                born=born,
            )
        )
    if not full or full.last_day < joined_first:
        return found
    if full.last_day < years_after(joined_first, YEARS_OF_PROBATION):
        found.append(
            warning(
                "Became a full member on %(full)s, less than a year after joining on %(joined)s. "
                "Compare both dates with the personnel file.",
                field="full_member_on",
                code="full_too_soon",
                full=full,
                joined=joined,
            )
        )
    if not facts.extended and full.first_day > years_after(joined_last, YEARS_OF_PROBATION):
        found.append(
            warning(
                "Became a full member on %(full)s, more than a year after joining on %(joined)s, "
                "and no extension is known. Full membership begins on the day probation ends.",
                field="full_member_on",
                code="full_late",
                full=full,
                joined=joined,
            )
        )
    return found


def _against_the_kind(facts: Facts, on: date) -> list[Sentence]:
    full = facts.full_member_on
    if facts.kind == FULL and not full:
        return [
            warning(
                "The day of full membership is missing. Party age counts from it.",
                field="full_member_on",
                code="full_without_date",
            )
        ]
    if facts.kind == PROBATIONARY and full and full.last_day <= on:
        return [
            warning(
                "Full membership began on %(full)s, but the member is kept as probationary. "
                "Check which is right.",
                field="kind",
                code="probationary_with_past_full_date",
                full=full,
            )
        ]
    if full and full.first_day > on:
        return [
            warning(
                "Full membership on %(full)s is still to come. Leave the date empty until then.",
                field="full_member_on",
                code="full_in_future",
                full=full,
            )
        ]
    return []


def party_age(
    full_member_on: PartialDate | None, correction_months: int, on: date
) -> tuple[int, int] | None:
    """Return whole years and months of Party age on ``on``; None before full membership.

    Counted from the first day that the date of full membership allows, plus the correction, which
    is negative for a gap such as a suspension.
    """
    if full_member_on is None or full_member_on.first_day > on:
        return None
    months = whole_months_between(full_member_on.first_day, on) + correction_months
    return divmod(max(months, 0), 12)


def party_birthday(joined_on: PartialDate, year: int) -> PartialDate:
    """Return the anniversary of joining in ``year``, as precise as the day of joining is known.

    Who joined on 29 February has it on the 28th in a common year. Raises ValueError for a year
    before joining.
    """
    if year < joined_on.year:
        raise ValueError(f"There is no Party birthday in {year}, before joining in {joined_on}.")
    if not joined_on.day:
        return PartialDate(year, joined_on.month)
    return PartialDate.of(years_after(joined_on.first_day, year - joined_on.year))


def age(born_on: PartialDate, on: date) -> int:
    """Return the age in whole years on ``on``."""
    return age_on(born_on, on)
