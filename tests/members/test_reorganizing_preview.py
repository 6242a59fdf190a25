"""What a whole move would do is said first, by the very objections of the move; the command too."""

from __future__ import annotations

import json
from datetime import date

import pytest
from django.core.management import CommandError, call_command

from branches.models import Reorganization
from members.models import DevelopmentFile, Term
from members.models.reorganizing import move_organization
from members.models.reorganizing.previewing import Recoded, preview_move
from tests.factories import TODAY, a_branch, a_committee, a_user, a_work_committee
from tests.members.reorganizing import JUNE, MAY, an_office, register

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    return an_office()


@pytest.fixture
def top():
    return a_work_committee(code="02")


def test_it_counts_what_moves_and_who_sees_more_or_less(office, top):
    DevelopmentFile.objects.create(
        organization=office.first, name="赵丁", sex="F", standing="applicant",
        stage="application", rule_set="2014",
    )  # fmt: skip
    Term.objects.create(organization=office.committee, began_on=date(2022, 1, 1))
    old, new = a_user("reader", office.top), a_user("committee_clerk", top)
    a_user("branch_clerk", office.first)
    both = a_user("reader", office.top)
    both.grants.create(organization=top, role="reader")
    a_user("reader", top, is_active=False)
    a_user("auditor", None)
    before = register()
    found = preview_move(office.committee, top, MAY, recode=True)
    assert register() == before
    assert not Reorganization.objects.exists()
    assert (found.organizations, found.full, found.probationary) == (3, 4, 0)
    assert (found.files, found.grants, found.terms, found.posts) == (1, 1, 1, 0)
    assert (found.gain, found.lose) == ((new,), (old,))
    assert found.codes == (
        Recoded(office.committee.name, "01001", "02001"),
        Recoded(office.first.name, "01001001", "02001001"),
        Recoded(office.second.name, "01001002", "02001002"),
    )
    assert found.objections == ()


def bad(office, top, what):
    """Every input that must be refused: what moves, under what, on which day, and all sentences."""
    if what == "under itself":
        return office.committee, office.committee, MAY, [
            "财政局机关党委 stands below 财政局机关党委; nothing can stand under itself."
        ]  # fmt: skip
    if what == "under its own child":
        return office.committee, office.first, MAY, [
            ("“organ committee” cannot stand under “branch”. It stands under: work committee, "
            "leading group, Party committee, organ committee."),
            "第一党支部 stands below 财政局机关党委; nothing can stand under itself.",
        ]  # fmt: skip
    if what == "before its founding, under what is dissolved":
        gone = a_committee(office.top, code="01009", short_name="已撤党委")
        gone.dissolve(on=MAY)
        return office.first, gone, date(1999, 1, 1), [
            "已撤党委 was dissolved on 2024-05-01. Choose one that stands.",
            "第一党支部 was founded on 2000-01-01; nothing can happen to it before.",
            "已撤党委 was founded on 2000-01-01 only. Check the day.",
        ]  # fmt: skip
    if what == "before a later change":
        office.second.rename("改名", "改名", on=JUNE)
        return office.committee, top, MAY, [
            "改名 has changed on 2024-06-01, after 2024-05-01. Choose a later day."
        ]  # fmt: skip
    return office.committee, top, date(2027, 1, 1), [
        "2027-01-01 is still to come. Enter the change on that day."
    ]  # fmt: skip


@pytest.mark.parametrize(
    "what",
    [
        "under itself",
        "under its own child",
        "before its founding, under what is dissolved",
        "before a later change",
        "to come",
    ],
)
def test_all_that_speaks_against_it_is_said_at_once(office, top, what, capsys, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: TODAY)
    moving, parent, on, sentences = bad(office, top, what)
    before = register()
    with pytest.raises(CommandError) as error:
        call_command(
            "move_organization", moving.code, "--under", parent.code, "--on", str(on), "--json"
        )
    said = json.loads(capsys.readouterr().out)
    assert sorted(said["objections"]) == sorted(sentences)
    assert str(error.value).splitlines() == said["objections"]
    assert error.value.returncode == 1
    assert register() == before


def test_the_command_looks_and_then_moves(office, top, capsys):
    clerk = a_user("committee_clerk", office.top)
    clerk.grants.create(organization=top, role="committee_clerk")
    arguments = ["01001", "--under", "02", "--on", "2024-05-01", "--document", "4", "--json"]
    before = register()
    expected = {
        "organizations": 3, "members": 4, "files": 0, "users_gain": 0, "users_lose": 0,
        "objections": [],
    }  # fmt: skip
    call_command("move_organization", *arguments, "--check")
    assert json.loads(capsys.readouterr().out) == expected
    assert register() == before
    call_command("move_organization", *arguments, "--as", clerk.username)
    assert json.loads(capsys.readouterr().out) == expected
    office.committee.refresh_from_db()
    assert office.committee.parent == top
    act = Reorganization.objects.get()
    assert (act.document, act.entered_by) == ("4", clerk)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["777", "--under", "02"], "There is no organisation of code “777”"),
        (["01001", "--under", "777"], "There is no organisation of code “777”"),
        (["01001", "--under", "02", "--on", "May"], "“May” is not a day"),
        (["01", "--under", "02", "--as", "reader"], "There is no organisation of code “01”"),
        (["01001", "--under", "02", "--as", "clerk"], "There is no organisation of code “01001”"),
    ],
)
def test_what_is_not_there_ends_with_2(office, top, arguments, sentence):
    a_user("reader", office.top, username="reader")
    a_user("committee_clerk", office.committee, username="clerk").grants.create(
        organization=top, role="committee_clerk"
    )
    if "--on" not in arguments:
        arguments = [*arguments, "--on", "2024-05-01"]
    with pytest.raises(CommandError, match=sentence) as error:
        call_command("move_organization", *arguments)
    assert error.value.returncode == 2


def test_a_former_code_finds_it_in_commands(office, top, capsys):
    move_organization(office.committee, top, MAY, recode=True)
    asked = ["--organization", "01001", "--on", "2024-06-30", "--json"]
    call_command("statistics", *asked)
    assert json.loads(capsys.readouterr().out)["organization"] == "02001"
    a_branch(office.other, code="01001")
    call_command("statistics", *asked)
    assert json.loads(capsys.readouterr().out)["organization"] == "01001"
