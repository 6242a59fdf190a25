"""Terms of office: how long, until when, postponed by whom, and when the superior reminds.

Sources: 中国共产党基层组织选举工作条例 (2020) and 关于党的基层组织任期的意见 (2018) for length,
postponement and the reminder six months ahead. Terms that began under older rules lasted 2 to 5
years, so the length is kept with each term and never worked out from the kind of organisation.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from branches.rules import hierarchy
from members.rules.codes import Entry, choices_of, table_of
from members.rules.offices import BODIES, COMMITTEE, DISCIPLINE
from registry.calendar import months_after, years_after
from registry.sentences import Sentence, warning

SHORTEST, LONGEST = 2, 5  # years
REMIND_MONTHS = 6  # the superior reminds so long ahead
LAST_MONTHS = 1  # from then on it is due, not only coming
POSTPONED_AT_MOST = 1  # year, normally

# A term of each kind that begins today; only committees have a discipline committee beside them.
USUAL_YEARS = {
    hierarchy.PARTY_COMMITTEE: 5,
    hierarchy.ORGAN_COMMITTEE: 5,
    hierarchy.GENERAL_BRANCH: 3,
    hierarchy.BRANCH: 3,
}
WITH_DISCIPLINE = frozenset(
    {hierarchy.WORK_COMMITTEE, hierarchy.PARTY_COMMITTEE, hierarchy.ORGAN_COMMITTEE}
)

# In how far a term has come to its end; the names stand in files and addresses.
UNRECORDED, RUNNING, DUE_SOON, DUE, OVERDUE = (
    "unrecorded", "running", "due_soon", "due", "overdue",
)  # fmt: skip
APPOINTED = "appointed"
STATES = table_of(
    Entry(OVERDUE, Sentence("overdue"), "逾期未换届"),
    Entry(DUE, Sentence("due within a month"), "一个月内届满"),
    Entry(DUE_SOON, Sentence("due in six months"), "六个月内届满"),
    Entry(RUNNING, Sentence("in its term"), "任期内"),
    Entry(APPOINTED, Sentence("appointed, without a term"), "委派，无任期"),
    Entry(UNRECORDED, Sentence("no term recorded"), "未登记任期"),
)

# What the superior sends: six months ahead, and once the day has passed.
REMINDER, URGING = "reminder", "urging"
NOTICES = table_of(
    Entry(REMINDER, Sentence("reminder of the election"), "换届提醒函"),
    Entry(URGING, Sentence("urging of an overdue election"), "换届督办通知"),
)


def notice_choices() -> list[tuple[str, str]]:
    return choices_of(NOTICES)


def notice_objections(kind: str, name: str, due: date | None, day: date) -> list[Sentence]:
    """Return the reason against sending such a notice about ``name`` on ``day``."""
    stands = state(due, day)
    if kind == REMINDER and stands not in (DUE_SOON, DUE):
        return [
            Sentence(
                "“%(name)s” is not due within six months. Take it out of the selection.",
                code="not_to_be_reminded",
                name=name,
            )
        ]
    if kind == URGING and stands != OVERDUE:
        return [
            Sentence(
                "“%(name)s” is not overdue. Take it out of the selection.",
                code="not_to_be_urged",
                name=name,
            )
        ]
    return []


def state_choices() -> list[tuple[str, str]]:
    return choices_of(STATES)


def body_choices() -> list[tuple[str, str]]:
    return [(body, BODIES[body]) for body in (COMMITTEE, DISCIPLINE)]


def elects(kind: str, sort: str = hierarchy.ORDINARY) -> bool:
    """Return whether the bodies of such an organisation are elected; appointed ones have no due
    day: a work committee, a leading group, a temporary branch."""
    return hierarchy.KINDS[kind].elects and hierarchy.SORTS[sort].elects


def usual_years(kind: str, sort: str = hierarchy.ORDINARY) -> int | None:
    """Return how long a term that begins now lasts, in years; None where bodies are appointed."""
    return USUAL_YEARS[kind] if elects(kind, sort) else None


def due_on(began_on: date, years: int | None) -> date | None:
    """Return the day by which the next election is due; None for an appointed body.

    A term from 10 June 2021 of five years is due on 10 June 2026.
    """
    return None if years is None else years_after(began_on, years)


def state(due: date | None, day: date) -> str:
    """Return how a term stands on ``day`` that is ``due`` by then, postponements included."""
    if due is None:
        return APPOINTED
    if day > due:
        return OVERDUE
    if day >= months_after(due, -LAST_MONTHS):
        return DUE
    return DUE_SOON if day >= months_after(due, -REMIND_MONTHS) else RUNNING


@dataclass(frozen=True)
class NewTerm:
    """A term as it is to be entered; ``years`` is None for an appointed body."""

    body: str
    began_on: date
    years: int | None


@dataclass(frozen=True)
class Seat:
    """The organisation that a term is of: what it is, and the body's term before, if any."""

    kind: str
    sort: str = hierarchy.ORDINARY
    founded_on: date | None = None
    dissolved_on: date | None = None
    last_began_on: date | None = None
    last_due_on: date | None = None


def objections(new: NewTerm, at: Seat, today: date) -> list[Sentence]:
    """Return every reason against a new term at an organisation, entered on ``today``."""
    return [*_body(new, at), *_length(new, at), *_beginning(new, at, today)]


def _body(new: NewTerm, at: Seat) -> list[Sentence]:
    if new.body != DISCIPLINE or at.kind in WITH_DISCIPLINE:
        return []
    return [
        Sentence(
            "“%(kind)s” has no discipline committee. Choose the committee.",
            field="body",
            code="no_discipline_committee",
            kind=hierarchy.KINDS[at.kind].label,
        )
    ]


def _length(new: NewTerm, at: Seat) -> list[Sentence]:
    usual = usual_years(at.kind, at.sort)
    if usual is None:
        if new.years is None:
            return []
        return [
            Sentence(
                "Its bodies are appointed and have no term. Leave the length empty.",
                field="years",
                code="appointed_without_term",
            )
        ]
    if new.years is None:
        return [
            Sentence(
                "An elected body has a term. Enter its length of %(least)s to %(most)s years.",
                field="years",
                code="length_missing",
                least=SHORTEST,
                most=LONGEST,
            )
        ]
    if not SHORTEST <= new.years <= LONGEST:
        return [
            Sentence(
                "A term of %(years)s years is none. Enter %(least)s to %(most)s.",
                field="years",
                code="length_outside",
                years=new.years,
                least=SHORTEST,
                most=LONGEST,
            )
        ]
    if new.years != usual:
        return [
            warning(
                "A term of “%(kind)s” normally lasts %(usual)s years, not %(years)s. If it began "
                "under older rules, leave it.",
                field="years",
                code="length_unusual",
                kind=hierarchy.KINDS[at.kind].label,
                usual=usual,
                years=new.years,
            )
        ]
    return []


def _beginning(new: NewTerm, at: Seat, today: date) -> list[Sentence]:
    found = []
    if new.began_on > today:
        found.append(
            Sentence(
                "%(day)s is still to come. Enter the term on that day.",
                field="began_on",
                code="begins_in_the_future",
                day=new.began_on,
            )
        )
    if at.founded_on is not None and new.began_on < at.founded_on:
        found.append(
            Sentence(
                "The term begins on %(begin)s, before the organisation was founded on "
                "%(founded)s. Check the day.",
                field="began_on",
                code="term_before_founding",
                begin=new.began_on,
                founded=at.founded_on,
            )
        )
    if at.dissolved_on is not None and new.began_on >= at.dissolved_on:
        found.append(
            Sentence(
                "The organisation was dissolved on %(dissolved)s. Choose an earlier day than "
                "%(begin)s.",
                field="began_on",
                code="term_after_dissolving",
                begin=new.began_on,
                dissolved=at.dissolved_on,
            )
        )
    if at.last_began_on is not None and new.began_on <= at.last_began_on:
        found.append(
            Sentence(
                "The term before began on %(before)s. Choose a later day than %(begin)s.",
                field="began_on",
                code="term_before_the_last",
                begin=new.began_on,
                before=at.last_began_on,
            )
        )
    elif at.last_due_on is not None and new.began_on < months_after(at.last_due_on, -REMIND_MONTHS):
        found.append(
            warning(
                "The term before runs until %(due)s. An election brought forward needs the "
                "superior's approval.",
                field="began_on",
                code="brought_forward",
                due=at.last_due_on,
            )
        )
    return found


@dataclass(frozen=True)
class Running:
    """A term that is to be postponed: its first due day, the one that holds, whether it ended."""

    began_on: date
    first_due_on: date | None
    due_on: date | None
    ended_on: date | None = None


def postponing_objections(
    term: Running, until: date, approved_by: str, approved_on: date, today: date
) -> list[Sentence]:
    """Return every reason against postponing an election to ``until``.

    Over a year after the day on which it was due at first is a warning: 选举工作条例 (2020).
    """
    if term.due_on is None or term.first_due_on is None:
        return [
            Sentence(
                "An appointed body has no due day, so there is nothing to postpone.",
                field="until",
                code="nothing_to_postpone",
            )
        ]
    found = []
    if term.ended_on is not None:
        found.append(
            Sentence(
                "The term ended on %(ended)s. Postpone the one that runs.",
                field="until",
                code="term_has_ended",
                ended=term.ended_on,
            )
        )
    if until <= term.due_on:
        found.append(
            Sentence(
                "It is due on %(due)s anyway. Choose a later day than %(until)s.",
                field="until",
                code="not_later_than_due",
                due=term.due_on,
                until=until,
            )
        )
    elif until > years_after(term.first_due_on, POSTPONED_AT_MOST):
        found.append(
            warning(
                "An election is normally postponed by one year at most, to %(last)s, not to "
                "%(until)s.",
                field="until",
                code="postponed_over_a_year",
                last=years_after(term.first_due_on, POSTPONED_AT_MOST),
                until=until,
            )
        )
    if not approved_by.strip():
        found.append(
            Sentence(
                "Only the superior may postpone an election. Name who approved it.",
                field="approved_by",
                code="approval_missing",
            )
        )
    if approved_on > today:
        found.append(
            Sentence(
                "%(day)s is still to come. Enter the approval on that day.",
                field="approved_on",
                code="approved_in_the_future",
                day=approved_on,
            )
        )
    if approved_on < term.began_on:
        found.append(
            Sentence(
                "The approval of %(day)s comes before the term, which began on %(began)s. Check "
                "the day.",
                field="approved_on",
                code="approved_before_the_term",
                day=approved_on,
                began=term.began_on,
            )
        )
    return found
