"""Registers of development once more: what completes a file, what differs, what is taken back."""

from __future__ import annotations

from datetime import date

import pytest

from members.models import DevelopmentFile, StepTaken
from registry.calendar import PartialDate
from registry.models import Entry
from tests.factories import TODAY, a_branch, a_member, a_user, an_id_number
from tests.members.development import a_branch_that_develops, a_file, go_on
from tests.members.sheets_of_development import (
    H05,
    a_row,
    days_of,
    file_of,
    findings_about,
    staged_register,
)
from tests.members.sheets_of_dues import answered, applied, states, undone

pytestmark = pytest.mark.django_db
BY_NAME = ("姓名", "出生年月", "联系党支部", "申请入党时间", "确定积极分子时间", "备注")
NUMBER = an_id_number(date(1996, 8, 9), "F", number=7)


@pytest.fixture
def branch():
    return a_branch_that_develops(name="中共测试局第一支部委员会", short_name="第一党支部")


@pytest.fixture
def file(branch):
    return a_file(branch, until="application", staff_number="20230017")


def messages(job):
    return [each.message for each in job.findings.filter(row__isnull=False).order_by("id")]


def test_an_existing_file_found_by_its_staff_number_is_completed(branch, file):
    job = staged_register(H05, a_row(H05), organization=branch)
    assert (states(job), job.findings.filter(level="error").count()) == (["changed"], 0)
    assert applied(job).changed == 1
    before = file.version
    file.refresh_from_db()
    assert (file.version, file.standing) == (before + 1, "object")
    assert list(days_of(file))[:2] == ["application", "activist"]
    assert file.steps.filter(step="application").count() == 1


def test_the_same_register_once_more_changes_nothing(branch):
    applied(staged_register(H05, a_row(H05), organization=branch))
    assert states(staged_register(H05, a_row(H05), organization=branch)) == ["unchanged"]


def test_an_existing_file_is_found_by_its_id_number(branch):
    a_file(branch, id_number=NUMBER)
    headings = ("姓名", "公民身份号码", "确定为入党积极分子时间")
    applied(staged_register(headings, ("李晓梅", NUMBER, "2022.09"), organization=branch))
    assert days_of(file_of("李晓梅")) == {"application": "2022-03-01", "activist": "2022-09"}


def test_a_name_within_the_branch_is_asked_about(branch, file):
    row = ("李晓梅", None, None, "2022.03.01", "2022.09.01", None)
    job = staged_register(BY_NAME, row, organization=branch)
    assert messages(job) == [
        (
            f"This may be F{file.pk:08} 李晓梅 (第一党支部), who is registered already. Choose who "
            "is meant, or add the number or the ID number to the row."
        )
    ]
    answered(job, "match_unsure", f"file-{file.pk}")
    assert states(job) == ["changed"]
    applied(job)
    assert DevelopmentFile.objects.count() == 1
    assert days_of(file)["activist"] == "2022-09-01"


def test_a_namesake_is_entered_as_new_where_the_clerk_says_so(branch, file):
    row = ("李晓梅", None, None, "2022.03.01", "2022.09.01", None)
    job = staged_register(BY_NAME, row, organization=branch)
    answered(job, "match_unsure", "new")
    assert applied(job).new == 1
    assert DevelopmentFile.objects.count() == 2


@pytest.mark.parametrize(
    ("born", "elsewhere"),
    [("1990.01", False), (None, True)],
    ids=["another birth", "another branch"],
)
def test_who_cannot_be_meant_is_not_asked_about(branch, file, born, elsewhere):
    place = a_branch(branch.parent) if elsewhere else branch
    row = ("李晓梅", born, place.name, "2022.03.01", "2022.09.01", None)
    assert states(staged_register(BY_NAME, row, organization=branch.parent)) == ["new"]


def test_a_member_of_that_name_is_asked_about_only_where_the_row_has_joined(branch):
    member = a_member(branch, name="李晓梅", born_on=None, id_number="")
    headings = ("姓名", "申请入党时间", "入党时间")
    waiting = staged_register(headings, ("李晓梅", "2022.03.01", None), organization=branch)
    assert states(waiting) == ["new"]
    job = staged_register(headings, ("李晓梅", "2002.03.01", "2005.06.01"), organization=branch)
    assert states(job) == ["question"]
    answered(job, "match_unsure", f"member-{member.pk}")
    applied(job)
    assert file_of("李晓梅").member == member


def test_numbers_of_two_people_are_asked_about(branch, file):
    member = a_member(branch, name="吴江", staff_number="20230017")
    job = staged_register(H05, a_row(H05), organization=branch)
    assert [code for _cell, code, _level in findings_about(job)] == ["match_conflict"]
    answered(job, "match_conflict", f"file-{file.pk}")
    applied(job)
    file.refresh_from_db()
    assert file.member is None
    assert member.is_on_roll


def test_another_name_under_the_same_number_is_asked_about(branch, file):
    job = staged_register(H05, a_row(H05, 姓名="李小梅"), organization=branch)
    assert [code for _cell, code, _level in findings_about(job)] == ["name_differs"]
    answered(job, "name_differs", "sheet")
    applied(job)
    file.refresh_from_db()
    assert (file.name, file.name_initials) == ("李小梅", "lxm")


def test_a_step_on_another_day_stays_as_the_file_has_it(branch, file):
    go_on(file, "first_talk", "activist")
    job = staged_register(H05, a_row(H05, 确定为入党积极分子时间="2022.10.01"), organization=branch)
    assert messages(job) == [
        (
            "“naming as an activist” is on 2022-10-01 in the sheet, on 2022-09-01 in the file. "
            "Nothing was changed there; correct the one that is wrong."
        )
    ]
    applied(job)
    assert days_of(file)["activist"] == "2022-09-01"


def test_an_unknown_day_is_filled_in_when_the_papers_tell_it(branch):
    headings = ("姓名", "学工号", "申请入党时间", "确定积极分子时间", "当前发展阶段")
    first = staged_register(headings, ("周平", "7", None, None, "积极分子"), organization=branch)
    applied(first)
    assert days_of(file_of("周平")) == {"application": "", "activist": ""}
    row = ("周平", "7", "2022.03.01", "2022.09", "积极分子")
    second = staged_register(headings, row, organization=branch)
    applied(second)
    file = file_of("周平")
    assert days_of(file) == {"application": "2022-03-01", "activist": "2022-09"}
    assert str(file.began_on) == "2022-03-01"
    assert file.steps.filter(withdrawn_on__isnull=False).count() == 2
    assert undone(second) == (1, 0, 0)
    assert days_of(file_of("周平")) == {"application": "", "activist": ""}


def test_a_vaguer_day_says_nothing_against_a_known_one(branch, file):
    go_on(file, "first_talk", "activist")
    row = a_row(H05, 提交书面申请书时间="2022.03", 确定为入党积极分子时间="2022")
    job = staged_register(H05, row, organization=branch)
    assert not [each for each in findings_about(job) if each[1] == "step_differs"]


def test_a_stopped_file_is_not_completed_by_a_sheet(branch, file):
    file.stop("left_unit", "", TODAY, by=None)
    job = staged_register(H05, a_row(H05), organization=branch)
    assert messages(job) == [
        (
            "The file of “李晓梅” was stopped on 2026-11-20. Start it again on its page, or "
            "skip the row."
        )
    ]


def test_who_applies_again_after_his_file_was_stopped_gets_a_new_one(branch, file):
    file.stop("left_unit", "", date(2022, 6, 1), by=None)
    row = a_row(("姓名", "学工号", "申请入党时间"), 申请入党时间="2025.03.01")
    job = staged_register(("姓名", "学工号", "申请入党时间"), row, organization=branch)
    assert states(job) == ["new"]


def test_two_rows_about_one_person_name_each_other(branch, file):
    headings = ("姓名", "学工号", "身份证号码", "确定积极分子时间")
    file.id_number = NUMBER
    file.correct(TODAY)
    rows = [("李晓梅", "20230017", None, "2022.09.01"), ("李晓梅", None, NUMBER, "2022.10.01")]
    job = staged_register(headings, *rows, organization=branch)
    assert [code for _cell, code, _level in findings_about(job)] == ["duplicate_in_file"] * 2


def test_another_branch_than_the_file_s_is_told_and_nobody_moves(branch, file):
    other = a_branch(branch.parent, short_name="第二党支部")
    job = staged_register(H05, a_row(H05, branch="第二党支部"), organization=branch.parent)
    assert messages(job) == [
        (
            "“李晓梅” belongs to “第一党支部” in the register, to “第二党支部” in the sheet. "
            "Nobody was moved; move the file on its page."
        )
    ]
    applied(job)
    file.refresh_from_db()
    assert file.organization == branch != other


# Written as one, taken back as one


def test_an_error_in_one_row_keeps_all_of_them_out(branch):
    rows = [a_row(H05), a_row(H05, 学工号="2", 姓名="周平", 确定为发展对象时间="2023.13")]
    job = staged_register(H05, *rows, organization=branch)
    assert applied(job).stopped
    assert not DevelopmentFile.objects.exists()
    assert applied(job, good_rows=True).new == 1


def test_a_file_changed_meanwhile_is_judged_again(branch, file):
    job = staged_register(H05, a_row(H05), organization=branch)
    go_on(file, "first_talk", "activist")
    outcome = applied(job)
    assert (outcome.overtaken, outcome.written) == (True, 0)
    assert applied(job).changed == 1
    assert file.steps.filter(step="activist").count() == 1


def test_taking_back_makes_opened_files_wrong_entries(branch):
    job = staged_register(H05, a_row(H05), organization=branch)
    applied(job)
    file = DevelopmentFile.objects.get()
    assert undone(job) == (1, 0, 0)
    file.refresh_from_db()
    assert (file.wrong_entry, file.is_open) == (True, False)
    assert not file.deadlines.exists()
    assert states(staged_register(H05, a_row(H05), organization=branch)) == ["new"]


def test_taking_back_restores_completed_files(branch, file):
    before = (days_of(file), file.standing)
    deadlines = list(file.deadlines.values("step", "due_by"))
    headings = (*H05, "民族", "文化程度")
    row = (*a_row(H05), "回族", "大学")
    job = staged_register(headings, row, organization=branch)
    applied(job)
    file.refresh_from_db()
    assert (file.ethnicity, file.education) == ("03", "20")
    assert undone(job) == (1, 0, 0)
    file.refresh_from_db()
    assert ((days_of(file), file.standing), file.ethnicity, file.education) == (before, "01", "21")
    assert list(file.deadlines.values("step", "due_by")) == deadlines


def test_taking_back_lets_a_member_go_free(branch):
    member = a_member(branch, name="周平", joined_on=PartialDate(2020, 6, 20),
                      full_member_on=PartialDate(2021, 6, 20))  # fmt: skip
    headings = ("姓名", "身份证号码", "申请入党时间", "入党时间")
    row = ("周平", member.id_number, "2018.03.01", "2020.06.20")
    job = staged_register(headings, row, organization=branch)
    applied(job)
    assert DevelopmentFile.objects.get().member == member
    undone(job)
    assert DevelopmentFile.objects.get().member is None
    member.refresh_from_db()
    assert member.is_on_roll


def test_what_somebody_has_gone_on_with_is_kept(branch):
    job = staged_register(H05, a_row(H05), organization=branch)
    applied(job)
    file = DevelopmentFile.objects.get()
    go_on(file, "sponsors")
    assert undone(job) == (0, 1, 0)
    file.refresh_from_db()
    assert not file.wrong_entry


def test_the_log_tells_what_the_upload_has_written(branch):
    user = a_user("branch_clerk", branch)
    job = staged_register(H05, a_row(H05), organization=branch, user=user)
    applied(job, user)
    file = DevelopmentFile.objects.get()
    entry = Entry.objects.about(file).get()
    assert (entry.user, entry.reason, entry.label) == (user, f"Upload {job}", "李晓梅")
    steps = Entry.objects.filter(model="members.steptaken", action="add")
    assert steps.count() == StepTaken.objects.count() == 7
    assert {each.entered_by for each in StepTaken.objects.all()} == {user}


def test_a_reader_of_another_branch_completes_nobody_here(branch, file):
    stranger = a_branch(branch.parent)
    user = a_user("branch_clerk", stranger)
    job = staged_register(H05, a_row(H05), organization=stranger, user=user)
    assert states(job) == ["new"], "the staff number of somebody else is a stranger's number"
