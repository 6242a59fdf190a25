"""What the rows of a roster mean for the register, before anything is written, and after."""

from __future__ import annotations

from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command

from members.models import Headcount, Member, Office
from registry import second_process
from registry.calendar import PartialDate
from registry.sheets import staging
from tests.factories import TODAY, a_branch, a_user
from tests.members.sheets_of_members import ID_1, ID_2, a_row
from tests.members.staged import applied, known, row_of, staged, states, told

pytestmark = pytest.mark.django_db
SIGNS = "甲乙丙丁戊己庚辛壬癸"


def test_an_unknown_person_is_new_and_nothing_is_written_by_looking():
    job = staged(a_row(身份证号码=ID_1), organization=a_branch())
    assert states(job) == ["new"]
    assert job.counts["new"] == 1
    assert not Member.objects.exists()


def test_the_counts_add_up_to_the_records():
    branch = a_branch()
    known(branch)
    job = staged(
        a_row(身份证号码=ID_1),
        a_row(**{"姓  名": "吴琪"}, 身份证号码=ID_2),
        a_row(**{"姓  名": "吴琪"}, 身份证号码=ID_2),
        a_row(**{"姓  名": "曹文"}, 入党时间="1985.13"),
        organization=branch,
    )
    assert states(job) == ["unchanged", "new", "skipped", "error"]
    assert sum(job.counts.values()) == 4


def test_applied_rows_are_members_with_a_stay_since_the_opening_day_a_post_and_a_log():
    branch = a_branch()
    job = staged(
        a_row(身份证号码=ID_1, 党内职务="书记、组织委员"),
        organization=branch,
        opening_on=date(2026, 1, 1),
    )
    outcome = applied(job)

    assert (outcome.new, outcome.changed, outcome.left) == (1, 0, 0)
    member = Member.objects.get()
    assert (member.name, member.sex, member.kind) == ("陶敏", "F", "full")
    assert member.born_on == PartialDate(1980, 5)
    assert member.number == "D00000001"
    assert Member.of_id_number(ID_1) == member
    stay = member.placements.get()
    assert (stay.placed_from, stay.began) == (date(2026, 1, 1), "opening")
    assert set(Office.objects.values_list("post", "held_from")) == {
        ("secretary", date(2026, 1, 1)),
        ("organisation_member", date(2026, 1, 1)),
    }
    assert branch.headcount.full == branch.parent.headcount.full == 1


def test_rows_that_two_processes_take_in_are_written_as_by_one(monkeypatch):
    monkeypatch.setattr(second_process, "FEW", 0)
    monkeypatch.setattr(second_process, "_CHUNK", 2)
    branch = a_branch()
    member = known(branch, phone="13800000000")
    people = [
        a_row(**{"姓  名": f"陶{sign}"}, 党内职务="组织委员" * (sign == "庚")) for sign in SIGNS
    ]
    changed = a_row(身份证号码=ID_1, 联系电话="13900000009")
    outcome = applied(staged(*people, changed, organization=branch))
    assert (outcome.new, outcome.changed) == (len(SIGNS), 1)
    written = Member.objects.exclude(pk=member.pk).order_by("number")
    assert [each.name for each in written] == [f"陶{sign}" for sign in SIGNS]
    assert Office.objects.get().member == Member.objects.get(name="陶庚")
    member.refresh_from_db()
    assert member.phone == "13900000009"
    assert Headcount.objects.get(pk=branch.pk).full == len(SIGNS) + 1
    logged = staging.Entry.objects.filter(model="members.member", chain__startswith="job:")
    assert [each.label for each in logged.order_by("position")] == [
        *(f"陶{sign}" for sign in SIGNS),
        "陶敏",
    ]
    call_command("verify_log", stdout=StringIO())


def test_the_log_names_who_was_added_and_masks_what_is_protected():
    job = staged(a_row(身份证号码=ID_1), organization=a_branch())
    applied(job)
    entry = staging.Entry.objects.get(model="members.member")
    assert entry.chain == f"job:{job.pk}"
    assert ["id_number", "", "***************02X"] in entry.changes
    assert ID_1 not in str(entry.changes)


def test_a_changed_cell_is_shown_old_and_new_and_alone_is_written():
    branch = a_branch()
    member = known(branch, native_place="浙江杭州", phone="13800000000")
    job = staged(
        a_row(身份证号码=ID_1, 联系电话="13900000001", 备注="老党员"),
        organization=branch,
        extra=("备注",),
    )
    row = job.rows.get()
    assert row.state == "changed"
    assert row_of(job).changes == [
        ["phone", "138****0000", "13900000001"],
        ["note", "", "老党员"],
    ]
    applied(job)
    member.refresh_from_db()
    assert (member.phone, member.note, member.version) == ("13900000001", "老党员", 2)
    assert member.native_place == "浙江杭州", "a blank cell never overwrites"
    assert member.born_on == PartialDate(1980, 5, 17), "a month says nothing against its day"


def test_the_same_file_again_changes_nothing():
    branch = a_branch()
    rows = [
        a_row(身份证号码=ID_1, 党内职务="书记"),
        a_row(**{"姓  名": "吴琪"}, 身份证号码=ID_2, 联系电话="13900000001"),
    ]
    applied(staged(*rows, organization=branch))
    again = staged(*rows, organization=branch)
    assert states(again) == ["unchanged", "unchanged"]
    assert applied(again).written == 0
    assert Office.objects.count() == 1


def test_the_word_clears_a_field_and_our_own_mask_leaves_it():
    branch = a_branch()
    member = known(branch, phone="13800000000", native_place="浙江杭州", note="旧")
    job = staged(
        a_row(身份证号码=ID_1, 籍贯="清空", 联系电话="138****0000"),
        organization=branch,
        extra=("籍贯",),
    )
    applied(job)
    member.refresh_from_db()
    assert (member.native_place, member.phone, member.note) == ("", "13800000000", "旧")


def test_a_name_cannot_be_cleared():
    job = staged(a_row(**{"姓  名": "清空"}), organization=a_branch())
    assert ("B4", "cannot_be_cleared") in told(job)
    assert states(job) == ["error"]


@pytest.mark.parametrize("key", ["身份证号码", "登记编号", "学工号"])
def test_a_person_is_known_by_each_of_his_numbers(key):
    branch = a_branch()
    member = known(branch, staff_number="2004017")
    said = {"身份证号码": ID_1, "登记编号": member.number, "学工号": "2004017"}[key]
    job = staged(a_row(**{key: said}), organization=branch, extra=("登记编号", "学工号"))
    assert job.rows.get().target_id == member.pk
    assert states(job) == ["unchanged"]


def test_name_and_birth_alone_are_a_question():
    branch = a_branch()
    known(branch)
    job = staged(a_row(), organization=branch)
    assert states(job) == ["question"]
    assert told(job) == [("B4", "match_unsure")]
    assert applied(job).stopped


def test_another_name_under_a_known_id_number_is_a_question():
    branch = a_branch()
    known(branch)
    job = staged(a_row(**{"姓  名": "陶敏敏"}, 身份证号码=ID_1), organization=branch)
    assert told(job) == [("B4", "name_differs")]


def test_two_rows_that_differ_about_one_person_are_both_errors_that_name_each_other():
    job = staged(
        a_row(身份证号码=ID_1, 联系电话="13800000000"),
        a_row(身份证号码=ID_1, 联系电话="13900000000"),
        organization=a_branch(),
    )
    assert states(job) == ["error", "error"]
    assert [each.message for each in job.findings.filter(level="error")] == [
        "The same person stands in Sheet1!5 with other values. Keep one of the rows.",
        "The same person stands in Sheet1!4 with other values. Keep one of the rows.",
    ]


def test_who_is_registered_elsewhere_is_told_in_one_sentence_without_details():
    stranger = known(a_branch(), name="李秘密")
    mine = a_branch()
    job = staged(a_row(身份证号码=ID_1), organization=mine, user=a_user("branch_clerk", mine))
    [finding] = job.findings.filter(row__isnull=False)
    assert (finding.cell, finding.code) == ("I4", "registered_elsewhere")
    assert (
        finding.message == "A person with this ID number is registered elsewhere. Use a transfer."
    )
    assert job.rows.get().target_id is None
    stored = str([row.values_sealed for row in job.rows.all()])
    assert stranger.name not in stored
    assert stranger.number not in stored


def test_one_who_has_left_is_a_question():
    branch = a_branch()
    known(branch).leave("died", TODAY)
    assert told(staged(a_row(身份证号码=ID_1), organization=branch)) == [("B4", "has_left")]


def test_the_expected_day_of_full_membership_is_left_out():
    job = staged(
        a_row(入党时间="2026.06", 转正时间="2027.06", 身份证号码=ID_1, 党员类型="预备党员"),
        organization=a_branch(),
        extra=("党员类型",),
    )
    assert told(job) == [("G4", "date_in_future")]
    applied(job)
    assert (Member.objects.get().kind, Member.objects.get().full_member_on) == (
        "probationary",
        None,
    )


def test_what_the_id_number_tells_fills_what_the_sheet_leaves_open():
    job = staged(
        {"姓  名": "陶敏", "入党时间": "2005.06", "转正时间": "2006.06", "身份证号码": ID_1},
        organization=a_branch(),
    )
    applied(job)
    member = Member.objects.get()
    assert (member.sex, member.born_on) == ("F", PartialDate(1980, 5, 17))


def test_a_sheet_with_two_different_columns_of_one_name_writes_no_row():
    job = staged(
        a_row(身份证号码=ID_1, 身份证号=ID_2), organization=a_branch(), extra=("身份证号",)
    )
    assert states(job) == ["error"]
    assert applied(job, good_rows=True).written == 0


def test_the_good_rows_are_written_and_the_others_stay():
    branch = a_branch()
    job = staged(
        a_row(身份证号码=ID_1),
        a_row(**{"姓  名": "吴琪"}, 身份证号码="110101198005170041"),
        organization=branch,
    )
    assert told(job) == [("I5", "id_check_digit")]
    assert applied(job).stopped
    assert not Member.objects.exists()
    outcome = applied(job, good_rows=True)
    assert (outcome.new, outcome.left) == (1, 1)
    job.refresh_from_db()
    assert job.state == "partly"
    assert applied(job, good_rows=True).written == 0
    assert Member.objects.count() == 1


def test_what_changed_between_looking_and_applying_is_shown_and_not_written():
    branch = a_branch()
    job = staged(a_row(身份证号码=ID_1), organization=branch)
    known(branch)
    assert applied(job).overtaken
    assert states(job) == ["unchanged"]
    assert Member.objects.count() == 1


def test_a_branch_dissolved_meanwhile_stops_the_rows():
    branch = a_branch()
    job = staged(a_row(身份证号码=ID_1), organization=branch)
    branch.dissolve(on=TODAY)
    assert applied(job).overtaken
    assert not Member.objects.exists()


def test_looking_at_many_rows_asks_the_database_no_more_often_than_at_few(
    django_assert_max_num_queries,
):
    branch = a_branch()
    rows = [
        a_row(**{"姓  名": f"陶敏{sign}"}, 学工号=f"A{number}")
        for number, sign in enumerate("一二三四五六七八九十" * 9)
    ]
    with django_assert_max_num_queries(40):
        staged(*rows, organization=branch, extra=("学工号",))


def test_all_that_came_from_the_file_is_encrypted_at_rest(django_db_blocker):
    job = staged(a_row(身份证号码=ID_1, 备注="住院"), organization=a_branch(), extra=("备注",))
    with staging.transaction.get_connection().cursor() as cursor:
        cursor.execute("SELECT values_sealed FROM registry_jobrow")
        [[sealed]] = cursor.fetchall()
        cursor.execute("SELECT file FROM registry_importjob")
        [[file]] = cursor.fetchall()
    assert "陶敏" not in sealed
    assert ID_1 not in sealed
    assert not bytes(file).startswith(b"PK")
    assert bytes(job.file).startswith(b"PK")
