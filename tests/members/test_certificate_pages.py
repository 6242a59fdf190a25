"""The pages of certificates: issuing, finding again, printing, and whom they turn away."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import timezone

from members.models import Certificate, Member
from registry.access import OPERATOR
from registry.models import Entry
from registry.models.log import Action
from tests.factories import TODAY, a_branch, a_committee, a_member, a_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def committee():
    return a_committee(name="中共某局机关委员会", approves_members=True)


@pytest.fixture
def branch(committee):
    return a_branch(committee)


@pytest.fixture
def clerk(client, committee):
    user = a_user("committee_clerk", committee)
    client.force_login(user)
    return user


def issued(member: Member, **fields) -> Certificate:
    return Certificate(member=member, **fields).issue(TODAY, by=OPERATOR, today=TODAY)


def page_of(member: Member) -> str:
    return f"/members/member/{member.pk}/certificate/"


def test_a_clerk_issues_one_and_finds_it_ready_to_print(client, branch, clerk):
    member = a_member(branch, name="李伟")
    assert page_of(member) in client.get(f"/members/member/{member.pk}/change/").content.decode()
    assert "中共某局机关委员会 issues it" in client.get(page_of(member)).content.decode()
    today = f"{timezone.localdate()}"
    answer = client.post(page_of(member), {"addressee": "市委党校", "on": today}, follow=True)

    new = Certificate.objects.get()
    assert (new.issued_by, new.addressee, f"{new.issued_on}") == (clerk, "市委党校", today)
    [(address, _status)] = answer.redirect_chain
    assert address == f"/members/certificate/{new.pk}/print/"
    shown = answer.content.decode()
    assert "The certificate of 李伟 is issued." in shown
    assert f"{new}" in shown
    for form, beginning in (("pdf", b"%PDF"), ("docx", b"PK")):
        assert client.get(f"{address}?form={form}").content.startswith(beginning)
    assert Certificate.objects.count() == 1

    again = client.post(page_of(member), {"addressee": "市委党校", "on": today}, follow=True)
    told = "李伟 has one of this day and addressee already. Here it is."
    assert told in again.content.decode()
    assert again.redirect_chain == answer.redirect_chain


@pytest.mark.usefixtures("clerk")
def test_what_is_wrong_stands_on_the_form_and_nothing_is_issued(client, branch):
    member = a_member(branch)
    answer = client.post(
        page_of(member),
        {"addressee": "局😀", "away_from": "2026-13-01", "on": "2999-01-01"},
    )
    shown = answer.content.decode()
    assert "“2026-13-01” is not a day. Write it as 2026-11-20." in shown
    assert "2999-01-01 is still to come. Enter it on that day." in shown
    answer = client.post(page_of(member), {"addressee": "局😀", "on": "2026-11-20"})
    told = "The text holds “😀”, which cannot be printed. Take it out."
    assert told in answer.content.decode()
    assert not Certificate.objects.exists()


@pytest.mark.usefixtures("clerk")
def test_six_months_or_longer_is_told_beside_the_certificate(client, branch):
    new = issued(a_member(branch), away_from=date(2026, 1, 1), away_through=date(2026, 12, 31))
    shown = client.get(f"/members/certificate/{new.pk}/print/").content.decode()
    assert "it is six months or longer" in shown


@pytest.mark.usefixtures("clerk")
def test_somebody_elses_member_and_certificate_are_not_found(client):
    foreign = a_member(a_branch(a_committee()), name="外人")
    new = issued(foreign)
    for pk in (foreign.pk, 987654):
        assert client.get(f"/members/member/{pk}/certificate/").status_code == 404
        assert client.post(f"/members/member/{pk}/certificate/", {}).status_code == 404
    for pk in (new.pk, 987654):
        address = f"/members/certificate/{pk}/print/"
        assert client.get(address, {"form": "pdf"}).status_code == 404
        assert client.post(address, {"form": "pdf", "reason": "x"}).status_code == 404
    assert "外人" not in client.get("/members/certificate/").content.decode()
    assert not Entry.objects.filter(action=Action.PRINT).exists()


@pytest.mark.parametrize("role", ["branch_clerk", "reader", "approver"])
def test_whoever_does_not_keep_the_seal_has_no_button_and_issues_nothing(client, branch, role):
    member = a_member(branch)
    client.force_login(a_user(role, branch))
    shown = client.get(f"/members/member/{member.pk}/change/").content.decode()
    assert page_of(member) not in shown
    assert client.get(page_of(member)).status_code == 403
    assert client.post(page_of(member), {"on": "2026-11-20"}).status_code == 403
    assert not Certificate.objects.exists()


def test_the_branch_finds_its_certificates_in_the_list_also_of_who_has_moved(client, branch):
    member = a_member(branch, name="李伟")
    new = issued(member, addressee="市委党校")
    member.refresh_from_db()
    member.move_to(a_branch(), TODAY)
    client.force_login(a_user("branch_clerk", branch))
    shown = client.get("/members/certificate/").content.decode()
    assert "市委党校" in shown
    assert f"/members/certificate/{new.pk}/print/" in shown
    assert client.get("/members/certificate/?year=2025").content.decode().count("市委党校") == 0
    assert client.get(f"/members/certificate/{new.pk}/print/?form=pdf").status_code == 200
    # He is another's member now: his ID number is not opened here.
    answer = client.post(f"/members/certificate/{new.pk}/print/", {"form": "pdf", "reason": "x"})
    assert answer.status_code == 403


def test_the_id_number_needs_a_reason_which_the_log_keeps(client, branch, clerk):
    member = a_member(branch)
    address = f"/members/certificate/{issued(member).pk}/print/"
    refusal = client.post(address, {"form": "pdf", "reason": " "}, follow=True)
    assert "Say what the full numbers are needed for." in refusal.content.decode()
    assert not Entry.objects.filter(action=Action.PRINT).exists()
    assert client.post(address, {"form": "pdf", "reason": "the school asks"}).status_code == 200
    entry = Entry.objects.about(member).get(action=Action.PRINT)
    assert (entry.user, entry.reason) == (clerk, "the school asks")
    assert ["numbers", "", "full"] in entry.changes


@pytest.mark.usefixtures("clerk")
def test_an_unknown_form_is_a_sentence(client, branch):
    address = f"/members/certificate/{issued(a_member(branch)).pk}/print/"
    answer = client.get(address, {"form": "exe"}, follow=True)
    assert "This paper has no form “exe”." in answer.content.decode()


@pytest.mark.usefixtures("clerk", "zh")
def test_the_pages_come_in_chinese(client, branch):
    member = a_member(branch)
    address = f"/members/certificate/{issued(member).pk}/print/"
    for each in (address, page_of(member), "/members/certificate/"):
        assert client.get(each).status_code == 200
