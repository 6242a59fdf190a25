"""Registers of development through the pages of uploads and the command."""

from __future__ import annotations

import json

import pytest
from django.core.management import CommandError, call_command

from members.models import DevelopmentFile
from registry.models import ImportJob
from tests.factories import a_branch, a_committee, a_user
from tests.members.development import a_file
from tests.members.sheets_of_development import H05, U03, a_register, a_row
from tests.members.uploads import page_of, say, step, text_of, upload

pytestmark = pytest.mark.django_db


def sent(client, branch, *rows, headings=H05):
    upload(client, branch, a_register(headings, *rows), kind="development")
    return ImportJob.objects.latest("id")


def test_a_clerk_uploads_corrects_applies_and_takes_back(client, uploader, branch):
    job = sent(client, branch, a_row(H05, 确定为发展对象时间="2023.13.08"))
    page = text_of(client.get(page_of(job)))
    assert "Sheet1!L2" in page
    say(client, job, cell__object_on="2023.10.08")
    assert "1 row was written." in text_of(step(client, job))
    file = DevelopmentFile.objects.get()
    assert {each.entered_by for each in file.steps.all()} == {uploader}
    step(client, job, "undo")
    file.refresh_from_db()
    assert file.wrong_entry


def test_the_question_whose_file_it_is_is_answered_on_the_page(client, uploader, branch):
    file = a_file(branch)
    job = sent(client, branch, a_row(U03), headings=U03)
    assert f"F{file.pk:08} 李晓梅" in text_of(client.get(page_of(job)))
    say(client, job, answer__match_unsure=f"file-{file.pk}")
    step(client, job)
    file.refresh_from_db()
    assert (DevelopmentFile.objects.count(), file.standing) == (1, "activist")


def test_what_the_rules_say_is_said_in_chinese(client, uploader, branch, zh):
    job = sent(client, branch, a_row(H05, 确定为发展对象时间="2022.10.08"))
    page = text_of(client.get(page_of(job)))
    assert "2023-09-01" in page, "from when it is possible"


def test_who_only_reads_uploads_nothing(client, branch):
    client.force_login(a_user("reader", branch))
    answer = upload(client, branch, a_register(H05, a_row(H05)), kind="development")
    assert answer.status_code in (403, 404)
    assert not ImportJob.objects.exists()


def test_a_foreign_branch_is_no_organisation_of_the_clerk(client, uploader):
    foreign = a_branch(a_committee())
    page = text_of(upload(client, foreign, a_register(H05, a_row(H05)), kind="development"))
    assert "This is no organisation of yours. Choose one of the list." in page


def test_the_command_reads_a_register_and_takes_it_back(branch, tmp_path, capsys):
    file = tmp_path / "发展党员信息.xlsx"
    file.write_bytes(a_register(H05, a_row(H05)))
    call_command("import_sheet", "development", str(file), organization=branch.code, json=True)
    report = json.loads(capsys.readouterr().out)
    assert report["counts"]["new"] == 1
    assert report["sheets"][0]["columns"]["L"] == "object_on"
    assert DevelopmentFile.objects.get().organization == branch
    call_command("undo_import", str(report["job"]))
    assert not DevelopmentFile.objects.open().exists()


def test_the_command_ends_with_1_where_rows_are_wrong(branch, tmp_path):
    file = tmp_path / "发展党员信息.xlsx"
    file.write_bytes(a_register(H05, a_row(H05, 提交书面申请书时间="昨天")))
    with pytest.raises(CommandError) as raised:
        call_command("import_sheet", "development", str(file), organization=branch.code)
    assert raised.value.returncode == 1
    assert not DevelopmentFile.objects.exists()
