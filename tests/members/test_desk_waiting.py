"""The desk names the transfers that wait for somebody here, and who is out of touch."""

from __future__ import annotations

from datetime import date

import pytest

from branches.models import Grant, Organization
from members.admin.desk import reach
from members.models import Discipline, TransferPolicy
from registry.calendar import PartialDate
from tests.factories import a_branch, a_committee, a_member, a_user
from tests.members.transfers import SENT, a_letter, a_newcomer, a_transfer, somebody_came

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_that_day")]


@pytest.fixture
def committee():
    return a_committee(approves_members=True)


def desk(client, user) -> list:
    client.force_login(user)
    return [
        (group.code, line.text, line.when)
        for group in client.get("/").context["desk_groups"]
        for subject, each in group.subjects
        for line in each
        if subject in {"Transfers", "Standing"}
    ]


def with_transfers(committee):
    giving, taking = a_branch(committee), a_branch(committee)
    a_transfer(a_member(giving, name="王一"), to_organization=taking)
    a_transfer(a_member(giving, name="王二"))
    a_letter(a_member(giving, name="王三"), on=date(2026, 9, 1), validity_days=30)
    somebody_came(taking, a_newcomer(name="田野"))
    return giving, taking


def test_each_side_of_a_transfer_is_told_what_it_has_to_do(client, committee):
    giving, taking = with_transfers(committee)
    assert desk(client, a_user("branch_clerk", giving)) == [
        ("now", "The letter of 王三 holds no more: ask, then issue it anew", "50 days late")
    ]
    accept, place = desk(client, a_user("branch_clerk", taking))
    assert accept[1].startswith("Accept 王")
    assert accept[1].endswith(" comes from another branch")
    assert place == ("open", "Place 田野, who came by letter, in a branch", "")
    told = [text for _urgency, text, _when in desk(client, a_user("committee_clerk", committee))]
    assert "Issue the transfer letter of 王二" in told
    assert desk(client, a_user("reader", committee)) == []


def test_the_work_committee_is_told_what_it_has_to_pass_on(client, committee):
    work = committee.parent
    TransferPolicy.objects.create(organization=work, valid_from=SENT, passes_through=True)
    Organization.objects.filter(pk=work.pk).update(approves_members=True)
    a_letter(a_member(a_branch(committee), name="王五"))
    told = [text for _urgency, text, _when in desk(client, a_user("committee_clerk", work))]
    assert told == ["Pass on the transfer letter of 王五"]
    assert desk(client, a_user("committee_clerk", committee)) == []


def test_a_large_office_is_told_how_many(client, committee, monkeypatch):
    with_transfers(committee)
    monkeypatch.setattr(reach, "NAMED", 0)
    assert desk(client, a_user("committee_clerk", committee)) == [
        ("now", "1 letter holds no more and nobody has accepted", ""),
        ("open", "1 member is to be accepted", ""),
        ("open", "1 newcomer is to be placed in a branch", ""),
        ("open", "1 transfer letter is to be issued", ""),
    ]


def test_who_is_out_of_touch_or_under_a_decision(client, committee):
    branch = a_branch(committee)
    a_member(branch, name="钱一", lost_contact_since=PartialDate(2026, 3))
    a_member(branch, name="钱二", lost_contact_since=PartialDate(2026, 9))
    a_member(branch, name="钱三").suspend(date(2024, 3, 1))
    disciplined = a_member(branch, name="钱四")
    Discipline.objects.create(
        member=disciplined,
        kind="warning",
        decided_on=date(2025, 12, 10),
        until=date(2026, 12, 10),
        document="机纪〔2025〕3号",
        decided_by="机关纪委",
    )
    lost = (
        "open",
        "1 member is out of touch for six months: suspension is to be examined: 钱一",
        "",
    )
    suspended = (
        "open",
        "1 member is suspended for two years: striking off is to be examined: 钱三",
        "",
    )
    assert desk(client, a_user("branch_clerk", branch)) == [lost, suspended]
    assert desk(client, a_user("committee_clerk", committee)) == [
        lost,
        suspended,
        ("open", "The effect of 1 decision ends within two months: 钱四", ""),
    ]


def test_of_several_branches_each_has_its_own_line_and_list(client, committee):
    one, other = a_branch(committee), a_branch(committee)
    clerk = a_user("branch_clerk", one)
    Grant.objects.create(user=clerk, organization=other, role="branch_clerk")
    for branch in (one, other):
        a_member(branch, lost_contact_since=PartialDate(2026, 3))
    client.force_login(clerk)
    groups = client.get("/").context["desk_groups"]
    lines = [line for group in groups for _subject, each in group.subjects for line in each]
    told = [line.url for line in lines if "out of touch" in line.text]
    assert told == [
        f"/standing/?organization={branch.pk}&state=six_months" for branch in (one, other)
    ]
