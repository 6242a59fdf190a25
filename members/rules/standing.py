"""How a membership stands: leaving and coming back, lost contact, floating, second membership.

Sources: 中国共产党党员教育管理工作条例 (2019) for lost contact, suspension, restoring and floating;
中国共产党纪律处分条例 (2023) and 中国共产党不合格党员组织处置办法 (2024) for the years before
somebody may apply anew; 中国共产党支部工作条例（试行） (2018) for temporary branches.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from branches.rules import hierarchy
from members.rules import placements
from members.rules.codes import FULL, Entry, choices_of, table_of
from registry.calendar import PartialDate, months_after, whole_months_between, years_after
from registry.sentences import ERROR, WARNING, Sentence, warning

# Contact: no life in the organisation and no dues for so long, then the membership may be stopped;
# so long after that somebody still not found is examined for 自行脱党除名.
LOST_MONTHS = 6
STRIKE_OFF_YEARS = 2
FLOATING_CONTACT_MONTHS = 6

LOST_REASONS = table_of(
    Entry("works_elsewhere", Sentence("works elsewhere"), "外出务工经商", ("①",)),
    Entry("unit_gone", Sentence("unit restructured or bankrupt"), "单位改制或破产", ("②",)),
    Entry("graduated", Sentence("graduated, whereabouts unknown"), "毕业后去向不明", ("③",)),
    Entry("changed_unit", Sentence("changed the unit"), "工作单位变动", ("④",)),
    Entry("abroad", Sentence("went abroad"), "出国（境）", ("⑤",)),
    Entry("moved_house", Sentence("moved house"), "住所变更", ("⑥",)),
    Entry("other", Sentence("another reason"), "其他", ("⑦",)),
)
FLOATING_REASONS = table_of(
    Entry("work", Sentence("work or trade"), "务工经商"),
    Entry("study", Sentence("study"), "外出学习"),
    Entry("family", Sentence("lives with relatives"), "投亲靠友"),
    Entry("retired", Sentence("retired to another place"), "异地居住"),
    Entry("waiting", Sentence("between two posts"), "待业择业"),
    Entry("abroad", Sentence("went abroad"), "出国（境）"),
    Entry("other", Sentence("another reason"), "其他"),
)
PROVINCES = {
    "11": "北京市", "12": "天津市", "13": "河北省", "14": "山西省", "15": "内蒙古自治区",
    "21": "辽宁省", "22": "吉林省", "23": "黑龙江省", "31": "上海市", "32": "江苏省",
    "33": "浙江省", "34": "安徽省", "35": "福建省", "36": "江西省", "37": "山东省",
    "41": "河南省", "42": "湖北省", "43": "湖南省", "44": "广东省", "45": "广西壮族自治区",
    "46": "海南省", "50": "重庆市", "51": "四川省", "52": "贵州省", "53": "云南省",
    "54": "西藏自治区", "61": "陕西省", "62": "甘肃省", "63": "青海省", "64": "宁夏回族自治区",
    "65": "新疆维吾尔自治区", "71": "台湾省", "81": "香港特别行政区", "82": "澳门特别行政区",
}  # fmt: skip
RESTORED, OVERTURNED, READMITTED = "restored", "overturned", "readmitted"
RETURNS = table_of(
    Entry(RESTORED, Sentence("membership restored"), "恢复党籍"),
    Entry(OVERTURNED, Sentence("decision overturned"), "撤销原决定，恢复党籍"),
    Entry(READMITTED, Sentence("admitted anew"), "重新入党"),
)
# 组织处置办法 (2024) forbids it for five years; of decisions before it the papers of then tell.
NO_REJOINING_SINCE = date(2024, 6, 16)


def lost_reason_choices() -> list[tuple[str, str]]:
    return choices_of(LOST_REASONS)


def floating_reason_choices() -> list[tuple[str, str]]:
    return choices_of(FLOATING_REASONS)


def province_choices() -> list[tuple[str, str]]:
    """The provinces by their codes of GB/T 2260, in Chinese in both languages."""
    return list(PROVINCES.items())


def decision_choices() -> list[tuple[str, str]]:
    """What is decided of a membership: every way out, and the ways back."""
    return [*choices_of(placements.LEAVING_REASONS), *choices_of(RETURNS)]


def to_come(day: date, today: date | None, field: str) -> list[Sentence]:
    """Return the reason against a day later than ``today``; nothing where nobody says today."""
    if today is None or day <= today:
        return []
    return [
        Sentence(
            "%(day)s is still to come. Enter it on that day.",
            field=field,
            code="day_to_come",
            day=day,
        )
    ]


# Leaving and coming back


@dataclass(frozen=True)
class Stay:
    """What is known of somebody who leaves: since when he belonged, and where."""

    name: str
    kind: str
    joined_on: PartialDate | None
    branch: str = ""
    since: date | None = None


def leaving_objections(
    stay: Stay, reason: str, on: date, today: date | None = None
) -> list[Sentence]:
    """Return every reason against leaving for ``reason`` on ``on``."""
    found = [
        *placements.leaving_objections(reason, stay.kind),
        *to_come(on, today, "left_on"),
    ]
    if stay.joined_on and not stay.joined_on.could_be(last=on):
        found.append(
            Sentence(
                "%(name)s joined on %(joined)s and cannot leave before, on %(on)s.",
                field="left_on",
                code="left_before_joining",
                name=stay.name,
                joined=stay.joined_on,
                on=on,
            )
        )
    if stay.since and on < stay.since:
        found.append(
            Sentence(
                "%(name)s has been in %(branch)s since %(day)s, after %(on)s. Choose a later day.",
                field="left_on",
                code="left_before_the_stay",
                name=stay.name,
                branch=stay.branch,
                day=stay.since,
                on=on,
            )
        )
    return found


def restoring_objections(
    name: str, reason: str, gone: date | None, on: date, today: date | None = None
) -> list[Sentence]:
    """Return every reason against somebody who went on ``gone`` belonging again from ``on``."""
    found = [*placements.restoring_objections(reason), *to_come(on, today, "on")]
    if gone and on < gone:
        found.append(
            Sentence(
                "%(name)s left on %(gone)s. Choose that day or a later one.",
                field="on",
                code="back_before_leaving",
                name=name,
                gone=gone,
            )
        )
    return found


def readmitted(name: str, on: date) -> Sentence:
    """What is said against anything that happens to the record of who was admitted anew."""
    return Sentence(
        "%(name)s was admitted anew on %(day)s. Go on with the later record.",
        code="readmitted_already",
        name=name,
        day=on,
    )


def gap_in_months(reason: str, kind: str, gone: date, back: date) -> int:
    """Return how many months of Party age a coming back costs: whole months of 停止党籍.

    Nothing for a decision that was overturned, which never held, and nothing for a member on
    probation, whose Party age has not begun.
    """
    if reason not in placements.SUSPENSIONS or kind != FULL:
        return 0
    return max(whole_months_between(gone, back), 0)


def return_of(reason: str) -> str:
    """Return what coming back after ``reason`` is: restored by procedure, or overturned."""
    left = placements.LEAVING_REASONS.get(reason)
    return OVERTURNED if left and left.only_if_overturned else RESTORED


def ends_for_good(reason: str) -> bool:
    """Return whether somebody who left for ``reason`` can only join anew."""
    left = placements.LEAVING_REASONS.get(reason)
    return bool(left and left.only_if_overturned)


def readmission_objections(
    name: str, reason: str, gone: date, on: date, today: date | None = None
) -> list[Sentence]:
    """Return every reason against admitting somebody anew on ``on`` who left for ``reason``.

    Five years after 开除党籍, and after 除名 and 劝其退党 decided under the rules of 2024, are
    sure; for older decisions it is a warning.
    """
    left = placements.LEAVING_REASONS[reason]
    found = to_come(on, today, "on")
    if not left.only_if_overturned:  # neither died nor still a member anywhere
        found.append(
            Sentence(
                "%(name)s left as “%(reason)s”. Nobody is admitted anew after that; restore the "
                "membership, or correct the leaving.",
                code="not_to_be_readmitted",
                name=name,
                reason=left.label,
            )
        )
    if on < gone:
        found.append(
            Sentence(
                "%(name)s left on %(gone)s. Choose that day or a later one.",
                field="on",
                code="back_before_leaving",
                name=name,
                gone=gone,
            )
        )
    free = years_after(gone, left.no_rejoining_for_years)
    if gone <= on < free:
        sure = reason == placements.EXPELLED or gone >= NO_REJOINING_SINCE
        found.append(
            Sentence(
                "After “%(reason)s” on %(gone)s %(name)s may join again only from %(free)s on.",
                level=ERROR if sure else WARNING,
                field="on",
                code="rejoins_too_soon",
                reason=left.label,
                gone=gone,
                name=name,
                free=free,
            )
        )
    return found


# Lost contact


def may_be_suspended_from(lost_since: PartialDate) -> date:
    """Return the first day on which a membership may be stopped for lost contact.

    A contact known to the month counts as lost from its first day.
    """
    return months_after(lost_since.first_day, LOST_MONTHS)


def suspension_warnings(name: str, lost_since: PartialDate | None, on: date) -> list[Sentence]:
    """Return what is odd about stopping a membership on ``on``: the paper decides."""
    if lost_since is None:
        return [
            warning(
                "Contact with %(name)s is not marked as lost. Enter since when it is, unless the "
                "member has settled abroad.",
                code="suspended_in_touch",
                name=name,
            )
        ]
    since = may_be_suspended_from(lost_since)
    if on >= since:
        return []
    return [
        warning(
            "Contact with %(name)s is lost since %(lost)s, so the membership is stopped from "
            "%(since)s on at the earliest. Compare it with the decision.",
            code="suspended_too_soon",
            name=name,
            lost=lost_since,
            since=since,
        )
    ]


def to_be_struck_off_from(suspended_on: date) -> date:
    """Return the day from which 自行脱党除名 is to be examined."""
    return years_after(suspended_on, STRIKE_OFF_YEARS)


def losing_objections(
    name: str, reason: str, since: PartialDate, joined_on: PartialDate | None, today: date
) -> list[Sentence]:
    """Return every reason against contact with somebody having been lost ``since``."""
    found = to_come(since.first_day, today, "lost_contact_since")
    if reason not in LOST_REASONS:
        found.append(
            Sentence(
                "“%(reason)s” is not a reason for lost contact. Choose one from the list.",
                field="lost_contact_reason",
                code="lost_reason_unknown",
                reason=reason,
            )
        )
    if joined_on and since.last_day < joined_on.first_day:
        found.append(
            Sentence(
                "%(name)s joined on %(joined)s, so contact was not lost on %(day)s. Check the day.",
                field="lost_contact_since",
                code="lost_before_joining",
                name=name,
                joined=joined_on,
                day=since,
            )
        )
    return found


# Second membership


def second_membership_objections(
    branch: str,
    kind: str,
    sort: str,
    begins: date,
    ends: date | None,
    founded_on: date | None,
    dissolved_on: date | None,
) -> list[Sentence]:
    """Return every reason against belonging to a branch beside one's own.

    Only a temporary branch takes people whose relation stays where it is; it neither develops nor
    disciplines, collects no dues and elects nobody.
    """
    found = []
    if kind != hierarchy.BRANCH or hierarchy.SORTS[sort].holds_members:
        found.append(
            Sentence(
                "%(branch)s is no temporary branch. A second membership is only in one; to belong "
                "elsewhere the relation is moved.",
                field="organization",
                code="no_temporary_branch",
                branch=branch,
            )
        )
    if founded_on and begins < founded_on:
        found.append(
            Sentence(
                "%(name)s was founded on %(day)s, after %(on)s. Choose a later day.",
                field="begins_on",
                code="second_before_founding",
                name=branch,
                day=founded_on,
                on=begins,
            )
        )
    if dissolved_on and begins >= dissolved_on:
        found.append(
            Sentence(
                "%(name)s is dissolved. Choose another branch.",
                field="organization",
                code="second_in_dissolved",
                name=branch,
            )
        )
    return [*found, *ends_too_soon(begins, ends)]


def hosting_objections(branch: str, kind: str, dissolved_on: date | None) -> list[Sentence]:
    """Return every reason against somebody from elsewhere taking part in ``branch``."""
    found = []
    if kind != hierarchy.BRANCH:
        found.append(
            Sentence(
                "%(branch)s is no branch. People from elsewhere take part in a branch; choose one.",
                field="organization",
                code="guest_of_no_branch",
                branch=branch,
            )
        )
    if dissolved_on:
        found.append(
            Sentence(
                "%(name)s is dissolved. Choose another branch.",
                field="organization",
                code="guest_of_dissolved",
                name=branch,
            )
        )
    return found


def ends_too_soon(begins: date, ends: date | None) -> list[Sentence]:
    if ends is None or ends > begins:
        return []
    return [
        Sentence(
            "It ends on %(end)s but begins on %(begin)s. Check both days.",
            field="ends_on",
            code="ends_before_it_begins",
            begin=begins,
            end=ends,
        )
    ]
