"""Clerks correct, found and change organisations on pages; what cannot be gets a sentence."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from branches.models import Area, Organization, PartyGroup, Unit
from registry.models import Entry
from tests.factories import (
    a_branch,
    a_member,
    a_user,
    an_organization,
)

pytestmark = pytest.mark.django_db
LIST = reverse("admin:branches_organization_changelist")
ADD = reverse("admin:branches_organization_add")


def change_of(organization):
    return reverse("admin:branches_organization_change", args=[organization.pk])


def page_of(organization, name="page"):
    return reverse(f"admin:organization_{name}", args=[organization.pk])


def text_of(response):
    return response.content.decode()


def fields_of(client, url):
    """What a browser would post of the form as it stands."""
    form = client.get(url).context["adminform"].form
    data = {name: form[name].value() for name in form.fields}
    groups = {f"party_groups-{name}_FORMS": "0" for name in ("TOTAL", "INITIAL")}
    return {name: value for name, value in data.items() if value is not None} | groups


# The list


def test_the_list_shows_one_s_own_organisations_with_their_people(clerk, office):
    a_member(office.branch)
    a_member(office.branch, kind="probationary", full_member_on=None)
    page = clerk.get(LIST)
    rows = page.context["cl"].result_list
    assert [row.pk for row in rows] == [office.committee.pk, office.branch.pk]
    assert "民政局" not in text_of(page)
    assert '<td class="field-full_count">1</td>' in text_of(page)
    assert page_of(office.branch) in text_of(page)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"q": "01001001"}, {"第一党支部"}),
        ({"q": "财政局"}, {"财政局机关党委"}),
        ({"q": "民政局"}, set()),
        ({"kind": "branch"}, {"第一党支部"}),
        ({"state": "dissolved"}, {"已撤销党支部"}),
        ({"unit": "own"}, {"财政局机关党委"}),
        ({"unit": "foreign"}, set()),
        ({"organization": "foreign"}, set()),
        ({"organization": "99999999999999999999"}, set()),
    ],
    ids=str,
)
def test_filters_and_search_find_one_s_own_only(clerk, office, asked, found):
    a_branch(office.committee, short_name="已撤销党支部").dissolve(on=date(2024, 1, 1))
    own, foreign = Unit.objects.create(name="财政局"), Unit.objects.create(name="民政局")
    office.committee.units.add(own)
    office.other.units.add(foreign)
    values = {"own": own.pk, "foreign": foreign.pk}
    if "organization" in asked:
        values["foreign"] = office.other.pk
    page = clerk.get(LIST, {name: values.get(value, value) for name, value in asked.items()})
    assert page.status_code == 200
    assert {str(row) for row in page.context["cl"].result_list} == found


@pytest.mark.parametrize("question", ["o=zz", "parent__name__startswith=a", "path__gt=0", "p=x"])
def test_an_unreadable_question_gets_a_sentence(clerk, question):
    page = clerk.get(f"{LIST}?{question}", follow=True)
    assert page.status_code == 200
    assert "Traceback" not in text_of(page)


# Correcting


def test_a_clerk_corrects_the_contact_of_his_organisation(clerk, office):
    data = fields_of(clerk, change_of(office.committee)) | {"contact": "李四", "phone": "8001"}
    answer = clerk.post(change_of(office.committee), data)
    assert answer.headers["Location"] == page_of(office.committee)
    kept = Organization.objects.get(pk=office.committee.pk)
    assert (kept.contact, kept.phone) == ("李四", "8001")
    entry = Entry.objects.about(kept).first()
    assert entry.user == office.clerk
    assert entry.changes == [["contact", "", "李四"], ["phone", "", "8001"]]


def test_his_own_organisation_a_clerk_neither_renumbers_nor_empowers(clerk, office):
    data = fields_of(clerk, change_of(office.committee))
    clerk.post(change_of(office.committee), data | {"code": "77", "approves_members": "on"})
    kept = Organization.objects.get(pk=office.committee.pk)
    assert (kept.code, kept.approves_members) == ("01001", False)
    data = fields_of(clerk, change_of(office.branch))
    clerk.post(change_of(office.branch), data | {"code": "77", "name": "改名", "kind": "x"})
    kept = Organization.objects.get(pk=office.branch.pk)
    assert (kept.code, kept.name, kept.kind) == ("77", office.branch.name, "branch")


def test_a_branch_clerk_corrects_contacts_but_not_units(client, office):
    unit = Unit.objects.create(name="财政局")
    client.force_login(a_user("branch_clerk", office.branch))
    data = fields_of(client, change_of(office.branch))
    client.post(change_of(office.branch), data | {"address": "西街1号", "units": [unit.pk]})
    kept = Organization.objects.get(pk=office.branch.pk)
    assert kept.address == "西街1号"
    assert not kept.units.exists()


def test_units_of_others_cannot_be_assigned(clerk, office):
    own, foreign = Unit.objects.create(name="财政局"), Unit.objects.create(name="民政局")
    office.other.units.add(foreign)
    data = fields_of(clerk, change_of(office.branch))
    answer = clerk.post(change_of(office.branch), data | {"units": [foreign.pk]})
    assert answer.status_code == 200
    assert "民政局" not in text_of(answer)
    clerk.post(change_of(office.branch), data | {"units": [own.pk]})
    assert list(office.branch.units.all()) == [own]
    assert Entry.objects.about(office.branch).first().changes == [["units", "", "财政局"]]


def test_two_clerks_at_one_organisation_lose_nothing(clerk, office):
    first = fields_of(clerk, change_of(office.branch))
    clerk.post(change_of(office.branch), first | {"contact": "李四"})
    answer = clerk.post(change_of(office.branch), first | {"contact": "王五"})
    assert "Somebody else has saved this record while you were typing." in text_of(answer)
    assert Organization.objects.get(pk=office.branch.pk).contact == "李四"


@pytest.mark.parametrize("foreign", ["other", "top"])
@pytest.mark.parametrize("name", ["page", "rename", "move", "kind", "dissolve"])
def test_pages_of_others_are_not_there(clerk, office, foreign, name):
    assert clerk.get(page_of(getattr(office, foreign), name)).status_code == 404
    assert clerk.post(
        page_of(getattr(office, foreign), name), {"on": "2024-01-01"}
    ).status_code in {
        404,
        405,
    }
    assert clerk.get(change_of(getattr(office, foreign))).status_code == 404


@pytest.mark.parametrize("pk", ["999999", "99999999999999999999999", "0"])
def test_an_organisation_that_never_was_is_not_there(clerk, pk):
    assert clerk.get(f"/organizations/{pk}/").status_code == 404
    assert clerk.get(f"/branches/organization/{pk}/change/").status_code == 404
    assert clerk.get(f"/organizations/{pk}/rename/").status_code == 404


def test_a_party_group_with_members_is_not_deleted(clerk, office):
    group = PartyGroup.objects.create(organization=office.branch, name="第一党小组")
    a_member(office.branch, party_group=group)
    data = fields_of(clerk, change_of(office.branch)) | {
        "party_groups-TOTAL_FORMS": "1",
        "party_groups-INITIAL_FORMS": "1",
        "party_groups-0-id": group.pk,
        "party_groups-0-organization": office.branch.pk,
        "party_groups-0-name": group.name,
        "party_groups-0-display_order": "0",
        "party_groups-0-DELETE": "on",
    }
    answer = clerk.post(change_of(office.branch), data)
    sentence = "“第一党小组” has 1 member. Move him to another Party group first."
    assert sentence in text_of(answer)
    assert PartyGroup.objects.exists()


# What organisations share


def test_choices_for_a_purpose_are_one_s_own(clerk, office, client):
    url = reverse("admin:organizations_for_change_tree")
    found = clerk.get(url, {"term": "机关党委"}).json()["results"]
    assert [each["text"] for each in found] == ["01001 财政局机关党委"]
    assert clerk.get(url, {"page": "x"}).status_code == 200
    assert clerk.get(reverse("admin:organizations_for_grant")).status_code == 403


def test_units_and_areas_are_seen_along_one_s_own_line(office):
    for name, used_by in {
        "own": office.committee,
        "above": office.top,
        "foreign": office.other,
        "free": None,
    }.items():
        unit, area = Unit.objects.create(name=name), Area.objects.create(name=name)
        if used_by:
            used_by.units.add(unit)
            Organization.objects.filter(pk=used_by.pk).update(area=area)
    for model in (Unit, Area):
        seen = set(model.objects.visible_to(office.clerk).values_list("name", flat=True))
        assert seen == {"own", "above", "free"}
        changed = model.objects.visible_to(office.clerk, "change_tree")
        assert set(changed.values_list("name", flat=True)) == {"own", "free"}
        assert not model.objects.visible_to(a_user()).exists()


def test_a_unit_shared_with_others_is_read_only(clerk, office):
    unit = Unit.objects.create(name="联合单位")
    office.committee.units.add(unit)
    office.other.units.add(unit)
    url = reverse("admin:branches_unit_change", args=[unit.pk])
    assert clerk.get(url).status_code == 200
    assert clerk.post(url, {"name": "改名"}).status_code == 403
    assert Unit.objects.get().name == "联合单位"


def test_a_credit_code_is_checked(clerk):
    answer = clerk.post(
        reverse("admin:branches_unit_add"), {"name": "某局", "credit_code": "11330000002470000A"}
    )
    assert "one of its signs is mistyped" in text_of(answer)
    assert not Unit.objects.exists()


def test_a_whole_page_in_chinese(clerk, office, zh):
    for url in (LIST, page_of(office.branch), page_of(office.branch, "move"), ADD):
        assert clerk.get(url, headers={"Accept-Language": "zh-hans"}).status_code == 200


def test_an_organisation_of_another_tree_stays_unseen(clerk):
    foreign = an_organization("party_committee")
    assert foreign.name not in text_of(clerk.get(LIST))
