"""An office's own fields on their way in and out."""

from __future__ import annotations

import pytest

from members.models import Member
from members.sheets.exporting import MemberExport
from members.sheets.members import MemberResource
from registry.models import Entry
from registry.sheets.answering import choose_columns
from registry.sheets.staging import read_received
from tests.factories import TODAY, a_branch, a_user
from tests.members.sheets_of_members import ID_1, a_row
from tests.members.staged import applied, known, row_of, staged
from tests.members.test_own_fields import PLATE, holding, kept

pytestmark = pytest.mark.django_db


def test_an_upload_writes_them_with_the_other_columns():
    branch = a_branch()
    member = known(branch)
    member.own = {PLATE: "浙A12345"}
    member.save()
    row = a_row(身份证号码=ID_1, 宿舍="201", 备注="老党员")
    job = staged(row, organization=branch, extra=("宿舍", "备注"))
    choose_columns(job, {"Sheet1!K": "own:宿舍"})
    read_received(MemberResource, job, today=TODAY)
    assert row_of(job).changes == [["note", "", "老党员"], ["own:宿舍", "", "201"]]
    applied(job)
    assert Member.objects.get().own == {PLATE: "浙A12345", "宿舍": "201"}
    assert ["own_sealed", "", "宿舍 ••••"] in Entry.objects.about(member).first().changes


def test_an_upload_of_somebody_new_brings_them_along():
    branch = a_branch()
    job = staged(a_row(身份证号码=ID_1, 宿舍="201"), organization=branch, extra=("宿舍",))
    choose_columns(job, {"Sheet1!K": "own:宿舍"})
    read_received(MemberResource, job, today=TODAY)
    applied(job)
    assert Member.objects.get().own == {"宿舍": "201"}


def test_a_column_of_an_own_field_is_recognised_without_being_asked(committee):
    kept(committee, "宿舍")
    branch = a_branch(committee)
    job = staged(a_row(身份证号码=ID_1, 宿舍="201"), organization=branch, extra=("宿舍",))
    assert row_of(job).values["own:宿舍"] == "201"


def test_own_fields_go_out_with_the_others(branch, committee):
    kept(committee, "宿舍")
    holding(branch, 宿舍="201")
    source = MemberExport(a_user("branch_clerk", branch), TODAY)
    rows = Member.objects.all()
    lines = source.lines(rows, ["name", "own:宿舍"], full=False, for_programs=True)
    assert list(lines) == [("张三", "201")]
    stranger = MemberExport(a_user("branch_clerk", a_branch()), TODAY)
    assert "own:宿舍" not in stranger.columns
