"""What was corrected since a report was submitted, person by person."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from members.models import choices
from members.models.figures.balancing import balance_of
from members.models.figures.reports import DATES, FACTS, FiguresReport, counted_people
from members.models.members import Member
from members.rules.figures import LINES
from registry.calendar import PartialDate
from registry.language import said


@dataclass(frozen=True)
class Correction:
    """One thing that is said otherwise now of one person; ``label`` is what."""

    member_id: int
    label: str
    before: str
    now: str


def corrections_of(report: FiguresReport) -> list[Correction]:
    """Return everything that the same question answers otherwise today, in the order of people.

    Who was counted and is not any more, or the other way round; what his record says now; and in
    which lines of the balance he stands.
    """
    return sorted(
        [*_of_the_day(report), *_of_the_balance(report)],
        key=lambda each: (each.member_id, each.label),
    )


def _of_the_day(report: FiguresReport) -> Iterator[Correction]:
    columns = ("member", "organization", *FACTS)
    rows = report.people.filter(line="").order_by("member").values_list(*columns)
    then = {
        row[0]: tuple(each.code if isinstance(each, PartialDate) else each for each in row[1:])
        for row in rows.iterator()
    }
    label = _("as at the day")
    for member, *now in counted_people(report.chosen, report.as_at):
        before = then.pop(member, None)
        if before is None:
            yield Correction(member, label, _("not counted"), _("counted"))
        elif before != tuple(now):
            yield from _of_the_record(member, before, now)
    for member in then:
        yield Correction(member, label, _("counted"), _("not counted"))


def _of_the_record(member: int, before: Any, now: Any) -> Iterator[Correction]:
    for place, field in enumerate(("organization", *FACTS)):
        if before[place] != now[place]:
            yield Correction(
                member,
                str(Member._meta.get_field(field).verbose_name),  # type: ignore[union-attr]
                _in_words(field, before[place]),
                _in_words(field, now[place]),
            )


def _in_words(field: str, value: Any) -> str:
    if value in (None, ""):
        return ""
    if field in DATES:
        return str(PartialDate.from_code(value))
    known = _CHOICES.get(field)
    return str(dict(known()).get(value, value)) if known else str(value)


_CHOICES = {
    "kind": choices.kinds,
    "sex": choices.sexes,
    "ethnicity": choices.ethnic_groups,
    "education": choices.educations,
    "category": choices.categories,
}

Stand = tuple[str, int, date]  # line, sign, day


def _of_the_balance(report: FiguresReport) -> Iterator[Correction]:
    then: dict[int, Counter[Stand]] = defaultdict(Counter)
    now: dict[int, Counter[Stand]] = defaultdict(Counter)
    kept = report.people.exclude(line="").values_list("member", "line", "sign", "on")
    for member, line, sign, day in kept.iterator():
        then[member][line, sign, day or report.as_at] += 1
    for change in balance_of(report.chosen, report.first, report.as_at).changes:
        now[change.member_id][change.line, change.sign, change.on] += 1
    for member in sorted(then.keys() | now.keys()):
        gone, new = then[member] - now[member], now[member] - then[member]
        if gone or new:
            yield Correction(member, _("balance"), _stands(gone), _stands(new))


def _stands(stands: Counter[Stand]) -> str:
    return ", ".join(f"{said(LINES[line].label)} {day}" for line, _sign, day in sorted(stands))
