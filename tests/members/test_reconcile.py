"""A whole roster against the register: who stands in one of them only, and who differs."""

from __future__ import annotations

import pytest

from members.models import Member
from members.sheets.members import MemberResource
from members.sheets.reconciling import missing_in_file
from registry.access import OPERATOR
from registry.sheets import staging
from registry.sheets.answering import Answering
from registry.sheets.keeping import kept_rows
from registry.sheets.staging import Scope
from tests.factories import TODAY, a_branch, a_committee, a_member, a_user
from tests.members.sheets_of_members import ID_1, ID_2, ID_3, a_roster, a_row
from tests.members.staged import applied, known, states

pytestmark = pytest.mark.django_db
# As the member lists of the national system and of those built after it are headed.
NATIONAL = (
    "集团员工编码,企业名称,集团党员唯一标识,姓名,性别,公民身份号码,出生日期,学历,学位,民族,工作岗位,"
    "新社会阶层类型,专业技术职务,是否农民工,手机号码,组织关系所在党支部,联合支部所在单位,户籍所在地,"
    "现居住地,人员类别,党籍状态,加入党组织日期,转为正式党员日期,党龄,党龄校正值（月）,是否失联党员,"
    "失去联系日期,是否流动党员,外出流向,进入本系统类型,进入本系统日期,离开本系统类型,更新时间戳"
)


def compared(*rows, organization, data=None, name="roster.xlsx", user=OPERATOR, whole_roster=True):
    return staging.stage(
        MemberResource,
        a_roster(*rows) if data is None else data,
        name,
        user=user,
        scope=Scope(organization.path, str(organization)),
        opening_on=TODAY,
        today=TODAY,
        whole_roster=whole_roster,
    )


def missing(job, user=OPERATOR):
    return [each.member for each in missing_in_file(job, user)]


def test_who_is_in_the_register_only_in_the_file_only_or_differs():
    branch = a_branch()
    differs, alone = known(branch), a_member(branch, name="孙七")
    job = compared(
        a_row(身份证号码=ID_1, 联系电话="13900000009"),
        a_row(**{"姓  名": "吴琪"}, 身份证号码=ID_2),
        organization=branch,
    )
    assert [(row.state, row.target_id == differs.pk) for row in kept_rows(job)] == [
        ("changed", True),
        ("new", False),
    ]
    assert missing(job) == [alone]
    applied(job)
    assert missing(job) == [alone], "who has come with the file is not missing in it"


def test_only_a_whole_roster_misses_anybody():
    branch = a_branch()
    a_member(branch)
    assert missing(compared(a_row(), organization=branch, whole_roster=False)) == []


def test_asked_are_the_organisation_and_all_below_it_and_only_who_is_on_the_roll():
    committee = a_committee()
    one, other = a_branch(committee), a_branch(committee)
    there, here = a_member(other), a_member(one)
    a_member()
    a_member(one).leave("died", TODAY)
    a_member(one).mark_wrong("twice")
    assert missing(compared(a_row(), organization=committee)) == [here, there]
    assert missing(compared(a_row(), organization=one)) == [here]


def test_who_is_asked_about_is_perhaps_in_the_file():
    branch = a_branch()
    member, other = known(branch), a_member(branch, name="孙七")
    job = compared(a_row(), organization=branch)
    assert states(job) == ["question"]
    assert [(each.member, each.perhaps) for each in missing_in_file(job, OPERATOR)] == [
        (member, True),
        (other, False),
    ]
    row = job.rows.get().pk
    Answering(MemberResource, job, OPERATOR, TODAY).answer(row, "match_unsure", str(member.pk))
    assert missing(job) == [other]


@pytest.mark.parametrize("key", ["身份证号码", "登记编号"])
def test_who_stands_in_a_skipped_row_is_in_the_file(key):
    branch = a_branch()
    member = known(branch)
    said = {"身份证号码": ID_1, "登记编号": member.number}
    data = a_roster(a_row(**{key: said[key]}), extra=("登记编号",))
    job = compared(organization=branch, data=data)
    Answering(MemberResource, job, OPERATOR, TODAY).skip([job.rows.get().pk])
    assert states(job) == ["skipped"]
    assert missing(job) == []


def test_a_row_with_an_error_may_be_whom_its_name_says():
    branch = a_branch()
    known(branch, name="陶敏")
    job = compared(a_row(身份证号码="110101198005170041", 出生年月=None), organization=branch)
    assert states(job) == ["error"]
    assert [each.perhaps for each in missing_in_file(job, OPERATOR)] == [True]


def test_each_line_offers_what_its_user_may_do():
    branch = a_branch()
    member = a_member(branch)
    job = compared(a_row(), organization=branch)
    clerk, reader = a_user("branch_clerk", branch), a_user("reader", branch)
    [line] = missing_in_file(job, clerk)
    page = f"/members/member/{member.pk}/"
    assert line.actions == (
        ("Look", f"{page}change/"),
        ("Move", f"{page}move/"),
        ("Leave", f"{page}leave/"),
    )
    assert missing_in_file(job, reader) == [], "who may not upload compares nothing"
    assert missing_in_file(job, a_user("branch_clerk", a_branch())) == []


def test_many_missing_are_asked_for_in_a_few_questions(django_assert_max_num_queries):
    branch = a_branch()
    for _ in range(30):
        a_member(branch)
    job, clerk = compared(a_row(), organization=branch), a_user("branch_clerk", branch)
    with django_assert_max_num_queries(4):
        assert len(missing_in_file(job, clerk)) == 30


def test_an_export_of_the_national_system_is_understood():
    branch = a_branch(name="中共某局机关第一支部委员会", short_name="机关第一党支部")
    gone = a_member(branch, name="孙七")
    values = {
        "集团员工编码": "A1",
        "姓名": "陶敏",
        "性别": "女",
        "公民身份号码": ID_1,
        "出生日期": "1980-05-17",
        "学历": "大学本科",
        "学位": "学士",
        "民族": "汉族",
        "工作岗位": "公务员",
        "手机号码": "13900000009",
        "组织关系所在党支部": "中共某局机关第一支部委员会",
        "现居住地": "浙江省杭州市西湖区",
        "人员类别": "正式党员",
        "党籍状态": "正常",
        "加入党组织日期": "2005-06-01",
        "转为正式党员日期": "2006-06-01",
        "党龄": "20",
        "党龄校正值（月）": "-6",
        "是否失联党员": "是",
        "失去联系日期": "2026-03-01",
        "是否流动党员": "是",
        "外出流向": "上海",
        "进入本系统日期": "2019-07-01",
    }
    headings = NATIONAL.split(",")
    lines = [NATIONAL, ",".join(values.get(heading, "") for heading in headings)]
    data = "\n".join(lines).encode("gb18030")
    job = compared(organization=branch, data=data, name="党员信息.csv")
    assert states(job) == ["new"]
    assert set(job.layout["sheets"][0]["unknown"].values()) == {
        "集团党员唯一标识", "新社会阶层类型", "专业技术职务", "是否农民工", "联合支部所在单位",
        "户籍所在地", "进入本系统类型", "离开本系统类型", "更新时间戳",
    }  # fmt: skip
    assert missing(job) == [gone]
    applied(job)
    member = Member.objects.get(name="陶敏")
    assert (member.organization, member.kind, member.party_age_correction) == (branch, "full", -6)
    assert (str(member.lost_contact_since), member.floating_to) == ("2026-03-01", "上海")
    assert str(member.placements.get().placed_from) == "2019-07-01"


def test_lost_contact_without_a_day_is_told():
    job = compared(
        organization=a_branch(),
        data=f"姓名,身份证号,是否失联党员\n陶敏,{ID_3},是\n陶二,{ID_2},否\n".encode(),
        name="a.csv",
    )
    found = job.findings.filter(row__isnull=False, code="value_missing")
    assert [(each.cell, each.level) for each in found] == [("C2", "warning")]
