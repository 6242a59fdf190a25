"""The commands `deadlines` and `development_board`: what they print, for whom, and how they end."""

from __future__ import annotations

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from members.models import Quota
from tests.factories import a_branch, a_user
from tests.members.development import a_branch_that_develops, a_file
from tests.members.development_doors import a_waiting_file, days, one_of_each_state

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_that_day")]


@pytest.fixture
def branch():
    return a_branch_that_develops(name="第一支部")


def printed(command: str, *arguments: str) -> str:
    out = StringIO()
    call_command(command, *arguments, stdout=out)
    return out.getvalue()


def lines(*arguments: str) -> list[dict]:
    found = json.loads(printed("deadlines", *arguments, "--json"))
    assert isinstance(found, list)
    return found


def test_each_row_says_who_where_what_and_when(branch):
    said = [["“%(before)s” comes first.", {"before": "oath"}], ["Ask the committee.", {}]]
    file = a_waiting_file(
        branch,
        "王小明",
        assembly={"possible_from": days(-5), "due_by": days(3), "reasons": said},
    )
    assert lines() == [
        {
            "person": file.pk,
            "name": "王小明",
            "organization": branch.code,
            "step": "assembly",
            "state": "soon",
            "from": "2026-11-15",
            "by": "2026-11-23",
            "reason": "“oath” comes first. Ask the committee.",
        }
    ]


def test_rows_are_ordered_by_their_last_day_and_those_without_one_come_last(branch):
    one_of_each_state(branch)
    found = lines()
    assert [each["state"] for each in found[:3]] == ["overdue", "due", "soon"]
    assert {each["state"] for each in found[3:]} == {"possible", "blocked"}
    assert [each["by"] for each in found] == ["2026-11-19", "2026-11-20", "2026-12-20", None, None]


def test_another_day_and_another_look_ahead_change_the_states(branch):
    one_of_each_state(branch)
    by_name = {each["name"]: each["state"] for each in lines("--on", "2026-11-19")}
    assert by_name == {
        "甲一": "due", "乙二": "soon", "丙三": "possible", "丁四": "blocked", "戊五": "blocked",
    }  # fmt: skip
    assert {each["name"]: each["state"] for each in lines("--within", "29")}["丙三"] == "possible"


def test_an_organisation_is_asked_with_everything_below_it(branch):
    one_of_each_state(branch)
    a_waiting_file(a_branch(branch.parent), "己六", first_talk={"due_by": days(-9)})
    assert len(lines()) == 6
    assert len(lines("--organization", branch.code)) == 5
    assert len(lines("--organization", branch.parent.code)) == 6


def test_an_account_sees_its_own_rows(branch):
    one_of_each_state(branch)
    sibling = a_branch(branch.parent)
    a_user("branch_clerk", sibling, username="wang")
    a_user("auditor", username="audit")
    assert lines("--as", "wang") == []
    assert lines("--as", "audit") == []
    with pytest.raises(CommandError) as refused:
        printed("deadlines", "--as", "wang", "--organization", branch.code)
    assert refused.value.returncode == 2
    assert str(refused.value) == (
        f"There is no organisation of code “{branch.code}”. Check it, leading zeros included."
    )


@pytest.mark.parametrize(
    ("command", "arguments", "sentence"),
    [
        ("deadlines", ["--on", "2026-02-30"], "“2026-02-30” is not a day. Write it as 2026-11-20."),
        ("deadlines", ["--within", "-1"], "“-1” is not a number of days. Write it as 30."),
        ("deadlines", ["--within", "ten"], "“ten” is not a number of days. Write it as 30."),
        (
            "deadlines",
            ["--organization", "999"],
            "There is no organisation of code “999”. Check it, leading zeros included.",
        ),
        (
            "deadlines",
            ["--as", "nobody"],
            "There is no account “nobody” that may log in. Check --as.",
        ),
        (
            "development_board",
            ["--organization", "999"],
            "There is no organisation of code “999”. Check it, leading zeros included.",
        ),
    ],
)
def test_what_cannot_be_asked_ends_with_2_and_one_sentence(command, arguments, sentence):
    arguments = [f"{one}={two}" for one, two in zip(arguments[::2], arguments[1::2], strict=True)]
    with pytest.raises(CommandError) as refused:
        printed(command, *arguments)
    assert (refused.value.returncode, str(refused.value)) == (2, sentence)


def test_a_year_that_is_none_ends_with_2(branch):
    with pytest.raises(CommandError) as refused:
        printed("development_board", "--organization", branch.code, "--year", "26")
    assert (refused.value.returncode, str(refused.value)) == (
        2, "“26” is not a year. Write it as 2026.",
    )  # fmt: skip


def test_without_json_each_row_is_a_line_for_people(branch):
    a_waiting_file(branch, "王小明", assembly={"due_by": days(3)})
    assert printed("deadlines").split() == [
        "soon", "2026-11-23", branch.code, "王小明", "assembly",
    ]  # fmt: skip


def test_the_board_of_a_year(branch):
    a_file(branch, name="甲")
    a_file(branch, name="乙", until="approval")
    Quota.objects.create(organization=branch.parent, year=2024, planned=3)
    asked = ["--organization", branch.parent.code, "--year", "2024"]
    found = json.loads(printed("development_board", *asked, "--json"))
    assert found == {
        "stages": {"application": 1, "activist": 0, "object": 0, "acceptance": 0, "probation": 1},
        "accepted": 1,
        "became_full": 0,
        "extended": 0,
        "cancelled": 0,
        "quota": 3,
        "used": 1,
    }


def test_the_board_of_this_year_without_a_quota(branch):
    found = json.loads(printed("development_board", "--organization", branch.code, "--json"))
    assert (found["quota"], found["used"], found["accepted"]) == (None, 0, 0)
    assert printed("development_board", "--organization", branch.code).splitlines()[-2:] == [
        "quota                –",
        "used                 0",
    ]
