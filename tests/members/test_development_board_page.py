"""The board as a page: every number opens the people behind it."""

from __future__ import annotations

import re

import pytest

from members.models import DevelopmentFile, Quota
from tests.factories import a_branch, a_user
from tests.members.development import TODAY, a_branch_that_develops, a_file

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_that_day")]

BOARD = "/development/board/"


@pytest.fixture
def branch():
    return a_branch_that_develops(name="第一支部")


@pytest.fixture
def clerk(client, branch):
    user = a_user("committee_clerk", branch.parent)
    client.force_login(user)
    return user


@pytest.fixture
def files(branch):
    other = a_branch(branch.parent, name="第二支部")
    return [
        a_file(branch, name="甲"),
        a_file(branch, name="乙", until="activist"),
        a_file(branch, name="丙", until="object"),
        a_file(branch, name="丁", until="approval", front_line=True),
        a_file(branch, name="戊", until="full_approval"),
        a_file(branch, name="己", until="full_approval", changed={
            "full_assembly": {"result": "extended", "extended_months": 6}}),
        a_file(other, name="庚", until="application"),
    ]  # fmt: skip


def numbers(figures) -> dict[str, int]:
    return {str(each.label): each.number for each in figures}


def test_the_board_counts_stages_now_and_decisions_of_the_year(client, clerk, files):
    context = client.get(BOARD, {"year": "2024"}).context
    assert numbers(context["stages"]) == {
        "Application for membership": 2,
        "Activists": 1,
        "Objects of development": 1,
        "Acceptance as a probationary member": 0,
        "Probation and full membership": 3,
    }
    assert numbers(context["decided"]) == {
        "Accepted": 3, "Became full members": 0, "Probation extended": 0, "Cancelled": 0,
    }  # fmt: skip
    context = client.get(BOARD, {"year": "2025"}).context
    assert numbers(context["decided"]) == {
        "Accepted": 0, "Became full members": 1, "Probation extended": 1, "Cancelled": 0,
    }  # fmt: skip


def test_every_number_opens_the_people_behind_it(client, clerk, branch, files):
    for year in ("2024", "2025"):
        context = client.get(BOARD, {"year": year}).context
        figures = [*context["decided"], *context["shares"]]
        figures += [each for line in context["lines"] for each in line.figures[5:]]
        for figure in figures:
            found = client.get(figure.url)
            assert found.status_code == 200, figure.url
            assert found.context["number"] == len(found.context["people"]) == figure.number
        for figure in context["stages"]:
            stage = re.search(r"stage=(\w+)", figure.url)
            rows = DevelopmentFile.objects.open().under(branch.parent).in_stage(stage[1])
            assert rows.count() == figure.number


def test_shares_and_the_reserve(client, clerk, files):
    context = client.get(BOARD, {"year": "2024"}).context
    assert [(share.label, share.number, share.percent) for share in context["shares"]] == [
        ("Women", 3, 100), ("35 and younger", 3, 100), ("College and above", 3, 100),
        ("Front line", 1, 33),
    ]  # fmt: skip
    assert [(each["label"], each["number"]) for each in context["pyramid"]] == [
        ("Objects of development", 1), ("Activists", 1), ("Applicants", 2),
    ]  # fmt: skip
    assert client.get(BOARD, {"year": "2025"}).context["shares"][0].percent is None


def test_what_stands_right_below_has_a_line_that_opens_its_board(client, clerk, branch, files):
    lines = client.get(BOARD, {"year": "2024"}).context["lines"]
    assert [str(line.organization) for line in lines] == ["第一支部", "第二支部"]
    assert [each.number for each in lines[0].figures] == [1, 1, 1, 0, 3, 3, 0]
    below = client.get(lines[1].url).context
    assert numbers(below["stages"])["Application for membership"] == 1
    client.force_login(a_user("committee_clerk", branch.parent.parent))
    [line] = client.get(BOARD, {"year": "2024"}).context["lines"]
    assert (line.organization, line.figures[5].number) == (branch.parent, 3)


def test_quotas_are_planned_used_and_left(client, clerk, branch, files):
    Quota.objects.create(organization=branch.parent, year=2024, planned=2)
    Quota.objects.create(organization=branch, year=2024, planned=4)
    context = client.get(BOARD, {"year": "2024"}).context
    assert [(line.planned, line.used, line.left) for line in context["quotas"]] == [
        (2, 3, -1), (4, 3, 1),
    ]  # fmt: skip
    assert client.get(context["quotas"][0].url).context["number"] == 3
    text = client.get(BOARD).content.decode()
    assert "Nobody has given a quota for this year." in text


def test_a_branch_clerk_sees_the_board_of_his_branch(client, branch, files):
    client.force_login(a_user("branch_clerk", branch))
    context = client.get(BOARD, {"year": "2024"}).context
    assert [line.organization for line in context["lines"]] == [branch]
    found = client.get(f"{BOARD}people/", {"what": "accepted", "year": "2024"})
    assert found.context["number"] == 3


@pytest.mark.parametrize("asked", [{"what": "hired"}, {"what": "accepted", "share": "tall"}])
def test_a_decision_that_is_none_lists_nobody(client, clerk, files, asked):
    assert client.get(f"{BOARD}people/", asked).status_code == 404


def test_a_year_that_is_none_is_quoted(client, clerk, files):
    for page in (BOARD, f"{BOARD}people/"):
        answer = client.get(page, {"year": "1889"})
        assert answer.context["asking"].errors["year"] == [
            "“1889” is not a year of this page. Choose one of the list."
        ]
        assert "甲" not in answer.content.decode()


def test_this_year_is_asked_where_no_other_is(client, clerk):
    assert client.get(BOARD).context["year"] == TODAY.year
