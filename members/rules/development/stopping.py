"""Why a file is stopped."""

from __future__ import annotations

from members.rules.codes import Entry, choices_of, table_of
from registry.sentences import Sentence

STOP_REASONS = table_of(
    Entry("withdrawn", Sentence("withdrew the application"), "本人撤回申请"),
    Entry("left_unit", Sentence("left the unit"), "调离本单位", ("调出", "离职")),
    Entry("not_qualified", Sentence("does not meet the conditions"), "不具备条件", ("不合格",)),
    Entry("disciplined", Sentence("under investigation or punished"), "受处分或被审查"),
    Entry("refused", Sentence("refused by assembly or committee"), "未通过"),
    Entry("cancelled", Sentence("probationary membership cancelled"), "取消预备党员资格"),
    Entry("died", Sentence("died"), "去世"),
    Entry("other", Sentence("another reason"), "其他"),
)


def stop_reason_choices() -> list[tuple[str, str]]:
    return choices_of(STOP_REASONS)


# Why the file of a probationary member stops who leaves the register, by the reason for leaving.
_BY_LEAVING = {
    "transferred_out": "left_unit",
    "whole_move_out": "left_unit",
    "died": "died",
    "candidacy_cancelled": "cancelled",
    "expelled": "disciplined",
}


def stop_reason_for(leaving_reason: str) -> str:
    """Return the reason for stopping that follows from a reason for leaving the register."""
    return _BY_LEAVING.get(leaving_reason, "other")
