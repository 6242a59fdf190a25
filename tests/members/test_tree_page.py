"""The tree page folds the hierarchy, shows sums from below, and jumps to what is sought."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from branches.models import PartyGroup, Unit
from members.admin.tree import CHILDREN
from members.models import Office, UnitHead
from members.models.reorganizing import move_organization
from tests.factories import TODAY, a_branch, a_committee, a_member, a_user, a_work_committee

pytestmark = pytest.mark.django_db
TREE = reverse("admin:organizations_tree")
LONG_AGO = date(2001, 1, 1)


def page_of(organization):
    return reverse("admin:organization_page", args=[organization.pk])


def text_of(response):
    return response.content.decode()


def shown(response):
    """The names of the rows in the tree, in their order."""

    def names(nodes):
        for node in nodes:
            yield str(node.organization)
            yield from names(node.children)

    return list(names(response.context["nodes"]))


@pytest.fixture
def city():
    class City:
        top = a_work_committee(code="01", short_name="机关工委")
        finance = a_committee(top, code="01001", short_name="财政局")
        civil = a_committee(top, code="01002", short_name="民政局")
        branch = a_branch(finance, code="01001001", short_name="财一支部")
        deep = a_branch(civil, code="01002001", short_name="民一支部")

    return City


@pytest.fixture
def clerk(client, city):
    client.force_login(a_user("committee_clerk", city.top))
    return client


def test_the_first_level_is_open_and_sums_come_from_below(clerk, city):
    a_member(city.branch)
    a_member(city.deep, kind="probationary", full_member_on=None)
    page = clerk.get(TREE)
    assert shown(page) == ["机关工委", "财政局", "民政局"]
    [top] = page.context["nodes"]
    assert (top.full, top.probationary) == (1, 1)
    assert [(node.full, node.probationary) for node in top.children] == [(1, 0), (0, 1)]


def test_a_node_opens_and_closes_by_a_link(clerk, city):
    [top] = clerk.get(TREE).context["nodes"]
    finance = top.children[0]
    assert finance.toggle_url.endswith(f"#node-{city.finance.pk}")
    opened = clerk.get(TREE + finance.toggle_url.partition("#")[0])
    assert shown(opened) == ["机关工委", "财政局", "财一支部", "民政局"]
    [top] = opened.context["nodes"]
    closed = clerk.get(TREE + top.children[0].toggle_url.partition("#")[0])
    assert shown(closed) == ["机关工委", "财政局", "民政局"]
    shut = clerk.get(TREE + closed.context["nodes"][0].toggle_url.partition("#")[0])
    assert shown(shut) == ["机关工委"]


def test_a_clerk_s_tree_begins_with_his_own_organisation(client, city):
    client.force_login(a_user("committee_clerk", city.finance))
    page = client.get(TREE)
    assert shown(page) == ["财政局", "财一支部"]
    assert "机关工委" not in text_of(page)
    assert "民政局" not in text_of(page)


def test_two_grants_one_within_the_other_show_one_tree(client, city):
    user = a_user("reader", city.top)
    user.grants.create(organization=city.branch, role="branch_clerk")
    client.force_login(user)
    assert shown(client.get(TREE)) == ["机关工委", "财政局", "民政局"]


@pytest.mark.parametrize(
    "question",
    ["open=x", "open=99999999999999999999", "open=1,,2", "limit=-1", "limit=1e9", "open=%00"],
)
def test_a_forged_address_shows_the_plain_tree(clerk, question):
    assert shown(clerk.get(f"{TREE}?{question}"))[0] == "机关工委"


def test_what_is_open_elsewhere_opens_nothing_here(client, city):
    client.force_login(a_user("committee_clerk", city.finance))
    page = client.get(TREE, {"open": f"{city.finance.pk},{city.civil.pk},{city.top.pk}"})
    assert shown(page) == ["财政局", "财一支部"]


@pytest.mark.parametrize("text", ["01002001", "民一支部", "民一"])
def test_search_jumps_to_the_node_and_opens_the_way(clerk, city, text):
    answer = clerk.get(TREE, {"q": text})
    assert answer.headers["Location"] == f"{TREE}?at={city.deep.pk}#node-{city.deep.pk}"
    page = clerk.get(TREE, {"at": city.deep.pk})
    assert shown(page) == ["机关工委", "财政局", "民政局", "民一支部"]
    assert 'aria-current="true"' in text_of(page)


def test_several_hits_are_offered_and_none_gets_a_sentence(clerk, city):
    page = clerk.get(TREE, {"q": "支部"})
    assert [str(hit["organization"]) for hit in page.context["found"]] == ["财一支部", "民一支部"]
    assert "No organisation of yours is called “纪委”" in text_of(clerk.get(TREE, {"q": "纪委"}))


def test_search_finds_nothing_of_others(client, city):
    client.force_login(a_user("committee_clerk", city.finance))
    assert client.get(TREE, {"q": "民政局"}).context["found"] == []
    assert client.get(TREE, {"at": city.civil.pk}).status_code == 404
    assert client.get(TREE, {"at": "x"}).status_code == 404


def test_a_wide_level_is_shown_in_part_and_what_is_sought_with_it(clerk, city, monkeypatch):
    monkeypatch.setattr("members.admin.tree.CHILDREN", 3)
    last = [a_branch(city.finance, short_name=f"支部{number}") for number in range(6)][-1]
    page = clerk.get(TREE, {"open": f"{city.top.pk},{city.finance.pk}"})
    assert len(shown(page)) == 3 + 3
    more = page.context["more_url"]
    assert len(shown(clerk.get(TREE + more))) == 3 + 6
    assert "支部5" in shown(clerk.get(TREE, {"at": last.pk}))
    assert CHILDREN == 200


def test_the_cost_follows_the_rows_shown(clerk, city, django_assert_max_num_queries):
    for _ in range(30):
        a_branch(a_committee(city.civil))
    clerk.get(TREE)
    with django_assert_max_num_queries(20):
        clerk.get(TREE)


def test_dissolved_organisations_are_not_in_the_tree(clerk, city):
    city.branch.dissolve(on=date(2024, 1, 1))
    [top] = clerk.get(TREE).context["nodes"]
    assert not top.children[0].has_children


@pytest.mark.parametrize("role", ["auditor", "system_administrator"])
def test_who_sees_no_people_sees_no_tree(client, city, role):
    client.force_login(a_user(role))
    assert client.get(TREE).status_code == 403
    assert client.get(page_of(city.top)).status_code == 403


# The page of one organisation


def test_superiors_outside_one_s_rows_are_named_without_a_link(client, city):
    client.force_login(a_user("branch_clerk", city.branch))
    page = client.get(page_of(city.branch))
    assert page.context["ancestors"] == [
        {"name": "机关工委", "url": ""},
        {"name": "财政局", "url": ""},
    ]
    assert page_of(city.finance) not in text_of(page)
    assert "民政局" not in text_of(page)


def test_the_page_shows_people_officers_units_and_groups(clerk, city):
    head = a_member(city.branch, name="李四")
    a_member(city.branch, name="已走的人").leave("died", TODAY)
    unit = Unit.objects.create(name="市财政局")
    city.branch.units.add(unit)
    UnitHead.objects.create(unit=unit, member=head)
    Office.objects.create(
        organization=city.branch, member=head, post="secretary", held_from=LONG_AGO
    )
    Office.objects.create(
        organization=city.branch, name_from_elsewhere="前书记", post="secretary",
        held_from=date(2000, 1, 1), held_until=LONG_AGO,
    )  # fmt: skip
    PartyGroup.objects.create(organization=city.branch, name="第一党小组")
    page = text_of(clerk.get(page_of(city.branch)))
    for text in ("李四", "secretary", "市财政局", "head is secretary", "第一党小组"):
        assert text in page
    assert "已走的人" not in page
    assert "前书记" not in page


def test_advice_stands_on_the_page_and_hinders_nothing(clerk, city):
    a_member(city.branch)
    page = clerk.get(page_of(city.branch))
    assert (
        "A branch has at least 3 full members; here there are 1. Consider a joint branch."
        in page.context["advice"]
    )
    for _ in range(8):
        a_member(city.branch)
    [sentence] = clerk.get(page_of(city.branch)).context["advice"]
    assert sentence.startswith("A branch of 7 or more full members has a committee")


def test_a_committee_leads_to_the_list_of_its_people(clerk, city):
    a_member(city.branch, name="李四")
    page = clerk.get(page_of(city.finance))
    assert page.context["people"] == []
    assert f"?organization={city.finance.pk}" in text_of(page)
    assert [child["full"] for child in page.context["children"]] == [1]


def test_findings_that_were_mended_are_counted(clerk, city):
    member = a_member(city.branch, full_member_on=None)
    odd = member.findings.count()
    assert odd
    member.findings.update(mended_on=TODAY)
    assert clerk.get(page_of(city.finance)).context["mended"] == str(odd)


def test_the_chronicle_tells_in_words_what_happened(clerk, city):
    city.branch.rename("中共某局第九支部委员会", "九支部", on=date(2020, 1, 1), document="7")
    move_organization(city.branch, city.civil, date(2021, 1, 1), "8")
    city.branch.change_kind("branch", "joint", on=date(2022, 1, 1))
    lines = clerk.get(page_of(city.branch)).context["chronicle"]
    old = city.branch.periods.first().name
    assert [(line.day.year, line.text, line.document) for line in lines] == [
        (2022, "Changed from branch to branch (joint)", ""),
        (2021, "Moved from 财政局 to 民政局", "8"),
        (2020, f"Renamed from “{old}” to “中共某局第九支部委员会”", "7"),
        (2000, f"Founded as “{old}” (branch) under 财政局", ""),
    ]


def test_a_former_superior_of_others_is_not_named(client, city):
    move_organization(city.branch, city.civil, date(2021, 1, 1), "8")
    client.force_login(a_user("branch_clerk", city.branch))
    page = client.get(page_of(city.branch))
    assert "财政局" not in text_of(page)
    assert page.context["chronicle"][0].text == "Moved from another superior to 民政局"


def test_the_page_tells_who_can_see_it_and_why(clerk, city):
    a_user("branch_clerk", city.branch, name="支部干事")
    a_user("reader", city.civil, name="外人")
    a_user("reader", city.finance, name="已停用", is_active=False)
    a_user("auditor", name="审计员")
    grants = clerk.get(page_of(city.branch)).context["grants"]
    assert [(str(grant.user), grant.role, str(grant.organization)) for grant in grants][:1] == [
        ("支部干事", "branch_clerk", "财一支部")
    ]
    assert {grant.organization for grant in grants} == {city.branch, city.top}


def test_officers_stand_in_the_order_of_their_posts(client):
    branch = a_branch()
    for post in ("discipline_member", "secretary", "organisation_member"):
        Office.objects.create(
            organization=branch, name_from_elsewhere=post, post=post, held_from=date(2024, 1, 1)
        )
    client.force_login(a_user("reader", branch))
    page = client.get(f"/organizations/{branch.pk}/")
    assert [office.post for office in page.context["officers"]] == [
        "secretary",
        "organisation_member",
        "discipline_member",
    ]
