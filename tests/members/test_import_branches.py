"""Where the rows of a roster belong: branches, stays, posts and groups."""

from __future__ import annotations

from datetime import date

import pytest

from branches.models import PartyGroup
from members.models import Member, Office
from tests.factories import a_branch, a_committee, a_user
from tests.members.sheets_of_members import ID_1, ID_2, a_row
from tests.members.staged import applied, known, row_of, staged, states, told

pytestmark = pytest.mark.django_db


def test_a_known_member_listed_under_another_branch_is_a_question():
    committee = a_committee()
    one = a_branch(committee)
    a_branch(committee, name="第二支部")
    known(one)
    job = staged(
        a_row(身份证号码=ID_1, 所在党支部="第二支部"),
        organization=committee,
        extra=("所在党支部",),
    )
    assert told(job) == [("K4", "branch_differs")]


@pytest.mark.parametrize(
    "written",
    [
        pytest.param("100200300", id="code"),
        pytest.param("中共临江市交通局机关第一支部委员会", id="full name"),
        pytest.param("机关第一党支部", id="short name"),
        pytest.param("机关第一支部", id="short name, written loosely"),
        pytest.param("交通局机关党委/机关第一党支部", id="committee and branch"),
        pytest.param("交通局机关党委机关第一党支部", id="committee and branch in one"),
    ],
)
def test_a_branch_is_found_as_offices_write_it(written):
    committee = a_committee(short_name="交通局机关党委")
    branch = a_branch(
        committee,
        code="100200300",
        name="中共临江市交通局机关第一支部委员会",
        short_name="机关第一党支部",
    )
    a_branch(committee, short_name="机关第二党支部")
    job = staged(a_row(所在党支部=written), organization=committee, extra=("所在党支部",))
    assert told(job) == []
    assert row_of(job).outcome["organization"] == branch.pk


def test_an_unknown_branch_names_the_nearest_of_ones_own():
    committee = a_committee()
    for name in ("机关第一党支部", "机关第二党支部", "离退休党支部"):
        a_branch(committee, short_name=name)
    job = staged(a_row(所在党支部="机关第七党支部"), organization=committee, extra=("所在党支部",))
    [finding] = job.findings.filter(row__isnull=False)
    assert finding.code == "branch_unknown"
    assert finding.message.startswith("There is no branch “机关第七党支部” among yours.")
    assert "机关第一党支部" in finding.message


def test_a_branch_of_somebody_else_gets_the_very_sentence_of_an_unknown_one():
    mine, foreign = a_branch(short_name="我的党支部"), a_branch(short_name="别人党支部")
    clerk = a_user("branch_clerk", mine)

    def said_of(written):
        job = staged(
            a_row(所在党支部=written), organization=mine, user=clerk, extra=("所在党支部",)
        )
        return job.findings.get(row__isnull=False).message.replace(written, "…")

    assert said_of("别人党支部") == said_of("没有党支部")
    assert said_of(foreign.code) == said_of("9" * len(foreign.code))


def test_a_name_that_two_committees_use_asks_and_the_committee_answers():
    top = a_committee().parent
    one, other = (
        a_committee(top, short_name="甲局机关党委"),
        a_committee(top, short_name="乙局机关党委"),
    )
    a_branch(one, short_name="第一党支部")
    second = a_branch(other, short_name="第一党支部")
    rows = (a_row(所在党支部="第一党支部"), a_row(所在党支部="第一党支部", 所在党委="乙局机关党委"))
    job = staged(rows[0], organization=top, extra=("所在党支部",))
    assert told(job) == [("K4", "branch_ambiguous")]
    job = staged(rows[1], organization=top, extra=("所在党支部", "所在党委"))
    assert row_of(job).outcome["organization"] == second.pk


@pytest.mark.parametrize(
    "said",
    [
        {"unit": "填报单位（盖章）：机关第二党支部"},
        {"title": "交通局机关第二党支部党员花名册"},
        {"sheet_name": "机关第二党支部"},
    ],
)
def test_a_sheet_without_a_branch_column_says_its_branch_above_the_table(said):
    committee = a_committee()
    a_branch(committee, short_name="机关第一党支部")
    second = a_branch(committee, short_name="机关第二党支部")
    job = staged(a_row(), organization=committee, **said)
    assert row_of(job).outcome["organization"] == second.pk
    assert job.findings.filter(code="branch_from_title").count() == 1


def test_a_row_that_names_no_branch_anywhere_is_an_error():
    committee = a_committee()
    a_branch(committee), a_branch(committee)
    assert told(staged(a_row(), organization=committee)) == [("B4", "branch_missing")]


def test_a_stay_begins_when_the_relation_came_and_never_before_the_founding():
    branch = a_branch(founded_on=date(2010, 3, 1))
    job = staged(
        a_row(身份证号码=ID_1, 组织关系转入时间="2015.07"),
        a_row(**{"姓  名": "吴琪"}, 身份证号码=ID_2, 组织关系转入时间="2001-02-03"),
        organization=branch,
        extra=("组织关系转入时间",),
    )
    applied(job)
    stays = {each.name: each.placements.get().placed_from for each in Member.objects.all()}
    assert stays == {"陶敏": date(2015, 7, 1), "吴琪": date(2010, 3, 1)}


def test_posts_of_a_superior_and_unknown_ones_are_told_and_not_invented():
    job = staged(
        a_row(身份证号码=ID_1, 党内职务="机关党委专职副书记"),
        a_row(**{"姓  名": "吴琪"}, 身份证号码=ID_2, 党内职务="党建联络员"),
        organization=a_branch(),
    )
    assert told(job) == [("H4", "post_elsewhere"), ("H5", "post_unread")]
    applied(job)
    assert Member.objects.count() == 2
    assert not Office.objects.exists()


def test_two_secretaries_in_one_file_warn():
    job = staged(
        a_row(身份证号码=ID_1, 党内职务="书记"),
        a_row(**{"姓  名": "吴琪"}, 身份证号码=ID_2, 党内职务="支部书记"),
        organization=a_branch(),
    )
    assert told(job) == [("H5", "two_secretaries")]
    assert states(job) == ["new", "new"]


def test_a_group_of_the_branch_is_joined_and_another_is_told():
    branch = a_branch()
    group = PartyGroup.objects.create(organization=branch, name="第一党小组")
    job = staged(
        a_row(身份证号码=ID_1, 党小组="第一党小组"),
        a_row(**{"姓  名": "吴琪"}, 身份证号码=ID_2, 党小组="第九党小组"),
        organization=branch,
        extra=("党小组",),
    )
    assert told(job) == [("K5", "group_unknown")]
    applied(job)
    assert [each.party_group for each in Member.objects.order_by("pk")] == [group, None]
