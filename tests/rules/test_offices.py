"""Posts: how a cell names them, and who may hold one."""

from __future__ import annotations

from datetime import date

import pytest

from members.rules import offices
from members.rules.offices import Held


@pytest.mark.parametrize(
    ("written", "posts", "unread", "kind"),
    [
        ("支部书记", ["secretary"], [], "branch"),
        ("党支部书记、组织委员", ["secretary", "organisation_member"], [], "branch"),
        ("书记兼纪检委员", ["secretary", "discipline_member"], [], None),
        ("机关党委专职副书记", ["full_time_deputy_secretary"], [], "organ_committee"),
        ("副书记（专职）", ["full_time_deputy_secretary"], [], None),
        ("副书记（主持工作）", ["deputy_secretary"], [], None),
        ("组织、宣传委员", ["organisation_member", "publicity_member"], [], None),
        ("支委", ["member"], [], None),
        ("党总支 委员", ["member"], [], "general_branch"),
        ("机关纪委副书记", ["discipline_deputy_secretary"], [], None),
        ("纪委委员", ["discipline_committee_member"], [], None),
        ("第一党小组组长", ["group_leader"], [], None),
        ("青年委员,妇女委员", ["youth_member", "women_member"], [], None),
        ("书记、书记", ["secretary"], [], None),
        ("普通党员", [], [], None),
        ("无", [], [], None),
        ("", [], [], None),
        ("党组书记", [], ["党组书记"], None),
        ("处长、支部书记", ["secretary"], ["处长"], "branch"),
    ],
)
def test_a_cell_names_posts(written, posts, unread, kind):
    assert offices.read_posts(written) == (posts, unread)
    assert offices.committee_named_in(written) == kind


@pytest.mark.parametrize("post", offices.POSTS.values(), ids=lambda post: post.code)
def test_a_post_is_read_as_it_is_shown(post):
    assert offices.read_posts(post.chinese) == ([post.code], [])
    assert post.body in offices.BODIES


def test_officers_are_listed_secretary_first():
    orders = [post.order for post in offices.POSTS.values()]
    assert orders == sorted(set(orders))
    assert next(iter(offices.POSTS)) == "secretary"


JULY = date(2024, 7, 1)
AUGUST = date(2024, 8, 1)
SEPTEMBER = date(2024, 9, 1)


def codes(office, others=(), **circumstances):
    return [said.code for said in offices.objections(office, others, **circumstances)]


@pytest.mark.parametrize(
    ("office", "other", "found"),
    [
        pytest.param(
            Held("secretary", JULY),
            Held("secretary", AUGUST),
            ["two_secretaries"],
            id="both without end",
        ),
        pytest.param(
            Held("secretary", AUGUST),
            Held("secretary", JULY, SEPTEMBER),
            ["two_secretaries"],
            id="one month together",
        ),
        pytest.param(
            Held("secretary", AUGUST), Held("secretary", JULY, AUGUST), [], id="one after the other"
        ),
        pytest.param(
            Held("secretary", JULY, AUGUST),
            Held("secretary", AUGUST),
            [],
            id="one before the other",
        ),
        pytest.param(
            Held("secretary", JULY), Held("discipline_secretary", JULY), [], id="of two bodies"
        ),
        pytest.param(Held("member", JULY), Held("member", JULY), [], id="members are several"),
    ],
)
def test_two_secretaries_at_one_time_warn(office, other, found):
    assert codes(office, [other]) == found


def test_a_post_ends_after_it_begins():
    assert offices.objections(Held("secretary", JULY, JULY)) == [
        "The post ends on 2024-07-01 but begins on 2024-07-01. Check both dates."
    ]
    assert codes(Held("secretary", JULY, AUGUST)) == []


def test_a_post_does_not_begin_before_the_organisation():
    assert offices.objections(Held("member", JULY), founded_on=AUGUST) == [
        (
            "The post begins on 2024-07-01, before the organisation was founded on 2024-08-01. "
            "Check the date."
        )
    ]
    assert codes(Held("member", AUGUST), founded_on=AUGUST) == []


def test_a_secretary_from_elsewhere_warns_but_a_committee_member_does_not():
    [said] = offices.objections(Held("secretary", JULY), from_elsewhere=True)
    assert said.level == "warning"
    assert said == (
        "The secretary belongs to another organisation. Check whether the membership relation "
        "has been moved."
    )
    assert codes(Held("member", JULY), from_elsewhere=True) == []


def test_a_probationary_member_cannot_stand():
    assert codes(Held("member", JULY), kind="probationary") == ["probationary_officer"]
    assert codes(Held("member", JULY), kind="full") == []
