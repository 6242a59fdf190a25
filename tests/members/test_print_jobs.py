"""Papers of all branches on their pages: ordered, printed by the worker, fetched by their owner."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date, timedelta
from zipfile import ZipFile

import pikepdf
import pytest
from django import forms
from django.db import OperationalError
from django.utils import timezone

from branches.models import Grant
from members import tasks
from members.models import PrintJob, PrintState
from members.papers import print_jobs
from members.papers.kinds import PAPERS
from members.papers.roster import ROSTER
from registry.models import Entry
from registry.models.log import Action
from registry.models.steps import QUIET
from tests.factories import TODAY, a_branch, a_committee, a_member, a_user

pytestmark = pytest.mark.django_db
PAGE = "/print-jobs/"
FULL = (
    "The database cannot be written to (database or disk is full). Nothing was written. "
    "See whether the disk is full, then do it again."
)


@pytest.fixture
def committee():
    return a_committee(short_name="机关党委", code="020")


@pytest.fixture
def branches(committee):
    made = [a_branch(committee, short_name=f"第{n}支部", code=f"02000{n}") for n in (1, 2, 3)]
    for branch in made[:2]:
        a_member(branch, name="李伟", phone="13800001234")
    return made


@pytest.fixture
def clerk(client, committee):
    user = a_user("committee_clerk", committee)
    client.force_login(user)
    return user


@pytest.fixture
def queue(monkeypatch):
    """Tasks wait here until the test takes its turn as their worker."""
    waiting = []
    monkeypatch.setattr(
        type(tasks.print_branches), "enqueue", lambda self, *said: waiting.append((self, said))
    )
    return waiting


def work(queue):
    task, said = queue.pop(0)
    task.func(*said)


def order(client, committee, **asked):
    said = {"organization": committee.pk, "on": f"{TODAY}", "bound": "zip", "paper": "roster"}
    return client.post(PAGE, said | asked, follow=True)


def job_of(client, committee, **asked) -> PrintJob:
    order(client, committee, **asked)
    return PrintJob.objects.latest("pk")


def address(job, step="") -> str:
    return f"{PAGE}{job.pk}/{step}"


def text_of(response) -> str:
    return response.content.decode()


def errors(response) -> list[str]:
    return [sentence for each in response.context["form"].errors.values() for sentence in each]


@pytest.mark.usefixtures("clerk")
def test_a_zip_holds_a_paper_of_each_branch_under_its_name(client, committee, branches):
    page = text_of(order(client, committee))
    assert "3 papers were printed." in page

    file = client.get(address(PrintJob.objects.get(), "file/"))
    assert file["Content-Type"] == "application/zip"
    assert "no-store" in file["Cache-Control"]
    with ZipFile(io.BytesIO(file.content)) as bound:
        assert bound.namelist() == [f"02000{n} 第{n}支部党员花名册.pdf" for n in (1, 2, 3)]
        assert all(entry.flag_bits & 0x800 for entry in bound.infolist()), "names are UTF-8"
        assert all(bound.read(name).startswith(b"%PDF") for name in bound.namelist())


@pytest.mark.usefixtures("clerk")
def test_one_pdf_holds_all_in_the_order_of_the_tree_with_bookmarks(client, committee, branches):
    file = client.get(address(job_of(client, committee, bound="pdf"), "file/"))
    assert file["Content-Type"] == "application/pdf"
    with pikepdf.open(io.BytesIO(file.content)) as bound, bound.open_outline() as outline:
        assert len(bound.pages) == 3
        assert [item.title for item in outline.root] == [
            f"02000{n} 第{n}支部党员花名册" for n in (1, 2, 3)
        ]


def test_it_is_logged_once_for_whom_it_was_printed(client, clerk, committee, branches):
    order(client, committee)
    entry = Entry.objects.get(action=Action.PRINT)
    assert entry.user == clerk
    assert (entry.model, entry.object_id) == ("branches.organization", committee.pk)
    assert ["papers", "", 3] in entry.changes
    assert ["records", "", 2] in entry.changes
    assert ["numbers", "", "masked"] in entry.changes


@pytest.mark.usefixtures("clerk")
def test_the_file_lies_sealed_in_the_database(client, committee, branches):
    job_of(client, committee)
    [[kept]] = PrintJob.objects.extra(select={"raw": "file"}).values_list("raw")
    assert not bytes(kept).startswith(b"PK")
    assert len(kept) > 1000


@pytest.mark.usefixtures("clerk")
def test_full_numbers_need_a_reason(client, committee, branches):
    assert errors(order(client, committee, in_full="on")) == [
        "Say what the full numbers are needed for."
    ]
    job = job_of(client, committee, in_full="on", reason="换届")
    assert job.in_full
    entry = Entry.objects.get(action=Action.PRINT)
    assert entry.reason == "换届"
    assert ["numbers", "", "full"] in entry.changes


def test_a_reader_is_offered_masked_numbers_only(client, committee, branches):
    client.force_login(a_user("reader", committee))
    assert "in_full" not in client.get(PAGE).context["form"].fields
    assert not job_of(client, committee, in_full="on", reason="x").in_full


@pytest.mark.usefixtures("clerk")
@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"on": "1999-12-31"}, "机关党委 did not stand on 1999-12-31. Choose another day."),
        ({"on": "31.2."}, "“31.2.” is not a day. Write it as 2026-11-20."),
        ({"organization": ""}, "Choose the organisation."),
    ],
)
def test_what_cannot_be_printed_is_not_ordered(client, committee, branches, asked, sentence):
    assert errors(order(client, committee, **asked)) == [sentence]
    assert not PrintJob.objects.exists()


@pytest.mark.usefixtures("clerk")
def test_a_committee_without_branches_has_nothing_to_print(client, committee):
    assert errors(order(client, committee)) == [
        f"No branch stood below 机关党委 on {TODAY}. Choose another organisation."
    ]


@pytest.mark.usefixtures("clerk", "branches")
def test_a_foreign_organisation_and_one_that_never_was_get_the_same_answer(client):
    same = [errors(order(client, each)) for each in (a_committee(), PrintJob(pk=987654))]
    assert same == 2 * [["This is no organisation of yours. Choose one of the list."]]
    assert not PrintJob.objects.exists()


@pytest.mark.usefixtures("clerk")
def test_a_branch_whose_paper_fails_is_named_and_the_rest_are_there(
    client, committee, branches, monkeypatch
):
    def make(organization, asked):
        if organization == branches[1]:
            raise KeyError("birthday")
        return ROSTER.make(organization, asked)

    monkeypatch.setitem(PAPERS, "roster", replace(ROSTER, make=make))
    page = text_of(order(client, committee))
    assert "2 papers were printed. One branch has none; it is named below." in page
    assert "第2支部" in page
    assert "A fault of the program (KeyError)." in page
    with ZipFile(io.BytesIO(client.get(address(PrintJob.objects.get(), "file/")).content)) as bound:
        assert bound.namelist()[-1] == "未打印.txt"
        assert bound.read("未打印.txt").decode("utf-8-sig").startswith("第2支部：")
        assert len(bound.namelist()) == 3


@pytest.mark.usefixtures("clerk")
def test_where_nothing_can_be_printed_there_is_no_file(client, committee, branches, monkeypatch):
    def make(organization, asked):
        raise KeyError

    monkeypatch.setitem(PAPERS, "roster", replace(ROSTER, make=make))
    job = job_of(client, committee)
    assert job.state == PrintState.FAILED
    assert client.get(address(job, "file/")).status_code == 404
    assert not Entry.objects.filter(action=Action.PRINT).exists()


@pytest.mark.usefixtures("clerk")
def test_a_character_without_a_glyph_is_told_with_its_branch(client, committee, branches):
    a_member(branches[2], name="李\ue000")
    page = text_of(order(client, committee))
    assert "3 papers were printed." in page
    assert "U+E000" in page


class Questions(forms.Form):
    order = forms.CharField(max_length=7)

    def __init__(self, day, data=None):
        super().__init__(data)


@pytest.mark.usefixtures("clerk")
def test_the_paper_hears_the_answers_to_its_own_questions(client, committee, branches, monkeypatch):
    heard = []

    def make(organization, asked):
        heard.append(asked.more)
        return ROSTER.make(organization, asked)

    asking = replace(ROSTER, key="asking", make=make, questions=Questions)
    monkeypatch.setitem(PAPERS, "asking", asking)
    page = text_of(client.get(PAGE, {"paper": "asking", "order": "strokes", "other": "x"}))
    assert 'name="order" value="strokes"' in page
    assert 'name="other"' not in page
    order(client, committee, paper="asking", order="strokes", other="x")
    assert heard == 3 * [{"order": "strokes"}]
    assert errors(order(client, committee, paper="asking", order="surname strokes")) == [
        "Ensure this value has at most 7 characters (it has 15)."
    ]


# Whose it is


@pytest.mark.usefixtures("clerk")
def test_nobody_else_sees_it_whatever_he_may_do(client, committee, branches):
    job = job_of(client, committee)
    client.force_login(a_user("committee_clerk", committee))
    assert client.get(PAGE).context["jobs"] == []
    for step in ("", "file/"):
        assert client.get(address(job, step)).status_code == 404
        assert client.get(f"{PAGE}987654/{step}").status_code == 404
    for step in ("stop/", "again/"):
        assert client.post(address(job, step)).status_code == 404


def test_who_has_lost_the_organisation_meanwhile_fetches_nothing(
    client, clerk, committee, branches
):
    job = job_of(client, committee)
    Grant.objects.filter(user=clerk).delete()
    Grant.objects.create(user=clerk, organization=a_committee(), role="committee_clerk")
    for step in ("", "file/"):
        assert client.get(address(job, step)).status_code == 404


def test_who_has_lost_full_numbers_meanwhile_does_not_fetch_them(
    client, clerk, committee, branches
):
    job = job_of(client, committee, in_full="on", reason="换届")
    assert client.get(address(job, "file/")).status_code == 200
    Grant.objects.filter(user=clerk).delete()
    Grant.objects.create(user=clerk, organization=committee, role="reader")
    assert client.get(address(job, "file/")).status_code == 404
    assert "which you may not see there any more" in text_of(client.get(address(job)))


def test_who_has_lost_it_before_the_worker_came_gets_nothing_printed(
    client, clerk, committee, branches, queue
):
    job = job_of(client, committee)
    Grant.objects.filter(user=clerk).delete()
    work(queue)
    job.refresh_from_db()
    assert job.state == PrintState.FAILED
    assert job.failures == [["", "You may not print this there any more."]]
    assert not job.file


def test_a_branch_that_stands_elsewhere_by_now_is_not_printed(client, clerk, committee, branches):
    branches[0].move_under(a_committee(), on=date(2026, 6, 1))
    order(client, committee, on="2026-01-01")
    assert PrintJob.objects.get().papers == 2


# The worker


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
