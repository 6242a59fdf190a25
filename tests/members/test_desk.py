"""The start page shows a clerk's own organisations, their numbers, and nothing of others."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from members.admin.desk import AGES, PERIODS, numbers_of, tops_of
from registry.calendar import PartialDate
from registry.models import acting
from tests.factories import PASSWORD, a_branch, a_committee, a_member, a_user

TODAY = date(2026, 11, 20)


@pytest.fixture
def committee(db):
    return a_committee(name="Committee of the finance office")


@pytest.fixture
def start(client):
    def fetch(user):
        assert client.login(username=user.username, password=PASSWORD)
        return client.get("/").context

    return fetch


def figures(context, number=0) -> dict[str, int]:
    return {figure.label: figure.number for figure in context["offices"][number]["figures"]}


def test_a_committee_clerk_sees_the_sums_over_everything_below(committee, start):
    first, second = a_branch(committee), a_branch(committee)
    a_member(first)
    a_member(second)
    a_member(second, kind="probationary", joined_on=PartialDate(2026, 3, 1), full_member_on=None)
    a_member(a_branch(a_committee(name="Another committee")))
    shown = figures(start(a_user("committee_clerk", committee)))
    assert shown["Full members"] == 2
    assert shown["Probationary members"] == 1
    assert shown["Branches"] == 2
    assert shown["Incomplete records"] == 3


def test_a_branch_clerk_sees_nothing_of_the_neighbour_branch(committee, client, start):
    mine, other = a_branch(committee, name="Mine"), a_branch(committee, name="Neighbour")
    clerk = a_user("branch_clerk", mine)
    with acting(clerk):
        a_member(mine, name="李四")
        a_member(other, name="王五")
    context = start(clerk)
    text = client.get("/").content.decode()
    assert [office["organization"] for office in context["offices"]] == [mine]
    assert figures(context)["Full members"] == 1
    assert "李四" in text
    assert "王五" not in text
    assert "Neighbour" not in text


def test_each_number_opens_its_list_with_as_many_rows(committee, client, start):
    branch = a_branch(committee)
    a_member(branch, born_on=PartialDate(1958, 5, 17), joined_on=PartialDate(1985, 6, 1))
    a_member(branch, born_on=PartialDate(1991, 5), joined_on=PartialDate(2013), full_member_on=None)
    [office] = start(a_user("committee_clerk", committee))["offices"]
    lists = [figure for figure in office["figures"] if figure.url.startswith("/members/member/")]
    for counted in (*lists, *office["ages"], *office["periods"]):
        rows = client.get(counted.url).context["cl"].result_count
        assert rows == counted.number, counted.label


def test_an_organisation_below_another_of_mine_is_not_shown_twice(committee):
    branch = a_branch(committee)
    user = a_user("committee_clerk", committee)
    user.grants.create(role="branch_clerk", organization=branch)
    assert tops_of(user) == [committee]


@pytest.mark.parametrize(
    ("born", "band"),
    [
        pytest.param(PartialDate(1996, 11, 20), (None, 30), id="thirty on this very day"),
        pytest.param(PartialDate(1995, 11, 21), (None, 30), id="thirty-one tomorrow"),
        pytest.param(PartialDate(1995, 11, 20), (31, 35), id="thirty-one today"),
        pytest.param(PartialDate(1965, 11, 20), (61, None), id="sixty-one today"),
        pytest.param(PartialDate(1965, 11, 21), (56, 60), id="sixty-one tomorrow"),
        pytest.param(PartialDate(1966, 1), (56, 60), id="born in a month"),
    ],
)
def test_an_age_falls_into_one_band(committee, born, band):
    a_member(a_branch(committee), born_on=born, id_number="")
    counted = numbers_of(committee, 1, TODAY)
    assert [each for index, each in enumerate(AGES) if counted[f"age{index}"]] == [band]


@pytest.mark.parametrize(
    ("joined", "first"),
    [
        pytest.param(PartialDate(1978, 11, 30), PartialDate(1949, 10), id="the last day before"),
        pytest.param(PartialDate(1978, 12), PartialDate(1978, 12), id="the first month of it"),
        pytest.param(PartialDate(2000), PartialDate(2000, 1), id="known to the year"),
        pytest.param(PartialDate(2012, 10, 31), PartialDate(2000, 1), id="the last day of it"),
        pytest.param(PartialDate(2012, 11, 1), PartialDate(2012, 11), id="the first day of now"),
    ],
)
def test_a_joining_falls_into_one_period(committee, joined, first):
    born = PartialDate(joined.year - 30)
    a_member(a_branch(committee), joined_on=joined, full_member_on=None, born_on=born, id_number="")
    counted = numbers_of(committee, 1, TODAY)
    periods = [each for index, each in enumerate(PERIODS) if counted[f"joined{index}"]]
    assert [low for low, _high in periods] == [first]


def test_lately_names_the_fields_and_never_the_values(committee, client, start):
    branch = a_branch(committee)
    clerk = a_user("branch_clerk", branch)
    member = a_member(branch, name="李四")
    with acting(clerk):
        member.job_title = "Invented title"
        member.correct(timezone.localdate())
    [line] = [line for line in start(clerk)["lately"] if line["action"] == "changed"]
    assert line["label"] == "李四"
    assert [str(name) for name in line["fields"]] == ["unit and post"]
    assert "Invented title" not in client.get("/").content.decode()


def test_who_has_moved_away_is_no_longer_named(committee, client, start):
    mine, other = a_branch(committee), a_branch(committee)
    clerk = a_user("branch_clerk", mine)
    member = a_member(mine, name="李四")
    member.move_to(other, TODAY)
    start(clerk)
    assert "李四" not in client.get("/").content.decode()


def test_a_reader_without_the_right_to_history_sees_no_changes(committee, start):
    branch = a_branch(committee)
    a_member(branch)
    assert not start(a_user("reader", branch))["lately"]


@pytest.mark.parametrize("role", ["system_administrator", "auditor"])
def test_who_keeps_accounts_sees_accounts_and_no_member(committee, client, start, role):
    a_member(a_branch(committee), name="李四")
    context = start(a_user(role))
    assert "offices" not in context
    assert "lately" not in context
    assert context["account_figures"][0].number == 1
    assert "李四" not in client.get("/").content.decode()


def test_an_account_without_a_role_is_told_so(db, client):
    user = a_user()
    client.login(username=user.username, password=PASSWORD)
    assert "This account has no role yet." in client.get("/").content.decode()


def test_the_numbers_of_a_large_organisation_are_kept_for_a_while(committee, monkeypatch):
    monkeypatch.setattr("members.admin.desk.figures.LARGE", 0)
    branch = a_branch(committee)
    a_member(branch)
    before = numbers_of(committee, 1, TODAY)
    a_member(branch)
    assert numbers_of(committee, 1, TODAY) == before
    assert numbers_of(committee, 0, TODAY)["incomplete"] == 2


def test_the_start_page_asks_as_often_for_many_members_as_for_few(committee, client, start):
    branch = a_branch(committee)
    start(a_user("committee_clerk", committee))

    def questions() -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get("/")
        return len(asked)

    a_member(branch)
    few = questions()
    for _ in range(5):
        a_member(branch)
    assert questions() == few <= 46
