"""Discipline (党纪处分) and organisational measures (组织处置): kinds, how long, what they bring.

Sources: 中国共产党纪律处分条例 (2023) for discipline; 中国共产党不合格党员组织处置办法 (2024) for
measures; 中国共产党基层组织选举工作条例 (2020) for who neither votes nor stands. Months are those
of the calendar from the day of the decision; every “until” is the first day after it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from members.rules import placements
from members.rules.codes import Entry, choices_of
from registry.calendar import PartialDate, months_after, years_after
from registry.sentences import Sentence, warning

DISCIPLINE, MEASURE = "discipline", "measure"
_PUNISHED = "中国共产党纪律处分条例 (2023)"
_MEASURED = "中国共产党不合格党员组织处置办法 (2024)"


@dataclass(frozen=True)
class Kind(Entry):
    """One kind. ``months`` are the lengths it may be given, usual first; none where it has one."""

    group: str = DISCIPLINE
    months: tuple[int, ...] = ()
    lasts: int = 0  # months of effect from the decision, where no length is given
    longest: int = 0  # months, extensions included; 0 where it is never extended
    suspends_rights: bool = False  # neither votes, elects nor stands, nor is a sponsor
    ends_offices: bool = False
    no_post_after: int = 0  # months without an equal or higher post after the length given
    source: str = _PUNISHED

    @property
    def ends_membership(self) -> bool:
        """Whether it is a way of leaving, which has the same code."""
        return self.code in placements.LEAVING_REASONS


def _leaving(code: str, group: str = MEASURE, source: str = _MEASURED) -> Kind:
    reason = placements.LEAVING_REASONS[code]
    return Kind(code, reason.label, reason.chinese, group=group, source=source)


PROBATION = "probation_in_party"
POSTS_REMOVED = "posts_removed"
CORRECTION = "correction"
KINDS: dict[str, Kind] = {
    kind.code: kind
    for kind in (
        Kind("warning", Sentence("warning (discipline)"), "警告", lasts=12),
        Kind("serious_warning", Sentence("serious warning"), "严重警告", lasts=18),
        Kind(
            POSTS_REMOVED,
            Sentence("removed from Party posts"),
            "撤销党内职务",
            lasts=24,
            ends_offices=True,
        ),
        Kind(
            PROBATION,
            Sentence("probation within the Party"),
            "留党察看",
            months=(12, 24),
            longest=24,
            suspends_rights=True,
            ends_offices=True,
            no_post_after=24,
        ),
        _leaving(placements.EXPELLED, DISCIPLINE, _PUNISHED),
        Kind(
            CORRECTION,
            Sentence("correction within a time limit"),
            "限期改正",
            group=MEASURE,
            months=(6, 3, 9, 12),
            longest=12,
            source=_MEASURED,
        ),
        _leaving("persuaded_to_quit"),
        _leaving("struck_off_absent"),
        _leaving("struck_off_resigned"),
        _leaving("struck_off_refused"),
        _leaving("struck_off"),
    )
}
# Kinds under which nobody is given an equal or a higher post, until their effect has ended.
KEEP_FROM_POSTS = frozenset({"warning", "serious_warning", POSTS_REMOVED, PROBATION})


def kind_choices() -> list[tuple[str, str]]:
    return choices_of(KINDS)


@dataclass(frozen=True)
class Effect:
    """How long a decision holds: its own length, and all that follows from it."""

    period_until: date | None  # of 留党察看 and 限期改正
    until: date  # the first day after everything


def effect_of(kind: str, decided_on: date, months: int = 0, extended_by: int = 0) -> Effect:
    """Return until when a decision of ``kind`` holds, ``months`` long where that is given.

    Raises ValueError for an unknown kind.
    """
    if kind not in KINDS:
        raise ValueError(f"“{kind}” is not a kind of discipline.")
    known = KINDS[kind]
    if known.ends_membership:
        years = placements.LEAVING_REASONS[kind].no_rejoining_for_years
        return Effect(None, years_after(decided_on, years))
    if not known.months:
        return Effect(None, months_after(decided_on, known.lasts))
    length = months + extended_by
    period_until = months_after(decided_on, length)
    return Effect(period_until, months_after(decided_on, length + known.no_post_after))


@dataclass(frozen=True)
class Decision:
    """A decision as it is to be entered; ``joined_on`` and ``name`` are of who it is about."""

    kind: str
    decided_on: date
    months: int = 0
    document: str = ""
    decided_by: str = ""
    name: str = ""
    joined_on: PartialDate | None = None


def objections(decision: Decision, today: date) -> list[Sentence]:
    """Return every reason against ``decision`` as entered on ``today``."""
    if decision.kind not in KINDS:
        return [
            Sentence(
                "“%(kind)s” is not a kind of discipline. Choose one from the list.",
                field="kind",
                code="discipline_unknown",
                kind=decision.kind,
            )
        ]
    found = [*_against_the_length(decision), *_against_the_day(decision, today)]
    for field, said, text in (
        ("document", decision.document, Sentence("A decision has a document. Enter its number.")),
        ("decided_by", decision.decided_by, Sentence("Say who has decided.")),
    ):
        if not said.strip():
            found.append(Sentence(text, field=field, code="discipline_without_paper"))
    return found


def _against_the_length(decision: Decision) -> list[Sentence]:
    kind = KINDS[decision.kind]
    if not kind.months and decision.months:
        return [
            Sentence(
                "“%(kind)s” is given without a length. Leave it empty.",
                field="months",
                code="discipline_without_length",
                kind=kind.label,
            )
        ]
    if decision.kind == PROBATION and decision.months not in kind.months:
        return [
            Sentence(
                "Probation within the Party lasts 12 or 24 months, not %(months)s. Choose one.",
                field="months",
                code="probation_length",
                months=decision.months,
            )
        ]
    if decision.kind == CORRECTION and not 1 <= decision.months <= kind.longest:
        return [
            Sentence(
                "A time limit for correction is 12 months at most, normally 6, not %(months)s. "
                "Enter another length.",
                field="months",
                code="correction_length",
                months=decision.months,
            )
        ]
    return []


def _against_the_day(decision: Decision, today: date) -> list[Sentence]:
    found = []
    if decision.decided_on > today:
        found.append(
            Sentence(
                "%(day)s is still to come. Enter it on that day.",
                field="decided_on",
                code="day_to_come",
                day=decision.decided_on,
            )
        )
    if decision.joined_on and not decision.joined_on.could_be(last=decision.decided_on):
        found.append(
            Sentence(
                "%(name)s joined on %(joined)s, after %(day)s. Check the day of the decision.",
                field="decided_on",
                code="decided_before_joining",
                name=decision.name,
                joined=decision.joined_on,
                day=decision.decided_on,
            )
        )
    return found


def extending_objections(
    kind: str, months: int, extended_by: int, more: int, period_until: date | None, on: date
) -> list[Sentence]:
    """Return every reason against adding ``more`` months on ``on`` to a period of ``months``.

    留党察看 is extended once, from one year to two; 限期改正 to a year at most.
    """
    known = KINDS[kind]
    if not known.longest or period_until is None:
        return [
            Sentence(
                "“%(kind)s” is not extended. Enter a new decision.",
                code="not_extended",
                kind=known.label,
            )
        ]
    found = []
    if extended_by:
        found.append(
            Sentence("It was extended once already, and is not extended again.", code="extended")
        )
    if more < 1 or months + extended_by + more > known.longest:
        found.append(
            Sentence(
                "With the extension it would last %(months)s months; %(longest)s are the most. "
                "Enter another length.",
                field="months",
                code="extended_too_far",
                months=months + extended_by + more,
                longest=known.longest,
            )
        )
    if on > period_until:
        found.append(
            Sentence(
                "The period ended on %(day)s, so it is not extended on %(on)s. Check the day.",
                field="on",
                code="extended_too_late",
                day=period_until,
                on=on,
            )
        )
    return found


def post_objections(name: str, kind: str, until: date, held_from: date) -> list[Sentence]:
    """Return a warning where a post begins while no equal or higher one may be given."""
    if kind not in KEEP_FROM_POSTS or held_from >= until:
        return []
    return [
        warning(
            "%(name)s is under “%(kind)s” and holds no equal or higher post before %(until)s. "
            "Compare it with the decision.",
            field="post",
            code="post_under_discipline",
            name=name,
            kind=KINDS[kind].label,
            until=until,
        )
    ]
