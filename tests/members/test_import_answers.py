"""What a clerk says of the rows of his upload before it is applied."""

from __future__ import annotations

import pytest

from members.models import Member
from members.models.headcounts import heads_of
from members.sheets.members import MemberResource
from registry.access import OPERATOR
from registry.sheets.answering import Answering, choose_columns
from registry.sheets.keeping import kept_rows
from registry.sheets.staging import read_received
from tests.factories import TODAY, a_branch, a_committee
from tests.members.sheets_of_members import ID_1, ID_2, ID_3, a_row
from tests.members.staged import applied, known, row_of, staged, states, told

pytestmark = pytest.mark.django_db


def answering(job):
    return Answering(MemberResource, job, OPERATOR, TODAY)


def first(job):
    return next(kept_rows(job)).key


def test_a_corrected_cell_stands_in_the_place_of_the_wrong_one():
    job = staged(
        a_row(身份证号码="110101198005170021", 出生年月="1980.5.17"), organization=a_branch()
    )
    assert states(job) == ["error"]
    answering(job).correct(first(job), {"id_number": ID_1})
    assert states(job) == ["new"]
    assert told(job) == []
    assert job.counts["new"] == 1
    applied(job)
    assert Member.objects.get().id_number == ID_1


def test_a_row_may_be_taken_without_its_wrong_cell():
    job = staged(a_row(身份证号码="123", 联系电话="13900000001"), organization=a_branch())
    answering(job).correct(first(job), {"id_number": ""})
    assert states(job) == ["new"]
    applied(job)
    member = Member.objects.get()
    assert (member.id_number, member.phone) == ("", "13900000001")


def test_a_correction_that_cannot_be_read_says_so_again():
    job = staged(a_row(出生年月="1985.13"), organization=a_branch())
    answering(job).correct(first(job), {"born_on": "1985.14"})
    assert told(job) == [("E4", "date_unreadable")]
    assert row_of(job).texts == {"born_on": "1985.14"}


def test_a_skipped_row_is_not_written_and_can_be_taken_in_again():
    job = staged(a_row(), a_row(**{"姓  名": "陶二"}), organization=a_branch())
    answering(job).skip([first(job)])
    assert states(job) == ["skipped", "new"]
    answering(job).skip([first(job)], skip=False)
    assert states(job) == ["new", "new"]
    answering(job).skip([first(job)])
    applied(job)
    assert [member.name for member in Member.objects.all()] == ["陶二"]


def test_a_date_of_two_readings_is_answered_for_all_alike():
    rows = [a_row(**{"姓  名": f"陶{n}", "出生年月": 1985.1}) for n in "一二三"]
    job = staged(*rows, organization=a_branch())
    assert states(job) == ["question"] * 3
    assert answering(job).answer(first(job), "date_ambiguous", "1985-10", alike=True) == 3
    assert states(job) == ["new"] * 3
    applied(job)
    assert {str(member.born_on) for member in Member.objects.all()} == {"1985-10"}


def test_who_is_meant_is_chosen_from_those_whom_it_may_be():
    branch = a_branch()
    member = known(branch)
    job = staged(a_row(联系电话="13900000009"), organization=branch)
    assert told(job) == [("B4", "match_unsure")]
    assert answering(job).answer(first(job), "match_unsure", "999999") == 0, "nobody offered him"
    assert answering(job).answer(first(job), "match_unsure", str(member.pk)) == 1
    assert states(job) == ["changed"]
    applied(job)
    member.refresh_from_db()
    assert member.phone == "13900000009"


def test_somebody_else_of_the_same_name_and_birth_is_entered_as_new():
    branch = a_branch()
    known(branch)
    job = staged(a_row(身份证号码=ID_2), organization=branch)
    answering(job).answer(first(job), "match_unsure", "new")
    assert states(job) == ["new"]
    applied(job)
    assert Member.objects.count() == 2


@pytest.mark.parametrize(("choice", "name"), [("sheet", "陶敏敏"), ("register", "陶敏")])
def test_of_two_names_the_clerk_says_which_is_right(choice, name):
    branch = a_branch()
    member = known(branch)
    row = a_row(**{"姓  名": "陶敏敏", "身份证号码": ID_1, "联系电话": "13900000009"})
    job = staged(row, organization=branch)
    answering(job).answer(first(job), "name_differs", choice)
    applied(job)
    member.refresh_from_db()
    assert (member.name, member.phone) == (name, "13900000009")


@pytest.mark.parametrize(
    ("choice", "stays", "where"),
    [
        pytest.param("register", 1, "old", id="the register is right"),
        pytest.param("correct", 1, "new", id="he has been there all the time"),
        pytest.param("move:2026-11-01", 2, "new", id="he has moved on a day"),
    ],
)
def test_a_member_listed_under_another_branch_moves_or_is_put_right(choice, stays, where):
    committee = a_committee()
    places = {"old": a_branch(committee), "new": a_branch(committee, short_name="新支部")}
    member = known(places["old"])
    row = a_row(身份证号码=ID_1, 所在党支部="新支部")
    job = staged(row, organization=committee, extra=("所在党支部",))
    assert states(job) == ["question"]
    answering(job).answer(first(job), "branch_differs", choice)
    applied(job)
    member.refresh_from_db()
    assert member.organization == places[where]
    assert member.placements.count() == stays
    for name, place in places.items():
        place.refresh_from_db()
        assert heads_of(place)[0] == (name == where)


def test_the_answer_about_a_column_is_remembered_for_the_office():
    branch = a_branch()
    row = a_row(身份证号码=ID_1, 来源="老市委", 籍贯="浙江")
    job = staged(row, organization=branch, extra=("来源", "籍贯"))
    assert "来源" in job.layout["sheets"][0]["unknown"].values()
    choose_columns(job, {"Sheet1!K": "note"})
    read_received(MemberResource, job, today=TODAY)
    assert row_of(job).values["note"] == "老市委"
    again = staged(row, organization=branch, extra=("来源", "籍贯"))
    assert row_of(again).values["note"] == "老市委"
    elsewhere = staged(row, organization=a_branch(), extra=("来源", "籍贯"))
    assert "note" not in row_of(elsewhere).values, "another office was not asked"


def test_a_corrected_file_continues_the_job_and_knows_the_rows_already_done():
    branch = a_branch()
    good, bad = a_row(**{"姓  名": "陶一"}), a_row(**{"姓  名": "陶二", "出生年月": "1985.13"})
    job = staged(good, bad, organization=branch)
    applied(job, good_rows=True)
    assert job.state == "partly"
    corrected = staged(good, bad | {"出生年月": "1985.12"}, organization=branch)
    job.read_again("corrected.xlsx", bytes(corrected.file))
    read_received(MemberResource, job, today=TODAY)
    assert [(row.values["name"], row.state, row.applied) for row in kept_rows(job)] == [
        ("陶一", "new", True),
        ("陶二", "new", False),
    ]
    applied(job)
    assert job.state == "applied"
    assert Member.objects.count() == 2


def test_a_row_that_is_mended_after_the_others_were_applied_is_written_then():
    bad = a_row(**{"姓  名": "陶二", "出生年月": "1985.13"})
    job = staged(
        a_row(**{"姓  名": "陶一"}), bad, bad | {"姓  名": "陶三"}, organization=a_branch()
    )
    applied(job, good_rows=True)
    one, two, three = (row.key for row in kept_rows(job))
    answering(job).correct(two, {"born_on": "1985.12"})
    assert [row.applied for row in kept_rows(job)] == [True, False, False]
    assert applied(job, good_rows=True).new == 1
    answering(job).correct(three, {"born_on": "1985.12"})
    assert [row.applied for row in kept_rows(job)] == [True, True, False]
    assert [row.key for row in kept_rows(job, job.rows.left())] == [three]
    assert applied(job).new == 1
    assert [row.key for row in kept_rows(job, job.rows.applied())] == [one, two, three]
    assert Member.objects.count() == 3


def test_what_was_said_of_a_row_is_heard_again_when_its_columns_change():
    row = a_row(身份证号码="123", 来源="老市委")
    job = staged(row, organization=a_branch(), extra=("来源",))
    answering(job).correct(first(job), {"id_number": ID_3})
    choose_columns(job, {"Sheet1!K": ""})
    read_received(MemberResource, job, today=TODAY)
    assert states(job) == ["new"]
