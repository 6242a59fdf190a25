"""Invented organisations: cities with a work committee, their units, committees and branches."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from branches.rules import credit_code, tree
from members.demo import words

FOUNDED = date(2008, 3, 1)
MEMBERS_PER_UNIT = 200


@dataclass
class Node:
    """One organisation of the demo, with what its rows need."""

    pk: int
    code: str
    name: str
    short_name: str
    kind: str
    path: str
    parent: Node | None = None
    sort: str = "ordinary"
    unit: int | None = None
    area: int | None = None
    size: int = 0
    approves: bool = False
    children: list[Node] = field(default_factory=list)


@dataclass(frozen=True)
class Body:
    """A unit (单位) of the demo."""

    pk: int
    name: str
    credit_code: str
    has_leading_group: bool
    city: str


class Forest:
    """The trees of all cities, grown until they hold ``members`` people."""

    def __init__(self, members: int, rng: random.Random) -> None:
        self.rng = rng
        self.nodes: list[Node] = []
        self.bodies: list[Body] = []
        left = members
        for city in words.CITIES:
            if left <= 0:
                break
            left = self._grow_city(city, left)

    def branches(self) -> Iterator[Node]:
        return (node for node in self.nodes if node.kind == "branch")

    def _grow_city(self, city: str, left: int) -> int:
        top = self._add(
            None, f"中共{city}直属机关工作委员会", "市直机关工委", "work_committee", approves=True
        )
        # A hundred units in a city, fewer and smaller ones where the whole demo is small.
        units = min(100, max(6, left // MEMBERS_PER_UNIT)) if left < 100 * MEMBERS_PER_UNIT else 100
        mean = min(MEMBERS_PER_UNIT, left // units)
        for number in range(units):
            last = number == units - 1 and left < 2 * mean
            size = left if last else min(left, max(4, round(mean * self.rng.uniform(0.4, 1.6))))
            if size > 0:
                self._grow_unit(top, city, number, size)
                left -= size
        return left

    def _grow_unit(self, top: Node, city: str, number: int, size: int) -> None:
        body = words.BODIES[number % len(words.BODIES)]
        if number >= len(words.BODIES):
            body = body[:-1] + ("分局" if body.endswith("局") else "二部")
        unit = Body(
            pk=len(self.bodies) + 1,
            name=city + body,
            credit_code=_credit_code(len(self.bodies) + 1),
            has_leading_group=size >= 40,
            city=city,
        )
        self.bodies.append(unit)
        short = body.removesuffix("委员会")
        area = number % len(words.AREAS) + 1
        if size < 20:
            self._add(
                top, f"中共{unit.name}支部委员会", f"{short}党支部", "branch",
                sort="joint" if size < 8 else "ordinary", unit=unit.pk, area=area, size=size,
            )  # fmt: skip
            return
        leading = top
        if unit.has_leading_group:
            leading = self._add(
                top,
                f"中共{unit.name}党组",
                f"{short}党组",
                "leading_group",
                unit=unit.pk,
                area=area,
            )
        if size >= 60:
            committee = self._add(
                leading, f"中共{unit.name}机关委员会", f"{short}机关党委", "organ_committee",
                unit=unit.pk, area=area, approves=True,
            )  # fmt: skip
        else:
            committee = self._add(
                leading, f"中共{unit.name}总支部委员会", f"{short}党总支", "general_branch",
                unit=unit.pk, area=area,
            )  # fmt: skip
        self._grow_branches(committee, unit, size)

    def _grow_branches(self, committee: Node, unit: Body, size: int) -> None:
        retired = round(size * self.rng.uniform(0.25, 0.42)) if size >= 40 else 0
        for share, sort in ((size - retired, "ordinary"), (retired, "retired")):
            sizes = list(self._shared_out(share))
            for count, people in enumerate(sizes, start=1):
                ordinal = words.numeral(count)
                only = sort == "retired" and len(sizes) == 1
                word = "离退休" if sort == "retired" else "机关"
                which = "" if only else f"第{ordinal}"
                self._add(
                    committee, f"中共{unit.name}{word}{which}支部委员会", f"{word}{which}党支部",
                    "branch", sort=sort, unit=unit.pk, area=committee.area, size=people,
                )  # fmt: skip

    def _shared_out(self, people: int) -> Iterator[int]:
        """Branches of 3 to 60, 17 on average."""
        while people > 0:
            size = min(people, max(3, min(60, round(self.rng.lognormvariate(2.75, 0.45)))))
            if people - size < 3:
                size = people if people <= 60 else people - 3
            yield size
            people -= size

    def _add(
        self, parent: Node | None, name: str, short_name: str, kind: str, **more: object
    ) -> Node:
        siblings = parent.children if parent else [n for n in self.nodes if n.parent is None]
        place = len(siblings) + 1
        node = Node(
            pk=len(self.nodes) + 1,
            code=f"{parent.code}{place:03}" if parent else f"{99 + place}",
            name=name,
            short_name=short_name,
            kind=kind,
            path=tree.child_path(parent.path, place) if parent else tree.root_path(place),
            parent=parent,
            **more,  # type: ignore[arg-type]
        )
        self.nodes.append(node)
        if parent:
            parent.children.append(node)
        return node


def _credit_code(number: int) -> str:
    """An invented code of an organ; its check sign is right."""
    first_17 = f"11{330100 + number % 90:06}{number:08}X"
    return first_17 + credit_code.check_sign(first_17)
