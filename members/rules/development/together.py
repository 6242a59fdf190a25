"""Steps that are taken for many people at once, and what is recorded once for all of them.

One assembly decides on several people, one by one (细则 2014, articles 20 and 33), a class trains
many, a committee's document names a list, a notice hangs out for several: the day, the place and
who led it are said once, the vote and the result of each person for himself.
"""

from __future__ import annotations

from members.rules.development.step import Recorded, Step

# What is said of the occasion; everything else is said of each person.
OF_ALL = frozenset({"place", "chair", "recorder", "document", "until", "outcome", "days", "hours"})
# Of the numbers of a vote those that count the room; the others count hands for one person.
ROOM = ("entitled", "excused", "due", "present")
HANDS = ("votes_for", "votes_against", "abstained", "written_for", "written_against")
# One branch holds an assembly for itself; every other step may cover several branches.
ASSEMBLIES = frozenset({"assembly", "full_assembly"})


def may_be_shared(step: Step) -> bool:
    """Return whether one occasion can take the step for many: nobody is named by each person.

    A file begins with its own application.
    """
    return step.code != "application" and all(each.kind != "names" for each in step.records)


def of_all(step: Step) -> tuple[Recorded, ...]:
    """Return what is recorded once for everybody, the votes excepted."""
    return tuple(each for each in step.records if each.code in OF_ALL)


def of_each(step: Step) -> tuple[Recorded, ...]:
    """Return what is recorded of each person, the votes excepted."""
    return tuple(each for each in step.records if each.code not in OF_ALL and each.kind != "votes")


def is_voted(step: Step) -> bool:
    return any(each.kind == "votes" for each in step.records)
