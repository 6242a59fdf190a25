"""Development of new members (发展党员): steps and limits as tables, the plan and the objections.

Source: 中国共产党发展党员工作细则 (2014); its revision of May 2026 as others quote it.
"""

from __future__ import annotations

from members.rules.development.dates import (
    STANDINGS,
    full_member_on,
    probation_ends_on,
    standing,
)
from members.rules.development.files import (
    BLOCKED,
    DONE,
    MISSING,
    NOT_NEEDED,
    POSSIBLE,
    STATES,
    Done,
    File,
    Planned,
)
from members.rules.development.judging import findings, needs_reason, objections
from members.rules.development.planning import (
    DESK_STATES,
    desk_state,
    open_steps,
    overdue_since,
    plan,
)
from members.rules.development.rule_sets import (
    RULE_SETS,
    RuleSet,
    rule_set_choices,
    rule_set_on,
)
from members.rules.development.step import LEVELS, STAGES, Limit, Recorded, Stage, Step
from members.rules.development.steps import STEPS, stage_choices, step_choices

__all__ = [
    "BLOCKED",
    "DESK_STATES",
    "DONE",
    "LEVELS",
    "MISSING",
    "NOT_NEEDED",
    "POSSIBLE",
    "RULE_SETS",
    "STAGES",
    "STANDINGS",
    "STATES",
    "STEPS",
    "Done",
    "File",
    "Limit",
    "Planned",
    "Recorded",
    "RuleSet",
    "Stage",
    "Step",
    "desk_state",
    "findings",
    "full_member_on",
    "needs_reason",
    "objections",
    "open_steps",
    "overdue_since",
    "plan",
    "probation_ends_on",
    "rule_set_choices",
    "rule_set_on",
    "stage_choices",
    "standing",
    "step_choices",
]
