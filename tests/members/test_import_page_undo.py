"""An applied upload is taken back on its page."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import OperationalError
from django.utils import timezone

from members.models import Member
from registry.models import ImportJob, acting
from registry.models.jobs import JobState
from tests.factories import a_branch, a_user
from tests.members.sheets_of_members import ID_1, ID_2, a_roster, a_row
from tests.members.staged import known
from tests.members.uploads import ADD, page_of, step, text_of, upload, uploaded

pytestmark = pytest.mark.django_db
BUTTON = "Take back"
WU = {"姓  名": "吴琪"}


@pytest.fixture
def job(client, uploader, branch):
    """One new member and one whose phone was changed."""
    known(branch)
    job = uploaded(
        client,
        branch,
        a_row(身份证号码=ID_1, 联系电话="13900000009"),
        a_row(**WU, 身份证号码=ID_2),
    )
    step(client, job)
    return job


def test_the_page_says_first_what_would_be_taken_back(client, job):
    assert BUTTON in text_of(client.get(page_of(job)))
    page = text_of(client.get(page_of(job, "undo")))
    assert "<dt>new, to be taken out</dt><dd>1</dd>" in page
    assert "<dt>changed, to be as before</dt><dd>1</dd>" in page
    assert "What somebody has changed since the upload stays as it is" in page
    assert Member.objects.on_roll().count() == 2, "looking changes nothing"


def test_everything_is_restored_and_the_rows_say_so(client, job):
    page = text_of(step(client, job, "undo"))
    assert "2 restored." in page
    assert ">taken back</span>" in page
    assert f'href="{page_of(job, "undo")}"' not in page
    assert [each.name for each in Member.objects.on_roll()] == ["陶敏"]
    job.refresh_from_db()
    assert job.state == JobState.UNDONE
    page = text_of(step(client, job, "undo"))
    assert "Nothing of this upload is left to be taken back." in page


def test_who_was_edited_since_is_kept_and_it_says_by_whom(client, uploader, job):
    member = Member.objects.get(name="吴琪")
    with acting(a_user(username="chen", name="陈晨")):
        member.job_title = "科长"
        member.save()
    page = text_of(step(client, job, "undo"))
    assert "1 restored, 1 kept: “吴琪” was changed by 陈晨" in page
    page = text_of(client.get(page_of(job) + "?state=new&code=undo_kept"))
    assert '<span class="badge warn">kept</span>' in page
    assert "“吴琪” was changed by 陈晨" in page
    assert BUTTON in page, "what is kept can be tried once more"


def test_who_may_write_there_may_take_it_back_and_nobody_else(client, uploader, branch, job):
    client.force_login(a_user("reader", branch))
    assert client.post(page_of(job, "undo")).status_code in (403, 404)
    client.force_login(a_user("branch_clerk", a_branch()))
    assert client.get(page_of(job, "undo")).status_code == 404
    assert client.post(page_of(job, "undo")).status_code == 404
    assert Member.objects.on_roll().count() == 2
    client.force_login(a_user("committee_clerk", branch.parent))
    assert BUTTON in text_of(client.get(page_of(job)))
    assert "2 restored." in text_of(step(client, job, "undo"))


def test_what_is_too_old_gets_its_sentence(client, job):
    ImportJob.objects.update(created_at=timezone.now() - timedelta(days=31))
    assert BUTTON not in text_of(client.get(page_of(job)))
    assert "or is older than 30 days" in text_of(step(client, job, "undo"))


def test_what_was_not_applied_has_nothing_to_take_back(client, uploader, branch):
    job = uploaded(client, branch, a_row(身份证号码=ID_1))
    answer = client.get(page_of(job, "undo"), follow=True)
    assert "Nothing of this upload is left to be taken back." in text_of(answer)
    assert BUTTON not in text_of(client.get(page_of(job)))


# The disk is full


@pytest.fixture
def full(monkeypatch):
    def fails(*said, **more):
        raise OperationalError("database or disk is full")

    return lambda place: monkeypatch.setattr(place, fails)


SENTENCE = "The database cannot be written to (database or disk is full). Nothing was written."


def test_a_full_disk_gets_a_sentence_while_a_workbook_comes_in(client, uploader, branch, full):
    full("registry.sheets.staging.keep")
    assert SENTENCE in text_of(upload(client, branch, a_roster(a_row(身份证号码=ID_1))))
    assert not ImportJob.objects.exists()
    assert client.get(ADD).status_code == 200


def test_a_full_disk_gets_a_sentence_while_a_corrected_workbook_comes_in(
    client, uploader, branch, full
):
    job = uploaded(client, branch, a_row(身份证号码=ID_1))
    full("registry.sheets.staging.keep")
    step(client, job, "columns", **{"column:0:J": "note"})
    page = text_of(client.get(page_of(job)))
    assert SENTENCE in page
    assert "Upload the corrected workbook" in page
    assert job.rows.count() == 1, "what was there is not lost"


def test_a_full_disk_gets_a_sentence_while_rows_are_written_or_taken_back(
    client, uploader, branch, monkeypatch
):
    job = uploaded(client, branch, a_row(身份证号码=ID_1))
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(ImportJob, "mark_applied", _fails)
        assert SENTENCE in text_of(step(client, job))
    assert not Member.objects.exists()
    step(client, job)
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr("registry.sheets.undoing._conclude", _fails)
        assert SENTENCE in text_of(step(client, job, "undo"))
    assert Member.objects.on_roll().count() == 1


def _fails(*said, **more):
    raise OperationalError("database or disk is full")


def test_the_page_speaks_chinese(client, job, zh):
    assert client.get(page_of(job, "undo")).status_code == 200
