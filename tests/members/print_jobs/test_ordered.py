"""Papers of all branches on their page: ordered, printed, fetched by their owner."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from zipfile import ZipFile

import pikepdf
import pytest
from django import forms

from branches.models import Grant
from members.models import PrintJob, PrintState
from members.papers.kinds import PAPERS
from members.papers.roster import ROSTER
from registry.models import Entry
from registry.models.log import Action
from registry.papers.catalogue import Questions
from tests.factories import TODAY, a_committee, a_member, a_user
from tests.members.print_jobs.jobs import PAGE, address, errors, job_of, order, text_of, work

pytestmark = pytest.mark.django_db


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


class Asking(Questions):
    order = forms.CharField(max_length=7)


@pytest.mark.usefixtures("clerk")
def test_the_paper_hears_the_answers_to_its_own_questions(client, committee, branches, monkeypatch):
    heard = []

    def make(organization, asked):
        heard.append(asked.more)
        return ROSTER.make(organization, asked)

    asking = replace(ROSTER, key="asking", make=make, questions=Asking)
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
