"""How a stay at a branch begins and ends, and what each reason for leaving means.

Sources: 中国共产党党员教育管理工作条例 (2019) for moving, suspension and restoring;
中国共产党不合格党员组织处置办法 (2024) for 劝其退党 and 除名; 中国共产党纪律处分条例 for 开除党籍.
"""

from __future__ import annotations

from dataclasses import dataclass

from members.rules.codes import PROBATIONARY, Entry, choices_of, read_of, readings_of, table_of
from registry.sentences import Sentence, warning


@dataclass(frozen=True)
class LeavingReason(Entry):
    """One way out. ``counts_as`` is the line of the yearly balance it is counted in."""

    ends_membership: bool = True
    can_be_restored: bool = False  # 恢复党籍 by procedure
    may_return: bool = False  # the membership goes on elsewhere and may come back by transfer
    only_if_overturned: bool = False  # restored only where the decision itself was wrong
    no_rejoining_for_years: int = 0
    only_for: str = ""  # the kind of member it can happen to; empty for both
    counts_as: str = ""


TRANSFERRED_OUT = "transferred_out"
WHOLE_MOVE_OUT = "whole_move_out"
DIED = "died"
EXPELLED = "expelled"
SUSPENDED = "suspended"
SUSPENDED_ABROAD = "suspended_abroad"

# A wrong entry is no way of leaving: the record is marked so and counts nowhere.
LEAVING_REASONS: dict[str, LeavingReason] = {
    reason.code: reason
    for reason in (
        LeavingReason(
            TRANSFERRED_OUT,
            Sentence("transferred out"),
            "转出",
            ("组织关系转出", "转出系统", "转接转出", "调出"),
            ends_membership=False,
            may_return=True,
            counts_as="transferred_out",
        ),
        LeavingReason(
            WHOLE_MOVE_OUT,
            Sentence("went with the whole organisation"),
            "整建制转出",
            ends_membership=False,
            may_return=True,
            counts_as="whole_move_out",
        ),
        LeavingReason(
            DIED,
            Sentence("died"),
            "去世",
            ("死亡", "逝世", "病故", "已故"),
            counts_as="died",
        ),
        LeavingReason(
            EXPELLED,
            Sentence("expelled"),
            "开除党籍",
            ("开除",),
            only_if_overturned=True,
            no_rejoining_for_years=5,
            counts_as="expelled",
        ),
        LeavingReason(
            "struck_off_absent",
            Sentence("struck off after falling away"),
            "自行脱党除名",
            ("自行脱党", "除名（自行脱党）", "脱党"),
            only_if_overturned=True,
            no_rejoining_for_years=5,
            counts_as="expelled",
        ),
        LeavingReason(
            "struck_off_resigned",
            Sentence("struck off after resigning"),
            "退党除名",
            ("退党", "自愿退党", "除名（退党）"),
            only_if_overturned=True,
            no_rejoining_for_years=5,
            counts_as="expelled",
        ),
        LeavingReason(
            "struck_off_refused",
            Sentence("struck off after refusing to quit"),
            "劝而不退除名",
            ("劝而不退", "除名（劝而不退）"),
            only_if_overturned=True,
            no_rejoining_for_years=5,
            counts_as="expelled",
        ),
        LeavingReason(
            "struck_off",
            Sentence("struck off for another reason"),
            "除名",
            ("党内除名", "其他除名"),
            only_if_overturned=True,
            no_rejoining_for_years=5,
            counts_as="expelled",
        ),
        LeavingReason(
            "persuaded_to_quit",
            Sentence("persuaded to quit"),
            "劝其退党",
            ("劝退",),
            only_if_overturned=True,
            no_rejoining_for_years=5,
            counts_as="expelled",
        ),
        LeavingReason(
            "candidacy_cancelled",
            Sentence("probationary membership cancelled"),
            "取消预备党员资格",
            ("取消预备党员", "取消资格"),
            only_if_overturned=True,
            only_for=PROBATIONARY,
            counts_as="probation_cancelled",
        ),
        # Suspended people keep a record and are counted nowhere; restoring ends the gap.
        LeavingReason(
            SUSPENDED,
            Sentence("membership suspended"),
            "停止党籍",
            ("停止党籍（失联）", "失联停止党籍"),
            ends_membership=False,
            can_be_restored=True,
            counts_as="suspended",
        ),
        LeavingReason(
            SUSPENDED_ABROAD,
            Sentence("membership suspended, settled abroad"),
            "出国（境）定居停止党籍",
            ("出国定居", "出国境定居", "出国（境）定居", "出国(境)定居停止党籍"),
            ends_membership=False,
            can_be_restored=True,
            counts_as="suspended",
        ),
    )
}
SUSPENSIONS = frozenset(
    code for code, reason in LEAVING_REASONS.items() if reason.counts_as == "suspended"
)
_LEAVING = readings_of(LEAVING_REASONS)

MOVED = "moved"
PLACEMENT_BEGINNINGS = table_of(
    Entry("opening", Sentence("entered when the register was set up"), "建档登记"),
    Entry("developed", Sentence("newly admitted"), "发展入党", ("新发展", "发展党员")),
    Entry("transferred_in", Sentence("transferred in"), "转入", ("组织关系转入", "转接转入")),
    Entry(MOVED, Sentence("moved within the register"), "内部转接", ("内部调动", "调整")),
    Entry("whole_move_in", Sentence("came with the whole organisation"), "整建制转入"),
    Entry("restored", Sentence("membership restored"), "恢复党籍", ("恢复",)),
)
# A stay ends with a move, a way of leaving, or because it was never true. The ending repeats the
# reason, so that the balance of any past year can be told from the stays alone.
PLACEMENT_ENDINGS: dict[str, Entry] = {
    MOVED: PLACEMENT_BEGINNINGS[MOVED],
    **LEAVING_REASONS,
    "wrong_entry": Entry("wrong_entry", Sentence("wrong entry"), "录入错误"),
}


def leaving_choices() -> list[tuple[str, str]]:
    return choices_of(LEAVING_REASONS)


def beginning_choices() -> list[tuple[str, str]]:
    return choices_of(PLACEMENT_BEGINNINGS)


def ending_choices() -> list[tuple[str, str]]:
    return choices_of(PLACEMENT_ENDINGS)


def read_leaving_reason(text: str) -> str:
    return read_of(
        _LEAVING,
        text,
        "“%(written)s” is not a reason for leaving. Write it as 转出, 去世 or 停止党籍.",
        "leaving_reason_unknown",
    )


def leaving_objections(reason: str, kind: str) -> list[Sentence]:
    """Return every reason against a member of ``kind`` leaving for ``reason``."""
    if reason not in LEAVING_REASONS:
        return [
            Sentence(
                "“%(reason)s” is not a reason for leaving. Choose one from the list.",
                field="leaving_reason",
                code="leaving_reason_unknown",
                reason=reason,
            )
        ]
    only_for = LEAVING_REASONS[reason].only_for
    if only_for and only_for != kind:
        return [
            Sentence(
                "Only a probationary membership can be cancelled; this member is a full one. "
                "Choose another reason.",
                field="leaving_reason",
                code="leaving_reason_not_for_kind",
            )
        ]
    return []


def restoring_objections(reason: str) -> list[Sentence]:
    """Return the reasons against restoring somebody who left for ``reason``.

    After 停止党籍 membership is restored by procedure. After expulsion or striking off it comes
    back only where the decision was wrong, which is a warning here: the paper decides. A transfer
    out is in nobody's way.
    """
    left = LEAVING_REASONS[reason]
    if left.can_be_restored or left.may_return:
        return []
    if left.only_if_overturned:
        return [
            warning(
                "After “%(reason)s” membership is restored only if the decision was overturned. "
                "Have the paper at hand; otherwise the person applies anew.",
                field="leaving_reason",
                code="restore_only_if_overturned",
                reason=left.label,
            )
        ]
    return [
        Sentence(
            "After “%(reason)s” there is nothing to restore. If the entry was a mistake, correct "
            "the reason first.",
            field="leaving_reason",
            code="restore_impossible",
            reason=left.label,
        )
    ]
