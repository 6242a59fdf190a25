"""What stands in the columns of a sheet for members."""

from __future__ import annotations

from datetime import date

import pytest

from members.models import Member, Office
from members.sheets.members import MemberResource
from members.sheets.values import CHUNK, MemberValues
from registry.access import OPERATOR
from registry.calendar import PartialDate
from tests.factories import LONG_AGO, TODAY, a_branch, a_committee, a_member, a_user

pytestmark = pytest.mark.django_db


def values_of(member, *names, user=OPERATOR, full=False, **kind):
    [values] = MemberValues(user, full=full, on=TODAY, **kind).rows(
        Member.objects.filter(pk=member.pk), names
    )
    return values


def test_codes_are_chinese_and_dates_keep_what_is_known_of_them():
    member = a_member(born_on=PartialDate(1980, 5), joined_on=None, education="21", kind="full")
    assert values_of(
        member, "sex", "ethnicity", "education", "kind", "category", "born_on", "joined_on"
    ) == {
        "sex": "男",
        "ethnicity": "汉族",
        "education": "大学本科毕业",
        "kind": "正式党员",
        "category": "在职",
        "born_on": PartialDate(1980, 5),
        "joined_on": None,
    }


def test_a_program_gets_codes_and_iso_dates():
    member = a_member(a_branch(code="020100"), kind="full")
    assert values_of(member, "kind", "organization", "born_on", "sex", raw=True) == {
        "kind": "full",
        "organization": "020100",
        "born_on": "1980-05-17",
        "sex": "男",
    }


def test_ages_are_those_of_the_day():
    member = a_member(born_on=PartialDate(1980, 11, 21), full_member_on=PartialDate(2006, 11, 20))
    assert values_of(member, "age", "party_age") == {"age": 45, "party_age": 20}


def test_protected_values_are_masked_unless_asked_in_full_by_who_may():
    committee = a_committee()
    member = a_member(a_branch(committee), phone="13912345678", address="云州市河东区南街1号")
    names = ("id_number", "phone", "address")
    clerk, reader = a_user("committee_clerk", committee), a_user("reader", committee)
    full = {"id_number": member.id_number, "phone": "13912345678", "address": "云州市河东区南街1号"}
    masked = {
        "id_number": "*" * 15 + member.id_number[-3:],
        "phone": "139****5678",
        "address": "云州市河东****",
    }
    assert values_of(member, *names, user=clerk) == masked
    assert values_of(member, *names, user=clerk, full=True) == full
    assert values_of(member, *names, user=reader, full=True) == masked


def test_posts_and_superiors_are_named():
    committee = a_committee(name="云州市交通局机关党委", code="0201")
    branch = a_branch(committee, code="020100")
    member = a_member(branch)
    for organization, post in ((branch, "organisation_member"), (committee, "deputy_secretary")):
        Office.objects.create(
            organization=organization, member=member, post=post, held_from=date(2024, 1, 1)
        )
    assert values_of(member, "party_post", "committee", "committee_code", "organization_code") == {
        "party_post": "组织委员、机关党委副书记",
        "committee": "云州市交通局机关党委",
        "committee_code": "0201",
        "organization_code": "020100",
    }


def test_two_columns_of_sponsors_share_what_one_field_holds():
    member = a_member(sponsors="李一、王二")
    assert values_of(member, "sponsors") == {"sponsors": "李一、王二"}
    assert values_of(member, "sponsors", "second_sponsor") == {
        "sponsors": "李一",
        "second_sponsor": "王二",
    }


def test_the_day_of_a_transfer_is_told_and_not_that_of_the_opening_stock():
    member = a_member(since=LONG_AGO)
    assert values_of(member, "placed_from") == {"placed_from": None}
    member.move_to(a_branch(), date(2020, 3, 1))
    assert values_of(member, "placed_from") == {"placed_from": PartialDate(2020, 3, 1)}


def test_every_column_of_the_sheet_has_a_value_or_none():
    member = a_member()
    assert values_of(member, *MemberResource.fields, "unit").keys() == {
        *MemberResource.fields,
        "unit",
    }


def test_questions_do_not_grow_with_the_members(django_assert_max_num_queries):
    branch = a_branch()
    for _ in range(12):
        a_member(branch)
    assert CHUNK > 12
    with django_assert_max_num_queries(5):
        rows = list(
            MemberValues(OPERATOR, full=True, on=TODAY).rows(
                Member.objects.in_roster_order(), list(MemberResource.fields)
            )
        )
    assert [row["row_number"] for row in rows] == list(range(1, 13))
