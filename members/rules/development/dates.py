"""The days that follow from a file: what the person is, the end of probation, full membership.

Source: 中国共产党发展党员工作细则 (2014), articles 32 to 35.
"""

from __future__ import annotations

from members.rules.codes import FULL, PROBATIONARY, Entry, table_of
from members.rules.development.files import File
from members.rules.development.recorded import CANCELLED, ON_TIME
from members.rules.development.step import ACTIVIST, OBJECT
from members.rules.development.steps import STEPS
from members.rules.development.taken import Taken, taken_of
from registry.calendar import PartialDate
from registry.sentences import Sentence

APPLICANT = "applicant"
STANDINGS = table_of(
    Entry(APPLICANT, Sentence("applicant"), "入党申请人"),
    Entry(ACTIVIST, Sentence("activist"), "入党积极分子"),
    Entry(OBJECT, Sentence("object of development"), "发展对象"),
    Entry(PROBATIONARY, Sentence("probationary member"), "预备党员"),
    Entry(FULL, Sentence("full member"), "正式党员"),
    Entry(CANCELLED, Sentence("probationary membership cancelled"), "取消预备党员资格"),
)

# What somebody is who has taken a step; which step of the two stages does not matter.
_CODES = list(STEPS)
_OF_OBJECTS = frozenset(_CODES[_CODES.index("object") :])
_OF_ACTIVISTS = frozenset(_CODES[_CODES.index("activist") : _CODES.index("object")])


def standing(file: File) -> str:
    """Return what the person is by this file, one of STANDINGS; "" before the application."""
    return standing_of(taken_of(file))


def standing_of(taken: Taken) -> str:
    last = taken.last
    if "full_approval" in last and "full_approval" not in taken.refused:
        return CANCELLED if _result(taken) == CANCELLED else FULL
    if taken.is_approved:
        return PROBATIONARY
    if not _OF_OBJECTS.isdisjoint(last):
        return OBJECT
    if not _OF_ACTIVISTS.isdisjoint(last):
        return ACTIVIST
    return APPLICANT if last else ""


def _result(taken: Taken) -> str:
    """What the last assembly on full membership decided; on time where the papers do not tell."""
    done = taken.last.get("full_assembly")
    return str(done.facts.get("result", ON_TIME)) if done else ON_TIME


def probation_ends_on(file: File) -> PartialDate | None:
    """Return the day on which probation ends, as precise as the day of the assembly is known.

    One year from the assembly that admitted, whatever the day of the oath; an extension that the
    committee has approved is added to that. None where nobody has been admitted, or the day of
    the assembly is unknown.
    """
    return taken_of(file).probation_end


def full_member_on(file: File) -> PartialDate | None:
    """Return the day from which the person is a full member by this file; None where he is none.

    The day on which probation ends, also where assembly and approval came later.
    """
    taken = taken_of(file)
    return taken.probation_end if standing_of(taken) == FULL else None
