"""Organisations move, split, merge, rise and end with their people; while nothing was built on an
act it can be taken back, and nothing of it is left."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from branches.models import Organization, Reorganization
from branches.rules import roles
from branches.sheets.places import Places
from members.models import DevelopmentFile, Member, Office, Placement
from members.models.figures.chosen import Chosen
from members.models.figures.reports import statistics_of
from members.models.figures.working import work_report_of
from members.models.reorganizing import (
    Part,
    change_kind_of_organization,
    dissolve_organization,
    merge_organizations,
    move_organization,
    split_organization,
    take_back,
)
from members.models.reorganizing.taking_back import last_act_of
from registry.access import OPERATOR
from registry.models import acting
from tests.factories import TODAY, a_branch, a_committee, a_member, a_user, a_work_committee
from tests.members.reorganizing import JUNE, MAY, an_office, counted_anew, heads, register

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    return an_office()


def told(organization):
    return list(organization.periods.values_list("event", "valid_from", "code"))


def now(organization):
    return Organization.objects.get(pk=organization.pk)


def raising(office):
    """The first branch becomes a general branch with two branches below it."""
    one, two, three = office.people[:3]
    parts = [Part("一支部", members=[one, two]), Part("二支部", members=[three])]
    return change_kind_of_organization(
        office.first, "general_branch", "ordinary", MAY, "5", parts=parts
    )


def splitting(office):
    part = Part("新机关党委", "新党委", children=[office.second])
    return split_organization(office.committee, [part], MAY, "6")


ACTS = {
    "rename": lambda office: office.committee.rename("新名", "新", on=MAY),
    "move": lambda office: move_organization(office.committee, a_new_top(), MAY, "4"),
    "move with new codes": lambda office: move_organization(
        office.first, office.other, MAY, recode=True
    ),
    "raise": raising,
    "split of a committee": splitting,
    "split of a branch": lambda office: split_organization(
        office.first, [Part("新支部", members=office.people[1:3])], MAY
    ),
    "merger of branches": lambda office: merge_organizations([office.first], office.second, MAY),
    "merger of committees": lambda office: merge_organizations(
        [office.committee], office.other, MAY
    ),
    "dissolution": lambda office: dissolve_organization(office.first, MAY, to=office.away),
}
TOPS: list[Organization] = []


def a_new_top():
    return TOPS[-1]


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_an_act_taken_back_leaves_nothing(office, act):
    TOPS.append(a_work_committee(code="02"))
    file = DevelopmentFile.objects.create(
        organization=office.first, name="赵丁", sex="F", standing="applicant", stage="application",
        rule_set="2014",
    )  # fmt: skip
    before = register()
    act(office)
    done = Reorganization.objects.get()
    after = register()
    assert after != before
    assert heads() == counted_anew()
    # Past days are as they were: nothing before the day has changed.
    for line in before["OrganizationPeriod"]:
        [same] = [each for each in after["OrganizationPeriod"] if each["id"] == line["id"]]
        assert same | {"valid_until": None} == line | {"valid_until": None}
    take_back(done)
    assert register() == before
    assert heads() == counted_anew()
    done.refresh_from_db()
    assert done.taken_back_at
    assert DevelopmentFile.objects.get(pk=file.pk).organization == office.first
    with pytest.raises(ValidationError) as error:
        take_back(done)
    assert error.value.messages == ["It was taken back already."]


def test_a_whole_move_gives_new_codes_by_the_rule_and_old_ones_still_find(office):
    stray = a_branch(office.committee, code="77")
    top = a_work_committee(code="02")
    a_committee(top, code="02001")
    with acting(clerk := a_user()):
        act = move_organization(office.committee, top, MAY, "4", recode=True)
    assert (act.kind, act.on, act.document, act.entered_by) == ("move", MAY, "4", clerk)
    assert [now(each).code for each in (office.committee, office.first, office.second, stray)] == [
        "02002", "02002001", "02002002", "02002003",
    ]  # fmt: skip
    assert told(office.first) == [
        ("founded", date(2000, 1, 1), "01001001"), ("moved_along", MAY, "02002001"),
    ]  # fmt: skip
    assert Organization.objects.of_code("01001001") == office.first
    assert set(Organization.objects.found_by("01001")) == {
        office.committee, office.first, office.second,
    }  # fmt: skip
    assert [place.pk for place in Places(OPERATOR, roles.IMPORT).find("01001001")] == [
        office.first.pk
    ]
    # Whoever carries the code now is found by it, and nobody else.
    newcomer = a_committee(now(office.top), code="01001")
    assert Organization.objects.of_code("01001") == newcomer
    assert office.committee not in Organization.objects.found_by("01001")
    with pytest.raises(ValidationError) as error:
        take_back(act)
    assert error.value.messages == [f"The code 01001 belongs to {newcomer} by now."]


def test_a_code_that_is_taken_or_too_long_refuses_the_move(office):
    top, long = a_work_committee(code="88"), "9" * 26
    a_branch(office.other, code="88001001")
    before = register()
    with pytest.raises(ValidationError) as error:
        move_organization(office.committee, top, MAY, recode=True)
    assert error.value.message_dict["recode"] == [
        (
            "01001001 would become 88001001, which is taken. Keep the codes, or give the other "
            "one a new code first."
        ),
    ]
    assert register() == before
    with pytest.raises(ValidationError) as error:
        move_organization(office.committee, a_work_committee(code=long), MAY, recode=True)
    assert error.value.message_dict["recode"] == [
        f"0100100{n} would become {long}00100{n}, which has more than 30 digits. Keep the codes, "
        "or shorten that of the superior."
        for n in (1, 2)
    ]


def test_a_corrected_code_was_wrong_in_the_chronicle_too(office):
    office.first.code = "01001009"
    office.first.correct()
    assert told(office.first) == [("founded", date(2000, 1, 1), "01001009")]
    assert Organization.objects.of_code("01001001") is None


def test_a_split_founds_and_the_others_stay(office):
    act = splitting(office)
    new = Organization.objects.get(name="新机关党委")
    assert (new.code, new.parent, new.kind) == ("01003", office.top, "organ_committee")
    assert [each.organization for each in act.lines.filter(event="founded")] == [new]
    assert told(office.committee)[-1] == ("split", MAY, "01001")
    assert told(office.second)[-1] == ("reassigned", MAY, "01001002")
    assert now(office.second).parent == new
    assert now(office.first).parent == office.committee
    report = work_report_of(office.top, MAY, JUNE)
    assert report["organ_committees_founded"] == 1
    assert report["organizations_moved"] == 0
    take_back(act)
    assert work_report_of(office.top, MAY, JUNE)["organ_committees_founded"] == 0


def test_merged_branches_end_with_their_posts_and_their_people_have_moved(office):
    merge_organizations([office.first], office.second, MAY, "7")
    assert told(office.first)[-1] == ("dissolved", MAY, "01001001")
    assert told(office.second)[-1] == ("took_in", MAY, "01001002")
    stays = Placement.objects.filter(member__in=office.people[:3], placed_from=MAY)
    assert set(stays.values_list("organization", "began")) == {(office.second.pk, "moved")}
    assert Office.objects.get(pk=office.secretary.pk).held_until == MAY
    assert work_report_of(office.top, MAY, JUNE)["organizations_dissolved"] == 1
    balance = statistics_of(Chosen(office.top), date(2024, 12, 31))["balance"]
    assert (balance["opening"], balance["closing"], balance["difference"]) == (5, 5, 0)


def test_a_general_branch_is_lowered_again_and_takes_its_branches_in(office):
    raising(office)
    raised = now(office.first)
    assert {each.organization.name for each in Member.objects.filter(pk__in=(
        member.pk for member in office.people[:3]))} == {"一支部", "二支部"}  # fmt: skip
    with pytest.raises(ValidationError, match="cannot stand under “branch”"):
        change_kind_of_organization(raised, "branch", "ordinary", JUNE)
    act = change_kind_of_organization(raised, "branch", "ordinary", JUNE, take_in_branches=True)
    assert Member.objects.filter(organization=raised).count() == 3
    assert not now(raised).children.standing().exists()
    assert heads() == counted_anew()
    take_back(act)
    assert now(raised).children.standing().count() == 2


@pytest.mark.parametrize(
    ("verb", "sentences"),
    [
        (
            lambda office: merge_organizations([office.first], office.first, TODAY, today=JUNE),
            [
                "2026-11-20 is still to come. Enter the change on that day.",
                "第一党支部 cannot be merged into itself.",
            ],
        ),
        (
            lambda office: merge_organizations([office.committee, office.away], office.first, MAY),
            [
                "第一党支部 stands below 财政局机关党委. Merge it the other way round.",
            ],
        ),
        (
            lambda office: merge_organizations([office.away], office.committee, MAY),
            [
                "民政局党支部 and 财政局机关党委 cannot be merged: only one of them is a branch.",
                "财政局机关党委 holds no members. Choose a branch.",
            ],
        ),
        (
            lambda office: dissolve_organization(
                office.first, date(1999, 1, 1), places={office.people[0].pk: office.second}
            ),
            [
                "2 members have no branch yet: 甲二、甲三. Choose one for each.",
                "第二党支部 was founded on 2000-01-01, after 1999-01-01. Choose a later day.",
                "甲一 holds a post there since 2022-01-01. Choose a later day.",
                "第一党支部 was founded on 2000-01-01; nothing can happen to it before.",
            ],
        ),
        (
            lambda office: change_kind_of_organization(
                office.first, "general_branch", "ordinary", MAY,
                parts=[Part("一支部", members=office.people[:1])],
            ),
            ["2 members have no branch yet: 甲二、甲三. Choose one for each."],
        ),
        (
            lambda office: split_organization(
                office.first,
                [Part("一", members=office.people[:1]), Part("一", members=office.people[:1])],
                MAY,
            ),
            [
                "甲一 is given away twice.",
            ],
        ),
        (lambda office: split_organization(office.first, [], MAY),
         ["Name at least one organisation that is founded."]),
    ],
)  # fmt: skip
def test_all_that_speaks_against_an_act_is_said_and_nothing_is_changed(office, verb, sentences):
    before = register()
    with pytest.raises(ValidationError) as error:
        verb(office)
    assert [each for each in sentences if each not in error.value.messages] == []
    assert register() == before
    assert not Reorganization.objects.exists()


def test_nothing_is_taken_back_that_others_have_built_on(office):
    act = move_organization(office.committee, top := a_work_committee(), MAY)
    a_member(office.first, since=JUNE)
    office.second.rename("改名", on=JUNE)
    a_branch(now(office.committee), founded_on=JUNE, name="新支部")
    with pytest.raises(ValidationError) as error:
        take_back(act)
    assert error.value.messages == [
        "改名 was renamed on 2024-06-01, after this. Take that back first.".replace(
            "改名", str(now(office.second))
        ),
        "新支部 was founded on 2024-06-01, after this. Take that back first.",
        "1 stay of a member began or ended there since.",
    ]
    assert now(office.committee).parent == top
    assert last_act_of(office.second).kind == "rename"
    assert last_act_of(top) is None


def test_whoever_has_gone_on_is_not_sent_back(office):
    act = merge_organizations([office.first], office.second, MAY)
    member = Member.objects.get(pk=office.people[1].pk)
    member.move_to(now(office.away), JUNE)
    with pytest.raises(ValidationError) as error:
        take_back(act)
    assert error.value.messages == [f"{member.name} has gone from there since."]
    assert not Organization.objects.standing().filter(pk=office.first.pk).exists()
    assert last_act_of(office.first) == act


def test_what_was_dissolved_gets_no_new_code(office):
    dissolve_organization(office.second, MAY, to=office.first)
    with pytest.raises(ValidationError, match="was dissolved on 2024-05-01; nothing can happen"):
        move_organization(office.second, office.other, JUNE, recode=True)
