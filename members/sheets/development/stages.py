"""How far somebody is, in the words of the registers: 当前发展阶段, and the step of each."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from members.rules.development import STEPS

_ORDER = list(STEPS)


@dataclass(frozen=True)
class Stage:
    """One word of the column. ``step`` is what somebody has done who has come so far."""

    code: str
    chinese: str
    step: str
    aliases: tuple[str, ...] = ()


STAGES: dict[str, Stage] = {
    stage.code: stage
    for stage in (
        Stage(
            "applicant", "入党申请人", "application", ("申请人", "入党申请", "申请入党", "递交申请")
        ),
        Stage("activist", "入党积极分子", "activist", ("积极分子", "入党积极份子", "积极份子")),
        Stage("object", "发展对象", "object", ("拟发展对象", "重点发展对象")),
        Stage("planned", "列入发展计划", "plan", ("列入计划", "发展计划")),
        Stage("form", "领取志愿书", "application_form", ("填写志愿书", "领取入党志愿书")),
        Stage("probationary", "预备党员", "assembly", ("中共预备党员", "预备")),
        Stage("full", "正式党员", "full_assembly", ("中共党员", "党员", "正式", "中共正式党员")),
    )
}
# Words that say that nothing goes on.
STOPPED = frozenset({"未通过", "已移除", "终止", "取消", "停止", "终止培养", "取消资格"})
JOINED = frozenset({"probationary", "full"})
_BY_STEP = [(_ORDER.index(stage.step), stage.code) for stage in STAGES.values()]
_PLACES = {code: place for place, code in enumerate(STAGES)}


def stage_of(steps: Collection[str]) -> str:
    """Return how far somebody is who has taken these steps; "" before the application."""
    reached = max((_ORDER.index(code) for code in steps if code in STEPS), default=-1)
    return next((code for place, code in reversed(_BY_STEP) if place <= reached), "")


def is_behind(one: str, other: str) -> bool:
    return _PLACES[one] < _PLACES[other]
