"""Sheets about dues through the pages of uploads and the commands."""

from __future__ import annotations

import io
import json

import openpyxl
import pytest
from django.core.management import CommandError, call_command

from members.models import DuesBase, Payment
from registry.models import ImportJob
from tests.factories import a_branch, a_committee, a_member, a_user
from tests.members.dues import an_assessment
from tests.members.sheets_of_dues import a_sheet
from tests.members.uploads import page_of, say, step, text_of, upload

pytestmark = pytest.mark.django_db

HEADINGS = ("姓名", "应交金额", "实交金额")
TITLE = "2026年3月党费"


@pytest.fixture
def member(branch):
    member = a_member(branch, name="陶敏")
    an_assessment(member)
    return member


def sent(client, branch, *rows, kind="dues_payments"):
    upload(client, branch, a_sheet(HEADINGS, *rows, title=TITLE), kind=kind)
    return ImportJob.objects.latest("id")


def test_a_clerk_uploads_corrects_applies_and_takes_back(client, uploader, branch, member):
    job = sent(client, branch, ("陶敏", 10, "拾元"))
    page = text_of(client.get(page_of(job)))
    assert "“拾元” is not an amount. Write it in digits, such as 1234.50." in page
    assert "Sheet1!C4" in page
    say(client, job, cell__amount="10.00")
    assert "1 row was written." in text_of(step(client, job))
    assert Payment.objects.get().taken_by == str(uploader)
    step(client, job, "undo")
    assert [each.reverses_id is None for each in Payment.objects.order_by("pk")] == [True, False]


@pytest.mark.parametrize(
    ("kind", "headings", "row", "name"),
    [
        ("dues_payments", HEADINGS, ("陶敏", 10, 10), "collection"),
        ("dues_bases", ("姓名", "年份", "缴费基准"), ("陶敏", 2026, 8000), "assessment"),
        ("dues_paid_to", ("姓名", "党费缴纳至年月"), ("陶敏", 202602), "arrears"),
    ],
)
def test_an_applied_sheet_leads_on_to_the_dues(
    client, uploader, branch, member, kind, headings, row, name
):
    upload(client, branch, a_sheet(headings, row, title=TITLE), kind=kind)
    page = step(client, ImportJob.objects.latest("id"))
    ways = [url for _label, url in page.context["ways_on"]]
    assert ways == [f"/dues/{name}/?organization={branch.pk}", f"/dues/?organization={branch.pk}"]
    assert all(client.get(url).status_code == 200 for url in ways)


def test_the_question_which_namesake_is_answered_on_the_page(client, uploader, branch, member):
    other = a_member(branch, name="陶敏")
    job = sent(client, branch, ("陶敏", 10, 10))
    assert f"{other.number} 陶敏" in text_of(client.get(page_of(job)))
    say(client, job, answer__match_unsure=other.pk)
    step(client, job)
    assert Payment.objects.get().member == other


def test_the_workbook_comes_back_with_its_cells_marked(client, uploader, branch, member):
    job = sent(client, branch, ("陶敏", 10, "拾元"))
    answer = client.get(page_of(job, "returned"))
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer)))
    assert any("拾元" in str(cell.value) for row in book.active for cell in row if cell.value)
    assert len(book.active["4"]) > len(HEADINGS), "what is wrong stands beside the row"


def test_who_only_reads_uploads_no_dues(client, branch, member):
    client.force_login(a_user("reader", branch))
    answer = upload(client, branch, a_sheet(HEADINGS, ("陶敏", 10, 10), title=TITLE))
    assert answer.status_code in (403, 404)
    assert not ImportJob.objects.exists()


def test_a_foreign_branch_is_no_organisation_of_the_clerk(client, uploader, member):
    foreign = a_branch(a_committee())
    page = text_of(
        upload(
            client,
            foreign,
            a_sheet(HEADINGS, ("陶敏", 10, 10), title=TITLE),
            kind="dues_payments",
        )
    )
    assert "This is no organisation of yours. Choose one of the list." in page
    assert not ImportJob.objects.exists()


def test_the_command_reads_every_kind(branch, member, tmp_path, capsys):
    file = tmp_path / "基数.xlsx"
    file.write_bytes(a_sheet(("身份证", "年份", "缴费基准"), (member.id_number, 2026, 8000)))
    call_command("import_sheet", "dues_bases", str(file), organization=branch.code, json=True)
    report = json.loads(capsys.readouterr().out)
    assert report["counts"]["new"] == 1
    assert DuesBase.objects.get().year == 2026
    call_command("undo_import", str(report["job"]))
    assert not DuesBase.objects.exists()


def test_the_command_ends_with_1_where_rows_are_wrong(branch, member, tmp_path):
    file = tmp_path / "党费.xlsx"
    file.write_bytes(a_sheet(HEADINGS, ("陶敏", 10, "拾元"), title=TITLE))
    with pytest.raises(CommandError) as raised:
        call_command("import_sheet", "dues_payments", str(file), organization=branch.code)
    assert raised.value.returncode == 1
    assert not Payment.objects.exists()
