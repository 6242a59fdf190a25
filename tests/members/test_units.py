"""Units have a head, a member or a name; whether he is secretary too follows from the offices."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from branches.models import Unit
from members.models import Office, UnitHead
from members.models.heads import units_whose_head_is_secretary
from registry.models import Entry
from tests.factories import TODAY, a_branch, a_committee, a_member, a_user

pytestmark = pytest.mark.django_db
ADD = reverse("admin:branches_unit_add")
SINCE = date(2020, 1, 1)


def change_of(unit):
    return reverse("admin:branches_unit_change", args=[unit.pk])


def a_unit(*organizations, **fields):
    unit = Unit.objects.create(**{"name": "市财政局"} | fields)
    for organization in organizations:
        organization.units.add(unit)
    return unit


@pytest.fixture
def committee(client):
    committee = a_committee()
    client.force_login(a_user("committee_clerk", committee))
    return committee


def test_the_head_is_secretary_when_one_person_holds_both():
    branch = a_branch()
    head = a_member(branch)
    unit, other = a_unit(branch), a_unit(branch, name="局属单位")
    UnitHead.objects.create(unit=unit, member=head)
    assert units_whose_head_is_secretary([unit, other], TODAY) == set()
    office = Office.objects.create(
        organization=branch, member=head, post="secretary", held_from=SINCE
    )
    assert units_whose_head_is_secretary([unit, other], TODAY) == {unit.pk}
    office.held_until = date(2021, 1, 1)
    office.save()
    assert units_whose_head_is_secretary([unit, other], TODAY) == set()


def test_a_head_who_is_no_member_here_is_compared_by_name():
    branch = a_branch()
    unit = a_unit(branch, head_name="赵六")
    office = {"organization": branch, "held_from": SINCE}
    Office.objects.create(name_from_elsewhere="赵六", post="deputy_secretary", **office)
    assert units_whose_head_is_secretary([unit], TODAY) == set()
    Office.objects.create(name_from_elsewhere="赵六", post="secretary", **office)
    assert units_whose_head_is_secretary([unit], TODAY) == {unit.pk}


def test_a_clerk_enters_a_unit_with_its_head(client, committee):
    head = a_member(a_branch(committee), name="李四")
    data = {"name": "市财政局", "credit_code": "", "has_leading_group": "on", "head": head.pk}
    client.post(ADD, data)
    unit = Unit.objects.get()
    assert unit.has_leading_group
    assert unit.head.member == head
    client.post(change_of(unit), {"name": "市财政局", "head": "", "head_name": "赵六"})
    unit = Unit.objects.get()
    assert unit.head_name == "赵六"
    assert not UnitHead.objects.exists()
    assert Entry.objects.filter(model="members.unithead", action="delete").exists()


@pytest.mark.parametrize("forged", ["foreign", "99999999999999999999", "x"])
def test_the_head_is_one_of_the_clerk_s_own_members(client, committee, forged):
    foreign = a_member(name="外人")
    head = foreign.pk if forged == "foreign" else forged
    answer = client.post(ADD, {"name": "市财政局", "head": head})
    assert "Select a valid choice." in answer.content.decode()
    assert "外人" not in answer.content.decode()
    assert not Unit.objects.exists()


def test_member_and_name_are_not_both_the_head(client, committee):
    head = a_member(a_branch(committee))
    answer = client.post(ADD, {"name": "市财政局", "head": head.pk, "head_name": "赵六"})
    assert "A member is chosen. Leave the name empty." in answer.content.decode()


def test_a_head_from_elsewhere_is_neither_named_nor_replaced(client, committee):
    unit = a_unit(committee)
    foreign = a_member(name="外人")
    UnitHead.objects.create(unit=unit, member=foreign)
    for url in (change_of(unit), reverse("admin:branches_unit_changelist")):
        page = client.get(url).content.decode()
        assert "外人" not in page
        assert "registered elsewhere" in page
    client.post(change_of(unit), {"name": "市财政局", "head": "", "head_name": "赵六"})
    assert UnitHead.objects.get().member == foreign
