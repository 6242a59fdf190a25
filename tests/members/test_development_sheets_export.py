"""The list of files goes out in the columns of the registers, and comes back as it went."""

from __future__ import annotations

import io

import openpyxl
import pytest

from members.models import DevelopmentFile
from members.sheets.development.exporting import DevelopmentExport
from members.sheets.development.register import DevelopmentResource
from registry.access import OPERATOR
from registry.sheets import staging
from registry.sheets.exporting import Export
from registry.sheets.staging import Scope
from tests.factories import TODAY, a_user
from tests.members.development import a_branch_that_develops, a_file, the_way
from tests.members.sheets_of_development import H05, H06, U03, a_row, staged_register
from tests.members.sheets_of_dues import applied

pytestmark = pytest.mark.django_db


@pytest.fixture
def branch():
    return a_branch_that_develops(name="中共测试局第一支部委员会", short_name="第一党支部")


def exported(rows, *, names=DevelopmentExport.standard, user=OPERATOR, full=False, kind="xlsx"):
    source = DevelopmentExport(user, TODAY)
    buffer = io.BytesIO()
    Export("发展党员信息", source, rows, names, kind, full).write(buffer)
    return buffer.getvalue()


def back(data, organization, kind="xlsx"):
    scope = Scope(organization.path, str(organization))
    name = f"发展党员信息.{kind}"
    return staging.stage(
        DevelopmentResource, data, name, user=OPERATOR, scope=scope, opening_on=TODAY, today=TODAY
    )


def only(job):
    """How many rows are in which state, and what is said."""
    counts = {state: count for state, count in job.counts.items() if count}
    return counts, [
        (each.cell, each.code) for each in job.findings.exclude(code="steps_not_in_sheet")
    ]


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
@pytest.mark.parametrize("full", [False, True])
def test_files_at_every_stage_go_out_and_come_back_and_nothing_changes(branch, kind, full):
    number = 0
    for number, until in enumerate(the_way(branch)):
        file = a_file(branch, until=until, name="李晓梅" if number % 2 else "周平")
        if number == 3:
            file.stop("left_unit", "", TODAY, by=None)
    rows = [a_row(H05, 姓名="冯玉"), a_row(H05, 学工号="1", 姓名="褚安")]
    applied(staged_register(H05, *rows, organization=branch))
    applied(staged_register(H06, a_row(H06, 学工号="2", 姓名="吴江"), organization=branch))
    applied(staged_register(U03, a_row(U03, 姓名="郑和"), organization=branch))
    files = DevelopmentFile.objects.order_by("pk")
    count = files.count()
    assert count == number + 5
    data = exported(files, full=full, kind=kind)
    assert only(back(data, branch, kind)) == ({"unchanged": count}, [])


def test_what_goes_out_reads_as_the_registers_do(branch):
    applied(staged_register(H05, a_row(H05), organization=branch))
    names = [*DevelopmentExport.standard, "next_step"]
    data = exported(DevelopmentFile.objects.all(), names=names)
    _title, headings, values = list(openpyxl.load_workbook(io.BytesIO(data)).active.values)[:3]
    row = dict(zip(headings, values, strict=True))
    file = DevelopmentFile.objects.get()
    assert row["档案编号"] == f"F{file.pk:08}"
    assert row["联系党支部"] == "中共测试局第一支部委员会"
    assert row["联系分党委编码"] == branch.parent.code
    assert row["志愿书编号"] == "3301000017"
    assert row["当前发展阶段"] == "领取志愿书"
    assert row["下一步骤"] == "支部大会讨论"


def test_numbers_go_out_masked_but_for_who_may_see_them(branch):
    file = a_file(branch, phone="13800000001")
    names = ("name", "id_number", "phone")

    def row(user, full):
        data = exported(DevelopmentFile.objects.all(), names=names, user=user, full=full)
        return list(openpyxl.load_workbook(io.BytesIO(data)).active.values)[2]

    clerk, reader = a_user("branch_clerk", branch), a_user("reader", branch)
    assert row(clerk, full=True)[1:] == (file.id_number, file.phone)
    for masked in (row(clerk, full=False), row(reader, full=True)):
        assert masked[1] == DevelopmentFile.masks["id_number"](file.id_number)
        assert "*" in masked[2]


def test_programs_get_codes_and_days_in_iso(branch):
    a_file(branch, until="activist")
    source = DevelopmentExport(OPERATOR, TODAY)
    rows = DevelopmentFile.objects.all()
    names = ("name", "organization", "activist_on", "stage")
    [line] = source.lines(rows, names, full=False, for_programs=True)
    assert line == ("李晓梅", branch.code, "2022-09-01", "activist")


def test_a_clerk_exports_the_list_of_his_files(client, branch):
    a_file(branch)
    a_file(a_branch_that_develops(), name="外人")
    client.force_login(a_user("branch_clerk", branch))
    page = client.get("/members/developmentfile/export/").content.decode()
    assert "联系党支部" in page
    answer = client.post(
        "/members/developmentfile/export/",
        {"place-name": 1, "place-stage": 2, "file_format": "csv"},
    )
    text = b"".join(answer).decode("utf-8-sig")
    assert "李晓梅" in text
    assert "外人" not in text
