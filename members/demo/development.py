"""The demo's development: a pyramid of files at every stage, some late or blocked, and quotas."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from branches.models import Organization
from branches.rules import hierarchy, tree
from members.demo.people import Inventor
from members.demo.trees import Forest, Node
from members.demo.ways import Branch, Taken, Ways, moved
from members.models import Attachment, DevelopmentFile, Member, Quota, SentBack, StepTaken
from members.models.development.acting import ENTERED_AT, acting_organization
from members.models.development.following import rebuild
from members.models.development.register import COPIED
from members.models.importing import chunks
from members.rules import development
from members.rules.codes import FULL, PROBATIONARY
from registry.calendar import PartialDate, months_after, years_after
from registry.loading import insert

FILES = {"small": 120, "medium": 800, "large": 1_000}  # of people who have not joined yet
IN_A_BRANCH = 5  # files, where there are branches enough
JOINED = 60  # of those who have joined by a file, at most
# How far people have come, out of a hundred: 7 applicants to 3 activists to 1 object.
REACHED = (
    ("application", 14), ("first_talk", 42), ("activist", 3), ("mentors", 3), ("cultivation", 20),
    ("object", 3), ("object_filed", 2), ("political_review", 2), ("training", 3),
    ("branch_review", 2), ("pre_review", 2), ("application_form", 1), ("assembly", 2),
    ("committee_talk", 1),
)  # fmt: skip
# Days since the last step, at most: long enough that some are late with the next one.
SINCE = {"application": 70, "cultivation": 215, "assembly": 110, "first_talk": 500}
STEP = [
    "file", "step", "turn", "taken_on", "facts", "result", "decision", "reason", "historical",
    "organization", "entered_on", "alone", "effect", "withdrawal_reason",
]  # fmt: skip
QUOTA = ["version", "organization", "year", "planned"]
WAITED = "政审回函未到，支委会先行审查"
SCAN = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n"
)


class DevelopmentLoader:
    """Opens files in branches with enough full members, and for those who have joined lately."""

    def __init__(self, size: str, seed: int, on: date, forest: Forest, inventor: Inventor) -> None:
        self.rng = random.Random(f"development {seed}")  # noqa: S311 - invented people
        self.on, self.how_many = on, FILES[size]
        self.forest, self.inventor = forest, inventor
        inventor.rng = self.rng
        self.ways = Ways(self.rng)
        self.bodies = {body.pk: body for body in forest.bodies}
        self.steps: list[tuple[int, Taken, dict[str, Any]]] = []
        self.files: list[DevelopmentFile] = []
        self._acting: dict[tuple[int, str], int] = {}

    def load(self) -> None:
        nodes = self._nodes()
        self.places = Organization.objects.in_bulk([node.pk for node in nodes])
        self.branches = self._branches(nodes)
        nodes = [node for node in nodes if node.pk in self.branches]
        for place in range(self.how_many):
            self._applicant(nodes[place % len(nodes)])
        self._members()
        DevelopmentFile.objects.bulk_create(self.files, batch_size=200)
        insert(StepTaken, STEP, self._rows())
        insert(Quota, QUOTA, self._quotas())
        self._send_back()
        for some in chunks([file.pk for file in self.files]):
            rebuild(DevelopmentFile.objects.filter(pk__in=some))
        for file in self._reached("training")[:2]:
            Attachment.attach(
                file, "政审材料.pdf", SCAN, by=None, on=self.on, step="political_review"
            )

    # Where

    def _nodes(self) -> list[Node]:
        """The branches that have files: those of the demo's clerks, and as many as are needed."""
        ordinary = [node for node in self.forest.branches() if node.sort != "retired"]
        ordinary = [node for node in ordinary if node.size >= 6]
        committee = next(node for node in self.forest.nodes if node.kind == "organ_committee")
        own = [node for node in ordinary if node.parent is committee]
        others = [node for node in ordinary if node.parent is not committee]
        wanted = max(1, self.how_many // IN_A_BRANCH)
        return [*own, *self.rng.sample(others, min(wanted, len(others)))]

    def _branches(self, nodes: Sequence[Node]) -> dict[int, Branch]:
        full: dict[int, list[tuple[int, str]]] = {node.pk: [] for node in nodes}
        for some in chunks(list(full)):
            rows = Member.objects.on_roll().filter(organization__in=some, kind=FULL).order_by("pk")
            for place, key, name in rows.values_list("organization", "pk", "name"):
                full[place].append((key, name))
        general = {node.path for node in self.forest.nodes if node.kind == hierarchy.GENERAL_BRANCH}
        return {
            node.pk: Branch(full[node.pk], not general.isdisjoint(tree.ancestors_of(node.path)))
            for node in nodes
            if len(full[node.pk]) >= 3
        }

    # Who is on the way

    def _applicant(self, node: Node) -> None:
        reached = self.rng.choices([step for step, _ in REACHED], [many for _, many in REACHED])[0]
        way = self.ways.whole(self.branches[node.pk], date(2020, 1, 6))
        turns = [place for place, taken in enumerate(way) if taken.step == reached]
        last = self.rng.choice(turns)
        since = timedelta(days=self.rng.randrange(2, SINCE.get(reached, 60)))
        way = moved(way[: last + 1], self.on - since - way[last].on)
        if reached in ("branch_review", "pre_review") and self.rng.random() < 0.4:
            way = _without_review(way)
        body = self.bodies[node.unit or 1]
        person = self.inventor.applicant(node, body.name[3:], way[0].on)
        file = self._open(DevelopmentFile(**person, organization=self.places[node.pk]), way)
        if reached in ("first_talk", "cultivation") and self.rng.random() < 0.04:
            file.stopped_on = way[-1].on + since / 2
            file.stop_reason = self.rng.choice(("left_unit", "not_qualified"))

    def _open(
        self, file: DevelopmentFile, way: Sequence[Taken], **effects: dict[str, Any]
    ) -> DevelopmentFile:
        file.pk = len(self.files) + 1
        began = way[0].on
        file.began_on = PartialDate.of(began)
        file.rule_set = development.rule_set_on(began).code
        file.standing, file.stage = "applicant", "application"
        file.derive()
        self.files.append(file)
        self.steps += [(file.pk, taken, effects.get(taken.step, {})) for taken in way]
        return file

    def _reached(self, step: str) -> list[DevelopmentFile]:
        keys = {key for key, taken, _ in self.steps if taken.step == step}
        return [file for file in self.files if file.pk in keys and not file.member_id]

    # Who has joined

    def _members(self) -> None:
        """Those on probation, and those whose probation ended lately, by the days of the roll."""
        since = PartialDate.of(months_after(self.on, -18))
        found = 0
        for some in chunks(list(self.branches)):
            rows = Member.objects.on_roll().filter(organization__in=some, joined_on__gte=since)
            for member in rows.order_by("pk"):
                if found < JOINED and self._joined(member):
                    found += 1

    def _joined(self, member: Member) -> bool:
        day = member.joined_on
        if day is None or not day.day or not member.born_on:
            return False
        branch = self.branches[member.organization_id]
        others = Branch([each for each in branch.full if each[0] != member.pk],
                        branch.under_a_general_branch)  # fmt: skip
        if len(others.full) < 3:
            return False
        way = self.ways.whole(others, date(2020, 1, 6))
        assembly = next(taken.on for taken in way if taken.step == "assembly")
        way = moved(way, day.first_day - assembly)
        way = [taken for taken in way if taken.on <= self.on]
        steps = {taken.step for taken in way}
        is_full = member.kind == FULL
        if "approval" not in steps or is_full != ("full_approval" in steps):
            return False
        if way[0].on < years_after(member.born_on.last_day, 18):
            return False
        known = {name: getattr(member, name) for name in COPIED}
        file = DevelopmentFile(**known, organization=self.places[member.organization_id])
        file.member = member
        before = {"kind": PROBATIONARY, "full_member_on": "", "probation_extended_by": 0}
        self._open(file, way, approval={"admitted": member.pk}, full_approval={"before": before})
        return True

    # Rows

    def _rows(self) -> Iterator[tuple[Any, ...]]:
        turns: dict[tuple[int, str], int] = {}
        for key, taken, effect in self.steps:
            turn = turns[key, taken.step] = turns.get((key, taken.step), 0) + 1
            yield (
                key, taken.step, turn, PartialDate.of(taken.on).code,
                json.dumps(taken.facts, ensure_ascii=False), taken.facts.get("result", ""), "",
                taken.reason, False, self._acts(self.files[key - 1], taken.step),
                taken.on.isoformat(), False, json.dumps(effect), "",
            )  # fmt: skip

    def _acts(self, file: DevelopmentFile, step: str) -> int:
        acts = development.STEPS[step].acts
        key = file.organization_id, ENTERED_AT[acts]
        if key not in self._acting:
            self._acting[key] = acting_organization(self.places[key[0]], acts).pk
        return self._acting[key]

    def _quotas(self) -> Iterator[tuple[Any, ...]]:
        """What each approving committee may accept in the year of the demo, and did before."""
        for node in self.forest.nodes:
            if node.approves:
                for year in (self.on.year - 1, self.on.year):
                    yield 1, node.pk, year, 2 + self.rng.randrange(4) + (node.parent is None) * 20

    def _send_back(self) -> None:
        """The committee has returned some that wait for its pre-review."""
        passed = {file.pk for file in self._reached("pre_review")}
        waiting = [file for file in self._reached("branch_review") if file.pk not in passed]
        SentBack.objects.bulk_create(
            SentBack(file=file, step="pre_review", reason="政审材料不全，请补齐回函",
                     sent_back_on=self.on - timedelta(days=1))
            for file in waiting[:3]
        )  # fmt: skip


def _without_review(way: Sequence[Taken]) -> list[Taken]:
    """The way of somebody whose political review is still out: the assembly has to wait."""
    return [
        Taken(taken.step, taken.on, taken.facts, WAITED if taken.step == "branch_review" else "")
        for taken in way
        if taken.step != "political_review"
    ]
