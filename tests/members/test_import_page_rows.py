"""What a clerk says of the rows of an upload, on its page."""

from __future__ import annotations

import pytest
from django.contrib.admin import site

from members.models import Member
from registry.admin.jobs.labels import FINDINGS
from registry.models import ImportJob
from registry.models.job_rows import RowState
from registry.models.jobs import JobState
from registry.sheets import codes
from tests.factories import a_branch, a_committee, a_user
from tests.members.sheets_of_members import ID_1, ID_2, a_row
from tests.members.staged import known, states, told
from tests.members.uploads import page_of, say, step, text_of, uploaded

pytestmark = pytest.mark.django_db
WRONG_ID = "110101198005170041"


def test_the_page_says_first_what_the_clerk_has_before_him(client, uploader, branch):
    known(branch, id_number=ID_2)
    job = uploaded(
        client,
        branch,
        a_row(身份证号码=ID_1, **{"姓  名": "吴琪"}),
        a_row(身份证号码=ID_2, 联系电话="13900000009"),
        a_row(**{"姓  名": "陶一", "出生年月": 1985.1}),
        a_row(**{"姓  名": "陶二", "出生年月": "1985.13"}),
    )
    page = text_of(client.get(page_of(job)))
    assert "1 is new, 1 changed, 1 needs your answer, 1 cell is wrong." in page
    assert "Apply the 2 good rows" in page


def test_a_wrong_cell_is_corrected_where_it_stands(client, uploader, branch):
    job = uploaded(client, branch, a_row(出生年月="1985.13", 身份证号码=ID_1))
    row = job.rows.get()
    page = text_of(client.get(page_of(job)))
    assert f'name="cell:{row.pk}:born_on" value="1985.13"' in page
    answer = say(client, job, cell__born_on="1980.05")
    assert "What you said of 1 row is taken into account." in text_of(answer)
    assert answer.redirect_chain[-1][0].endswith(f"?state=new#row-{row.pk}")
    assert states(job) == ["new"]


def test_the_box_of_an_id_number_is_empty_and_nothing_said_leaves_it_wrong(
    client, uploader, branch
):
    job = uploaded(client, branch, a_row(身份证号码=WRONG_ID))
    page = text_of(client.get(page_of(job)))
    assert f'name="cell:{job.rows.get().pk}:id_number" value=""' in page
    assert WRONG_ID not in page
    assert "Nothing was corrected or answered yet." in text_of(say(client, job, cell__id_number=""))
    assert states(job) == ["error"]
    say(client, job, cell__id_number=ID_1)
    assert states(job) == ["new"]


def test_a_row_is_taken_without_its_wrong_cell(client, uploader, branch):
    job = uploaded(client, branch, a_row(身份证号码=WRONG_ID))
    say(client, job, cell__id_number="", without__id_number="on")
    step(client, job)
    assert Member.objects.get().id_number == ""


def test_a_new_protected_value_is_shown_as_its_mask(client, uploader, branch):
    known(branch)
    job = uploaded(client, branch, a_row(身份证号码=ID_1, 联系电话="13912340009"))
    page = text_of(client.get(page_of(job)))
    assert "139****0009" in page
    assert "13912340009" not in page


def test_a_row_is_skipped_and_taken_in_again(client, uploader, branch):
    job = uploaded(client, branch, a_row(身份证号码=ID_1))
    row = job.rows.get().pk
    page = text_of(say(client, job, skip=row))
    assert states(job) == ["skipped"]
    assert f'name="take" value="{row}"' in page
    say(client, job, take=row)
    assert states(job) == ["new"]


def test_a_question_is_answered_for_all_alike(client, uploader, branch):
    rows = [a_row(**{"姓  名": f"陶{n}", "出生年月": 1985.1}) for n in "一二三"]
    job = uploaded(client, branch, *rows)
    assert "the same for all alike (3 rows ask this)" in text_of(client.get(page_of(job)))
    answer = say(client, job, answer__date_ambiguous="1985-10", alike__date_ambiguous="on")
    assert "What you said of 3 rows is taken into account." in text_of(answer)
    step(client, job)
    assert {str(member.born_on) for member in Member.objects.all()} == {"1985-10"}


def test_who_is_meant_is_chosen_or_somebody_new(client, uploader, branch):
    member = known(branch)
    job = uploaded(client, branch, a_row(联系电话="13900000009"))
    page = text_of(client.get(page_of(job)))
    assert f'value="{member.pk}"' in page
    assert "somebody else: enter as new" in page
    say(client, job, answer__match_unsure=str(member.pk))
    assert states(job) == ["changed"]


@pytest.mark.parametrize(
    ("answer", "day", "is_there", "stays"),
    [
        pytest.param("move", "2026-11-01", True, 2, id="moved"),
        pytest.param("correct", "", True, 1, id="always there"),
        pytest.param("register", "", False, 1, id="the sheet is wrong"),
    ],
)
def test_a_member_listed_elsewhere_has_moved_or_one_of_both_is_wrong(
    client, answer, day, is_there, stays
):
    committee = a_committee()
    old, new = a_branch(committee), a_branch(committee, short_name="新支部")
    client.force_login(a_user("committee_clerk", committee))
    member = known(old)
    job = uploaded(
        client, committee, a_row(身份证号码=ID_1, 所在党支部="新支部"), extra=("所在党支部",)
    )
    row = job.rows.get().pk
    said = {f"answer:{row}:branch_differs": answer, f"day:{row}": day}
    client.post(page_of(job, "say"), said)
    step(client, job)
    member.refresh_from_db()
    assert (member.organization == new) == is_there
    assert member.placements.count() == stays


@pytest.mark.parametrize("day", ["", "soon", "2026-13-40"])
def test_a_move_needs_its_day(client, day):
    committee = a_committee()
    known(a_branch(committee))
    a_branch(committee, short_name="新支部")
    client.force_login(a_user("committee_clerk", committee))
    row = a_row(身份证号码=ID_1, 所在党支部="新支部")
    job = uploaded(client, committee, row, extra=("所在党支部",))
    row = job.rows.get().pk
    said = {f"answer:{row}:branch_differs": "move", f"day:{row}": day}
    page = text_of(client.post(page_of(job, "say"), said, follow=True))
    assert "The answer for row Sheet1!4 was not understood. Choose one again." in page
    assert states(job) == ["question"]


def test_rows_are_filtered_by_what_was_found(client, uploader, branch):
    job = uploaded(
        client,
        branch,
        a_row(**{"姓  名": "陶一", "出生年月": "1985.13"}),
        a_row(**{"姓  名": "陶二", "身份证号码": WRONG_ID}),
        a_row(**{"姓  名": "陶三", "身份证号码": "123"}),
    )
    page = text_of(client.get(page_of(job)))
    assert "ID number: check digit" in page
    page = text_of(client.get(page_of(job) + "?state=error&code=id_check_digit"))
    assert "陶二" in page
    assert "陶一" not in page
    row = job.rows.get(number=5).pk
    kept = {"state": "error", "code": "id_check_digit", "p": "1", f"without:{row}:id_number": "on"}
    answer = client.post(page_of(job, "say"), kept)
    assert answer.url == f"{page_of(job)}?state=error&code=id_check_digit&p=1#row-{row}"


def test_good_rows_go_now_and_the_others_later(client, uploader, branch):
    job = uploaded(
        client,
        branch,
        a_row(身份证号码=ID_1),
        a_row(**{"姓  名": "陶二", "出生年月": "1985.13", "身份证号码": ID_2}),
    )
    step(client, job, good_rows=1)
    job.refresh_from_db()
    assert job.state == JobState.PARTLY
    row = job.rows.get(state=RowState.ERROR).pk
    client.post(page_of(job, "say"), {f"cell:{row}:born_on": "1980.05"})
    step(client, job)
    job.refresh_from_db()
    assert job.state == JobState.APPLIED
    assert Member.objects.count() == 2


def test_what_has_changed_meanwhile_is_shown_and_not_written(client, uploader, branch):
    member = known(branch)
    job = uploaded(client, branch, a_row(身份证号码=ID_1, 联系电话="13900000009"))
    member.delete()
    page = text_of(step(client, job))
    assert "The register has changed since you looked. See what the rows mean now." in page
    assert "1 is new." in page
    assert not Member.objects.exists()


def test_a_row_of_another_upload_is_not_touched(client, uploader, branch):
    other = uploaded(client, branch, a_row(身份证号码=ID_1))
    job = uploaded(client, branch, a_row(身份证号码=ID_2))
    foreign = other.rows.get().pk
    for said in (
        {"skip": foreign},
        {f"cell:{foreign}:name": "吴琪"},
        {f"without:{foreign}:id_number": "on"},
        {f"answer:{foreign}:match_unsure": "new"},
        {"skip": "x"},
        {"cell::name": "吴琪"},
        {"cell:99999999999999999999:name": "吴琪"},
    ):
        page = text_of(client.post(page_of(job, "say"), said, follow=True))
        assert "The rows have changed since you looked." in page
    assert states(other) == states(job) == ["new"]


@pytest.mark.parametrize(
    "said",
    [
        {"cell__row_number": "7"},
        {"cell__nonsense": "7"},
        {"without__nonsense": "on"},
        {"answer__nonsense": "new"},
        {"answer__match_unsure": "999999"},
    ],
)
def test_what_was_not_asked_changes_nothing(client, uploader, branch, said):
    known(branch)
    job = uploaded(client, branch, a_row())
    before = told(job)
    assert say(client, job, **said).status_code == 200
    assert (states(job), told(job)) == (["question"], before)


def test_only_the_uploader_says_anything(client, uploader, branch):
    job = uploaded(client, branch, a_row(出生年月="1985.13"))
    client.force_login(a_user("committee_clerk", branch.parent))
    page = text_of(client.get(page_of(job)))
    assert "1985.13" in page
    assert 'name="cell:' not in page
    assert "Only its uploader changes an upload" in text_of(say(client, job, cell__born_on="1985"))
    for each in ("file", "columns", "stop", "again"):
        assert "Only its uploader changes an upload" in text_of(step(client, job, each))
    assert states(job) == ["error"]


def test_nothing_is_said_of_an_upload_that_is_done(client, uploader, branch):
    job = uploaded(client, branch, a_row(身份证号码=ID_1))
    step(client, job)
    page = text_of(say(client, job, skip=job.rows.get().pk))
    assert "This upload has been applied or discarded already." in page
    assert 'name="skip"' not in page


def test_a_screen_holds_two_hundred_findings_and_says_so(client, uploader, branch):
    odd = {"出生年月": "85.6", "入党时间": "05.6", "转正时间": "06.6", "民族": "火星", "性别": "?"}
    rows = [a_row(**odd, **{"姓  名": f"陶{number}"}) for number in range(60)]
    job = uploaded(client, branch, *rows)
    page = text_of(client.get(page_of(job)))
    assert page.count("<strong>Sheet1!") <= 200
    assert len(page.encode()) < 300_000
    assert "more findings of these rows are not shown here." in page


def test_the_pages_speak_chinese(client, uploader, branch, zh):
    known(branch)
    job = uploaded(client, branch, a_row(), a_row(**{"姓  名": "陶一", "出生年月": "1985.13"}))
    for state in ("question", "error"):
        assert client.get(f"{page_of(job)}?state={state}").status_code == 200
    assert say(client, job, answer__match_unsure="new").status_code == 200
    assert states(job) == ["new", "error"]


ABOUT_THE_FILE = {
    "heading_ambiguous", "heading_twice", "heading_missing", "heading_unknown", "sheet_hidden",
    "sheet_without_headings", "sheet_without_records", "rows_hidden", "columns_hidden",
    "cells_filled_down", "cells_merged_across", "macros_ignored", "links_ignored",
    "file_unreadable", "file_too_large", "branch_from_title", "post_since_opening",
    "steps_not_in_sheet",
}  # fmt: skip


def test_every_kind_of_finding_has_a_name():
    admin = site.get_model_admin(ImportJob)
    named = {code for code in codes.ALL if code in FINDINGS or admin.code_label(code) != code}
    assert codes.ALL - named <= ABOUT_THE_FILE
