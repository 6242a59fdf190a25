"""A template to fill in: the people of a branch, and back through the door of every roster."""

from __future__ import annotations

import io

import openpyxl
import pytest

from branches.models import PartyGroup
from members.models import Office
from members.sheets.members import MemberResource
from members.sheets.template import template_of
from registry.access import OPERATOR
from registry.calendar import PartialDate
from registry.models import Entry
from registry.models.log import Action
from registry.sheets import staging
from registry.sheets.staging import Scope
from tests.factories import LONG_AGO, TODAY, a_branch, a_committee, a_member, a_user

pytestmark = pytest.mark.django_db
URL = "/members/template/"


def sheet_of(data):
    return openpyxl.load_workbook(io.BytesIO(data)).active


def column_of(sheet, heading):
    """The cells below a heading."""
    [column] = [cell.column for cell in sheet[3] if cell.value == heading]
    return [row[column - 1] for row in sheet.iter_rows(min_row=4)]


def uploaded(data, branch):
    scope = Scope(branch.path, str(branch))
    return staging.stage(
        MemberResource, data, "模板.xlsx", user=OPERATOR, scope=scope, opening_on=TODAY, today=TODAY
    )


def described(branch, **fields):
    return a_member(
        branch,
        **{
            "name": "买买提·吐尔逊",
            "ethnicity": "05",
            "education": "21",
            "education_channel": "in_service",
            "born_on": PartialDate(1980, 5),
            "id_number": "",
            "phone": "13912345678",
            "address": "云州市河东区南街1号",
            "note": "=1+1",
        }
        | fields,
    )


def test_untouched_it_changes_nothing():
    branch = a_branch(name="第一党支部")
    member = described(branch)
    a_member(branch, party_group=None)
    group = PartyGroup.objects.create(organization=branch, name="第一党小组")
    member.party_group = group
    member.correct(TODAY)
    Office.objects.create(organization=branch, member=member, post="secretary", held_from=LONG_AGO)
    job = uploaded(template_of(branch, OPERATOR, TODAY), branch)
    assert job.counts["unchanged"] == 2
    assert not job.findings.exclude(level="warning").exists()
    assert [each.message for each in job.findings.filter(row__isnull=False)] == []


def test_a_filled_in_row_is_a_new_member_and_a_changed_cell_a_change():
    branch = a_branch(name="第一党支部")
    described(branch)
    book = openpyxl.load_workbook(io.BytesIO(template_of(branch, OPERATOR, TODAY)))
    sheet = book.active
    places = {cell.value: cell.column for cell in sheet[3]}
    sheet.cell(4, places["籍贯"], "浙江杭州")
    for heading, text in (
        ("姓名", "李一"), ("性别", "女"), ("出生年月", "1990.01"), ("入党时间", "2015.06"),
        ("转正时间", "2016.06"), ("党员类型", "正式党员"),
    ):  # fmt: skip
        sheet.cell(5, places[heading], text)
    buffer = io.BytesIO()
    book.save(buffer)
    counts = uploaded(buffer.getvalue(), branch).counts
    assert (counts["new"], counts["changed"], counts["error"], counts["question"]) == (1, 1, 0, 0)


def test_id_numbers_are_text_and_masked():
    branch = a_branch()
    member = a_member(branch)
    [first, blank, *_] = column_of(sheet_of(template_of(branch, OPERATOR, TODAY)), "身份证号码")
    assert (first.value, first.number_format) == ("*" * 15 + member.id_number[-3:], "@")
    assert (blank.value, blank.number_format) == (None, "@")


def test_keys_are_locked_and_the_rest_is_open():
    branch = a_branch()
    a_member(branch)
    sheet = sheet_of(template_of(branch, OPERATOR, TODAY))
    assert sheet.protection.sheet
    assert sheet.protection.password is None
    locked = {
        heading: [cell.protection.locked for cell in column_of(sheet, heading)[:2]]
        for heading in ("登记编号", "姓名", "籍贯")
    }
    assert locked == {"登记编号": [True, True], "姓名": [True, False], "籍贯": [False, False]}


def test_codes_are_offered_in_drop_downs():
    branch = a_branch()
    PartyGroup.objects.create(organization=branch, name="第一党小组")
    sheet = sheet_of(template_of(branch, OPERATOR, TODAY))
    offered = {
        sheet.cell(3, next(iter(each.sqref.ranges)).min_col).value: each.formula1
        for each in sheet.data_validations.dataValidation
    }
    assert offered.keys() == {
        "性别", "民族", "文化程度", "教育类别", "学位", "党员类型", "人员结构", "党小组"
    }  # fmt: skip
    assert offered["性别"] == '"男,女"'
    assert offered["党小组"] == '"第一党小组"'


def test_the_page_hands_it_out_and_the_log_says_so(client, clerk, branch):
    a_member(branch)
    answer = client.get(URL, {"organization": branch.pk})
    assert answer["Content-Disposition"].endswith(".xlsx")
    assert sheet_of(answer.getvalue())["A1"].value == f"{branch.name}党员信息模板"
    entry = Entry.objects.filter(action=Action.EXPORT).get()
    assert (entry.user, entry.object_id) == (clerk, branch.pk)
    assert ["rows", "", 1] in entry.changes


def test_without_a_branch_the_page_asks_for_one(client, clerk, branch):
    page = client.get(URL)
    assert page.context["form"]["organization"].value() == branch.pk
    for organization in (clerk.grants.get().organization, a_branch()):
        page = client.get(URL, {"organization": organization.pk})
        assert page.context["form"].errors["organization"] == [
            "This is no branch of yours. Choose one of the list."
        ]


def test_the_ways_to_it(client, clerk, branch):
    assert (
        f'href="{URL}?organization={branch.pk}"' in client.get(f"/organizations/{branch.pk}/").text
    )
    assert f'href="{URL}"' in client.get("/registry/importjob/add/").text


def test_who_may_not_upload_gets_none(client, branch):
    client.force_login(a_user("reader", a_committee()))
    assert client.get(URL, {"organization": branch.pk}).status_code == 403
