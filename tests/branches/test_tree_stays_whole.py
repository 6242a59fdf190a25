"""Whatever verbs come in whatever order: paths, parents and the chronicle tell the same tree."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from branches.models import Organization, OrganizationPeriod
from branches.rules import hierarchy, tree
from tests.factories import an_organization

pytestmark = pytest.mark.django_db
FIRST = date(2020, 1, 1)
KINDS = list(hierarchy.KINDS)


def a_random_verb(chance: random.Random, day: date) -> None:
    """Try one verb on one organisation, sensible or not; what is refused must change nothing."""
    everybody = list(Organization.objects.all())
    one, other = chance.choice(everybody), chance.choice(everybody)
    verbs = ["found"] * 4 + ["move"] * 4 + ["kind", "rename", "dissolve"]
    verb = chance.choice(verbs if len(everybody) > 9 else ["found"])
    try:
        if verb == "found":
            founded = chance.choice([day, None, day - timedelta(chance.randrange(400))])
            an_organization(chance.choice(KINDS), other, founded_on=founded)
        elif verb == "move":
            one.move_under(other, on=day)
        elif verb == "kind":
            one.change_kind(chance.choice(KINDS), on=day)
        elif verb == "rename":
            one.rename(f"{one.name}*"[-90:], on=day)
        else:
            one.dissolve(on=day)
    except ValidationError:
        pass


def line_above(periods, organization_id):
    """Follow the chronicle from superior to superior; a circle would never end.

    What is of unknown age may be older than its superior, and then stood where that began.
    """
    line = []
    while organization_id:
        assert organization_id not in line, "a circle"
        line.append(organization_id)
        lines = OrganizationPeriod.objects.filter(organization=organization_id)
        organization_id = (periods.get(organization_id) or lines.first()).parent_id
    return line


@pytest.mark.parametrize("seed", range(6))
def test_after_random_verbs_paths_periods_and_parents_agree(seed):
    chance = random.Random(seed)
    for _top in range(2):
        an_organization("party_committee", founded_on=FIRST)
    day = FIRST
    for _step in range(100):
        day += timedelta(chance.choice([0, 1, 30]))
        a_random_verb(chance, day)

    rows = {each.pk: each for each in Organization.objects.all()}
    assert len(rows) > 9, "chance has founded hardly anything"
    for each in rows.values():
        above = rows[each.parent_id].path if each.parent_id else ""
        assert each.path[: -tree.WIDTH] == above
        lines = list(each.periods.order_by("valid_from", "id"))
        assert [line.valid_until for line in lines[:-1]] == [line.valid_from for line in lines[1:]]
        now = lines[-1]
        assert now.valid_until == each.dissolved_on
        if not each.dissolved_on:
            assert (now.name, now.kind, now.parent_id, now.path) == (
                each.name,
                each.kind,
                each.parent_id,
                each.path,
            )
    assert OrganizationPeriod.objects.filter(event="moved_along").exists(), "hardly anything moved"
    given = {}
    for period in OrganizationPeriod.objects.all():
        assert given.setdefault(period.path, period.organization_id) == period.organization_id

    for _question in range(10):
        then = FIRST + timedelta(chance.randrange((day - FIRST).days + 1))
        periods = {each.organization_id: each for each in OrganizationPeriod.objects.on(then)}
        for top in periods.values():
            below = OrganizationPeriod.objects.on(then).under(top.path)
            assert {each.organization_id for each in below} == {
                pk for pk in periods if top.organization_id in line_above(periods, pk)
            }
