"""Registers of development: rows open files with the steps that the sheets of offices tell."""

from __future__ import annotations

from datetime import date

import pytest

from members.models import Deadline, DevelopmentFile, Member, StepTaken
from members.models.development.following import rebuild
from registry.calendar import PartialDate
from tests.factories import a_branch, a_member, a_user, an_id_number
from tests.members.development import a_branch_that_develops
from tests.members.sheets_of_development import (
    H05,
    H06,
    H35,
    U03,
    a_row,
    days_of,
    file_of,
    findings_about,
    notes_of,
    staged_register,
)
from tests.members.sheets_of_dues import applied, states

pytestmark = pytest.mark.django_db
WITH_ID = ("姓名", "身份证号码", "联系党支部", "提交书面申请书时间", "确定为入党积极分子时间",
           "确定为发展对象时间", "入党时间", "转正时间", "当前发展阶段")  # fmt: skip


@pytest.fixture
def branch():
    return a_branch_that_develops(name="中共测试局第一支部委员会", short_name="第一党支部")


def staged(branch, *rows, headings=WITH_ID):
    return staged_register(headings, *rows, organization=branch)


def test_a_row_of_a_development_register_opens_a_file(branch):
    job = staged_register(H05, a_row(H05, branch=branch.name), organization=branch.parent)
    assert (states(job), findings_about(job)) == (["new"], [])
    assert applied(job).new == 1
    file = file_of("李晓梅")
    assert (file.organization, file.staff_number, file.standing) == (branch, "20230017", "object")
    assert days_of(file) == {
        "application": "2022-03-01",
        "activist": "2022-09-01",
        "cultivation": "2022-11-05",
        "object": "2023-10-08",
        "training": "2024-03-05",
        "plan": "2024-03-20",
        "application_form": "2024-06-03",
    }
    facts = {each.step: each.facts for each in file.steps.all()}
    assert facts["cultivation"] == {"began_on": "2022-11-01", "score": "88"}
    assert facts["training"] == {"began_on": "2024-03-03", "result": "92"}
    assert facts["application_form"] == {"form_number": "3301000017"}


def test_the_steps_are_entered_afterwards_with_the_place_of_their_paper(branch):
    job = staged_register(H05, a_row(H05), organization=branch)
    applied(job)
    step = StepTaken.objects.get(step="activist")
    assert step.historical
    assert step.reason == f"发展党员信息.xlsx Sheet1!2 #{job.pk}"
    assert (step.organization, step.entered_by) == (branch, None)
    plan = StepTaken.objects.get(step="plan")
    assert plan.organization == branch.parent, "the committee keeps the plan of the year"


def test_what_follows_from_the_steps_is_as_if_they_were_taken_one_by_one(branch):
    applied(staged_register(H05, a_row(H05), organization=branch))
    loaded = list(Deadline.objects.order_by("position").values("step", "due_by", "blocked"))
    rebuild(DevelopmentFile.objects.all())
    assert list(Deadline.objects.order_by("position").values("step", "due_by", "blocked")) == loaded
    assert [each["step"] for each in loaded] == ["assembly"]


def test_what_no_column_tells_is_told_once_for_the_sheet(branch):
    job = staged_register(
        H05, a_row(H05), a_row(H05, 学工号="18", 姓名="周平"), organization=branch
    )
    [note] = notes_of(job)
    said, gaps = note.removesuffix(".").split(": ")
    assert said == (
        "The sheet “Sheet1” has no columns for steps that its people have behind them; they stay "
        "gaps"
    )
    assert gaps.split("、") == [
        "党组织派人谈话", "上级党委备案", "指定培养联系人", "报上级党委备案", "确定入党介绍人",
        "政治审查", "支部委员会审查", "上级党委预审",
    ]  # fmt: skip


def test_the_older_register_has_one_day_for_a_class(branch):
    job = staged_register(H06, a_row(H06), organization=branch)
    assert applied(job).new == 1
    assert days_of(file_of("李晓梅"))["training"] == "2024-03-05"


def test_a_hand_made_list_of_activists_in_a_titled_table(branch):
    job = staged_register(
        U03, (1, *a_row(U03)[1:]), organization=branch, title="第一党支部入党积极分子花名册"
    )
    assert findings_about(job) == []
    applied(job)
    file = file_of("李晓梅")
    assert (file.standing, str(file.born_on), file.education) == ("activist", "1996-08", "10")
    facts = {each.step: each.facts for each in file.steps.all()}
    assert facts["mentors"] == {"mentors": [{"name": "赵建国"}, {"name": "钱学礼"}]}
    assert facts["cultivation"] == {"began_on": "2022-11-01"}
    assert days_of(file)["cultivation"] == "2022-11-05"


def test_a_heading_that_stands_twice_is_asked_where_its_columns_differ(branch):
    row = dict(zip(range(len(H35)), a_row(H35), strict=True))
    first, _second = (place for place, heading in enumerate(H35) if heading == "申请入党日期")
    job = staged_register(H35, tuple(row.values()), organization=branch)
    assert states(job) == ["new"]
    row[first] = "2021.05.01"
    job = staged_register(H35, tuple(row.values()), organization=branch)
    assert states(job) == ["error"]
    assert (
        "The columns H and Q of the sheet “Sheet1” are both read as “申请入党日期” and differ. "
        "Rename or delete one." in notes_of(job)
    )
    row[first] = None
    job = staged_register(H35, tuple(row.values()), organization=branch)
    assert states(job) == ["new"]


def test_columns_that_nobody_knows_are_listed(branch):
    job = staged_register((*H06, "星座"), (*a_row(H06), "狮子座"), organization=branch)
    assert (
        "The sheet “Sheet1” has columns that are not known and were not read: S 星座."
        in notes_of(job)
    )


def test_the_branch_is_found_by_committee_and_short_name(branch):
    other = a_branch(a_branch_that_develops().parent, short_name="第一党支部")
    row = a_row(H05, 联系分党委=other.parent.name, 联系党支部="第一党支部")
    job = staged_register(H05, row)
    applied(job)
    assert file_of("李晓梅").organization == other
    row = a_row(H05, 学工号="9", 姓名="周平", 联系党支部编码=branch.code)
    applied(staged_register(H05, row))
    assert file_of("周平").organization == branch


# Stages, and what their days say


@pytest.mark.parametrize(
    ("stage", "told"),
    [
        pytest.param("领取志愿书", "", id="as the days say"),
        pytest.param(
            "入党积极分子",
            "The row says “入党积极分子”, its dates say “领取志愿书”. The dates were taken; "
            "correct the stage or the dates.",
            id="behind the days",
        ),
        pytest.param(
            "未通过",
            "“未通过” is not entered from a sheet. Stop the file on its page.",
            id="stopped",
        ),
        pytest.param(
            "快了",
            "“快了” is not known here. Write one of: 入党申请人, 入党积极分子, 发展对象, "
            "列入发展计划, 领取志愿书, 预备党员, 正式党员.",
            id="no stage",
        ),
    ],
)
def test_the_stage_is_compared_with_the_days(branch, stage, told):
    job = staged_register(H05, a_row(H05, 当前发展阶段=stage), organization=branch)
    said = [each.message for each in job.findings.filter(row__isnull=False)]
    assert said == ([told] if told else [])


def test_a_stage_without_its_day_is_a_step_on_an_unknown_day(branch):
    row = ("周平", None, None, "2022.03.01", "2022.09.01", None, None, None, "发展对象")
    job = staged(branch, row)
    assert [each.message for each in job.findings.filter(row__isnull=False)] == [
        (
            "The row says “发展对象”, but not since when. The step was entered without its day; "
            "write the day if the papers tell it."
        ),
        (
            "The day of “naming as an object of development” is unknown, so nothing can be counted "
            "from it."
        ),
    ]
    applied(job)
    assert file_of("周平").standing == "object"
    assert days_of(file_of("周平"))["object"] == ""


def test_a_row_that_says_no_step_at_all_is_no_file(branch):
    job = staged(branch, ("周平", None, None, None, None, None, None, None, None))
    assert [each.message for each in job.findings.filter(row__isnull=False)] == [
        (
            "The row says no step of a development, neither a day nor a stage. Write the day of "
            "the application, or the stage."
        )
    ]
    assert states(job) == ["error"]


# What the rules say


@pytest.mark.parametrize(
    ("row", "told"),
    [
        pytest.param(
            ("2022.03.01", "2022.09.01", "2023.03.01"),
            [("F2", "too_early", "warning")],
            id="object after half a year",
        ),
        pytest.param(
            ("2022.03.01", "2021.09.01", "2023.03.01"),
            [("E2", "out_of_order", "warning")],
            id="activist before the application",
        ),
        pytest.param(
            ("2013.03.01", "2015.09.01", "2017.03.01"),
            [("D2", "too_young", "error")],
            id="applied at 17",
        ),
        pytest.param(
            ("1990.03.01", "2015.09.01", "2017.03.01"),
            [("D2", "before_birth", "error"), ("D2", "too_young", "error")],
            id="applied before birth",
        ),
        pytest.param(
            ("2022.03.01", None, "2024.03.01"), [("E2", "skipped", "warning")], id="no activist"
        ),
        pytest.param(
            ("2022.03.01", "2022.09.01", "2027.03.01"),
            [("F2", "date_in_future", "error")],
            id="object next year",
        ),
        pytest.param(
            (None, "2022.09.01", "2024.03.01"),
            [("D2", "day_unknown", "warning")],
            id="no application",
        ),
    ],
)
def test_orders_and_intervals_are_told_at_their_cells(branch, row, told):
    number = an_id_number(date(1996, 8, 9), "F")
    job = staged(branch, ("李晓梅", number, None, *row, None, None, None))
    assert findings_about(job) == told
    assert states(job) == ["error" if any(each[2] == "error" for each in told) else "new"]


def test_one_sponsor_or_the_same_twice_is_refused(branch):
    headings = ("姓名", "提交书面申请书时间", "入党介绍人")
    job = staged_register(
        headings,
        ("周平", "2022.03.01", "赵建国"),
        ("李晓梅", "2022.03.01", "赵建国、赵建国"),
        organization=branch,
    )
    assert findings_about(job) == [
        ("C2", "too_few_named", "error"),
        ("C3", "named_twice", "error"),
        ("C3", "too_few_named", "error"),
    ]


# Who has joined


def a_joined_row(number, *, full=None, stage=None):
    days = ("2018.03.01", "2018.09.01", "2019.10.08", "2020.06.20")
    return ("李晓梅", number, None, *days, full, stage)


def on_the_roll(branch, **fields):
    return a_member(
        branch,
        name="李晓梅",
        sex="F",
        born_on=PartialDate(1996, 8, 9),
        id_number=an_id_number(date(1996, 8, 9), "F"),
        **{
            "joined_on": PartialDate(2020, 6, 20),
            "full_member_on": PartialDate(2021, 6, 20),
            **fields,
        },
    )


def test_who_is_a_member_already_is_joined_and_nobody_is_admitted(branch):
    member = on_the_roll(branch)
    count = Member.objects.count()
    job = staged(branch, a_joined_row(member.id_number, full="2021.06.20", stage="正式党员"))
    assert findings_about(job) == []
    applied(job)
    file = file_of("李晓梅")
    assert (file.member, file.standing) == (member, "full")
    assert days_of(file)["assembly"] == "2020-06-20"
    assert (days_of(file)["approval"], days_of(file)["full_approval"]) == ("", "")
    assert Member.objects.count() == count
    member.refresh_from_db()
    assert member.version == 1, "a sheet of files changes no member"


def test_a_member_tells_the_days_that_the_sheet_lacks(branch):
    member = on_the_roll(branch)
    job = staged(branch, ("李晓梅", member.id_number, None, "2018.03.01", *[None] * 4, "正式党员"))
    applied(job)
    assert days_of(file_of("李晓梅"))["full_assembly"] == "2021-06-20"


def test_another_day_of_joining_than_on_the_roll_is_told(branch):
    member = on_the_roll(branch, joined_on=PartialDate(2020, 7, 1))
    job = staged(branch, a_joined_row(member.id_number))
    assert (
        "“assembly on admission” is on 2020-06-20 in the sheet, on 2020-07-01 on the roll. Nothing "
        "was changed there; correct the one that is wrong."
        in [each.message for each in job.findings.filter(row__isnull=False)]
    )


def test_nobody_becomes_a_member_by_a_sheet(branch):
    number = an_id_number(date(1996, 8, 9), "F")
    job = staged(branch, a_joined_row(number, full="2021.06.20", stage="正式党员"))
    assert states(job) == ["new"]
    assert ("G2", "not_on_roll", "warning") in findings_about(job)
    applied(job)
    file = file_of("李晓梅")
    assert (file.member, file.standing, list(days_of(file))[-1]) == (None, "object", "assembly")
    assert not Member.objects.filter(name="李晓梅").exists()


def test_who_was_entered_as_a_member_later_is_joined_by_the_same_sheet(branch):
    number = an_id_number(date(1996, 8, 9), "F")
    row = a_joined_row(number, full="2021.06.20", stage="正式党员")
    applied(staged(branch, row))
    member = on_the_roll(branch)
    member.id_number = number
    member.correct(date(2026, 11, 20))
    job = staged(branch, row)
    assert states(job) == ["changed"]
    applied(job)
    file = file_of("李晓梅")
    assert (file.member, file.standing) == (member, "full")


def test_who_is_registered_elsewhere_is_nobody_here(branch):
    stranger = on_the_roll(a_branch())
    user = a_user("branch_clerk", branch)
    job = staged_register(WITH_ID, a_joined_row(stranger.id_number), organization=branch, user=user)
    assert findings_about(job) == [("B2", "registered_elsewhere", "error")]
