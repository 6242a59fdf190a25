"""A whole roster on its page: in the file only, differing, in the register only."""

from __future__ import annotations

import pytest

from registry.models import ImportJob
from tests.factories import a_branch, a_member, a_user
from tests.members.sheets_of_members import ID_1, ID_2, a_roster, a_row
from tests.members.staged import known
from tests.members.uploads import page_of, text_of, upload

pytestmark = pytest.mark.django_db


def whole(client, branch, *rows, **said):
    upload(client, branch, a_roster(*rows), **{"whole_roster": "on"} | said)
    return ImportJob.objects.latest("id")


def missing(client, job):
    return text_of(client.get(page_of(job) + "?state=missing"))


def test_the_three_sides_are_tabs_with_their_counts(client, uploader, branch):
    known(branch)
    a_member(branch, name="钱七", id_number="")
    changed = a_row(身份证号码=ID_1, 联系电话="13900000009")
    job = whole(client, branch, changed, a_row(**{"姓  名": "吴琪"}, 身份证号码=ID_2))
    page = text_of(client.get(page_of(job)))
    for tab in ("In the file only (new)", "Differing (changed)", "In the register only"):
        assert f"{tab} <strong>1</strong>" in page


def test_who_is_in_the_register_only_stands_there_with_what_may_be_done(client, uploader, branch):
    member = a_member(branch, name="钱七", id_number="")
    job = whole(client, branch, a_row(身份证号码=ID_1))
    page = missing(client, job)
    assert "钱七" in page
    assert str(branch) in page
    assert "陶敏" not in page
    for verb in ("change", "move", "leave"):
        assert f'href="/members/member/{member.pk}/{verb}/"' in page


def test_who_may_be_meant_by_an_open_row_is_marked(client, uploader, branch):
    a_member(branch, name="陶敏", id_number="")
    job = whole(client, branch, a_row(身份证号码="123"))
    assert "perhaps in an open row" in missing(client, job)


def test_nobody_is_missing_where_everybody_is_named_or_the_roster_is_not_whole(
    client, uploader, branch
):
    known(branch)
    job = whole(client, branch, a_row(身份证号码=ID_1))
    assert "Everybody of the register is in the file." in missing(client, job)
    a_member(branch, name="钱七", id_number="")
    job = whole(client, branch, a_row(身份证号码=ID_1), whole_roster="")
    assert "register only" not in missing(client, job)
    assert "钱七" not in missing(client, job)


def test_a_screen_holds_so_many_and_leads_to_all(client, uploader, branch, monkeypatch):
    monkeypatch.setattr("registry.admin.jobs.showing.MOST_MISSING", 2)
    for number in range(5):
        a_member(branch, name="钱七", number=f"{number + 1:08}", id_number="")
    job = whole(client, branch, a_row(身份证号码=ID_1))
    page = missing(client, job)
    assert "In the register only <strong>5</strong>" in page
    assert page.count("钱七</td>") == 2
    assert "3 more are not shown here." in page
    assert f"/members/member/?organization={branch.pk}" in page


def test_only_people_of_the_organisation_are_missed(client, committee, branch):
    a_member(a_branch(committee), name="孙八", id_number="")
    client.force_login(a_user("committee_clerk", committee))
    job = whole(client, branch, a_row(身份证号码=ID_1))
    assert "孙八" not in missing(client, job)


def test_a_list_of_organisations_misses_nobody(client, committee):
    client.force_login(a_user("committee_clerk", committee))
    data = "代码,名称,类别\n9,中共江海市第九支部委员会,党支部\n".encode()
    upload(client, committee, data, "list.csv", kind="organizations", whole_roster="on")
    job = ImportJob.objects.get()
    assert client.get(page_of(job) + "?state=missing").status_code == 200
