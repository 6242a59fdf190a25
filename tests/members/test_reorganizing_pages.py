"""The pages on which organisations change: looked at first, then done, and taken back."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from branches.models import Organization
from members.models import Member
from members.models.reorganizing import merge_organizations, move_organization
from registry.models import Entry
from tests.factories import a_user, a_work_committee
from tests.members.reorganizing import MAY, an_office, register

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    return an_office()


@pytest.fixture
def clerk(client, office):
    user = a_user("committee_clerk", office.top)
    client.force_login(user)
    client.user = user
    return client


def page_of(organization, name):
    return reverse(f"admin:organization_{name}", args=[organization.pk])


def text_of(answer):
    return answer.content.decode()


def posted(clerk, organization, name, **fields):
    return clerk.post(page_of(organization, name), {"on": "2024-05-01", "document": "9"} | fields)


def shown_in(answer):
    return answer.context["shown"]


def test_a_move_is_looked_at_before_it_is_made(clerk, office):
    a_user("reader", office.committee, name="读者甲")
    before = register()
    asked = {"parent": office.other.pk, "recode": "on"}
    answer = posted(clerk, office.first, "move", **asked, look="1")
    assert register() == before
    told = answer.context["preview"]
    assert told["numbers"][0] == ("Organisations", 1)
    assert [(each.old, each.new) for each in told["codes"]] == [("01001001", "01002002")]
    assert ("Accounts that then see less", 1) in told["numbers"]
    assert "读者甲" not in text_of(answer), "a clerk does not see accounts"
    # Whoever changes a box after looking looks again.
    shown = shown_in(answer)
    again = posted(clerk, office.first, "move", parent=office.other.pk, shown=shown)
    assert again.context["preview"]["codes"] == ()
    assert register() == before
    done = posted(clerk, office.first, "move", **asked, shown=shown)
    assert done.status_code == 302
    moved = Organization.objects.get(pk=office.first.pk)
    assert (moved.parent, moved.code) == (office.other, "01002002")


def test_what_speaks_against_a_move_stands_above_it(clerk, office):
    answer = posted(clerk, office.first, "move", parent=office.second.pk, look="1")
    assert "cannot stand under “branch”" in text_of(answer)
    assert not answer.context["may_go_on"]


def test_a_committee_is_split_with_a_box_for_what_stands_below(clerk, office):
    names = {"names": "新机关党委，新党委\n"}
    answer = posted(clerk, office.committee, "split", **names, look="1")
    assert "Directly" not in text_of(answer)
    assert f"child-{office.second.pk}" in answer.context["form"].fields
    given = names | {f"child-{office.second.pk}": "1"}
    answer = posted(clerk, office.committee, "split", **given, look="1")
    assert answer.context["preview"]["numbers"][0] == ("Organisations", 1)
    assert posted(clerk, office.committee, "split", **given).status_code == 302
    new = Organization.objects.get(name="新机关党委", short_name="新党委")
    assert list(new.children.all()) == [office.second]


def test_a_branch_is_raised_and_its_members_are_placed(clerk, office):
    kind = {"kind": "general_branch", "sort": "ordinary", "names": "一支部\n二支部"}
    answer = posted(clerk, office.first, "kind", **kind, look="1")
    assert "3 members have no branch yet" in text_of(answer)
    one, two, three = (f"member-{member.pk}" for member in office.people[:3])
    posted(clerk, office.first, "kind", **kind, **{one: "1", two: "1", three: "2"})
    below = Organization.objects.get(pk=office.first.pk).children.order_by("path")
    assert [each.members.count() for each in below] == [2, 1]


def test_branches_are_merged_and_one_is_dissolved_with_places(clerk, office):
    asked = {"into": office.away.pk, "also": [office.second.pk]}
    answer = posted(clerk, office.first, "merge", **asked, look="1")
    assert answer.context["preview"]["numbers"][0] == ("Organisations", 2)
    posted(clerk, office.first, "merge", **asked, shown=shown_in(answer))
    assert Member.objects.filter(organization=office.away).count() == 5
    assert not Organization.objects.standing().filter(pk__in=[office.first.pk, office.second.pk])


def test_everybody_gets_a_place_when_a_branch_is_dissolved(clerk, office):
    alone = {f"member-{office.people[0].pk}": office.away.pk}
    answer = posted(clerk, office.first, "dissolve", **alone, look="1")
    assert "2 members have no branch yet: 甲二、甲三." in text_of(answer)
    posted(clerk, office.first, "dissolve", to=office.second.pk, **alone)
    assert Organization.objects.get(pk=office.first.pk).dissolved_on == MAY
    assert Member.objects.filter(organization=office.second).count() == 3
    assert Member.objects.get(pk=office.people[0].pk).organization == office.away


def test_the_chronicle_tells_all_and_the_last_act_is_taken_back(clerk, office):
    before = register()
    merge_organizations([office.first], office.second, MAY, "8")
    page = clerk.get(reverse("admin:organization_chronicle", args=[office.first.pk]))
    assert next((line.text, line.document) for line in page.context["chronicle"]) == (
        "Merged into 第二党支部", "8",
    )  # fmt: skip
    address = reverse("admin:reorganization_take_back", args=[office.first.pk])
    assert address in text_of(page)
    answer = clerk.get(address)
    assert answer.context["possible"]
    assert register() != before
    # A page that was opened before the last act does not take that one back.
    clerk.post(address, {"act": "0"})
    assert register() != before
    answer = clerk.post(address, {"act": answer.context["act"].pk})
    assert answer.status_code == 302
    assert register() == before
    assert Entry.objects.about(office.first).order_by("position").last().user == clerk.user
    assert clerk.get(address).status_code == 404


def test_who_could_not_have_done_all_of_it_does_not_take_it_back(client, office):
    top = a_work_committee(code="02")
    move_organization(office.committee, top, date(2024, 5, 1))
    client.force_login(a_user("committee_clerk", top))
    address = reverse("admin:reorganization_take_back", args=[office.committee.pk])
    assert client.get(address).status_code == 404
    page = client.get(reverse("admin:organization_chronicle", args=[office.committee.pk]))
    assert address not in text_of(page)
    assert "Moved from another superior to" in text_of(page)
