"""Large uploads: what runs in the background, how far it is, and what happens when it dies."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.utils import timezone

from members import tasks
from members.models import Member
from registry.models import ImportJob
from registry.models.jobs import JobState
from registry.models.steps import QUIET
from registry.sheets import staging
from registry.sheets.formats import MAX_UPLOAD
from registry.sheets.progress import Stopped
from registry.uploads import UpToTheLimit
from tests.factories import a_user
from tests.members.sheets_of_members import ID_1, ID_2, a_roster, a_row
from tests.members.staged import known, states
from tests.members.uploads import ADD, page_of, step, text_of, upload, uploaded

pytestmark = pytest.mark.django_db


@pytest.fixture
def queue(monkeypatch):
    """Tasks wait here until the test takes its turn as their worker."""
    waiting = []
    for name in ("read_upload", "apply_upload", "undo_upload"):
        task = getattr(tasks, name)
        monkeypatch.setattr(
            type(task), "enqueue", lambda self, *said: waiting.append((self, said)), raising=True
        )
    return waiting


@pytest.fixture
def always_later(monkeypatch):
    monkeypatch.setattr("registry.admin.jobs.uploading.AT_ONCE", 10)
    monkeypatch.setattr("registry.admin.jobs.applying.ROWS_AT_ONCE", 0)
    monkeypatch.setattr("registry.admin.jobs.mapping.ROWS_AT_ONCE", 0)
    monkeypatch.setattr("registry.admin.jobs.undoing.ROWS_AT_ONCE", 0)


def work(queue):
    task, said = queue.pop(0)
    task.func(*said)


def grown_silent(job, **fields):
    ImportJob.objects.filter(pk=job.pk).update(
        heard_at=timezone.now() - QUIET - timedelta(seconds=1), **fields
    )


def test_a_large_upload_waits_is_read_and_is_applied_by_the_worker(
    client, uploader, branch, always_later, queue
):
    page = text_of(upload(client, branch, a_roster(a_row(身份证号码=ID_1))))
    job = ImportJob.objects.get()
    assert "The workbook is being read." in page
    assert "It waits for its turn." in page
    assert 'http-equiv="refresh"' in page
    work(queue)
    page = text_of(client.get(page_of(job)))
    assert "1 is new." in page
    assert 'http-equiv="refresh"' not in page

    page = text_of(step(client, job))
    assert "The rows are being written." in page
    assert not Member.objects.exists()
    step(client, job)
    assert len(queue) == 1, "a double click applies once"
    work(queue)
    job.refresh_from_db()
    assert job.state == JobState.APPLIED
    assert Member.objects.count() == 1


def test_a_second_worker_finds_nothing_to_do(client, uploader, branch, always_later, queue):
    upload(client, branch, a_roster(a_row(身份证号码=ID_1)))
    job = ImportJob.objects.get()
    again = queue[0]
    work(queue)
    queue.append(again)
    work(queue)
    assert states(job) == ["new"]
    step(client, job)
    again = queue[0]
    work(queue)
    queue.append(again)
    work(queue)
    assert Member.objects.count() == 1


def test_how_far_it_is_stands_on_the_page(client, uploader, branch):
    job = uploaded(client, branch, a_row(身份证号码=ID_1))
    ImportJob.objects.filter(pk=job.pk).update(
        state=JobState.READING,
        started_at=timezone.now() - timedelta(seconds=60),
        done_rows=25_000,
        all_rows=100_000,
    )
    page = text_of(client.get(page_of(job)))
    assert "25 %" in page
    assert "about 3 minutes left" in page


def test_what_changed_before_the_worker_came_is_shown(
    client, uploader, branch, always_later, queue
):
    member = known(branch)
    upload(client, branch, a_roster(a_row(身份证号码=ID_1, 联系电话="13900000009")))
    work(queue)
    job = ImportJob.objects.get()
    step(client, job)
    member.delete()
    work(queue)
    job.refresh_from_db()
    assert job.state == JobState.STAGED
    page = text_of(client.get(page_of(job)))
    assert "The register has changed since you looked. See what the rows mean now." in page
    assert not Member.objects.exists()
    step(client, job)
    work(queue)
    assert Member.objects.count() == 1


def test_who_has_lost_the_branch_before_the_worker_came_writes_nothing(
    client, uploader, branch, always_later, queue
):
    upload(client, branch, a_roster(a_row(身份证号码=ID_1)))
    work(queue)
    job = ImportJob.objects.get()
    step(client, job)
    uploader.grants.all().delete()
    work(queue)
    job.refresh_from_db()
    assert job.state == JobState.STAGED
    assert not Member.objects.exists()
    client.force_login(a_user("committee_clerk", branch.parent))
    page = text_of(client.get(page_of(job)))
    assert "Nothing was written: you may not apply uploads there any more." in page


def test_what_nobody_has_begun_stops_at_once(client, uploader, branch, always_later, queue):
    upload(client, branch, a_roster(a_row(身份证号码=ID_1)))
    job = ImportJob.objects.get()
    assert "This upload was discarded" in text_of(step(client, job, "stop"))
    work(queue)
    assert not job.rows.exists(), "a worker that comes late finds nothing to do"

    upload(client, branch, a_roster(a_row(身份证号码=ID_1)))
    job = ImportJob.objects.latest("id")
    work(queue)
    step(client, job)
    assert "1 is new." in text_of(step(client, job, "stop"))
    work(queue)
    assert not Member.objects.exists()


def test_reading_stops_when_asked_to(client, uploader, branch, always_later, queue, monkeypatch):
    upload(client, branch, a_roster(a_row(身份证号码=ID_1)))
    job = ImportJob.objects.get()
    monkeypatch.setattr("registry.sheets.progress.Progress.over", _stopped)
    work(queue)
    job.refresh_from_db()
    assert job.state == JobState.DISCARDED


def test_a_stopped_second_reading_keeps_what_was_there(
    client, uploader, branch, queue, monkeypatch
):
    job = uploaded(client, branch, a_row(身份证号码=ID_1))
    job.read_again()
    monkeypatch.setattr("registry.sheets.progress.Progress.over", _stopped)
    tasks.read_upload.func(job.pk)
    job.refresh_from_db()
    assert (job.state, states(job)) == (JobState.STAGED, ["new"])


def test_applying_stops_before_it_writes(
    client, uploader, branch, always_later, queue, monkeypatch
):
    upload(client, branch, a_roster(a_row(身份证号码=ID_1)))
    work(queue)
    job = ImportJob.objects.get()
    step(client, job)
    write = staging._write

    def asked_meanwhile(resource, job, *rest):
        step(client, job, "stop")
        return write(resource, job, *rest)

    monkeypatch.setattr(staging, "_write", asked_meanwhile)
    work(queue)
    job.refresh_from_db()
    assert job.state == JobState.STAGED
    assert not Member.objects.exists()
    assert "Nothing was written: it was stopped." in text_of(client.get(page_of(job)))


def test_a_step_that_has_died_is_begun_again(client, uploader, branch, always_later, queue):
    upload(client, branch, a_roster(a_row(身份证号码=ID_1)))
    job = ImportJob.objects.get()
    assert "It is being worked on." in text_of(step(client, job, "again"))
    queue.clear()
    grown_silent(job)
    assert "Start it again" in text_of(client.get(page_of(job)))
    step(client, job, "again")
    work(queue)
    assert states(job) == ["new"]

    step(client, job)
    queue.clear()
    grown_silent(job)
    page = text_of(step(client, job, "again"))
    assert "Nothing of it was written. Begin it once more." in page
    step(client, job)
    work(queue)
    assert Member.objects.count() == 1


def test_an_upload_put_aside_while_it_is_read_stays_aside(
    client, uploader, branch, always_later, queue, monkeypatch
):
    upload(client, branch, a_roster(a_row(身份证号码=ID_1)))
    job = ImportJob.objects.get()
    assert "Stop it first" in text_of(step(client, job, "discard"))
    grown_silent(job)
    read = staging._read

    def put_aside_meanwhile(*said):
        step(client, job, "discard")
        return read(*said)

    monkeypatch.setattr(staging, "_read", put_aside_meanwhile)
    monkeypatch.setattr("registry.models.steps.QUIET", timedelta(seconds=-1))
    work(queue)
    job.refresh_from_db()
    assert (job.state, job.rows.count()) == (JobState.DISCARDED, 0)


def test_many_rows_are_taken_back_by_the_worker(client, uploader, branch, always_later, queue):
    upload(client, branch, a_roster(a_row(身份证号码=ID_1)))
    work(queue)
    job = ImportJob.objects.get()
    step(client, job)
    work(queue)
    assert "The upload is being taken back." in text_of(step(client, job, "undo"))
    step(client, job, "undo")
    assert len(queue) == 1, "a double click takes back once"
    work(queue)
    job.refresh_from_db()
    assert job.state == JobState.UNDONE
    assert not Member.objects.on_roll().exists()


def test_an_undoing_that_nobody_has_begun_stops_at_once_and_nothing_is_taken_back(
    client, uploader, branch, always_later, queue
):
    upload(client, branch, a_roster(a_row(身份证号码=ID_1), a_row(身份证号码="123")))
    work(queue)
    job = ImportJob.objects.get()
    step(client, job, good_rows="1")
    work(queue)
    step(client, job, "undo")
    client.force_login(a_user("committee_clerk", branch.parent))
    page = text_of(step(client, job, "stop"))
    assert "Take back" in page
    job.refresh_from_db()
    assert job.state == JobState.PARTLY, "the rows with errors can still be written"
    work(queue)
    assert Member.objects.on_roll().count() == 1


def test_who_has_lost_the_branch_before_the_worker_came_takes_nothing_back(
    client, uploader, branch, always_later, queue
):
    upload(client, branch, a_roster(a_row(身份证号码=ID_1)))
    work(queue)
    job = ImportJob.objects.get()
    step(client, job)
    work(queue)
    step(client, job, "undo")
    uploader.grants.all().delete()
    work(queue)
    job.refresh_from_db()
    assert job.state == JobState.APPLIED
    client.force_login(a_user("committee_clerk", branch.parent))
    page = text_of(client.get(page_of(job)))
    assert "Nothing was taken back: you may not change the register there any more." in page


# How much one user may keep


def test_three_uploads_wait_and_the_fourth_has_no_room(client, uploader, branch):
    names = [f"roster-{number}.xlsx" for number in range(3)]
    for name in names:
        upload(client, branch, a_roster(a_row(身份证号码=ID_1)), name)
    page = text_of(upload(client, branch, a_roster(a_row(身份证号码=ID_2)), "fourth.xlsx"))
    assert "You have 3 uploads that wait for you. Apply or discard one first:" in page
    for job in ImportJob.objects.all():
        assert f'<a href="{page_of(job)}">{job.file_name}</a>' in page
    assert ImportJob.objects.count() == 3

    step(client, ImportJob.objects.first(), "discard")
    upload(client, branch, a_roster(a_row(身份证号码=ID_2)), "fourth.xlsx")
    assert ImportJob.objects.filter(file_name="fourth.xlsx").exists()


def test_uploads_of_others_take_no_room(client, uploader, branch):
    for _ in range(3):
        uploaded(client, branch, a_row(身份证号码=ID_1))
    client.force_login(a_user("branch_clerk", branch))
    assert "uploads that wait" not in text_of(client.get(ADD))


def test_files_that_take_too_much_room_are_named_and_can_be_erased(
    client, uploader, branch, monkeypatch
):
    job = uploaded(client, branch, a_row(身份证号码=ID_1))
    step(client, job)
    monkeypatch.setattr("registry.admin.jobs.uploading.MOST_KEPT", 1000)
    page = text_of(client.get(ADD))
    assert "Discard or erase some of them first:" in page
    assert page_of(job) in page
    step(client, job, "discard")
    job.refresh_from_db()
    assert (job.state, bytes(job.file)) == (JobState.ERASED, b"")
    assert "File and rows of this upload are erased." in text_of(client.get(page_of(job)))
    assert "Discard or erase" not in text_of(client.get(ADD))
    assert Member.objects.count() == 1


def test_a_file_beyond_the_limit_is_not_kept_while_it_comes_in():
    handlers = UpToTheLimit(), MemoryFileUploadHandler()
    kept = 0
    for start in range(0, MAX_UPLOAD * 2, 65536):
        if handlers[0].receive_data_chunk(b"x" * 65536, start) is not None:
            kept += 65536
    assert MAX_UPLOAD < kept <= MAX_UPLOAD + 65536, "enough to be told that it is too large"


def test_the_roster_may_be_said_to_be_whole(client, uploader, branch):
    upload(client, branch, a_roster(a_row(身份证号码=ID_1)), whole_roster="on")
    job = ImportJob.objects.get()
    assert job.whole_roster
    assert "whole roster" in text_of(client.get(page_of(job)))


def test_the_pages_of_the_background_speak_chinese(
    client, uploader, branch, always_later, queue, zh
):
    upload(client, branch, a_roster(a_row(身份证号码=ID_1)))
    job = ImportJob.objects.get()
    assert client.get(page_of(job)).status_code == 200
    grown_silent(job)
    assert client.get(page_of(job)).status_code == 200


def _stopped(self, rows, count):
    raise Stopped
    yield
