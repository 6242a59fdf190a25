"""``manage.py assess_dues``: the yearly run from the command line."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from members.models import Assessment, DuesBase
from registry.models import Entry
from tests.factories import a_branch, a_committee, a_member, a_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def branch():
    return a_branch(a_committee(code="020100"), code="020101")


def told(capsys) -> tuple[dict[str, int], list[str]]:
    """The JSON object on stdout and the lines on stderr."""
    out, err = capsys.readouterr()
    return json.loads(out), err.splitlines()


def refused(*arguments) -> str:
    """The sentence with which the command ends with 2, having written nothing."""
    with pytest.raises(CommandError) as error:
        call_command("assess_dues", *arguments)
    assert error.value.returncode == 2
    assert not Assessment.objects.exists()
    return str(error.value)


def test_it_assesses_and_says_how_many(branch, capsys):
    for base in (4000, 6000):
        DuesBase.give(a_member(branch), 2026, Decimal(base))
    idle = a_member(branch, name="李四")
    call_command("assess_dues", "2026", "--organization", "020100", "--json")
    counts = {"proposed": 2, "changed": 0, "unchanged": 0, "without_base": 1}
    assert told(capsys) == (
        counts,
        [
            f"{idle.number} 李四: No base is known. Enter one for this year.",
            "Members proposed: 2, changed: 0, unchanged: 0, without a base: 1.",
        ],
    )
    assert sorted(str(each.monthly) for each in Assessment.objects.all()) == ["40.00", "90.00"]

    call_command("assess_dues", "2026", "--organization", "020100", "--json")
    assert told(capsys)[0] == counts | {"proposed": 0, "unchanged": 2}


def test_a_check_writes_nothing_and_names_who_changes_much(branch, capsys):
    member = a_member(branch)
    DuesBase.give(member, 2025, Decimal(3000))
    call_command("assess_dues", "2025", "--organization", "020101")
    DuesBase.give(member, 2026, Decimal("3000.01"))
    entries = Entry.objects.count()
    capsys.readouterr()
    call_command("assess_dues", "2026", "--organization", "020101", "--check", "--json")
    assert told(capsys) == (
        {"proposed": 1, "changed": 0, "unchanged": 0, "without_base": 0},
        [
            (f"{member.number} 张三: 15.00 yuan a month become 30.00, a change of more than 20 %."),
            "Members proposed: 1, changed: 0, unchanged: 0, without a base: 0.",
        ],
    )
    assert not Assessment.objects.of_year(2026).exists()
    assert Entry.objects.count() == entries


def test_without_json_stdout_stays_empty(branch, capsys):
    call_command("assess_dues", "2026", "--organization", "020101")
    assert capsys.readouterr().out == ""


def test_a_clerk_assesses_his_own_people_under_his_name(branch, capsys):
    clerk = a_user("branch_clerk", branch)
    DuesBase.give(a_member(branch), 2026, Decimal(4000))
    call_command("assess_dues", "2026", "--organization", "020101", "--as", clerk.username)
    assert Entry.objects.about(Assessment.objects.get()).get().user == clerk


@pytest.mark.parametrize("role", ["reader", "approver", "branch_clerk"])
def test_what_is_not_ones_own_is_as_good_as_none(branch, role):
    home = a_branch() if role == "branch_clerk" else branch
    user = a_user(role, home)
    DuesBase.give(a_member(branch), 2026, Decimal(4000))
    sentence = "There is no organisation of code “%s”. Check it, leading zeros included."
    for code in ("020101", "020999"):
        said = refused("2026", "--organization", code, "--as", user.username)
        assert said == sentence % code


def test_an_unknown_account_or_year_ends_with_a_sentence(branch):
    DuesBase.give(a_member(branch), 2026, Decimal(4000))
    nobody = refused("2026", "--organization", "020101", "--as", "nobody")
    assert nobody == "There is no account “nobody” that may log in. Check --as."
    latest = timezone.localdate().year + 1
    for year in (2007, latest + 1, 99999):
        assert refused(str(year), "--organization", "020101") == (
            f"Dues cannot be assessed for {year}. Choose a year between 2008 and {latest}."
        )
