"""A file of development as the rules see it, and what they say of each step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from members.rules.development.step import Step
from registry.calendar import PartialDate
from registry.sentences import Sentence

DONE, POSSIBLE, BLOCKED = "done", "possible", "blocked"
MISSING = "missing"  # skipped: a step that comes after it has been taken
NOT_NEEDED = "not_needed"
STATES = {
    DONE: Sentence("done"),
    POSSIBLE: Sentence("possible"),
    BLOCKED: Sentence("blocked"),
    MISSING: Sentence("skipped"),
    NOT_NEEDED: Sentence("not needed"),
}


@dataclass(frozen=True)
class Done:
    """One step that was taken; ``on`` is None where nobody knows the day any more.

    ``facts`` are values as JSON has them, by the codes of the step's ``records``; dates are ISO
    text. A step that repeats has one ``Done`` for each time, in the order in which they came.
    """

    step: str
    on: PartialDate | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class File:
    """All that the rules need of one person's file."""

    rule_set: str
    born_on: PartialDate | None = None
    done: tuple[Done, ...] = ()
    has_general_branch: bool = False  # a 党总支 stands between branch and committee
    local_steps: tuple[Step, ...] = ()
    stopped_on: date | None = None
    is_member: bool = False  # already on the roll, and not by this file
    full_member: bool = False  # on the roll as a full member


class Planned(NamedTuple):
    """What the rules say of one step. ``possible_from`` and ``due_by`` do not depend on the day.

    ``reasons`` say why the step is blocked, from when it is possible, or what is wrong with the
    day on which it was taken. ``provisional``: counted in working days of a year whose holidays
    are not known yet.
    """

    step: str
    state: str
    done_on: PartialDate | None = None
    possible_from: date | None = None
    due_by: date | None = None  # the last day in time
    provisional: bool = False
    reasons: tuple[Sentence, ...] = ()
    overdue_since: date | None = None  # the only field that follows from the day asked for
