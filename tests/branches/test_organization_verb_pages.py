"""Organisations are founded and changed on pages; what cannot be gets a sentence."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from branches.models import Organization
from registry.models import Entry
from tests.factories import a_committee, a_member, a_user

pytestmark = pytest.mark.django_db
LIST = reverse("admin:branches_organization_changelist")
ADD = reverse("admin:branches_organization_add")


def change_of(organization):
    return reverse("admin:branches_organization_change", args=[organization.pk])


def page_of(organization, name="page"):
    return reverse(f"admin:organization_{name}", args=[organization.pk])


def text_of(response):
    return response.content.decode()


# Founding


def test_the_form_proposes_superior_and_code(clerk, office):
    form = clerk.get(ADD, {"parent": office.committee.pk}).context["adminform"].form
    assert form["parent"].value() == office.committee.pk
    assert form["code"].value() == "01001002"
    form = clerk.get(ADD, {"parent": office.other.pk}).context["adminform"].form
    assert form["parent"].value() is None
    assert clerk.get(ADD, {"parent": "<b>"}).status_code == 200


def founding(office, **fields):
    return {
        "parent": office.committee.pk,
        "kind": "branch",
        "sort": "ordinary",
        "name": "中共某局第二支部委员会",
        "founded_on": "2024-05-01",
        "document": "12",
    } | fields


def test_a_clerk_founds_a_branch_below_his_committee(clerk, office):
    answer = clerk.post(ADD, founding(office))
    branch = Organization.objects.get(code="01001002")
    assert answer.headers["Location"] == page_of(branch)
    assert branch.parent == office.committee
    assert branch.periods.get().document == "12"
    assert Entry.objects.about(branch).get().user == office.clerk


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"parent": "other"}, "There is no such organisation that you may choose."),
        ({"parent": "77777777777777777777"}, "There is no such organisation that you may choose."),
        ({"parent": "branch"}, "“branch” cannot stand under “branch”."),
        ({"kind": "ministry"}, "Select a valid choice."),
        ({"founded_on": "1999-01-01"}, "was founded on 2000-01-01 only. Check the day."),
        ({"founded_on": "2999-01-01"}, "2999-01-01 is still to come."),
        ({"code": "01001001"}, "There is already an organisation of this code."),
        ({"name": "党支部\u0007"}, "The text holds U+0007, which cannot be printed."),
        ({"name": "党支部🎉"}, "The text holds “🎉”, which cannot be printed."),
        ({"document": "x" * 101}, "Ensure this value has at most 100 characters"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_cannot_be_founded_gets_a_sentence(clerk, office, fields, sentence):
    count = Organization.objects.count()
    if fields.get("parent") in {"other", "branch"}:
        fields = {"parent": getattr(office, fields["parent"]).pk}
    answer = clerk.post(ADD, founding(office, **fields))
    assert sentence in text_of(answer)
    assert Organization.objects.count() == count


def test_nothing_is_founded_under_what_was_dissolved_meanwhile(clerk, office):
    gone = a_committee(office.committee)
    gone.dissolve(on=date(2024, 1, 1))
    answer = clerk.post(ADD, founding(office, parent=gone.pk))
    assert "There is no such organisation that you may choose." in text_of(answer)


def test_html_in_a_name_is_text(clerk, office):
    clerk.post(ADD, founding(office, name="<script>alert(1)</script>", code="01001007"))
    branch = Organization.objects.get(code="01001007")
    for url in (page_of(branch), LIST, reverse("admin:organizations_tree")):
        assert "<script>alert" not in text_of(clerk.get(url))
        assert "&lt;script&gt;alert" in text_of(clerk.get(url))


def test_invisible_signs_are_taken_out_and_said(clerk, office):
    answer = clerk.post(ADD, founding(office, name="第\u200b二\u202e支部"), follow=True)
    assert Organization.objects.filter(name="第二支部").exists()
    assert "Invisible signs were taken out of: Full name." in text_of(answer)


@pytest.mark.parametrize("role", ["branch_clerk", "approver", "reader"])
def test_others_found_and_change_nothing(client, office, role):
    client.force_login(a_user(role, office.branch))
    assert client.get(ADD).status_code == 403
    assert client.get(page_of(office.branch, "rename")).status_code == 403
    assert client.get(page_of(office.branch)).status_code == 200


# The verbs


def changing(**fields):
    return {"on": "2024-05-01", "document": "9"} | fields


@pytest.mark.parametrize(
    ("name", "fields", "event"),
    [
        ("rename", {"name": "中共某局第九支部委员会", "short_name": "九支部"}, "renamed"),
        ("kind", {"kind": "branch", "sort": "joint"}, "changed_kind"),
        ("dissolve", {}, "dissolved"),
    ],
)
def test_a_verb_has_a_page_with_day_and_document(clerk, office, name, fields, event):
    assert clerk.get(page_of(office.branch, name)).status_code == 200
    answer = clerk.post(page_of(office.branch, name), changing(**fields))
    assert answer.headers["Location"] == page_of(office.branch)
    line = office.branch.periods.order_by("valid_from", "id").last()
    assert (line.event, line.document, line.valid_from) == (event, "9", date(2024, 5, 1))


def test_a_branch_moves_within_one_s_own_organisations(clerk, office):
    below = a_committee(office.committee)
    clerk.post(page_of(office.branch, "move"), changing(parent=below.pk))
    assert Organization.objects.get(pk=office.branch.pk).parent == below


@pytest.mark.parametrize(
    ("name", "fields", "sentence"),
    [
        ("move", {"parent": "other"}, "There is no such organisation that you may choose."),
        ("move", {"parent": ""}, "This field is required."),
        ("move", {"parent": "committee"}, "It stands under 财政局机关党委 already."),
        ("move", {"parent": "branch"}, "nothing can stand under itself."),
        ("kind", {"kind": "general_branch", "sort": "joint"}, "is never “joint”"),
        ("kind", {"kind": "ministry", "sort": "ordinary"}, "Select a valid choice."),
        ("rename", {"name": ""}, "This field is required."),
        ("rename", {"name": "甲", "on": "1999-01-01"}, "nothing can happen to it before."),
        ("rename", {"name": "甲", "on": "gestern"}, "“gestern” is not a day."),
        ("dissolve", {"on": "2999-01-01"}, "is still to come."),
    ],
)
def test_what_cannot_be_gets_a_sentence_and_changes_nothing(clerk, office, name, fields, sentence):
    parents = {"other": office.other, "committee": office.committee, "branch": office.branch}
    if fields.get("parent") in parents:
        fields = {"parent": parents[fields["parent"]].pk}
    before = list(Organization.objects.values()), list(office.branch.periods.values())
    answer = clerk.post(page_of(office.branch, name), changing(**fields))
    assert answer.status_code == 200
    assert sentence in text_of(answer)
    assert (list(Organization.objects.values()), list(office.branch.periods.values())) == before


def test_a_branch_with_people_is_not_dissolved(clerk, office):
    a_member(office.branch)
    answer = clerk.post(page_of(office.branch, "dissolve"), changing())
    sentence = "1 member is on its roll. Move everybody to another branch first."
    assert sentence in text_of(answer)


def test_his_own_organisation_a_clerk_does_not_move(clerk, office):
    for name in ("rename", "move", "kind", "dissolve"):
        assert clerk.get(page_of(office.committee, name)).status_code == 404
    labels = [button["label"] for button in clerk.get(page_of(office.committee)).context["buttons"]]
    assert not {"Rename", "Move", "Change kind", "Dissolve"} & set(labels)


def test_what_is_dissolved_is_read_only(clerk, office):
    office.branch.dissolve(on=date(2024, 1, 1))
    page = clerk.get(page_of(office.branch))
    assert "dissolved on 2024-01-01" in text_of(page)
    assert page.context["buttons"] == []
    assert clerk.post(change_of(office.branch), {"contact": "李四"}).status_code == 403
