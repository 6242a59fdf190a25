"""The demo's rows: written many at a time, in the same shape as the verbs would write them."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.db import connection, transaction

from branches.models import Area, Grant, Organization, OrganizationPeriod, Unit
from branches.rules import tree
from members.demo import words
from members.demo.confirmations import ConfirmationLoader
from members.demo.development import DevelopmentLoader
from members.demo.dues import DuesLoader
from members.demo.payments import PaymentLoader
from members.demo.people import Invented, Inventor
from members.demo.standing import StandingLoader
from members.demo.terms import TermLoader
from members.demo.transfers import TransferLoader
from members.demo.trees import FOUNDED, Body, Forest, Node
from members.models import (
    DevelopmentFile,
    Finding,
    Headcount,
    Member,
    Office,
    OwnField,
    Placement,
    id_digest,
    phone_digest,
)
from members.models.members import NUMBER, number_of
from members.rules import completeness, membership
from members.rules.codes import FULL
from registry import encryption
from registry.loading import insert, restart_numbers
from registry.models import Counter as NumberCounter
from registry.models import Entry, User
from registry.models.log import Action

SIZES = {"small": 1_000, "medium": 20_000, "large": 1_000_000}
WITH_DUES = ("small", "medium")  # a million members are there to measure lists
PASSWORD = "dangjian-demo"  # noqa: S105 - everybody knows it; demo logins open nothing elsewhere
TERM = date(2023, 6, 1)  # when the officers of the demo were elected
FORMER_TERM = date(2020, 6, 1)
OWN_FIELD = "车牌号"
POSTS = ("secretary", "organisation_member", "publicity_member", "discipline_member")

ORGANIZATION = [
    "id", "version", "code", "name", "short_name", "kind", "sort", "parent", "path",
    "approves_members", "area", "contact", "phone", "address", "display_order", "founded_on",
]  # fmt: skip
PERIOD = [
    "id", "organization", "valid_from", "event", "document", "name", "short_name", "kind", "sort",
    "parent", "path", "code",
]  # fmt: skip
MEMBER = [
    "id", "version", "number", "staff_number", "name", "name_pinyin", "name_initials", "sex",
    "ethnicity", "id_number", "id_digest", "born_on", "native_place", "education",
    "education_channel", "degree", "work_began_on", "unit", "employer", "job_title", "rank",
    "leading_cadre", "phone", "phone_digest", "office_phone", "address", "missing_count",
    "wrong_entry", "kind", "category", "joined_on", "full_member_on", "party_age_correction",
    "joined_in", "sponsors", "organization", "file_kept_at", "floating", "floating_to", "hardship",
    "display_order", "note", "left_on", "leaving_reason", "wrong_entry_reason", "own_sealed",
]  # fmt: skip
PLACEMENT = ["member", "organization", "placed_from", "placed_until", "began", "ended"]
OFFICE = [
    "organization", "member", "name_from_elsewhere", "body", "post", "held_from", "held_until",
    "full_time",
]  # fmt: skip
FINDING = ["member", "code", "field", "found_on", "accepted_reason"]
HEADCOUNT = ["organization", "full", "probationary"]


class Loader:
    """Loads one demo into an empty register; the same arguments give the same people."""

    def __init__(self, size: str, seed: int, on: date) -> None:
        self.size, self.seed, self.on = size, seed, on
        rng = random.Random(f"{seed}")  # noqa: S311 - invented people need no secret
        self.forest = Forest(SIZES[size], rng)
        self.inventor = Inventor(rng, on)
        self.rng = rng
        self.placements: list[tuple[Any, ...]] = []
        self.offices: list[tuple[Any, ...]] = []
        self.findings: list[tuple[Any, ...]] = []
        self.full: Counter[str] = Counter()
        self.probationary: Counter[str] = Counter()
        self.count = 0

    @transaction.atomic
    def load(self) -> int:
        """Write everything and return how many people there are now."""
        insert(
            Area,
            ["id", "name", "display_order"],
            ((place, name, place) for place, name in enumerate(words.AREAS, start=1)),
        )
        insert(
            Unit,
            ["id", "name", "credit_code", "has_leading_group", "head_name"],
            ((u.pk, u.name, u.credit_code, u.has_leading_group, "") for u in self.forest.bodies),
        )
        insert(Organization, ORGANIZATION, map(self._organization, self.forest.nodes))
        insert(OrganizationPeriod, PERIOD, map(self._period, self.forest.nodes))
        units = Organization.units.through
        insert(
            units,
            ["organization", "unit"],
            ((node.pk, node.unit) for node in self.forest.nodes if node.unit),
        )
        insert(OwnField, ["organization", "name", "display_order"], self._own_fields())
        insert(Member, MEMBER, self._members())
        insert(Placement, PLACEMENT, self.placements)
        insert(Office, OFFICE, self.offices)
        insert(Finding, FINDING, self.findings)
        insert(Headcount, HEADCOUNT, self._headcounts())
        NumberCounter.objects.create(name=NUMBER, last=self.count)
        restart_numbers(Area, Unit, Organization, OrganizationPeriod, Member)
        TermLoader(self.seed, self.on).load()
        if self.size in WITH_DUES:
            DuesLoader(self.seed, self.on).load()
            PaymentLoader(self.seed, self.on).load()
        DevelopmentLoader(self.size, self.seed, self.on, self.forest, self.inventor).load()
        restart_numbers(DevelopmentFile)
        TransferLoader(self.on, self.forest, self.inventor).load()
        Entry.append(Action.IMPORT, label="demo data")
        if self.size in WITH_DUES:
            StandingLoader(self.on).load()
            ConfirmationLoader(self.on).load()
        self._logins()
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # or the planner thinks that the register is still empty
        return self.count

    def _organization(self, node: Node) -> tuple[Any, ...]:
        return (
            node.pk, 1, node.code, node.name, node.short_name, node.kind, node.sort,
            node.parent.pk if node.parent else None, node.path, node.approves, node.area, "",
            f"0571-8{node.pk % 10**7:07}", "", 0, FOUNDED.isoformat(),
        )  # fmt: skip

    def _period(self, node: Node) -> tuple[Any, ...]:
        return (
            node.pk, node.pk, FOUNDED.isoformat(), "founded", f"市直工发〔2008〕{node.pk % 900}号",
            node.name, node.short_name, node.kind, node.sort,
            node.parent.pk if node.parent else None, node.path, node.code,
        )  # fmt: skip

    def _members(self) -> Iterator[tuple[Any, ...]]:
        bodies = {body.pk: body for body in self.forest.bodies}
        for branch in self.forest.branches():
            body = bodies[branch.unit or 1]
            siblings = [
                each
                for each in (branch.parent.children if branch.parent else [])
                if each.kind == "branch" and each is not branch
            ]
            stays: list[tuple[int, Invented]] = []
            for place in range(branch.size):
                person = self.inventor.person(branch, body.name[3:])
                self.count += 1
                yield self._member(self.count, person, branch, body, place + 1)
                stays.append((self.count, person))
                self._stays(self.count, person, branch, siblings)
                self._count(branch, person)
            self._elect(branch, stays)

    def _member(
        self, pk: int, person: Invented, branch: Node, body: Body, place: int
    ) -> tuple[Any, ...]:
        facts = membership.Facts(
            kind=person.kind,
            sex=person.sex,
            id_number=person.id_number,
            born_on=person.born_on,
            work_began_on=person.work_began_on,
            joined_on=person.joined_on,
            full_member_on=person.full_member_on,
            left_on=person.left_on,
        )
        for odd in membership.objections(facts, self.on):
            self.findings.append((pk, odd.code, odd.field, self.on.isoformat(), ""))
        full = person.full_member_on
        work = person.work_began_on
        values = {
            "name": person.name, "sex": person.sex, "ethnicity": person.ethnicity,
            "id_number": person.id_number, "born_on": 1, "native_place": person.native_place,
            "education": person.education, "work_began_on": 1, "unit": 1,
            "job_title": person.job_title, "category": person.category, "kind": person.kind,
            "joined_on": 1, "full_member_on": full, "phone": person.phone,
            "address": person.address,
        }  # fmt: skip
        return (
            pk, 1, number_of(pk), person.staff_number, person.name, person.pinyin, person.initials,
            person.sex, person.ethnicity, encryption.sealed(person.id_number, "id_number"),
            id_digest(person.id_number), person.born_on.code, person.native_place,
            person.education, person.channel, person.degree, work.code if work else None, body.pk,
            "", person.job_title, person.rank, person.leading,
            encryption.sealed(person.phone, "phone") if person.phone else "",
            phone_digest(person.phone), "",
            encryption.sealed(body.city + person.address, "address") if person.address else "",
            len(completeness.missing(values)), False, person.kind, person.category,
            person.joined_on.code, full.code if full else None, 0, "", "", branch.pk, "",
            person.floating, "省外务工" if person.floating else "", person.hardship, place, "",
            person.left_on.isoformat() if person.left_on else None, person.leaving_reason, "",
            self._own_values(pk),
        )  # fmt: skip

    def _own_values(self, pk: int) -> str:
        """Every tenth has a car that his office notes."""
        if pk % 10:
            return ""
        plate = json.dumps({OWN_FIELD: f"浙A{pk % 10**5:05}"}, ensure_ascii=False)
        return encryption.sealed(plate, "own fields")

    def _stays(self, pk: int, person: Invented, branch: Node, siblings: list[Node]) -> None:
        """The present stay, and for some the one before it in a neighbour branch."""
        until = person.left_on.isoformat() if person.left_on else None
        began, since = person.began, person.placed_from
        if person.moved_on and siblings:
            before = self.rng.choice(siblings)
            self.placements.append(
                (pk, before.pk, since.isoformat(), person.moved_on.isoformat(), began, "moved")
            )
            began, since = "moved", person.moved_on
        self.placements.append(
            (pk, branch.pk, since.isoformat(), until, began, person.leaving_reason)
        )

    def _count(self, branch: Node, person: Invented) -> None:
        if person.left_on:
            return
        counted = self.full if person.kind == FULL else self.probationary
        for path in (*tree.ancestors_of(branch.path), branch.path):
            counted[path] += 1

    def _elect(self, branch: Node, stays: list[tuple[int, Invented]]) -> None:
        """Officers of this term and of the one before, from those who belonged then."""
        for term, until in ((FORMER_TERM, TERM), (TERM, None)):
            able = [
                pk
                for pk, person in stays
                if person.full_member_on
                and person.full_member_on.last_day < term
                and (person.moved_on or person.placed_from) <= term
                and not (person.left_on and (until is None or person.left_on < until))
            ]
            posts = POSTS if branch.size >= 7 else POSTS[:1]
            for post, pk in zip(posts, self.rng.sample(able, min(len(able), 4)), strict=False):
                self.offices.append(
                    (
                        branch.pk, pk, "", "committee", post, term.isoformat(),
                        until.isoformat() if until else None, False,
                    )
                )  # fmt: skip

    def _own_fields(self) -> Iterator[tuple[int, str, int]]:
        return ((node.pk, OWN_FIELD, 1) for node in self.forest.nodes if node.parent is None)

    def _headcounts(self) -> Iterable[tuple[int, int, int]]:
        return (
            (node.pk, self.full[node.path], self.probationary[node.path])
            for node in self.forest.nodes
        )

    def _logins(self) -> None:
        """One login for each role, where there is something to see."""
        top = self.forest.nodes[0]
        committee = next(n for n in self.forest.nodes if n.kind == "organ_committee")
        branch = next(n for n in committee.children if n.kind == "branch")
        for username, name, role, node in (
            ("zhibu", "支部党务干部", "branch_clerk", branch),
            ("jiguan", "机关党委党务干部", "committee_clerk", committee),
            ("gongwei", "机关工委党务干部", "committee_clerk", top),
            ("shenpi", "机关党委审批人", "approver", committee),
            ("chakan", "分管领导", "reader", top),
            ("shenji", "审计员", "auditor", None),
            ("guanli", "系统管理员", "system_administrator", None),
        ):
            user = User(username=username, name=name, is_demo=True)
            user.set_password(PASSWORD)
            user.save()
            Grant.objects.create(user=user, organization_id=node.pk if node else None, role=role)


def holds_other_data() -> bool:
    """Whether the register has organisations or people already."""
    return Organization.objects.exists() or Member.objects.exists()
