"""Which columns of a register say which step: its day, and what else is recorded of it.

To read one more step, add a row here and its columns to ``DevelopmentResource``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from members.rules.development import STEPS


@dataclass(frozen=True)
class StepColumns:
    """The columns of one step; ``facts`` are field → what it is recorded as."""

    step: str
    on: str
    facts: Mapping[str, str] = field(default_factory=dict)

    @property
    def fields(self) -> tuple[str, ...]:
        return (self.on, *self.facts)


_TABLE = (
    StepColumns("application", "application_on", {"received_by": "received_by"}),
    StepColumns("first_talk", "first_talk_on", {"first_talk_by": "who"}),
    StepColumns("activist", "activist_on"),
    StepColumns("activist_filed", "activist_filed_on"),
    StepColumns("mentors", "mentors_on", {"mentors": "mentors"}),
    StepColumns("cultivation", "course_on", {"course_from": "began_on", "course_score": "score"}),
    StepColumns("object_notice", "object_notice_on"),
    StepColumns("object", "object_on"),
    StepColumns("object_filed", "object_filed_on"),
    StepColumns("sponsors", "sponsors_on", {"sponsors": "sponsors"}),
    StepColumns("political_review", "political_review_on", {"political_review": "result"}),
    StepColumns(
        "training", "training_on", {"training_from": "began_on", "training_score": "result"}
    ),
    StepColumns("plan", "plan_on"),
    StepColumns("branch_review", "branch_review_on"),
    StepColumns("pre_review", "pre_review_on"),
    StepColumns("application_form", "form_on", {"form_number": "form_number"}),
    StepColumns("assembly", "assembly_on"),
    StepColumns("committee_talk", "committee_talk_on"),
    StepColumns("approval", "approval_on"),
    StepColumns("oath", "oath_on"),
    StepColumns("full_application", "full_application_on"),
    StepColumns("full_assembly", "full_assembly_on"),
    StepColumns("full_approval", "full_approval_on"),
)
COLUMNS: dict[str, StepColumns] = {each.step: each for each in _TABLE}
STEP_FIELDS = tuple(name for each in _TABLE for name in each.fields)
# Facts that are names of people, parted by 、 in a cell.
OF_PEOPLE = frozenset({"mentors", "sponsors"})
# What a day in one of these columns says beside the day.
IMPLIED: Mapping[str, Mapping[str, str]] = {
    "assembly": {"result": "agreed"},
    "approval": {"result": "agreed"},
    "full_assembly": {"result": "on_time"},
    "full_approval": {"result": "agreed"},
}
# What nobody can have done who has not been admitted to the Party.
OF_MEMBERS = frozenset(
    {"approval", *(code for code, step in STEPS.items() if "approval" in step.needs)}
    | {"full_deliberation", "full_approval", "archive"}
)
