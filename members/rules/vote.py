"""Votes of a members' assembly (支部大会) on admission and full membership.

Sources: 中国共产党发展党员工作细则 (2014), articles 20 and 33, for who has to be present and how
many have to agree; the five reasons are those of the organisation departments' guidance on 应到会.
Elections have other majorities and other code.
"""

from __future__ import annotations

from collections.abc import Mapping

from members.rules.codes import Entry, choices_of, table_of
from registry.sentences import Sentence, warning

# Full members with a vote who, for one of these reasons, are not among those due (应到).
EXCUSES = table_of(
    Entry("cannot_express_will", Sentence("cannot express their will"), "不能表达本人意志"),
    Entry("abroad", Sentence("abroad at own expense for over six months"), "自费出国半年以上"),
    Entry("in_prison", Sentence("serving a sentence"), "被判刑正在服刑"),
    Entry("bedridden", Sentence("bedridden or in need of care"), "长期卧床、生活不能自理"),
    Entry("should_have_moved", Sentence("should have moved their relation"), "应转未转组织关系"),
)

MAJORITY_CODES = frozenset({"too_few_present", "too_few_for"})


def excuse_choices() -> list[tuple[str, str]]:
    return choices_of(EXCUSES)


def due_of(entitled: int, excused: int) -> int:
    """Return how many are due (应到): the entitled less those excused for one of EXCUSES."""
    return entitled - excused


def admission(due: int, present: int, written_for: int, votes_for: int) -> list[Sentence]:
    """Return every reason why the assembly has not admitted; empty where it has.

    More than half of those ``due`` are present, and more than half of those due are for it: the
    votes in the room and, on top of them, the written opinions sent before the meeting, whose
    senders do not count as present. Numbers that do not add up come first.
    """
    return [
        *_negative(due=due, present=present, written_for=written_for, votes_for=votes_for),
        *_too_many(due, present, written_for, votes_for),
        *quorum(due, present),
        *_majority(due, written_for + votes_for),
    ]


def quorum(due: int, present: int) -> list[Sentence]:
    """Return why the assembly could not decide; empty where more than half of ``due`` came."""
    if 2 * present > due:
        return []
    return [
        Sentence(
            "%(present)s of %(due)s are present; an assembly decides only with more than half of "
            "those due. Hold it again.",
            field="present",
            code="too_few_present",
            present=present,
            due=due,
        )
    ]


def _majority(due: int, agreed: int) -> list[Sentence]:
    if 2 * agreed > due:
        return []
    return [
        Sentence(
            "%(agreed)s of %(due)s due are for it, written opinions included; more than half are "
            "needed. Record that the assembly did not agree.",
            field="votes_for",
            code="too_few_for",
            agreed=agreed,
            due=due,
        )
    ]


def _negative(**numbers: int) -> list[Sentence]:
    return [
        Sentence(
            "%(number)s is below 0. Enter 0 or more.", field=name, code="negative", number=number
        )
        for name, number in numbers.items()
        if number < 0
    ]


def _too_many(due: int, present: int, written: int, votes_for: int) -> list[Sentence]:
    found = []
    if votes_for > present:
        found.append(
            Sentence(
                "%(votes)s votes for it, but only %(present)s present. Written opinions stand in "
                "their own field; count again.",
                field="votes_for",
                code="more_votes_than_present",
                votes=votes_for,
                present=present,
            )
        )
    if present + written > due:
        found.append(
            Sentence(
                "%(present)s present and %(written)s written opinions are more than the %(due)s "
                "due. Who has written does not count as present; count again.",
                field="present",
                code="more_than_due",
                present=present,
                written=written,
                due=due,
            )
        )
    return found


def adding_up(numbers: Mapping[str, int], excused: int = 0) -> list[Sentence]:
    """Return every way in which the numbers of one vote contradict each other.

    ``numbers`` may hold entitled, due, present, written_for, written_against, votes_for,
    votes_against and abstained; what is missing is not judged. Errors say that a number is
    impossible, the warning that ballots are missing, which may have been spoiled.
    """
    found = _negative(**numbers)
    due, present = numbers.get("due"), numbers.get("present")
    if due is not None and "entitled" in numbers:
        found += _against_the_due(numbers["entitled"], excused, due)
    if due is not None and present is not None:
        written = numbers.get("written_for", 0) + numbers.get("written_against", 0)
        found += _too_many(due, present, written, 0)
    if present is not None:
        cast = [numbers.get(name, 0) for name in ("votes_for", "votes_against", "abstained")]
        complete = all(name in numbers for name in ("votes_for", "votes_against", "abstained"))
        found += _against_the_present(cast, present, complete=complete)
    return found


def _against_the_due(entitled: int, excused: int, due: int) -> list[Sentence]:
    if due == due_of(entitled, excused):
        return []
    return [
        Sentence(
            "%(entitled)s entitled less %(excused)s excused are %(counted)s, not %(due)s due. "
            "Count again.",
            field="due",
            code="due_differs",
            entitled=entitled,
            excused=excused,
            counted=due_of(entitled, excused),
            due=due,
        )
    ]


def _against_the_present(cast: list[int], present: int, *, complete: bool) -> list[Sentence]:
    if sum(cast) > present:
        return [
            Sentence(
                "%(votes)s votes, but only %(present)s present. Written opinions stand in their "
                "own field; count again.",
                field="votes_for",
                code="more_votes_than_present",
                votes=sum(cast),
                present=present,
            )
        ]
    if complete and sum(cast) < present:
        return [
            warning(
                "%(votes)s votes of %(present)s present. If no ballot was spoiled, count again.",
                field="votes_for",
                code="fewer_votes_than_present",
                votes=sum(cast),
                present=present,
            )
        ]
    return []
