"""What happened to an organisation, told line by line: what it was before and after, and which
other organisations had part in it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from branches.models.organizations import Organization
from branches.models.periods import BEGINNING, Event, OrganizationPeriod
from branches.models.reorganizations import Act
from branches.rules import hierarchy

RAISED, LOWERED = "raised", "lowered"


@dataclass(frozen=True)
class Told:
    """One event. ``others`` are keys: of whom it was founded out of, merged into, and so on."""

    line: OrganizationPeriod
    before: OrganizationPeriod | None
    others: tuple[int, ...] = ()

    @property
    def what(self) -> str:
        """The event; a change of kind goes up or down where the levels of the kinds differ."""
        if self.line.event != Event.CHANGED_KIND or self.before is None:
            return str(self.line.event)
        old, new = (hierarchy.KINDS[each.kind].level for each in (self.before, self.line))
        if old == new:  # a general branch and an organ committee stand beside each other
            old, new = (_rank(each.kind) for each in (self.before, self.line))
        return RAISED if new < old else LOWERED if new > old else str(Event.CHANGED_KIND)

    @property
    def day(self) -> date | None:
        """None where nobody knows when it was founded."""
        organization = self.line.organization
        known = self.line.valid_from > BEGINNING or organization.founded_on == BEGINNING
        return self.line.valid_from if known else None

    @property
    def old_code(self) -> str:
        return self.before.code if self.before else ""


def _rank(kind: str) -> int:
    return list(hierarchy.KINDS).index(kind)


def told_of(organization: Organization) -> list[Told]:
    """Return what happened to ``organization``, in order."""
    rows = organization.periods.select_related("organization", "act", "parent")
    lines = list(rows.order_by("valid_from", "id"))
    parts = _others_in({line.act_id for line in lines if line.act_id})
    return [
        Told(line, before, _others(line, parts))
        for before, line in zip([None, *lines], lines, strict=False)
    ]


def _others_in(acts: set[Any]) -> dict[tuple[int, str], list[int]]:
    """Return who was founded, and who ended, by act and event."""
    found: dict[tuple[int, str], list[int]] = defaultdict(list)
    rows = OrganizationPeriod.objects.filter(
        act__in=acts, event__in=(Event.FOUNDED, Event.DISSOLVED)
    )
    for act, event, key in rows.order_by("pk").values_list("act", "event", "organization"):
        found[act, event].append(key)
    return found


def _others(line: OrganizationPeriod, parts: dict[tuple[int, str], list[int]]) -> tuple[int, ...]:
    act = line.act
    if act is None:
        return ()
    if line.event == Event.SPLIT:
        return tuple(parts[act.pk, Event.FOUNDED])
    if line.event == Event.TOOK_IN:
        return tuple(parts[act.pk, Event.DISSOLVED])
    if line.event == Event.FOUNDED or (line.event, act.kind) == (Event.DISSOLVED, Act.MERGE):
        return (act.organization_id,)
    return ()
