"""An applied list of organisations is taken back: what was founded goes, what was corrected is
as it was, and what has been used since stays."""

from __future__ import annotations

import pytest

from branches.models import Organization, OrganizationPeriod
from branches.sheets.organizations import OrganizationResource
from registry.access import OPERATOR
from registry.models import Entry, acting
from registry.sheets import staging, undoing
from registry.sheets.staging import Scope
from tests.factories import TODAY, a_committee, a_member, a_user, a_work_committee

pytestmark = pytest.mark.django_db
HEADINGS = "组织代码,组织全称,组织简称,组织类别,上级组织代码,联系电话,排序"
TREE = (
    "100001001,机关第一支部,第一党支部,党支部,100001,,",
    "100001,交通局机关委员会,交通局机关党委,机关党委,100,,",
    "100001002,机关第二支部,第二党支部,党支部,100001,,",
)


def looked_at(*lines, user=OPERATOR):
    return staging.stage(
        OrganizationResource,
        "\n".join([HEADINGS, *lines]).encode(),
        "tree.csv",
        user=user,
        scope=Scope(),
        opening_on=TODAY,
        today=TODAY,
    )


def written(*lines):
    job = looked_at(*lines)
    outcome = staging.apply(OrganizationResource, job, OPERATOR, today=TODAY, good_rows=True)
    assert outcome.written == len(lines)
    return job


def undone(job, user=OPERATOR):
    result = undoing.undo(OrganizationResource, job, user, today=TODAY)
    job.refresh_from_db()
    return result.restored, result.kept, result.failed


def messages(job):
    return [each.message for each in job.findings.filter(code__startswith="undo_")]


@pytest.fixture
def top():
    return a_work_committee(code="100")


def test_what_was_founded_goes_the_deepest_first(top):
    before = list(OrganizationPeriod.objects.values())
    job = written(*TREE)
    assert undone(job) == (3, 0, 0)
    assert list(Organization.objects.all()) == [top]
    assert list(OrganizationPeriod.objects.values()) == before
    assert job.state == "undone"
    assert Entry.objects.filter(action="delete", label="第一党支部").exists()
    assert undone(job) == (0, 0, 0)
    assert written(*TREE), "and may be founded again"


@pytest.mark.parametrize(
    ("event", "what"),
    [
        pytest.param(a_member, "members", id="a member"),
        pytest.param(lambda branch: a_user("branch_clerk", branch), "grants", id="an account"),
        pytest.param(
            lambda branch: branch.party_groups.create(name="一组"), "Party groups", id="a group"
        ),
        pytest.param(
            lambda branch: staging.receive(
                OrganizationResource,
                b"",
                "a.csv",
                user=None,
                scope=Scope(branch.path),
                opening_on=TODAY,
            ),
            "uploads",
            id="an upload",
        ),
    ],
)
def test_what_has_been_used_since_stays_with_all_above_it(top, event, what):
    job = written(*TREE)
    event(Organization.objects.get(code="100001001"))
    assert undone(job) == (1, 0, 2)
    first, above = messages(job)
    assert first.startswith("“第一党支部” cannot be restored. It has ")
    assert what in first
    assert "organisations" in above
    assert Organization.objects.count() == 3


def test_what_was_renamed_since_is_kept_and_it_says_by_whom(top):
    job = written(*TREE)
    with acting(a_user(name="李梅")):
        Organization.objects.get(code="100001002").rename("新名", on=TODAY)
    assert undone(job) == (1, 1, 1)
    assert "“新名” was changed by 李梅 on" in " ".join(messages(job))


def test_what_was_corrected_is_as_it_was(top):
    committee = a_committee(top, code="2", phone="1", display_order=3)
    job = written(f"2,{committee.name},,机关党委,100,88886666,7")
    committee.refresh_from_db()
    assert (committee.phone, committee.display_order) == ("88886666", 7)
    assert undone(job) == (1, 0, 0)
    committee.refresh_from_db()
    assert (committee.phone, committee.display_order) == ("1", 3)


def test_what_was_edited_since_stays_corrected(top):
    committee = a_committee(top, code="2")
    job = written(f"2,{committee.name},,机关党委,100,88886666,")
    committee.refresh_from_db()
    with acting(a_user(name="李梅")):
        committee.contact = "王五"
        committee.save()
    assert undone(job) == (0, 1, 0)
    assert "李梅" in messages(job)[0]
    committee.refresh_from_db()
    assert committee.phone == "88886666"


def test_only_a_clerks_own_organisations_are_taken_back(top):
    mine, other = a_committee(top, code="2"), a_committee(top, code="3")
    job = written("2001,甲支部,,党支部,2,,", "3001,乙支部,,党支部,3,,")
    clerk = a_user("committee_clerk", mine)
    assert not undoing.may_undo(OrganizationResource, job, clerk)
    assert undone(job, clerk) == (1, 0, 1)
    assert Organization.objects.filter(parent=other).exists()


def test_nothing_is_founded_where_the_scope_was_lost_meanwhile(top):
    mine = a_committee(top, code="2")
    clerk = a_user("committee_clerk", mine)
    job = looked_at("2001,甲支部,,党支部,2,,", user=clerk)
    clerk.grants.all().delete()
    clerk.grants.create(organization=a_committee(top), role="committee_clerk")
    clerk = type(clerk).objects.get(pk=clerk.pk)
    outcome = staging.apply(OrganizationResource, job, clerk, today=TODAY, good_rows=True)
    assert outcome.overtaken
    assert not Organization.objects.filter(code="2001").exists()
    assert job.findings.filter(code="parent_unknown").exists()
