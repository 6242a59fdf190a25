"""Transfers of the membership relation (组织关系转接): kinds, limits, and how one stands on a day.

Sources: 中国共产党党员教育管理工作条例 (2019) for who moves the relation, and that the old
organisation answers until the new one has accepted; the guides to the letter
(《中国共产党党员组织关系介绍信》) for its three parts, validity, receipt and stub. What may be
entered on which day stands in ``sending`` and ``letters``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from members.rules.codes import Entry, choices_of, table_of
from registry.calendar import months_after, years_after
from registry.sentences import Sentence


@dataclass(frozen=True)
class Kind(Entry):
    """One way of moving the relation.

    ``has_letter``: a paper with a number goes along and a receipt comes back. ``is_entered``: it
    is entered as a transfer of people; a whole move is entered with the organisation.
    """

    has_letter: bool = False
    stays_inside: bool = False  # both sides are in this register
    is_entered: bool = True


INTERNAL, ONLINE, LETTER, WHOLE = "internal", "online", "letter", "whole"
KINDS: dict[str, Kind] = {
    kind.code: kind
    for kind in (
        Kind(INTERNAL, Sentence("within this register"), "内部转接", stays_inside=True),
        Kind(ONLINE, Sentence("on line in the national system"), "全国系统网上转接"),
        Kind(LETTER, Sentence("by paper letter"), "纸质介绍信", has_letter=True),
        Kind(WHOLE, Sentence("with the whole organisation"), "整建制", is_entered=False),
    )
}

OUT, IN = "out", "in"
DIRECTIONS = table_of(
    Entry(OUT, Sentence("transfer out"), "转出"), Entry(IN, Sentence("transfer in"), "转入")
)

# How a transfer stands; the names stand in files and addresses. The last four are how it ended.
PROPOSED, PASSING, UNDER_WAY = "proposed", "passing", "under_way"
EXPIRED, OVERDUE, ACCEPTED = "expired", "overdue", "accepted"
TO_PLACE, RECEIPT_OWED = "to_place", "receipt_owed"
COMPLETE, WITHDRAWN, SENT_BACK, REISSUED = "complete", "withdrawn", "sent_back", "reissued"
STATES = table_of(
    Entry(PROPOSED, Sentence("letter to be issued"), "待开介绍信"),
    Entry(PASSING, Sentence("to be passed on"), "待上级转递"),
    Entry(UNDER_WAY, Sentence("being transferred"), "转接中"),
    Entry(EXPIRED, Sentence("letter expired"), "介绍信已过有效期"),
    Entry(OVERDUE, Sentence("receipt overdue"), "回执逾期未回"),
    Entry(ACCEPTED, Sentence("accepted, receipt outstanding"), "已接收，待回执"),
    Entry(TO_PLACE, Sentence("to be placed in a branch"), "待编入支部"),
    Entry(RECEIPT_OWED, Sentence("receipt to be returned"), "待寄回执"),
    Entry(COMPLETE, Sentence("complete"), "已办结"),
    Entry(WITHDRAWN, Sentence("withdrawn"), "已撤回"),
    Entry(SENT_BACK, Sentence("sent back"), "已退回"),
    Entry(REISSUED, Sentence("issued again"), "已重新开具"),
)
ENDINGS = (COMPLETE, WITHDRAWN, SENT_BACK, REISSUED)


@dataclass(frozen=True)
class Limits:
    """How long a letter holds and how soon what must have happened, from a day on."""

    since: date
    source: str
    city_days: int  # validity that is usual within the city
    outside_days: int
    most_days: int  # never longer
    receipt_months: int  # within which the receipt comes back
    stub_years: int  # for which the stub is kept
    handed_in_months: int  # after which falling away (自行脱党) is examined


LIMITS = (
    Limits(
        since=date.min,
        source="《中国共产党党员组织关系介绍信》的填写和使用要求; practice of several cities",
        city_days=10,
        outside_days=30,
        most_days=90,
        receipt_months=1,
        stub_years=10,
        handed_in_months=6,
    ),
)


def limits_on(day: date) -> Limits:
    """Return the limits in force on ``day``."""
    return next(each for each in reversed(LIMITS) if each.since <= day)


def usual_days(day: date, *, outside_city: bool) -> int:
    """Return how many days a letter of ``day`` is usually valid."""
    limits = limits_on(day)
    return limits.outside_days if outside_city else limits.city_days


def valid_through(issued_on: date, days: int) -> date:
    """Return the last day on which a letter holds; the day it is of does not count, so one of 1
    November for ten days holds through the 11th."""
    return issued_on + timedelta(days=days)


def receipt_due_on(issued_on: date) -> date:
    """Return the last day on which the receipt of a letter is in time."""
    return months_after(issued_on, limits_on(issued_on).receipt_months)


def stub_kept_until(issued_on: date) -> date:
    """Return the first day on which the stub of a letter need no longer be kept."""
    return years_after(issued_on, limits_on(issued_on).stub_years)


def handed_in_by(issued_on: date) -> date:
    """Return the last day before falling away (自行脱党) is to be examined."""
    return months_after(issued_on, limits_on(issued_on).handed_in_months)


@dataclass(frozen=True)
class Course:
    """The days of one transfer, as far as it has come; how it stands follows from them."""

    kind: str
    direction: str
    begun_on: date
    issued_on: date | None = None
    valid_through: date | None = None
    receipt_due_on: date | None = None
    goes_through: bool = False  # a work committee passes the letter on
    passed_on: date | None = None
    accepted_on: date | None = None
    receipt_on: date | None = None
    ending: str = ""


def state(course: Course, day: date) -> str:
    """Return how a transfer stands on ``day``. A letter that nobody has accepted is expired after
    its last day, whether or not its receipt is overdue as well: it has to be issued again."""
    if course.ending:
        return course.ending
    if course.direction == IN:
        return TO_PLACE if course.accepted_on is None else RECEIPT_OWED
    if not KINDS[course.kind].has_letter:
        return UNDER_WAY
    if course.issued_on is None:
        return PROPOSED
    return _of_letter(course, day)


def _of_letter(course: Course, day: date) -> str:
    accepted = course.accepted_on is not None
    if not accepted and course.valid_through and day > course.valid_through:
        return EXPIRED
    if course.receipt_due_on and day > course.receipt_due_on:
        return OVERDUE
    if accepted:
        return ACCEPTED
    return PASSING if course.goes_through and course.passed_on is None else UNDER_WAY


def is_done(kind: str, accepted_on: date | None, receipt_on: date | None) -> bool:
    """Return whether nothing more is to come: accepted, and of a letter the receipt back."""
    return accepted_on is not None and (not KINDS[kind].has_letter or receipt_on is not None)


def kind_choices() -> list[tuple[str, str]]:
    return choices_of(KINDS)


def entered_choices() -> list[tuple[str, str]]:
    """Return the kinds that are entered as transfers of people."""
    return [(kind.code, kind.label) for kind in KINDS.values() if kind.is_entered]


def direction_choices() -> list[tuple[str, str]]:
    return choices_of(DIRECTIONS)


def state_choices() -> list[tuple[str, str]]:
    return choices_of(STATES)


def ending_choices() -> list[tuple[str, str]]:
    return [(code, STATES[code].label) for code in ENDINGS]
