"""The kinds of organisation, and what may stand under what.

Four levels: 机关工委 → the unit's leading level (党组 or 党委) → 机关党委 or 党总支 → 党支部.
Any of them may be skipped and committees may nest. To add a kind, add an entry to KINDS.
"""

from __future__ import annotations

from dataclasses import dataclass

from registry.sentences import Sentence


@dataclass(frozen=True)
class Kind:
    code: str
    label: str
    chinese: str
    level: int  # 1 at the top to 4; a level may be skipped, never climbed, save between committees
    parents: tuple[str, ...]  # kinds it may stand under
    on_top: bool  # may stand under nothing
    holds_members: bool  # people belong here; everywhere else they belong to a branch below
    may_approve: bool  # may be entitled to approve probationary members and to stamp letters
    collects: bool  # receives dues
    elects: bool  # has terms of office
    source: str


WORK_COMMITTEE = "work_committee"
LEADING_GROUP = "leading_group"
PARTY_COMMITTEE = "party_committee"
ORGAN_COMMITTEE = "organ_committee"
GENERAL_BRANCH = "general_branch"
BRANCH = "branch"

_COMMITTEES = (WORK_COMMITTEE, LEADING_GROUP, PARTY_COMMITTEE, ORGAN_COMMITTEE)

# On top may stand every kind of the first three levels, the 党组 and the 党总支 among them: an
# office that keeps its own register begins it with its own highest organisation, whichever that
# is, and its superior is outside. A branch alone is no register. A 机关工委 is an agency of the
# local Party committee, which is always outside, so it stands under nothing. A 党委 may stand
# under a 机关党委: the units subordinate to a ministry have their own committees there.
KINDS = {
    kind.code: kind
    for kind in (
        Kind(
            WORK_COMMITTEE,
            Sentence("work committee"),
            "机关工委",
            level=1,
            parents=(),
            on_top=True,
            holds_members=False,
            may_approve=True,
            collects=True,
            elects=False,  # appointed
            source="中国共产党党和国家机关基层组织工作条例 (2019)",
        ),
        Kind(
            LEADING_GROUP,
            Sentence("leading group"),
            "党组",
            level=2,
            parents=(WORK_COMMITTEE,),
            on_top=True,
            holds_members=False,
            may_approve=False,  # “党组不能审批预备党员”
            collects=False,
            elects=False,  # appointed
            source="中国共产党发展党员工作细则 (2014), article 23",
        ),
        Kind(
            PARTY_COMMITTEE,
            Sentence("Party committee"),
            "党委",
            level=2,
            parents=_COMMITTEES,
            on_top=True,
            holds_members=False,
            may_approve=True,
            collects=True,
            elects=True,
            source="中国共产党章程 (2022), article 30",
        ),
        Kind(
            ORGAN_COMMITTEE,
            Sentence("organ committee"),
            "机关党委",
            level=3,
            parents=_COMMITTEES,
            on_top=True,
            holds_members=False,
            may_approve=True,
            collects=True,
            elects=True,
            source="中国共产党党和国家机关基层组织工作条例 (2010), article 4",
        ),
        Kind(
            GENERAL_BRANCH,
            Sentence("general branch"),
            "党总支",
            level=3,
            parents=_COMMITTEES,
            on_top=True,
            holds_members=False,
            may_approve=False,  # deliberates only
            collects=True,
            elects=True,
            source="中国共产党党和国家机关基层组织工作条例 (2010), article 4",
        ),
        Kind(
            BRANCH,
            Sentence("branch"),
            "党支部",
            level=4,
            parents=(*_COMMITTEES, GENERAL_BRANCH),
            on_top=False,
            holds_members=True,
            may_approve=False,
            collects=True,
            elects=True,
            source="中国共产党支部工作条例（试行） (2018)",
        ),
    )
}


@dataclass(frozen=True)
class Sort:
    """What sort of branch it is; every other kind of organisation is ordinary."""

    code: str
    label: str
    chinese: str
    holds_members: bool = True
    collects: bool = True
    elects: bool = True
    several_units: bool = False


ORDINARY = "ordinary"
JOINT = "joint"
RETIRED = "retired"
TEMPORARY = "temporary"

SORTS = {
    sort.code: sort
    for sort in (
        Sort(ORDINARY, Sentence("ordinary"), "普通"),
        Sort(JOINT, Sentence("joint"), "联合", several_units=True),
        Sort(RETIRED, Sentence("retired members"), "离退休"),
        # Relations are not moved into it and it ends with its task: 支部工作条例（试行） (2018).
        Sort(
            TEMPORARY,
            Sentence("temporary"),
            "临时",
            holds_members=False,
            collects=False,
            elects=False,
        ),
    )
}

# How sheets call a kind, and a sort where the name tells it. The numbers are the categories of
# the national member information system.
ALIASES: dict[str, tuple[str, str]] = {
    "机关工委": (WORK_COMMITTEE, ORDINARY),
    "工委": (WORK_COMMITTEE, ORDINARY),
    "直属机关工委": (WORK_COMMITTEE, ORDINARY),
    "机关工作委员会": (WORK_COMMITTEE, ORDINARY),
    "党组": (LEADING_GROUP, ORDINARY),
    "党委": (PARTY_COMMITTEE, ORDINARY),
    "党的委员会": (PARTY_COMMITTEE, ORDINARY),
    "部门党委": (PARTY_COMMITTEE, ORDINARY),
    "基层党委": (PARTY_COMMITTEE, ORDINARY),
    "611": (PARTY_COMMITTEE, ORDINARY),
    "机关党委": (ORGAN_COMMITTEE, ORDINARY),
    "直属机关党委": (ORGAN_COMMITTEE, ORDINARY),
    "机关委员会": (ORGAN_COMMITTEE, ORDINARY),
    "党总支": (GENERAL_BRANCH, ORDINARY),
    "总支": (GENERAL_BRANCH, ORDINARY),
    "党总支部": (GENERAL_BRANCH, ORDINARY),
    "总支部": (GENERAL_BRANCH, ORDINARY),
    "机关党总支": (GENERAL_BRANCH, ORDINARY),
    "直属党总支": (GENERAL_BRANCH, ORDINARY),
    "离退休党总支": (GENERAL_BRANCH, ORDINARY),
    "621": (GENERAL_BRANCH, ORDINARY),
    "党支部": (BRANCH, ORDINARY),
    "支部": (BRANCH, ORDINARY),
    "机关党支部": (BRANCH, ORDINARY),
    "直属党支部": (BRANCH, ORDINARY),
    "普通党支部": (BRANCH, ORDINARY),
    "631": (BRANCH, ORDINARY),
    "联合党支部": (BRANCH, JOINT),
    "联合支部": (BRANCH, JOINT),
    "632": (BRANCH, JOINT),
    "离退休党支部": (BRANCH, RETIRED),
    "离退休支部": (BRANCH, RETIRED),
    "退休党支部": (BRANCH, RETIRED),
    "离退休干部党支部": (BRANCH, RETIRED),
    "老干部党支部": (BRANCH, RETIRED),
    "临时党支部": (BRANCH, TEMPORARY),
    "临时支部": (BRANCH, TEMPORARY),
    "931": (BRANCH, TEMPORARY),
} | {code: (code, ORDINARY) for code in KINDS}

SORT_ALIASES: dict[str, str] = (
    {sort.chinese: sort.code for sort in SORTS.values()}
    | {code: code for code in SORTS}
    | {alias: sort for alias, (kind, sort) in ALIASES.items() if kind == BRANCH}
)


def kind_choices() -> list[tuple[str, str]]:
    return [(kind.code, kind.label) for kind in KINDS.values()]


def sort_choices() -> list[tuple[str, str]]:
    return [(sort.code, sort.label) for sort in SORTS.values()]


def read_kind(text: str) -> tuple[str, str]:
    """Return the kind and the sort that a sheet means; raise ValueError with a Sentence."""
    found = ALIASES.get("".join(text.split()))
    if not found:
        raise ValueError(_unknown_kind(text))
    return found


def objections(kind: str, parent_kind: str | None) -> list[Sentence]:
    """Return every reason against an organisation of ``kind`` under one of ``parent_kind``.

    None is the top of the register.
    """
    if kind not in KINDS:
        return [_unknown_kind(kind)]
    ours = KINDS[kind]
    if parent_kind is None:
        if ours.on_top:
            return []
        return [
            Sentence(
                "“%(kind)s” cannot stand on top of the register. It stands under: %(parents)s.",
                field="parent",
                code="kind_on_top",
                kind=ours.label,
                parents=_listed(ours.parents),
            )
        ]
    if parent_kind in ours.parents:
        return []
    theirs = KINDS[parent_kind].label if parent_kind in KINDS else parent_kind
    if not ours.parents:
        return [
            Sentence(
                "“%(kind)s” cannot stand under “%(parent)s”. It stands on top of the register.",
                field="parent",
                code="kind_under_parent",
                kind=ours.label,
                parent=theirs,
            )
        ]
    return [
        Sentence(
            "“%(kind)s” cannot stand under “%(parent)s”. It stands under: %(parents)s.",
            field="parent",
            code="kind_under_parent",
            kind=ours.label,
            parent=theirs,
            parents=_listed(ours.parents),
        )
    ]


def sort_objections(kind: str, sort: str) -> list[Sentence]:
    """Return every reason against this sort: only a branch is other than ordinary."""
    if sort not in SORTS:
        return [
            Sentence(
                "“%(sort)s” is not a sort of branch. Choose one of: %(sorts)s.",
                field="sort",
                code="sort_unknown",
                sort=sort,
                sorts=listed([sort.label for sort in SORTS.values()]),
            )
        ]
    if sort == ORDINARY or kind not in KINDS or kind == BRANCH:
        return []
    return [
        Sentence(
            "“%(kind)s” is never “%(sort)s”; only a branch is. Choose “ordinary”.",
            field="sort",
            code="sort_not_for_kind",
            kind=KINDS[kind].label,
            sort=SORTS[sort].label,
        )
    ]


def approval_objections(kind: str, approves_members: bool) -> list[Sentence]:
    """Return the reason against marking this kind as entitled to approve probationary members.

    Source: 中国共产党发展党员工作细则 (2014), article 23.
    """
    if not approves_members or kind not in KINDS or KINDS[kind].may_approve:
        return []
    return [
        Sentence(
            "“%(kind)s” cannot approve probationary members. Take the mark away.",
            field="approves_members",
            code="kind_may_not_approve",
            kind=KINDS[kind].label,
        )
    ]


def holds_members(kind: str, sort: str = ORDINARY) -> bool:
    """Return whether people may belong here: branches only, and never a temporary one."""
    return KINDS[kind].holds_members and SORTS[sort].holds_members


def collects(kind: str, sort: str = ORDINARY) -> bool:
    """Return whether dues are paid here."""
    return KINDS[kind].collects and SORTS[sort].collects


def listed(labels: list[str]) -> Sentence:
    """Return labels as one enumeration, each of which a door can still translate."""
    places = {f"label{place}": label for place, label in enumerate(labels)}
    return Sentence(", ".join(f"%({place})s" for place in places), **places)


def _listed(kinds: tuple[str, ...]) -> Sentence:
    return listed([KINDS[kind].label for kind in kinds])


def _unknown_kind(text: str) -> Sentence:
    return Sentence(
        "“%(kind)s” is not a kind of organisation. Choose one of: %(kinds)s.",
        field="kind",
        code="kind_unknown",
        kind=text,
        kinds=_listed(tuple(KINDS)),
    )
