"""The desk of development: what waits, for whom, and the list behind every number."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from members.models.development.deadlines import STATES
from tests.factories import a_branch, a_user
from tests.members.development import a_branch_that_develops
from tests.members.development_doors import a_waiting_file, days, one_of_each_state, waiting

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_that_day")]

DESK = "/development/"


@pytest.fixture
def branch():
    return a_branch_that_develops(name="第一支部")


@pytest.fixture
def committee(branch):
    return branch.parent


@pytest.fixture
def clerk(client, committee):
    user = a_user("committee_clerk", committee)
    client.force_login(user)
    return user


@pytest.fixture
def branch_clerk(client, branch):
    user = a_user("branch_clerk", branch)
    client.force_login(user)
    return user


def names(answer) -> list[str]:
    rows = answer.context["shown"].rows
    return [each.file.name if hasattr(each, "file") else each.row.file.name for each in rows]


def numbers(figures) -> dict[str, int]:
    return {str(each.label): each.number for each in figures}


def test_the_desk_counts_each_state_as_seen_from_today(client, clerk, branch):
    one_of_each_state(branch)
    answer = client.get(DESK)
    assert numbers(answer.context["figures"]) == {
        "Overdue": 1,
        "Last day today": 1,
        "Within 30 days": 1,
        "Possible": 1,
        "Not yet": 1,
        "Sent back": 0,
    }
    assert names(answer) == ["甲一", "乙二", "丙三"], "what presses comes first, by its last day"


@pytest.mark.parametrize("state", STATES)
def test_the_list_of_a_state_shows_who_is_in_it(client, clerk, branch, state):
    file = one_of_each_state(branch)[state]
    [line] = client.get(DESK, {"state": state}).context["shown"].rows
    assert (line.row.file, line.state) == (file, state)


def test_every_number_opens_the_list_that_the_same_question_makes(client, clerk, branch):
    files = one_of_each_state(branch)
    waiting(files["due"], "approval", "committee", possible_from=days(1), sent_back=True)
    other = a_branch(branch.parent)
    a_waiting_file(other, "己六", first_talk={"due_by": days(-9)})
    asked = 0
    for start in (DESK, f"{DESK}?state=all", f"{DESK}?waits=me", f"{DESK}?waits=branch&state=all"):
        context = client.get(start).context
        steps = [figure for line in context["steps"] for figure in line.figures]
        for figure in (*context["figures"], *context["waits"], *steps):
            assert len(client.get(figure.url).context["shown"].rows) == figure.number, figure
            asked += 1
    assert asked > 60


def test_a_narrower_look_ahead_moves_what_is_soon(client, clerk, branch):
    a_waiting_file(branch, "丙三", assembly={"due_by": days(30)})
    assert numbers(client.get(DESK, {"within": "29"}).context["figures"])["Within 29 days"] == 0
    found = client.get(DESK, {"within": "29"}).context
    assert numbers(found["figures"])["Possible"] == 1
    assert "within=29" in found["figures"][0].url


def test_for_whom_a_step_waits(client, clerk, committee, branch):
    a_waiting_file(branch, "甲一", application_form={"acts": "applicant", "due_by": days(-1)})
    a_waiting_file(branch, "乙二", oath={"acts": "committee", "due_by": days(-1)})
    a_waiting_file(branch, "丙三", filed_above={"acts": "above", "due_by": days(-1)})
    a_waiting_file(
        branch, "丁四", approval={"acts": "committee", "due_by": days(-1), "sent_back": True}
    )
    assert numbers(client.get(DESK).context["waits"]) == {
        "Everybody": 4, "Me": 4, "Branch": 2, "Committee": 1, "Level above the committee": 1,
    }  # fmt: skip
    client.force_login(a_user("branch_clerk", branch))
    found = client.get(DESK).context
    assert numbers(found["waits"])["Me"] == 2
    assert names(client.get(DESK, {"waits": "me"})) == ["甲一", "丁四"]
    client.force_login(a_user("approver", committee))
    assert names(client.get(DESK, {"waits": "me"})) == ["乙二", "丙三"]
    client.force_login(a_user("reader", committee))
    assert numbers(client.get(DESK).context["waits"])["Me"] == 0


def test_the_list_by_person_shows_each_with_his_steps(client, clerk, branch):
    file = a_waiting_file(branch, "王小明", first_talk={"due_by": days(-1)})
    waiting(file, "activist", due_by=days(2), position=1)
    a_waiting_file(branch, "李四", oath={"acts": "committee", "blocked": True})
    [person] = client.get(DESK, {"by": "person"}).context["shown"].rows
    assert person.file == file
    assert [(each.row.step, each.state) for each in person.steps] == [
        ("first_talk", "overdue"), ("activist", "soon"),
    ]  # fmt: skip


def test_the_list_is_narrowed_to_a_name(client, clerk, branch):
    one_of_each_state(branch)
    assert names(client.get(DESK, {"name": "乙二", "state": "all"})) == ["乙二"]
    assert names(client.get(DESK, {"name": "戊五"})) == ["戊五"], "though nothing presses"
    assert names(client.get(DESK, {"name": "没有", "state": "all"})) == []


def test_a_row_says_what_when_for_whom_and_why(client, clerk, branch):
    said = [["“%(before)s” comes first.", {"before": "oath"}]]
    a_waiting_file(
        branch, "王小明", full_assembly={"due_by": days(3), "blocked": True, "reasons": said}
    )
    text = client.get(DESK).content.decode()
    for words in ("王小明", "第一支部", "Assembly on full membership", "Soon", "2026-11-23",
                  "“oath” comes first."):  # fmt: skip
        assert words in text, words


def test_a_branch_clerk_sees_his_branch_alone(client, branch_clerk, branch):
    one_of_each_state(branch)
    a_waiting_file(a_branch(branch.parent), "己六", first_talk={"due_by": days(-9)})
    answer = client.get(DESK, {"state": "all"})
    assert "己六" not in answer.content.decode()
    assert len(answer.context["shown"].rows) == 5


@pytest.mark.parametrize("page", ["", "together/", "board/", "board/people/", "policies/"])
def test_a_foreign_organisation_is_as_good_as_none(client, branch_clerk, branch, page):
    sibling = a_branch(branch.parent)
    for asked in (sibling.pk, branch.parent.pk, 987_654_321, "10²", "abc", "9" * 40):
        answer = client.get(f"{DESK}{page}", {"organization": asked})
        assert answer.status_code == 404, asked
    assert client.get(f"{DESK}{page}").status_code == 200


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"state": "late"}, "“late” is no question of this desk. Go back to its first page."),
        ({"waits": "you"}, "“you” is no question of this desk. Go back to its first page."),
    ],
)
def test_a_question_that_cannot_be_read_lists_nobody(client, clerk, branch, asked, sentence):
    one_of_each_state(branch)
    answer = client.get(DESK, asked)
    assert answer.context["asking"].non_field_errors() == [sentence]
    assert sentence in answer.content.decode()
    assert "甲一" not in answer.content.decode()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("0", "0 is too few. Look 1 to 366 days ahead."),
        ("367", "367 is too many. Look 1 to 366 days ahead."),
        ("soon", "Write the days ahead as a number, such as 30."),
    ],
)
def test_days_ahead_that_are_none_are_said(client, clerk, typed, sentence):
    assert client.get(DESK, {"within": typed}).context["asking"].errors["within"] == [sentence]


def test_whoever_sees_no_members_has_no_desk(client):
    client.force_login(a_user("auditor"))
    assert client.get(DESK).status_code == 403


def test_an_empty_desk_says_what_to_do_first(client, clerk):
    assert "No file is open here." in client.get(DESK).content.decode()


def test_more_files_ask_no_more_questions(client, clerk, branch):
    def questions(address: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get(address)
        return len(asked)

    one_of_each_state(branch)
    pages = (DESK, f"{DESK}?by=person", f"{DESK}?state=possible")
    for address in pages:
        client.get(address)
    few = [questions(address) for address in pages]
    for number, name in enumerate("赵钱孙李周吴郑王冯陈褚卫"):
        a_waiting_file(branch, name, first_talk={"due_by": days(-number)})
    assert [questions(address) for address in pages] == few


def test_a_long_list_goes_on_on_the_next_page(client, clerk, branch):
    file = a_waiting_file(branch, "王小明")
    for number in range(51):
        waiting(file, f"local_{number}", due_by=days(-number))
    first = client.get(DESK).context["shown"]
    assert (len(first.rows), first.next) == (50, 2)
    second = client.get(DESK, {"page": "2"}).context["shown"]
    assert (len(second.rows), second.previous, second.next) == (1, 1, 0)
