"""What tests of reorganisations ask: the register as it stands, and a committee to change."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

from branches.models import Organization, OrganizationPeriod
from members.models import DevelopmentFile, Headcount, Member, Office, Placement
from tests.factories import a_branch, a_committee, a_member, a_work_committee

LONG_AGO, MARCH, MAY, JUNE = date(2000, 1, 1), date(2024, 3, 1), date(2024, 5, 1), date(2024, 6, 1)


def register() -> dict[str, Any]:
    """Everything that a reorganisation may change, less the versions."""
    kept = {}
    for model in (Organization, OrganizationPeriod, Member, Placement, Office, DevelopmentFile):
        rows = model.objects.order_by("pk").values()
        kept[model.__name__] = [
            {name: value for name, value in row.items() if name != "version"} for row in rows
        ]
    kept["Headcount"] = heads()
    return kept


def heads() -> dict[int, tuple[int, int]]:
    rows = Headcount.objects.values_list("pk", "full", "probationary")
    return {pk: (full, rest) for pk, full, rest in rows if full or rest}


def counted_anew() -> dict[int, tuple[int, int]]:
    Headcount.recount(Member)
    return heads()


def an_office() -> Any:
    """Two committees under one work committee, three branches with people, a secretary."""
    top = a_work_committee(code="01")
    committee = a_committee(top, code="01001", short_name="财政局机关党委")
    other = a_committee(top, code="01002", short_name="民政局机关党委")
    first = a_branch(committee, code="01001001", short_name="第一党支部")
    second = a_branch(committee, code="01001002", short_name="第二党支部")
    away = a_branch(other, code="01002001", short_name="民政局党支部")
    people = [a_member(first, name=name) for name in ("甲一", "甲二", "甲三")] + [
        a_member(second, name="李乙")
    ]
    a_member(away, name="王丙")
    secretary = Office.objects.create(
        organization=first, member=people[0], post="secretary", held_from=date(2022, 1, 1)
    )
    return SimpleNamespace(**locals())
