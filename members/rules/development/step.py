"""What a step of development is made of: who acts, what is recorded, and when it may be taken."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from members.rules.codes import Entry, table_of
from registry.sentences import Sentence

APPLICANT, BRANCH, GENERAL_BRANCH = "applicant", "branch", "general_branch"
COMMITTEE, ABOVE = "committee", "above"
LEVELS = table_of(
    Entry(APPLICANT, Sentence("applicant"), "本人"),
    Entry(BRANCH, Sentence("branch"), "党支部"),
    Entry(GENERAL_BRANCH, Sentence("general branch"), "党总支"),
    Entry(COMMITTEE, Sentence("committee"), "基层党委"),
    Entry(ABOVE, Sentence("level above the committee"), "上级党组织"),
)

# How hard a limit is. Advice shapes the plan and the desk only: no rule text says it, so nobody
# is refused and nobody is asked for a reason.
ERROR, WARNING, ADVICE = "error", "warning", "advice"

# Anchors that are no steps: the day on which probation ends, and the day of birth.
PROBATION_END, BIRTH = "probation_end", "birth"


@dataclass(frozen=True)
class Limit:
    """A day counted from an earlier step, from BIRTH or PROBATION_END.

    Of ``months`` (calendar months, clamped at the month's end) and ``working_days`` one is given,
    or neither for the anchor day itself. Working days are those of a public notice: the first
    day of the notice counts, and the step comes on the day after the last.
    """

    anchor: str
    months: int = 0
    working_days: int = 0
    level: str = WARNING
    source: str = ""
    special_months: int = 0  # instead of ``months`` where the step is marked a special case
    always: bool = False  # holds for steps entered afterwards from old papers too


@dataclass(frozen=True)
class Recorded:
    """One thing that a step's form asks; ``choices`` only for the kind “choice”.

    Kinds: text, names, choice, date, number, votes, yes_no.
    """

    code: str
    label: Sentence
    chinese: str
    kind: str = "text"
    choices: Mapping[str, Entry] | None = None
    required: bool = False


@dataclass(frozen=True)
class Stage:
    code: str
    label: Sentence
    chinese: str
    numeral: str  # as the flow chart numbers it


APPLICATION, ACTIVIST, OBJECT = "application", "activist", "object"
ACCEPTANCE, PROBATION = "acceptance", "probation"
STAGES: dict[str, Stage] = {
    stage.code: stage
    for stage in (
        Stage(APPLICATION, Sentence("Application for membership"), "申请入党", "一"),
        Stage(ACTIVIST, Sentence("Activists"), "入党积极分子的确定和培养教育", "二"),
        Stage(OBJECT, Sentence("Objects of development"), "发展对象的确定和考察", "三"),
        Stage(ACCEPTANCE, Sentence("Acceptance as a probationary member"), "预备党员的接收", "四"),
        Stage(
            PROBATION,
            Sentence("Probation and full membership"),
            "预备党员的教育考察和转正",
            "五",
        ),
    )
}


@dataclass(frozen=True)
class Step:
    """One step; ``after`` are the steps that come directly before it, wherever they are taken.

    ``needs`` are those without which it cannot be taken at all; any other step before it may have
    been skipped, with a reason. A province's own step is a ``Step`` too: it gives the step that it
    follows in ``after`` and its limits in ``earliest`` and ``latest``.
    """

    code: str
    number: str  # as the flow chart prints it
    label: Sentence
    chinese: str
    stage: str
    acts: str
    after: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    repeats: bool = False
    optional: bool = False  # taken only where a rule set or an office asks for it
    records: tuple[Recorded, ...] = ()
    papers: tuple[str, ...] = ()  # number and name as in the handbook
    earliest: tuple[Limit, ...] = ()
    latest: tuple[Limit, ...] = ()
    source: str = "中国共产党发展党员工作细则 (2014)"

    def __hash__(self) -> int:
        """Equal steps have equal codes; their tables of choices have no hash."""
        return hash(self.code)
