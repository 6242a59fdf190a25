"""The workbook goes back with its cells marked, and comes in again corrected."""

from __future__ import annotations

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from members.models import Member
from registry.models import Entry, ImportJob
from registry.models.jobs import JobState
from registry.models.log import Action
from registry.sheets import returning
from tests.factories import a_branch, a_user
from tests.members.sheets_of_members import ID_1, ID_2, ID_3, a_row
from tests.members.staged import states
from tests.members.uploads import page_of, say, step, text_of, upload, uploaded

pytestmark = pytest.mark.django_db
WRONG_ID = "110101198005170041"
LI, WU = {"姓  名": "李四"}, {"姓  名": "吴琪"}


def returned(client, job):
    answer = client.get(page_of(job, "returned"))
    assert answer.status_code == 200
    assert "attachment" in answer.headers["Content-Disposition"]
    return openpyxl.load_workbook(io.BytesIO(answer.getvalue()))


def given_back(book):
    buffer = io.BytesIO()
    book.save(buffer)
    return SimpleUploadedFile("roster.xlsx", buffer.getvalue())


def status(sheet):
    """Status and reason of each person."""
    *_, states, reasons = sheet.iter_cols()
    return [(state.value, reason.value) for state, reason in zip(states, reasons, strict=True)][3:]


def test_what_goes_back_comes_in_corrected_and_is_applied(client, uploader, branch):
    job = uploaded(client, branch, a_row(身份证号码=ID_1), a_row(**WU, 身份证号码=WRONG_ID))
    assert page_of(job, "returned") in text_of(client.get(page_of(job)))
    step(client, job, good_rows="1")
    book = returned(client, job)
    sheet = book.active
    comment = sheet["I5"].comment.text
    assert "one of them is mistyped" in comment
    (first, first_reason), (second, second_reason) = status(sheet)[:2]
    assert (first, first_reason) == ("applied", None)
    assert second == "error"
    assert second_reason in comment

    sheet["I5"] = ID_2
    answer = client.post(page_of(job, "file"), {"file": given_back(book)}, follow=True)
    assert "2 are new." in text_of(answer)
    assert ImportJob.objects.count() == 1
    assert not ImportJob.objects.get().layout["sheets"][0]["unknown"], (
        "our own columns are known as ours"
    )
    step(client, job)
    job.refresh_from_db()
    assert job.state == JobState.APPLIED
    assert Member.objects.count() == 2


def test_all_that_is_told_of_a_cell_stands_in_one_note_as_grave_as_the_gravest(
    client, uploader, branch
):
    job = uploaded(client, branch, a_row(身份证号码=WRONG_ID), a_row(身份证号码=WRONG_ID))
    [first, *_] = job.findings.filter(cell="I4")
    warned = job.findings.create(
        sheet=first.sheet, cell="I4", level="warning", code="x", template="Look at it.", row=None
    )
    comment = returned(client, job).active["I4"].comment.text
    assert first.message in comment
    assert warned.message in comment
    [mark] = list(returning._marks(job.findings.filter(cell="I4")))
    assert mark.level == "error"


def test_of_a_large_upload_the_rows_with_findings_go_back(client, uploader, branch, monkeypatch):
    monkeypatch.setattr(returning, "MOST_ROWS", 2)
    rows = a_row(身份证号码=ID_1), a_row(**WU, 身份证号码=WRONG_ID), a_row(**LI, 身份证号码=ID_3)
    job = uploaded(client, branch, *rows)
    assert "made anew as .xlsx" in text_of(client.get(page_of(job)))
    sheet = returned(client, job).active
    names = [cell.value for cell in sheet["B"]]
    assert "吴琪" in names
    assert "陶敏" not in names
    assert "李四" not in names


def test_another_format_comes_back_as_xlsx_and_the_page_says_so(client, uploader, branch):
    data = f"姓名,身份证号,入党时间\n吴琪,{WRONG_ID},2005.06\n".encode()
    upload(client, branch, data, "名册.csv")
    job = ImportJob.objects.get()
    assert "made anew as .xlsx" in text_of(client.get(page_of(job)))
    answer = client.get(page_of(job, "returned"))
    assert ".xlsx" in answer.headers["Content-Disposition"]
    assert openpyxl.load_workbook(io.BytesIO(answer.getvalue())).active["B2"].comment


def test_a_download_is_logged_and_shows_no_number_in_the_log(client, uploader, branch):
    job = uploaded(client, branch, a_row(身份证号码=WRONG_ID))
    returned(client, job)
    [entry] = Entry.objects.about(job).filter(action=Action.EXPORT)
    assert (entry.user, entry.chain) == (uploader, job.log_chain)
    assert WRONG_ID not in str(entry.changes)


def test_nobody_but_the_uploader_gets_the_numbers_in_full(client, uploader, branch):
    job = uploaded(client, branch, a_row(身份证号码=WRONG_ID))
    client.force_login(a_user("committee_clerk", branch.parent))
    assert page_of(job, "returned") not in text_of(client.get(page_of(job)))
    answer = client.get(page_of(job, "returned"), follow=True)
    assert "Only its uploader gets the workbook back" in text_of(answer)
    client.force_login(a_user("branch_clerk", a_branch()))
    assert client.get(page_of(job, "returned")).status_code == 404
    assert not Entry.objects.filter(action=Action.EXPORT).exists()


def test_an_erased_workbook_does_not_come_back(client, uploader, branch):
    job = uploaded(client, branch, a_row(身份证号码=WRONG_ID))
    step(client, job, "discard")
    assert page_of(job, "returned") not in text_of(client.get(page_of(job)))
    answer = client.get(page_of(job, "returned"), follow=True)
    assert "The workbook of this upload is erased, or was never read." in text_of(answer)


def test_a_cell_that_was_put_right_on_the_page_is_marked_no_more(client, uploader, branch):
    job = uploaded(client, branch, a_row(身份证号码=WRONG_ID))
    say(client, job, cell__id_number=ID_1)
    assert states(job) == ["new"]
    step(client, job)
    sheet = returned(client, job).active
    assert sheet["I4"].comment is None
    assert status(sheet)[0] == ("applied", None)
