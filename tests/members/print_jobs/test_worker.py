"""The worker that prints the papers of all branches: waiting, stopped, dead, out of room."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import OperationalError
from django.utils import timezone

from members.models import PrintJob, PrintState
from members.papers import print_jobs
from registry.models import Entry
from registry.models.log import Action
from registry.models.steps import QUIET
from tests.members.print_jobs.jobs import address, errors, job_of, order, text_of, work

pytestmark = pytest.mark.django_db
FULL = (
    "The database cannot be written to (database or disk is full). Nothing was written. "
    "See whether the disk is full, then do it again."
)


@pytest.mark.usefixtures("clerk")
def test_it_waits_for_the_worker_and_shows_how_far_it_is(client, committee, branches, queue):
    job = job_of(client, committee)
    page = text_of(client.get(address(job)))
    assert "The papers are being printed." in page
    assert "It waits for its turn." in page
    assert client.get(address(job, "file/")).status_code == 404
    PrintJob.objects.update(
        started_at=timezone.now() - timedelta(seconds=50), done_rows=25, all_rows=100
    )
    page = text_of(client.get(address(job)))
    assert "25 %" in page
    assert "about 3 minutes left" in page


@pytest.mark.usefixtures("clerk")
def test_stopped_before_its_turn_it_is_never_printed(client, committee, branches, queue):
    job = job_of(client, committee)
    client.post(address(job, "stop/"))
    work(queue)
    job.refresh_from_db()
    assert (job.state, job.papers) == (PrintState.STOPPED, 0)


@pytest.mark.usefixtures("clerk")
def test_stopped_at_work_it_keeps_nothing(client, committee, branches, queue, monkeypatch):
    job = job_of(client, committee)
    monkeypatch.setattr(print_jobs, "TELL_EVERY", 0)
    begin = PrintJob.begin

    def begin_and_stop(self):
        begin(self)
        client.post(address(job, "stop/"))

    monkeypatch.setattr(PrintJob, "begin", begin_and_stop)
    work(queue)
    job.refresh_from_db()
    assert job.state == PrintState.STOPPED
    assert not job.file
    assert job.done_rows == 1
    assert "It was stopped; nothing of it was kept." in text_of(client.get(address(job)))
    assert not Entry.objects.filter(action=Action.PRINT).exists()


@pytest.mark.usefixtures("clerk")
def test_after_its_worker_has_died_it_is_started_again(client, committee, branches, queue):
    job = job_of(client, committee)
    lost = queue.pop()
    client.post(address(job, "again/"))
    assert not queue, "a step that is heard of is not begun twice"
    PrintJob.objects.update(
        started_at=timezone.now() - timedelta(hours=1),
        heard_at=timezone.now() - QUIET - timedelta(seconds=1),
    )
    assert "Nothing was heard of this print job" in text_of(client.get(address(job)))
    client.post(address(job, "again/"))
    work(queue)
    job.refresh_from_db()
    assert (job.state, job.papers) == (PrintState.DONE, 3)
    queue.append(lost)
    work(queue)
    assert Entry.objects.filter(action=Action.PRINT).count() == 1, "a second worker does nothing"


@pytest.mark.usefixtures("clerk")
def test_after_its_worker_has_died_it_can_be_stopped(client, committee, branches, queue):
    job = job_of(client, committee)
    long_ago = timezone.now() - timedelta(hours=1)
    PrintJob.objects.update(started_at=long_ago, heard_at=long_ago)
    client.post(address(job, "stop/"))
    job.refresh_from_db()
    assert job.state == PrintState.STOPPED


@pytest.mark.usefixtures("clerk")
def test_what_a_worker_of_before_ends_late_is_not_kept(client, committee, branches, queue):
    late = job_of(client, committee)
    late.begin()
    PrintJob.objects.update(heard_at=timezone.now() - QUIET - timedelta(seconds=1))
    PrintJob.objects.get().again()
    assert not late.keep(b"late", 3, [])
    assert not PrintJob.objects.get().file


@pytest.mark.usefixtures("clerk")
def test_a_full_disk_is_one_sentence_and_keeps_nothing(
    client, committee, branches, queue, monkeypatch
):
    job = job_of(client, committee)

    def full(*_):
        raise OperationalError("database or disk is full")

    monkeypatch.setattr(PrintJob, "keep", full)
    work(queue)
    job.refresh_from_db()
    assert job.state == PrintState.FAILED
    assert job.failures == [["", FULL]]
    assert not Entry.objects.filter(action=Action.PRINT).exists()


@pytest.mark.usefixtures("clerk")
def test_after_three_days_the_file_is_gone(client, committee, branches):
    job = job_of(client, committee)
    PrintJob.objects.update(created_at=timezone.now() - timedelta(days=3, seconds=1))
    assert client.get(address(job, "file/")).status_code == 404
    order(client, committee)
    job.refresh_from_db()
    assert job.state == PrintState.ERASED
    assert not job.file
    assert "Its file is erased. Print it again." in text_of(client.get(address(job)))


@pytest.mark.usefixtures("clerk")
def test_a_fourth_job_waits_until_one_is_done(client, committee, branches, queue):
    for _ in range(3):
        order(client, committee)
    assert errors(order(client, committee)) == [
        "Three print jobs of yours are not done yet. Wait for one."
    ]
