"""Columns, order and kind of file that a user keeps under a name for his next export."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from registry.models import Preference
from tests.factories import a_user
from tests.members.exported import EXPORT, errors, exported, places

pytestmark = pytest.mark.django_db


def keep(client, name, *names, **said):
    choice = {**places(*names), "file_format": "csv", "choice_name": name, "save": 1}
    return client.post(EXPORT, choice | said)


def opened(client, name):
    form = client.get(EXPORT, {"choice": name}).context["form"]
    shown = [bound.name.removeprefix("place-") for bound in form.column_fields if bound.value()]
    return shown, form["file_format"].value()


def test_a_choice_is_kept_under_its_name_opened_overwritten_and_deleted(client, clerk, branch):
    keep(client, "通讯录", "phone", "name")
    keep(client, "报组织部", "name", "id_number", file_format="xlsx")
    assert opened(client, "通讯录") == (["phone", "name"], "csv")
    assert opened(client, "报组织部") == (["name", "id_number"], "xlsx")

    keep(client, "通讯录", "name")
    assert opened(client, "通讯录") == (["name"], "csv")

    client.post(f"{EXPORT}?choice={quote('通讯录')}", {"delete": 1})
    assert list(Preference.objects.get(user=clerk).value) == ["报组织部"]
    client.post(f"{EXPORT}?choice={quote('报组织部')}", {"delete": 1})
    assert not Preference.objects.filter(user=clerk).exists()
    assert not exported().exists(), "keeping is no export"


def test_a_choice_keeps_the_filters_of_the_list_out_of_its_name(client, clerk, branch):
    answer = client.post(f"{EXPORT}?sex=F", {**places("name"), "file_format": "csv", "save": 1,
                                             "choice_name": "女党员"})  # fmt: skip
    assert answer["Location"] == f"{EXPORT}?sex=F&choice={quote('女党员')}"


def test_a_choice_needs_a_name_and_belongs_to_its_user(client, clerk, branch):
    assert errors(keep(client, "", "name")) == ["Give the choice a name."]
    keep(client, "通讯录", "name")
    assert list(client.get(EXPORT).context["choices"]) != []
    client.force_login(a_user("branch_clerk", branch))
    assert list(client.get(EXPORT).context["choices"]) == []


def test_no_more_than_twenty_choices_are_kept(client, clerk, branch):
    for number in range(20):
        keep(client, f"{number}", "name")
    [sentence] = errors(keep(client, "one more", "name"))
    assert sentence == "20 choices are kept already. Delete one of them first."
    assert keep(client, "19", "sex").status_code == 302, "an old one is overwritten all the same"


def test_a_kept_column_that_is_gone_is_passed_over(client, clerk, branch):
    value = {"旧": {"names": ["gone", "name"], "file_format": "wks"}}
    Preference.objects.create(user=clerk, key="export:members.member", value=value)
    assert opened(client, "旧") == (["name"], "xlsx")
