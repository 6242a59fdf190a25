"""Two clerks at one record: both values are shown, and no typing is lost."""

from __future__ import annotations

import pytest

from tests.factories import a_member, a_user
from tests.members.filled_in import form_of, save, shown

pytestmark = pytest.mark.django_db


def test_the_second_save_shows_both_values_and_keeps_what_was_typed(client, clerk, branch):
    member = a_member(branch, job_title="科员", rank="四级")
    typed = shown(client, form_of(member)) | {"job_title": "科长", "native_place": "某县"}
    other = a_user("committee_clerk", branch.parent, name="Clerk Wang")
    client.force_login(other)
    save(client, form_of(member), job_title="副科长", rank="三级")
    client.force_login(clerk)

    refused = client.post(form_of(member), typed)
    [conflict] = refused.context["conflicts"]
    assert (conflict.name, conflict.mine, conflict.theirs) == ("job_title", "科长", "副科长")
    assert conflict.who == "Clerk Wang"
    form = refused.context["adminform"].form
    assert (form["job_title"].value(), form["native_place"].value()) == ("科长", "某县")

    settled = typed | {"asked": "job_title", "settled": form.settles, "rank": form["rank"].value()}
    undecided = client.post(form_of(member), settled)
    assert undecided.context["conflicts"], "without a choice nothing is saved"
    assert client.post(form_of(member), settled | {"keep_job_title": "mine"}).status_code == 302
    member.refresh_from_db()
    assert (member.job_title, member.native_place, member.rank) == ("科长", "某县", "三级")


def test_choosing_the_other_clerks_value_saves_that(client, clerk, branch):
    member = a_member(branch, job_title="科员")
    typed = shown(client, form_of(member)) | {"job_title": "科长", "native_place": "某县"}
    save(client, form_of(member), job_title="副科长")
    form = client.post(form_of(member), typed).context["adminform"].form
    settled = {"asked": "job_title", "settled": form.settles, "keep_job_title": "theirs"}
    assert client.post(form_of(member), typed | settled).status_code == 302
    member.refresh_from_db()
    assert (member.job_title, member.native_place) == ("副科长", "某县")


def test_two_clerks_at_different_fields_do_not_disturb_each_other(client, clerk, branch):
    member = a_member(branch, phone="13900000001")
    typed = shown(client, form_of(member)) | {"native_place": "某县"}
    save(client, form_of(member), job_title="副科长", phone="13900000002")
    assert client.post(form_of(member), typed).status_code == 302
    member.refresh_from_db()
    assert (member.job_title, member.native_place) == ("副科长", "某县")
    assert member.phone == "13900000002"


def test_a_conflict_over_a_protected_value_shows_masks(client, clerk, branch):
    member = a_member(branch, phone="13900000001")
    typed = shown(client, form_of(member)) | {"phone": "13911112222"}
    save(client, form_of(member), phone="13933334444")
    refused = client.post(form_of(member), typed)
    [conflict] = refused.context["conflicts"]
    assert (conflict.mine, conflict.theirs) == ("139****2222", "139****4444")
    assert "13933334444" not in refused.content.decode()
