"""Random histories for tests: what may happen to organisations and members, in any order."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from branches.models import Organization, OrganizationPeriod
from branches.models.periods import Event
from branches.rules import hierarchy, tree
from members.models import Headcount, Member, Placement
from members.models.reorganizing import (
    Part,
    change_kind_of_organization,
    dissolve_organization,
    merge_organizations,
    move_organization,
    split_organization,
    take_back,
)
from members.models.reorganizing.taking_back import last_act_of
from registry.calendar import PartialDate
from tests.factories import a_branch, a_member, an_organization

FIRST = date(2020, 1, 1)  # everybody who is there then was entered before


class History:
    """A small register to which things happen, one after the other, as days go by."""

    def __init__(self) -> None:
        self.day = FIRST
        self.work = an_organization("work_committee", founded_on=date(2000, 1, 1))
        committees = [an_organization("organ_committee", self.work) for _each in range(2)]
        branches = [a_branch(committees[place % 2]) for place in range(4)]
        for place in range(8):
            a_member(branches[place % 4], since=date(2019, 6, 1))

    def happen(self, what: str, one: int, other: int, days: int) -> None:
        """Let it happen ``days`` later; what the verbs refuse raises ValidationError."""
        self.day += timedelta(days=days)
        ACTS[what](self, one, other)

    def organization(self, place: int, **wanted: Any) -> Organization:
        rows = list(Organization.objects.filter(**wanted).order_by("pk"))
        return rows[place % len(rows)] if rows else self.work

    def member(self, place: int) -> Member:
        rows = list(Member.objects.order_by("pk"))
        return rows[place % len(rows)]


BRANCHES = {"kind": hierarchy.BRANCH, "dissolved_on": None}


def found(it: History, one: int, other: int) -> None:
    kinds = (hierarchy.BRANCH, hierarchy.BRANCH, hierarchy.GENERAL_BRANCH, "organ_committee")
    an_organization(kinds[one % 4], it.organization(other), founded_on=it.day)


def rename(it: History, one: int, other: int) -> None:
    it.organization(one).rename(f"第{one}次更名{other}", on=it.day)


def move(it: History, one: int, other: int) -> None:
    there = it.organization(other)
    move_organization(it.organization(one), there, it.day, recode=other % 2 == 1)


def change_kind(it: History, one: int, other: int) -> None:
    kind = (hierarchy.GENERAL_BRANCH, "organ_committee", "party_committee")[other % 3]
    change_kind_of_organization(it.organization(one), kind, "ordinary", it.day)


def dissolve(it: History, one: int, other: int) -> None:
    to = it.organization(other, **BRANCHES) if other % 3 else None
    dissolve_organization(it.organization(one), it.day, to=to)


def split(it: History, one: int, other: int) -> None:
    """Half of a branch, or of what stands below a committee, goes to a new one."""
    whole = it.organization(one)
    part = Part(
        f"分出{other}",
        members=list(whole.members.on_roll())[::2],
        children=list(whole.children.standing())[::2],
    )
    split_organization(whole, [part], it.day)


def merge(it: History, one: int, other: int) -> None:
    merge_organizations([it.organization(one)], it.organization(other), it.day)


def raise_branch(it: History, one: int, other: int) -> None:
    branch = it.organization(one, **BRANCHES)
    members = list(branch.members.on_roll())
    parts = [Part(f"一{other}", members=members[::2]), Part(f"二{other}", members=members[1::2])]
    change_kind_of_organization(branch, hierarchy.GENERAL_BRANCH, "ordinary", it.day, parts=parts)


def undo(it: History, one: int, _other: int) -> None:
    if act := last_act_of(it.organization(one)):
        take_back(act)


def admit(it: History, one: int, other: int) -> None:
    began = ("developed", "transferred_in")[one % 2]
    fields: dict[str, Any] = {"organization": it.organization(other, **BRANCHES)}
    member = Member(**a_person(it.day) | fields)
    member.admit(it.day, began=began)


def a_person(day: date) -> dict[str, Any]:
    return {
        "name": "李四",
        "sex": "F",
        "ethnicity": "03",
        "born_on": PartialDate(1990, 5, 17),
        "joined_on": PartialDate.of(day - timedelta(days=600)),
        "full_member_on": PartialDate.of(day - timedelta(days=200)),
    }


def go(it: History, one: int, other: int) -> None:
    it.member(one).move_to(it.organization(other, **BRANCHES), it.day)


def leave(it: History, one: int, other: int) -> None:
    reasons = ("transferred_out", "died", "expelled", "suspended", "struck_off_absent")
    it.member(one).leave(reasons[other % 5], it.day)


def come_back(it: History, one: int, other: int) -> None:
    it.member(one).restore(it.day, it.organization(other, **BRANCHES))


ACTS: dict[str, Callable[[History, int, int], None]] = {
    "found": found,
    "rename": rename,
    "move": move,
    "change kind": change_kind,
    "dissolve": dissolve,
    "split": split,
    "merge": merge,
    "raise": raise_branch,
    "undo": undo,
    "admit": admit,
    "go": go,
    "leave": leave,
    "come back": come_back,
}


# What the chronicle says, played again from empty


@dataclass(frozen=True)
class Stood:
    """What an organisation was, as its events tell one after the other."""

    name: str
    kind: str
    parent: int | None
    path: str
    code: str


def organizations_on(day: date) -> dict[int, Stood]:
    """Play the chronicle up to ``day`` from empty; every event changes what it is about alone."""
    stood: dict[int, Stood] = {}
    for line in OrganizationPeriod.objects.filter(valid_from__lte=day).order_by("valid_from", "id"):
        key = line.organization_id
        if line.event == Event.FOUNDED:
            stood[key] = Stood(line.name, line.kind, line.parent_id, line.path, line.code)
        elif line.event == Event.DISSOLVED:
            del stood[key]
        elif line.event == Event.RENAMED:
            stood[key] = replace(stood[key], name=line.name)
        elif line.event == Event.CHANGED_KIND:
            stood[key] = replace(stood[key], kind=line.kind)
        elif line.event in {Event.MOVED, Event.REASSIGNED}:
            there = {"parent": line.parent_id, "path": line.path, "code": line.code}
            stood[key] = replace(stood[key], **there)
        elif line.event == Event.MOVED_ALONG:
            stood[key] = replace(stood[key], path=line.path, code=line.code)
        else:
            assert line.event in {Event.SPLIT, Event.TOOK_IN}  # what becomes of others
    return stood


def places_on(day: date) -> dict[int, int]:
    """Play the stays up to ``day`` from empty: where each member belongs."""
    belongs: dict[int, int] = {}
    for stay in Placement.objects.filter(placed_from__lte=day).order_by("placed_from", "id"):
        if stay.placed_until is None or stay.placed_until > day:
            assert stay.member_id not in belongs, "nobody belongs to two branches"
            belongs[stay.member_id] = stay.organization_id
    return belongs


def counts_on(day: date) -> Counter[int]:
    """How many belong to each organisation and below it on ``day``."""
    stood = organizations_on(day)
    at = {each.path: key for key, each in stood.items()}
    counts: Counter[int] = Counter(dict.fromkeys(stood, 0))
    for branch in places_on(day).values():
        path = stood[branch].path
        for above in (*tree.ancestors_of(path), path):
            counts[at[above]] += 1
    return counts


def register_now() -> tuple[dict[int, Stood], dict[int, int], dict[int, int]]:
    """What the register holds: the organisations, who belongs where, and the headcounts."""
    organizations = {
        each.pk: Stood(each.name, each.kind, each.parent_id, each.path, each.code)
        for each in Organization.objects.standing()
    }
    belongs = dict(Member.objects.on_roll().values_list("pk", "organization"))
    heads: dict[int, int] = defaultdict(int)
    for count in Headcount.objects.filter(organization__dissolved_on=None):
        heads[count.organization_id] = count.full + count.probationary
    return organizations, belongs, heads
