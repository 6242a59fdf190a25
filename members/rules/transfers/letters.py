"""What speaks against the letter of a transfer, and against each step on its way.

Sources as in ``course``. The days of a letter are judged on one's own as on one that came.
"""

from __future__ import annotations

from datetime import date

from members.rules.transfers import course as days_of
from members.rules.transfers.course import KINDS, OUT, STATES, Course, limits_on
from members.rules.transfers.sending import not_to_come
from registry.sentences import Sentence, warning

# The letter


def letter_objections(
    issued_on: date, days: int | None, *, incoming: bool, begun_on: date, today: date
) -> list[Sentence]:
    """Return what speaks against the days of a letter: never longer than 90 days on one's own,
    which is only a warning on one that came."""
    found = not_to_come(issued_on, today, "issued_on")
    if not incoming and issued_on < begun_on:
        found.append(
            Sentence(
                "The transfer was proposed on %(begun)s. The letter cannot be of %(day)s, before "
                "that.",
                field="issued_on",
                code="letter_before_proposal",
                begun=begun_on,
                day=issued_on,
            )
        )
    if incoming and issued_on > begun_on:
        found.append(
            Sentence(
                "The letter is of %(day)s, after it came on %(begun)s. Check both days.",
                field="issued_on",
                code="letter_after_coming",
                begun=begun_on,
                day=issued_on,
            )
        )
    return [*found, *_validity(issued_on, days, incoming=incoming, came_on=begun_on)]


def _validity(
    issued_on: date, days: int | None, *, incoming: bool, came_on: date
) -> list[Sentence]:
    most = limits_on(issued_on).most_days
    if not days:
        if incoming and days is None:
            return []
        return [
            Sentence(
                "A letter holds for at least one day. Enter from 1 to %(most)s days.",
                field="validity_days",
                code="validity_missing",
                most=most,
            )
        ]
    found: list[Sentence] = []
    if days > most:
        words = {"field": "validity_days", "code": "validity_too_long"}
        if incoming:
            found.append(
                warning(
                    "The letter says %(days)s days; no letter holds for more than %(most)s.",
                    **words,
                    days=days,
                    most=most,
                )
            )
        else:
            found.append(
                Sentence(
                    "%(days)s days are too many: no letter holds for more than %(most)s.",
                    **words,
                    days=days,
                    most=most,
                )
            )
    if not incoming or came_on <= days_of.valid_through(issued_on, days):
        return found
    found.append(
        warning(
            "The letter held until %(last)s and came on %(day)s. Ask for an explanation and a new "
            "letter.",
            field="issued_on",
            code="letter_expired",
            last=days_of.valid_through(issued_on, days),
            day=came_on,
        )
    )
    if came_on > days_of.handed_in_by(issued_on):
        found.append(_falling_away(issued_on, "issued_on"))
    return found


def _falling_away(issued_on: date, field: str = "") -> Sentence:
    return warning(
        "The letter of %(day)s was not handed in for more than %(months)s months. Examine whether "
        "he has fallen away from the Party.",
        field=field,
        code="not_handed_in",
        day=issued_on,
        months=limits_on(issued_on).handed_in_months,
    )


# On the way


def accepting_objections(course: Course, name: str, on: date, today: date) -> list[Sentence]:
    """Return every reason against ``name`` being accepted by the new organisation on ``on``."""
    found = [*_still_open(course), *not_to_come(on, today, "on")]
    first = course.issued_on or course.begun_on
    is_letter_out = KINDS[course.kind].has_letter and course.direction == OUT
    if is_letter_out and course.issued_on is None:
        found.append(
            Sentence(
                "No letter of %(name)s was issued yet. Issue it first.",
                code="letter_not_issued",
                name=name,
            )
        )
    if course.goes_through and course.passed_on is None:
        found.append(
            Sentence(
                "The work committee has not passed on the letter of %(name)s yet. Enter that.",
                code="letter_not_passed_on",
                name=name,
            )
        )
    if course.accepted_on is not None:
        found.append(
            Sentence(
                "%(name)s was accepted on %(day)s already.",
                code="accepted_already",
                name=name,
                day=course.accepted_on,
            )
        )
    elif on < first:
        found.append(
            Sentence(
                "%(name)s was sent on %(first)s and cannot be accepted before, on %(on)s.",
                field="on",
                code="accepted_before_leaving",
                name=name,
                first=first,
                on=on,
            )
        )
    return found


def receipt_objections(
    course: Course, name: str, on: date, accepted_on: date | None, today: date
) -> list[Sentence]:
    """Return every reason against a receipt that came on ``on`` and says that ``name`` was
    accepted on ``accepted_on``, None where that is entered already."""
    found = [*_still_open(course), *not_to_come(on, today, "on")]
    issued = course.issued_on
    if issued is None:
        return [
            *found,
            Sentence(
                "No letter of %(name)s was issued yet. Issue it first.",
                code="letter_not_issued",
                name=name,
            ),
        ]
    if on < issued:
        found.append(
            Sentence(
                "The letter is of %(letter)s. Its receipt cannot have come before, on %(on)s.",
                field="on",
                code="receipt_before_letter",
                letter=issued,
                on=on,
            )
        )
    accepted = course.accepted_on or accepted_on
    if accepted is None:
        found.append(
            Sentence(
                "The receipt says on which day %(name)s was accepted. Enter it.",
                field="accepted_on",
                code="accepted_missing",
                name=name,
            )
        )
    elif accepted > on:
        found.append(
            Sentence(
                "The receipt of %(on)s cannot tell of %(accepted)s, which is later. Check both "
                "days.",
                field="accepted_on",
                code="receipt_before_acceptance",
                on=on,
                accepted=accepted,
            )
        )
    return found


def closing_objections(course: Course, on: date, today: date) -> list[Sentence]:
    """Return every reason against withdrawing a transfer, sending it back or issuing its letter
    again on ``on``: nobody goes back behind an acceptance."""
    found = [*_still_open(course), *not_to_come(on, today, "on")]
    if course.accepted_on is not None:
        found.append(
            Sentence(
                "The new organisation accepted on %(day)s. It is too late for that.",
                code="accepted_already",
                day=course.accepted_on,
            )
        )
    if on < (course.issued_on or course.begun_on):
        found.append(
            Sentence(
                "The transfer began on %(first)s. Choose that day or a later one.",
                field="on",
                code="before_it_began",
                first=course.issued_on or course.begun_on,
            )
        )
    return found


def _still_open(course: Course) -> list[Sentence]:
    if not course.ending:
        return []
    return [
        Sentence(
            "This transfer is closed: %(state)s.",
            code="transfer_closed",
            state=STATES[course.ending].label,
        )
    ]


def remarks(course: Course, day: date) -> list[Sentence]:
    """Return what is to be looked after on ``day`` in a transfer that is under way."""
    if course.direction != OUT or course.ending or course.issued_on is None:
        return []
    found = []
    accepted = course.accepted_on is not None
    if not accepted and course.valid_through and day > course.valid_through:
        found.append(
            warning(
                "The letter held until %(last)s. Where it was not handed in, issue it again with "
                "an explanation.",
                code="letter_expired",
                last=course.valid_through,
            )
        )
    if course.receipt_due_on and day > course.receipt_due_on:
        found.append(
            warning(
                "The receipt was due on %(due)s. Ask the new organisation for it.",
                code="receipt_overdue",
                due=course.receipt_due_on,
            )
        )
    if not accepted and day > days_of.handed_in_by(course.issued_on):
        found.append(_falling_away(course.issued_on))
    return found
