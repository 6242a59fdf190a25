"""The two commands that begin a register: the first account, and the top of the tree."""

from __future__ import annotations

from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from branches.models import Account, Organization, scopes
from branches.models.grants import EVERYTHING
from branches.rules import roles
from registry.models import Entry
from tests.factories import PASSWORD, a_user

pytestmark = pytest.mark.django_db


def test_the_first_administrator_manages_accounts_everywhere_and_sees_nobody(monkeypatch, client):
    monkeypatch.setenv("REGISTRY_PASSWORD", PASSWORD)
    said = StringIO()
    call_command("create_administrator", "chief", "--name", "系统管理员", stdout=said)
    assert said.getvalue() == "chief is system administrator and may log in.\n"
    account = Account.objects.get(username="chief")
    assert scopes(account, roles.GRANT) == [EVERYTHING]
    assert scopes(account, roles.VIEW) == []
    assert client.login(username="chief", password=PASSWORD)
    assert Entry.objects.about(account).get().changes[0][:1] == ["username"]


def test_an_administrator_without_a_name_stands_in_the_log_by_his_user_name(monkeypatch):
    monkeypatch.setenv("REGISTRY_PASSWORD", PASSWORD)
    call_command("create_administrator", "chief", stdout=StringIO())
    assert Account.objects.get(username="chief").name == "chief"


@pytest.mark.parametrize(
    ("username", "password", "sentence"),
    [
        ("chief", "short", "This password is too short"),
        ("a b", PASSWORD, "Enter a valid username"),
        ("taken", PASSWORD, "There is already an account of this name. Choose another."),
    ],
)
def test_a_wrong_name_or_password_makes_no_account(monkeypatch, username, password, sentence):
    a_user(username="taken")
    monkeypatch.setenv("REGISTRY_PASSWORD", password)
    with pytest.raises(CommandError, match=sentence):
        call_command("create_administrator", username, "--name", "系统管理员")
    assert Account.objects.count() == 1


def test_without_a_terminal_the_password_comes_from_the_environment(monkeypatch):
    monkeypatch.delenv("REGISTRY_PASSWORD", raising=False)
    monkeypatch.setattr("sys.stdin", StringIO())
    with pytest.raises(CommandError, match="Put the password into REGISTRY_PASSWORD"):
        call_command("create_administrator", "chief", "--name", "系统管理员")


def test_the_top_of_a_tree_is_founded_by_command():
    call_command(
        "found_organization", "010", "中共某市直属机关工作委员会", kind="work_committee",
        short_name="机关工委", stdout=StringIO(),
    )  # fmt: skip
    call_command(
        "found_organization", "010001", "中共某局机关委员会", kind="organ_committee", under="010",
        on=date(2020, 1, 1), document="1", stdout=StringIO(),
    )  # fmt: skip
    committee = Organization.objects.get(code="010001")
    assert str(committee.parent) == "机关工委"
    assert committee.periods.get().document == "1"


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"under": "999"}, "There is no organisation with code “999”. Found it first."),
        ({"kind": "branch"}, "“branch” cannot stand on top of the register"),
    ],
)
def test_what_cannot_be_founded_is_refused(options, sentence):
    with pytest.raises(CommandError, match=sentence):
        call_command("found_organization", "01", "甲", **{"kind": "organ_committee"} | options)
    assert not Organization.objects.exists()
