"""``manage.py terms``: how terms stood on a day, with exactly the keys that were promised."""

from __future__ import annotations

import json
from datetime import date

import pytest
from django.core.management import CommandError, call_command

from tests.factories import a_committee, a_user, a_work_committee
from tests.members.terms import a_term

pytestmark = pytest.mark.django_db


@pytest.fixture
def committee():
    committee = a_committee(a_work_committee(code="020"), code="020100")
    a_term(committee)
    return committee


def told(capsys, *arguments):
    call_command("terms", "--json", *arguments)
    return json.loads(capsys.readouterr().out)


def test_it_lists_the_bodies_as_at_the_day(committee, capsys):
    a_term(committee, body="discipline").postpone(
        date(2026, 12, 1), "机关工委", date(2026, 6, 1), date(2026, 11, 20)
    )
    assert told(capsys, "--on", "2026-06-11") == [
        {
            "organization": "020100",
            "body": "committee",
            "from": "2021-06-10",
            "due": "2026-06-10",
            "state": "overdue",
        },
        {
            "organization": "020100",
            "body": "discipline",
            "from": "2021-06-10",
            "due": "2026-12-01",
            "state": "due_soon",
        },
    ]
    assert [line["state"] for line in told(capsys, "--on", "2021-06-09")] == ["unrecorded"]


def test_an_appointed_body_has_no_due_day(committee, capsys):
    a_term(committee.parent, years=None)
    assert told(capsys, "--on", "2026-11-20")[0] == {
        "organization": "020",
        "body": "committee",
        "from": "2021-06-10",
        "due": None,
        "state": "appointed",
    }


def test_it_can_be_read_without_a_program(committee, capsys):
    call_command("terms", "--on", "2026-06-11")
    assert capsys.readouterr().out == "020100  committee  2021-06-10  2026-06-10  overdue\n"


def test_an_account_sees_its_own(committee, capsys):
    other = a_committee()
    clerk = a_user("committee_clerk", other)
    lines = told(capsys, "--on", "2026-06-11", "--as", clerk.username)
    assert [line["organization"] for line in lines] == [other.code]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--on", "2026-13-01"), "“2026-13-01” is not a day. Write it as 2026-11-20."),
        (
            ("--on", "2026-11-20", "--as", "nobody"),
            "There is no account “nobody” that may log in. Check --as.",
        ),
    ],
)
def test_what_cannot_be_read_ends_with_2(committee, arguments, sentence):
    with pytest.raises(CommandError) as refused:
        call_command("terms", *arguments)
    assert (str(refused.value), refused.value.returncode) == (sentence, 2)
