"""The demo's standing: a few people who are away, out of touch, from elsewhere or disciplined."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from branches.models import Organization
from members.models import Discipline, FloatingIn, FloatingOut, Member, SecondMembership
from members.models.standing.contact import lose_contact
from members.rules.codes import FULL
from registry.calendar import PartialDate, months_after

AWAY = 8
# (place, province, why, how many months ago, how many months since the last word)
PLACES = (
    ("深圳市南山区", "44", "work", 14, 2),
    ("苏州工业园区", "32", "work", 9, 1),
    ("成都市", "51", "family", 20, 8),
    ("新西兰", "", "abroad", 11, 5),
)
LOST = (("changed_unit", 3), ("moved_house", 8), ("graduated", 30))  # how many months ago
GUESTS = (("周游", "外省某局机关党支部", "流动0017"), ("郑远", "外省某公司党支部", "流动0231"))
DECISIONS = (("warning", 0, 10), ("probation_in_party", 12, 5), ("correction", 6, 4))


class StandingLoader:
    """Does by the verbs what a clerk would; chosen are the same people for the same register."""

    def __init__(self, on: date) -> None:
        self.on = on

    def load(self) -> None:
        self._away()
        ordinary = self._ordinary()
        for (reason, months), member in zip(LOST, ordinary, strict=False):
            lose_contact(member, self._month(months), reason, self.on)
        for (kind, length, months), member in zip(DECISIONS, ordinary[len(LOST) :], strict=False):
            Discipline(
                member=member,
                kind=kind,
                months=length,
                decided_on=months_after(self.on, -months),
                document=f"机纪〔{self.on.year}〕{months}号",
                decided_by="机关纪委",
            ).impose(self.on)
        self._guests()
        self._second(ordinary[len(LOST) + len(DECISIONS) :])

    def _away(self) -> None:
        floating = Member.objects.on_roll().filter(floating=True).order_by("pk")
        rows = floating.select_related("organization")[:AWAY]
        for place, member in enumerate(rows):
            where, province, reason, months, heard = PLACES[place % len(PLACES)]
            FloatingOut(
                member=member,
                begins_on=months_after(self.on, -months),
                place=where,
                province=province,
                reason=reason,
                permit_number=f"流动{place + 1:04}",
                contact_person="支部组织委员",
                contacted_on=months_after(self.on, -heard),
            ).keep(self.on)

    def _ordinary(self) -> list[Any]:
        """Full members without a post, from one branch each."""
        rows = Member.objects.on_roll().filter(
            kind=FULL, floating=False, offices__isnull=True, development_files__isnull=True
        )
        rows = rows.filter(joined_on__lt=PartialDate(self.on.year - 5))
        found: dict[int, Any] = {}
        for member in rows.select_related("organization").order_by("pk")[:400]:
            found.setdefault(member.organization_id, member)
        return list(found.values())

    def _guests(self) -> None:
        branches = Organization.objects.standing().that_hold_members().order_by("path")
        for (name, home, permit), branch in zip(GUESTS, branches[: len(GUESTS)], strict=False):
            FloatingIn(
                organization=branch,
                name=name,
                home=home,
                permit_number=permit,
                begins_on=self.on - timedelta(days=200),
                pays_here=True,
            ).keep(self.on)

    def _second(self, people: list[Any]) -> None:
        temporary = Organization.objects.standing().filter(sort="temporary").order_by("path")
        if branch := temporary.first():
            for member in people[:3]:
                SecondMembership(
                    member=member, organization=branch, begins_on=self.on - timedelta(days=60)
                ).begin()

    def _month(self, months: int) -> PartialDate:
        day = months_after(self.on, -months)
        return PartialDate(day.year, day.month)
