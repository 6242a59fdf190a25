"""Whether the head of a unit is also its secretary (党政一肩挑): computed, never typed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Q

from branches.models import Unit
from members.models.offices import Office, UnitHead
from members.rules import offices


def units_whose_head_is_secretary(units: Iterable[Unit], day: date) -> set[int]:
    """Return the ids of those units whose head is secretary of one of their organisations."""
    by_id = {unit.pk: unit for unit in units}
    members = dict(UnitHead.objects.filter(unit__in=by_id).values_list("unit", "member"))
    held = Office.objects.on(day).filter(
        Q(member__isnull=False) | ~Q(name_from_elsewhere=""),
        organization__units__in=by_id,
        body=offices.COMMITTEE,
        post=offices.SECRETARY,
    )
    rows = held.values_list("organization__units", "member", "name_from_elsewhere")
    return {
        unit
        for unit, member, name in rows
        if unit in by_id
        and (
            (member is not None and member == members.get(unit))
            or (name and unit not in members and name == by_id[unit].head_name)
        )
    }
