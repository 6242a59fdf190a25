"""The page of columns: what each was read as, and what the clerk says it is."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from members.models import Member, OwnField
from registry.models import HeadingAnswer
from registry.models.jobs import JobState
from tests.factories import a_branch
from tests.members.sheets_of_members import ID_1, ID_2, a_roster, a_row
from tests.members.staged import row_of, states
from tests.members.uploads import page_of, say, step, text_of, upload, uploaded

pytestmark = pytest.mark.django_db
# A heading that several fields share; it stands in column K, behind the usual ones.
UNSURE = {"extra": ("人员类别",)}


def choose(client, job, **chosen):
    fields = {f"column:0:{letter}": field for letter, field in chosen.items()}
    return client.post(page_of(job, "columns"), fields, follow=True)


def test_an_open_heading_is_asked_before_the_rows(client, uploader, branch):
    answer = upload(client, branch, a_roster(a_row(人员类别=""), **UNSURE))
    page = text_of(answer)
    assert answer.redirect_chain[-1][0].endswith("/columns/")
    assert "Some headings may mean several things." in page
    assert page.index("人员类别") < page.index("出生年月"), "what is asked stands first"


def test_the_answer_is_remembered_and_the_question_gone(client, uploader, branch):
    job = uploaded(client, branch, a_row(身份证号码=ID_1), **UNSURE)
    page = text_of(choose(client, job, K="category"))
    assert "The columns were read as you say." in page
    assert "may mean" not in page
    again = uploaded(client, branch, a_row(身份证号码=ID_2), **UNSURE)
    assert again.layout["sheets"][0]["columns"]["K"] == "category"


def test_not_read_is_an_answer_too(client, uploader, branch):
    job = uploaded(client, branch, a_row(身份证号码=ID_1), **UNSURE)
    choose(client, job, K="?")
    assert not HeadingAnswer.objects.exists(), "nothing was said yet"
    choose(client, job, K="")
    assert [each.field for each in HeadingAnswer.objects.all()] == [""]
    assert "may mean" not in text_of(client.get(page_of(job)))


def test_an_unknown_column_becomes_a_field_and_what_was_said_of_rows_stays(
    client, uploader, branch
):
    row = a_row(身份证号码="123", 来源="老市委")
    job = uploaded(client, branch, row, extra=("来源",))
    say(client, job, cell__id_number=ID_1)
    choose(client, job, K="note")
    assert row_of(job).values["note"] == "老市委"
    assert states(job) == ["new"]


def test_an_unknown_column_is_kept_as_a_field_of_the_office(client, uploader, branch):
    job = uploaded(client, branch, a_row(身份证号码=ID_1, 来源="老市委"), extra=("来源",))
    choose(client, job, K="own")
    job.refresh_from_db()
    assert job.answers == {"Sheet1!K": "own:来源"}
    assert "来源" in text_of(client.get(page_of(job, "columns")))


def test_fields_that_the_office_keeps_already_are_offered_by_name(client, uploader, branch):
    OwnField.keep(branch, ["党内奖惩"])
    OwnField.keep(a_branch(), ["别处的"])
    job = uploaded(client, branch, a_row(身份证号码=ID_1, 来源="先进"), extra=("来源",))
    page = text_of(client.get(page_of(job, "columns")))
    assert '<option value="own:党内奖惩">党内奖惩</option>' in page
    assert "别处的" not in page
    choose(client, job, K="own:别处的")
    job.refresh_from_db()
    assert job.answers == {}, "a field of another office is as good as none"
    choose(client, job, K="own:党内奖惩")
    step(client, job)
    assert Member.objects.get().own == {"党内奖惩": "先进"}
    assert OwnField.objects.filter(organization=branch).count() == 1


def test_samples_show_no_protected_value_whatever_the_column_is_called(client, uploader, branch):
    row = a_row(身份证号码=ID_1, 联系电话="13912340009", 家属信息="电话13912345678")
    job = uploaded(client, branch, row, extra=("家属信息",))
    page = text_of(client.get(page_of(job, "columns")))
    assert "陶敏" in page
    for secret in (ID_1, "13912340009", "13912345678"):
        assert secret not in page


@pytest.mark.parametrize("field", ["nonsense", "own:another", "organization; drop"])
def test_a_field_that_was_not_offered_is_not_taken(client, uploader, branch, field):
    job = uploaded(client, branch, a_row(身份证号码=ID_1, 来源="x"), extra=("来源",))
    choose(client, job, K=field)
    assert not HeadingAnswer.objects.exists()
    job.refresh_from_db()
    assert job.answers == {}


def test_what_was_left_out_can_be_seen(client, uploader, branch):
    job = uploaded(client, branch, a_row(身份证号码=ID_1))
    page = text_of(client.get(page_of(job)))
    assert "2 lines are no records and were left out: totals 1, signatures 1" in page
    assert "填表人" in page


def test_a_corrected_workbook_continues_the_upload(client, uploader, branch):
    good = a_row(**{"姓  名": "陶一"}, 身份证号码=ID_1)
    bad = a_row(**{"姓  名": "陶二"}, 身份证号码=ID_2)
    job = uploaded(client, branch, good, bad | {"出生年月": "1985.13"})
    step(client, job, good_rows=1)
    page = text_of(_send(client, job, a_roster(good, bad)))
    assert "陶二" in page
    job.refresh_from_db()
    assert (job.state, job.file_name) == (JobState.PARTLY, "corrected.xlsx")
    step(client, job)
    job.refresh_from_db()
    assert job.state == JobState.APPLIED
    assert "takes no other file any more" in text_of(_send(client, job, a_roster(good)))


def test_a_corrected_workbook_that_cannot_be_read_loses_nothing(client, uploader, branch):
    bad = a_row(身份证号码="123")
    job = uploaded(client, branch, bad)
    say(client, job, cell__id_number=ID_1)
    page = text_of(_send(client, job, b"%PDF-1.7 and so on"))
    assert "The file is a PDF." in page
    _send(client, job, a_roster(bad))
    assert states(job) == ["new"], "what was said of the row is still known"


def test_an_empty_workbook_does_not_take_the_place_of_one(client, uploader, branch):
    job = uploaded(client, branch, a_row(身份证号码=ID_1))
    assert "the file may not be empty" in text_of(_send(client, job, b""))
    assert "the file may not be empty" in text_of(step(client, job, "file"))
    job.refresh_from_db()
    assert job.state == JobState.STAGED


def test_the_page_of_columns_speaks_chinese(client, uploader, branch, zh):
    job = uploaded(client, branch, a_row(身份证号码=ID_1), **UNSURE)
    assert client.get(page_of(job, "columns")).status_code == 200
    assert choose(client, job, K="category").status_code == 200


def _send(client, job, data, name="corrected.xlsx"):
    file = SimpleUploadedFile(name, data)
    return client.post(page_of(job, "file"), {"file": file}, follow=True)
