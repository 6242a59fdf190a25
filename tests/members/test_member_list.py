"""The list of members: whom a clerk sees, finds and filters, and what each question costs."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from members.models import Office
from registry.calendar import PartialDate
from registry.models import Entry
from tests.factories import TODAY, a_branch, a_member, a_user, an_id_number

pytestmark = pytest.mark.django_db
LIST = "/members/member/"


def names(client, query=""):
    page = client.get(f"{LIST}?{query}")
    assert page.status_code == 200, page.headers
    return [member.name for member in page.context["cl"].result_list]


def test_a_clerk_sees_his_own_people_in_roster_order_and_no_others(client, clerk, committee):
    second, first = a_branch(committee), a_branch(committee)
    a_member(first, name="王五", display_order=1)
    a_member(second, name="李四", display_order=2)
    a_member(second, name="张三", display_order=1)
    a_member(a_branch(), name="外人")
    assert names(client) == ["张三", "李四", "王五"]
    assert "外人" not in client.get(LIST).content.decode()


def test_who_has_left_stands_in_the_list_only_when_asked_for(client, clerk, branch):
    a_member(branch, name="张三")
    a_member(branch, name="李四").leave("died", TODAY)
    a_member(branch, name="王五").suspend(TODAY)
    a_member(branch, name="赵六").mark_wrong("entered twice")
    assert names(client) == ["张三"]
    assert names(client, "state=left") == ["李四"]
    assert names(client, "state=suspended") == ["王五"]
    assert names(client, "state=wrong") == ["赵六"]
    assert len(names(client, "state=all")) == 4


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("仇", ["仇和"]),
        ("仇和", ["仇和"]),
        ("qiuhe", ["仇和"]),
        ("qiu", ["仇和"]),
        ("qh", ["仇和"]),
        ("古丽", ["古丽娜尔·买买提江"]),
        ("gulinaer", ["古丽娜尔·买买提江"]),
        ("\u200b仇 和", ["仇和"]),
        ("13900000007", ["仇和"]),
        ("139", []),
        ("G-07", ["仇和"]),
        ("%", []),
        ("x' OR 1=1", []),
        ("\x00仇", []),
    ],
)
def test_one_box_finds_by_the_shape_of_what_is_typed(client, clerk, branch, typed, found):
    a_member(branch, name="仇和", phone="13900000007", staff_number="G-07")
    a_member(branch, name="古丽娜尔·买买提江", phone="13900000008")
    a_member(a_branch(), name="仇和", phone="13900000009")
    page = client.get(LIST, {"q": typed})
    assert [member.name for member in page.context["cl"].result_list] == found


def test_numbers_find_exactly(client, clerk, branch):
    number = an_id_number()
    member = a_member(branch, id_number=number)
    a_member(branch)
    assert names(client, f"q={number}") == [member.name]
    assert names(client, f"q={number.lower()}") == [member.name]
    assert names(client, f"q={number[:10]}") == []
    assert names(client, f"q={member.number}") == [member.name]
    assert names(client, f"q={int(member.number[1:])}") == [member.name]


def test_a_search_for_a_protected_value_is_logged_as_a_mask(client, clerk, branch):
    number = an_id_number()
    names(client, f"q={number}")
    entry = Entry.objects.get(action="search")
    assert entry.user == clerk
    assert entry.changes == [["id_number", "", "*" * 15 + number[-3:]]]


def test_filters_take_the_organisation_with_everything_below(client, clerk, committee):
    one, two = a_branch(committee), a_branch(committee)
    a_member(one, name="张三")
    a_member(two, name="李四")
    assert names(client, f"organization={one.pk}") == ["张三"]
    assert names(client, f"organization={committee.pk}") == ["张三", "李四"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("sex=F", ["李四"]),
        ("kind=probationary", ["李四"]),
        ("category=retired", ["李四"]),
        ("ethnicity=05", ["李四"]),
        ("education=20", ["李四"]),
        ("leading_cadre=1", ["李四"]),
        ("leading_cadre=0", ["张三"]),
        ("hardship=1", ["李四"]),
        ("floating=1", ["李四"]),
        ("lost_contact=1", ["李四"]),
        ("lost_contact=0", ["张三"]),
        ("age_from=60", ["李四"]),
        ("age_to=59", ["张三"]),
        ("joined_to=2000", ["李四"]),
        ("joined_from=1999-08", ["张三"]),
        ("joined_from=1999.07&joined_to=1999.07", ["李四"]),
        ("birthday_month=7", ["李四"]),
        ("missing=address", ["张三"]),
        ("missing=unit", ["张三"]),
        ("finding=any", []),
        ("office=any", ["李四"]),
        ("office=secretary", ["李四"]),
        ("office=deputy_secretary", []),
        ("sex=&kind=", ["张三", "李四"]),
    ],
)
def test_each_filter_narrows_the_list(client, clerk, branch, query, found):
    a_member(branch, name="张三", display_order=1, joined_on=PartialDate(2005, 6, 1))
    other = a_member(
        branch,
        name="李四",
        display_order=2,
        sex="F",
        kind="probationary",
        full_member_on=None,
        category="retired",
        ethnicity="05",
        education="20",
        leading_cadre=True,
        hardship=True,
        floating=True,
        lost_contact_since=PartialDate(2020),
        born_on=PartialDate(1950),
        id_number=an_id_number(date(1950, 3, 1), "F"),
        joined_on=PartialDate(1999, 7),
        address="某县某街1号",
    )
    Office.objects.create(
        organization=branch, member=other, post="secretary", held_from=date(2020, 1, 1)
    )
    assert names(client, query) == found


@pytest.mark.parametrize(
    "query", ["sex=X", "age_from=old", "age_from=9999", "joined_from=July", "state=nowhere"]
)
def test_a_filter_that_cannot_be_read_says_so_and_lists_nobody(client, clerk, branch, query):
    a_member(branch)
    page = client.get(f"{LIST}?{query}")
    assert list(page.context["cl"].result_list) == []
    assert page.context["filterset"].form.errors


def test_the_organisation_of_somebody_else_is_no_choice_and_lists_nobody(client, clerk, branch):
    a_member(branch)
    stranger = a_branch(name="Foreign branch")
    page = client.get(LIST, {"organization": stranger.pk})
    assert list(page.context["cl"].result_list) == []
    assert "Foreign branch" not in page.content.decode()


def test_what_is_set_stands_above_the_list_with_a_way_to_remove_it(client, clerk, branch):
    a_member(branch)
    page = client.get(LIST, {"sex": "M", "organization": branch.pk})
    chips = [(str(chip.label), chip.value, chip.url) for chip in page.context["chips"]]
    assert chips == [
        ("organisation", str(branch), "?sex=M"),
        ("sex", "male", f"?organization={branch.pk}"),
    ]


def test_the_list_prints_dates_as_given_and_posts_and_a_masked_phone(client, clerk, branch):
    member = a_member(
        branch, born_on=PartialDate(1985, 6), phone="13912345678", id_number="", sex=""
    )
    Office.objects.create(
        organization=branch, member=member, post="secretary", held_from=date(2020, 1, 1)
    )
    page = client.get(LIST).content.decode()
    for text in ("1985.06", "secretary", "139****5678"):
        assert text in page
    assert "13912345678" not in page


def test_a_page_of_the_list_asks_the_database_at_most_ten_times(client, clerk, committee):
    for _ in range(3):
        branch = a_branch(committee)
        for _ in range(4):
            member = a_member(branch)
            Office.objects.create(
                organization=branch, member=member, post="member", held_from=date(2020, 1, 1)
            )
    client.get(LIST)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        client.get(LIST)
    assert len(asked) <= 10, [query["sql"][:120] for query in asked]


@pytest.mark.parametrize("column", range(-3, 40))
def test_any_sort_of_the_address_gives_the_list(client, clerk, branch, column):
    a_member(branch)
    assert names(client, f"o={column}") == ["张三"]
    assert names(client, f"o=-{column}.x") == ["张三"]


def test_the_list_leads_to_the_roster_and_to_an_upload(client, clerk, branch):
    page = client.get(LIST, {"organization": branch.pk}).content.decode()
    assert f'href="/rosters/?organization={branch.pk}"' in page
    assert 'href="/registry/importjob/add/"' in page
    client.force_login(a_user("reader", branch))
    assert "/registry/importjob/" not in client.get(LIST).content.decode()
