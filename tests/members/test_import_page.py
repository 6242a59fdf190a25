"""The pages of uploads, as their clerks and as others meet them."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from members.models import Member
from registry.models import ImportJob
from registry.models.jobs import JobState
from tests.factories import TODAY, a_branch, a_committee, a_user
from tests.members.sheets_of_members import ID_1, ID_2, a_roster, a_row
from tests.members.uploads import ADD, page_of, step, upload

pytestmark = pytest.mark.django_db
WRONG_ID = "110101198005170041"


@pytest.fixture
def branch():
    return a_branch(short_name="机关第一党支部")


@pytest.fixture
def clerk(client, branch):
    user = a_user("branch_clerk", branch)
    client.force_login(user)
    return user


def test_a_clerk_uploads_looks_applies_and_is_led_to_the_people(client, clerk, branch):
    page = upload(client, branch, a_roster(a_row(身份证号码=ID_1))).content.decode()
    assert "陶敏" in page
    assert not Member.objects.exists(), "looking writes nothing"

    [job] = ImportJob.objects.all()
    page = step(client, job).content.decode()
    assert "1 row was written." in page
    assert Member.objects.get().organization == branch
    assert f"/members/member/?organization={branch.pk}" in page


def test_a_wrong_cell_is_named_and_only_the_good_rows_are_offered(client, clerk, branch):
    rows = a_row(身份证号码=ID_1), a_row(**{"姓  名": "吴琪"}, 身份证号码=WRONG_ID)
    page = upload(client, branch, a_roster(*rows)).content.decode()
    assert "Sheet1!I5" in page
    assert "Compare it with the ID card." in page
    assert 'name="good_rows"' in page
    assert WRONG_ID not in page

    [job] = ImportJob.objects.all()
    refused = step(client, job).content.decode()
    assert "Nothing was written" in refused
    step(client, job, good_rows=1)
    assert [each.name for each in Member.objects.all()] == ["陶敏"]


def test_a_double_click_applies_once(client, clerk, branch):
    upload(client, branch, a_roster(a_row(身份证号码=ID_1)))
    [job] = ImportJob.objects.all()
    step(client, job)
    again = step(client, job).content.decode()
    assert "This upload has been applied or discarded already." in again
    assert Member.objects.count() == 1


def test_a_discarded_upload_is_erased_and_applies_no_more(client, clerk, branch):
    upload(client, branch, a_roster(a_row(身份证号码=ID_1)))
    [job] = ImportJob.objects.all()
    step(client, job, "discard")
    job.refresh_from_db()
    assert (job.state, bytes(job.file), job.rows.count()) == (JobState.DISCARDED, b"", 0)
    step(client, job)
    assert not Member.objects.exists()
    assert client.get(page_of(job)).status_code == 200


@pytest.mark.parametrize(
    ("data", "name", "sentence"),
    [
        pytest.param(b"", "roster.xlsx", "The file is empty", id="empty"),
        pytest.param(b"%PDF-1.7 ...", "roster.xlsx", "The file is a PDF.", id="PDF"),
        pytest.param(b"PK\x03\x04 broken", "roster.xlsx", "", id="broken archive"),
        pytest.param(b"\x00\x01\x02" * 99, "roster.xlsx", "not an Excel workbook", id="random"),
        pytest.param(
            "甲,乙\n1,2\n".encode(), "a.csv", "No sheet has a row of headings", id="no heads"
        ),
    ],
)
def test_a_file_that_cannot_be_read_gets_a_sentence_and_leaves_no_job(
    client, clerk, branch, data, name, sentence
):
    answer = upload(client, branch, data, name)
    assert answer.status_code == 200
    assert "errorlist" in answer.content.decode()
    assert sentence in answer.content.decode()
    assert not ImportJob.objects.exists()


def test_a_forged_file_name_is_only_shown(client, clerk, branch):
    data = a_roster(a_row(身份证号码=ID_1))
    upload(client, branch, data, "../../etc/<script>alert(1)</script>.xlsx")
    [job] = ImportJob.objects.all()
    assert "/" not in job.file_name
    assert "<script>alert" not in client.get(page_of(job)).content.decode()


def test_html_in_a_name_stays_text(client, clerk, branch):
    row = a_row(**{"姓  名": "陶<img src=x>敏"}, 身份证号码=ID_1)
    page = upload(client, branch, a_roster(row)).content.decode()
    assert "<img src=x>" not in page
    assert "&lt;img" in page


def test_a_foreign_organisation_is_refused_like_none(client, clerk, branch):
    foreign = a_branch(short_name="别人党支部")

    def said(pk):
        answer = client.post(
            ADD,
            {
                "file": SimpleUploadedFile("a.xlsx", a_roster(a_row())),
                "organization": pk,
                "opening_on": str(TODAY),
            },
        )
        assert "别人党支部" not in answer.content.decode()
        return str(answer.context["form"].errors)

    assert said(foreign.pk) == said(999_999)
    assert not ImportJob.objects.exists()


@pytest.mark.parametrize("relation", ["sibling", "nobody"])
def test_the_upload_of_another_office_is_not_there(client, clerk, branch, relation):
    upload(client, branch, a_roster(a_row(身份证号码=ID_1)))
    [job] = ImportJob.objects.all()
    other = a_user("branch_clerk", a_branch(branch.parent)) if relation == "sibling" else a_user()
    client.force_login(other)
    assert client.get(page_of(job)).status_code in (403, 404)
    for each in ("apply", "discard"):
        assert step(client, job, each).status_code in (403, 404)
    job.refresh_from_db()
    assert job.state == JobState.STAGED
    assert job.file_name not in client.get("/registry/importjob/").content.decode()
    assert not Member.objects.exists()


def test_a_clerk_above_may_look_but_only_the_uploader_applies(client, clerk, branch):
    upload(client, branch, a_roster(a_row(身份证号码=ID_1)))
    [job] = ImportJob.objects.all()
    client.force_login(a_user("committee_clerk", branch.parent))
    page = client.get(page_of(job)).content.decode()
    assert "陶敏" in page
    assert "/apply/" not in page
    assert "Only its uploader applies an upload" in step(client, job).content.decode()
    assert "Only its uploader discards" in step(client, job, "discard").content.decode()
    assert not Member.objects.exists()


def test_who_has_lost_the_branch_between_looking_and_applying_writes_nothing(client, clerk, branch):
    upload(client, branch, a_roster(a_row(身份证号码=ID_1)))
    [job] = ImportJob.objects.all()
    clerk.grants.all().delete()
    a_user("branch_clerk", branch)
    assert step(client, job).status_code in (403, 404)
    assert not Member.objects.exists()


def test_who_may_only_look_up_there_still_cannot_apply(client, branch):
    clerk = a_user("committee_clerk", branch.parent)
    client.force_login(clerk)
    upload(client, branch.parent, a_roster(a_row(身份证号码=ID_1), unit="单位：机关第一党支部"))
    [job] = ImportJob.objects.all()
    clerk.grants.all().delete()
    clerk.grants.create(organization=branch, role="branch_clerk")
    assert step(client, job).status_code == 404, "the job is for the committee"
    assert not Member.objects.exists()


def test_nobody_without_the_verb_uploads(client, branch):
    client.force_login(a_user("reader", branch.parent))
    assert client.get(ADD).status_code == 403
    assert upload(client, branch, a_roster(a_row())).status_code == 403
    assert client.get("/registry/importjob/").status_code == 403


def test_writing_needs_a_post(client, clerk, branch):
    upload(client, branch, a_roster(a_row(身份证号码=ID_1)))
    [job] = ImportJob.objects.all()
    assert client.get(page_of(job, "apply")).status_code == 405
    assert client.post(page_of(job)).status_code == 405


def test_the_preview_of_a_thousand_rows_stays_small(client, clerk, branch, monkeypatch):
    rows = [
        a_row(**{"姓  名": f"陶{number}"}, 学工号=f"A{number}", 出生年月="85.6", 备注="说明" * 20)
        for number in range(1000)
    ]
    page = upload(client, branch, a_roster(*rows, extra=("学工号", "备注")))
    assert len(page.content) < 300_000
    assert "1 / 20" in page.content.decode()


def test_a_large_file_is_read_in_the_background_and_then_waits(client, clerk, branch, monkeypatch):
    monkeypatch.setattr("registry.admin.jobs.uploading.AT_ONCE", 1000)
    page = upload(client, branch, a_roster(a_row(身份证号码=ID_1))).content.decode()
    [job] = ImportJob.objects.all()
    assert job.state == JobState.STAGED
    assert "陶敏" in page


def test_a_large_file_that_cannot_be_read_says_so_on_its_page(client, clerk, branch, monkeypatch):
    monkeypatch.setattr("registry.admin.jobs.uploading.AT_ONCE", 10)
    page = upload(client, branch, b"%PDF-1.7 and so on").content.decode()
    assert ImportJob.objects.get().state == JobState.UNREADABLE
    assert "The file is a PDF." in page


@pytest.mark.parametrize("query", ["?state=nonsense", "?p=99", "?state=new&p=x", "?state=warning"])
def test_odd_addresses_of_a_job_are_answered(client, clerk, branch, query):
    upload(client, branch, a_roster(a_row(身份证号码=ID_1), a_row(身份证号码=ID_2)))
    [job] = ImportJob.objects.all()
    assert client.get(page_of(job) + query).status_code == 200


def test_the_pages_read_chinese(client, branch, zh):
    client.force_login(a_user("branch_clerk", branch))
    assert client.get(ADD).status_code == 200
    rows = a_row(身份证号码=ID_1), a_row(**{"姓  名": "吴琪"}, 身份证号码=WRONG_ID)
    assert upload(client, branch, a_roster(*rows)).status_code == 200


def test_a_committee_clerk_uploads_a_list_of_organisations(client):
    committee = a_committee(code="100")
    client.force_login(a_user("committee_clerk", committee))
    lines = "组织代码,组织全称,组织类别,上级组织代码\n100001,第一支部,党支部,100\n"
    upload(client, committee, lines.encode(), "tree.csv", kind="organizations")
    [job] = ImportJob.objects.all()
    step(client, job)
    assert [each.name for each in committee.children.all()] == ["第一支部"]
