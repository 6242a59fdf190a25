"""An applied roster is taken back, row by row, as far as nobody has touched what it wrote."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from members.models import Finding, Headcount, Member
from members.sheets.members import MemberResource
from registry.access import OPERATOR
from registry.calendar import PartialDate
from registry.models import Entry, ImportJob, acting
from registry.models.jobs import JobState
from registry.sheets import undoing
from registry.sheets.answering import Answering
from registry.sheets.progress import Stopped
from registry.sheets.staging import read_received
from tests.factories import TODAY, a_branch, a_committee, a_user
from tests.members.sheets_of_members import ID_1, ID_2, ID_3, a_row
from tests.members.staged import applied, heads, known, reasons, staged, undone

pytestmark = pytest.mark.django_db


def test_a_new_member_becomes_a_wrong_entry_and_his_id_number_is_free_again():
    branch = a_branch()
    row = a_row(身份证号码=ID_1, 党内职务="组织委员")
    job = staged(row, organization=branch)
    applied(job)
    assert undone(job) == (1, 0, 0)
    member = Member.objects.get()
    assert member.wrong_entry
    assert heads(branch) == [0]
    assert not member.offices.exists()
    [stay] = member.placements.all()
    assert (stay.placed_until, stay.ended) == (stay.placed_from, "wrong_entry")
    assert job.state == "undone"
    assert [each.undone for each in job.rows.all()] == ["restored"]
    again = staged(row, organization=branch)
    assert again.counts["new"] == 1
    applied(again)
    assert heads(branch) == [1]


def test_a_changed_member_gets_back_what_he_had():
    branch = a_branch()
    member = known(branch, phone="13800000001", note="", address="浙江省杭州市西湖区")
    had = Member.objects.filter(pk=member.pk).values().get()
    row = a_row(
        **{"姓  名": "陶敏敏"},
        身份证号码=ID_1,
        联系电话="13900000009",
        备注="新",
        家庭住址="清空",
        入党时间="2005.07",
    )
    job = staged(row, organization=branch, extra=("备注", "家庭住址"))
    Answering(MemberResource, job, OPERATOR, TODAY).answer(
        job.rows.get().pk, "name_differs", "sheet"
    )
    applied(job)
    assert Member.objects.get().name == "陶敏敏"
    assert undone(job) == (1, 0, 0)
    has = Member.objects.filter(pk=member.pk).values().get()
    assert has.pop("version") == had.pop("version") + 2
    assert has == had


def test_the_log_says_who_took_it_back_and_shows_no_number_in_full():
    branch = a_branch()
    member = known(branch, phone="13800000001")
    job = staged(a_row(身份证号码=ID_1, 联系电话="13900000009"), organization=branch)
    applied(job)
    clerk = a_user("branch_clerk", branch)
    undone(job, clerk)
    entry = Entry.objects.about(member).first()
    assert (entry.user, entry.chain) == (clerk, f"job:{job.pk}")
    assert entry.changes == [["phone", "139****0009", "138****0001"]]
    assert "taken back" in entry.reason
    [last] = Entry.objects.filter(chain=job.log_chain).order_by("-position")[:1]
    assert last.changes == [["state", "applied", "undone"], ["restored", "", 1]]


def test_a_full_member_who_was_probationary_counts_as_such_again():
    branch = a_branch()
    known(branch, kind="probationary", full_member_on=None)
    job = staged(a_row(身份证号码=ID_1, 党员类型="正式"), organization=branch, extra=("党员类型",))
    applied(job)
    assert heads(branch) == [1]
    undone(job)
    count = Headcount.objects.get(pk=branch.pk)
    assert (count.full, count.probationary) == (0, 1)


def test_a_finding_that_the_sheet_had_mended_holds_again_as_it_was_let_stand():
    branch = a_branch()
    member = known(branch, born_on=PartialDate(1990, 5, 17))
    for finding in member.findings.standing_open():
        finding.accept(a_user(), "The file says so.", TODAY)
    had = list(Finding.objects.values())
    job = staged(a_row(身份证号码=ID_1, 出生年月="1980.05.17"), organization=branch)
    applied(job)
    assert not member.findings.filter(mended_on=None).exists()
    undone(job)
    assert list(Finding.objects.values()) == had


@pytest.mark.parametrize("new", [True, False], ids=["new", "changed"])
def test_who_was_edited_since_is_kept_and_it_says_by_whom(new):
    branch = a_branch()
    if not new:
        known(branch)
    clerk = a_user(name="李梅")
    job = staged(a_row(身份证号码=ID_1, 联系电话="13900000009"), organization=branch)
    applied(job)
    member = Member.objects.get()
    member.note = "住院"
    with acting(clerk):
        member.correct(TODAY)
    at = f"{timezone.localtime(Entry.objects.about(member).first().at):%Y-%m-%d %H:%M}"
    assert undone(job) == (0, 1, 0)
    member.refresh_from_db()
    assert (member.phone, member.wrong_entry) == ("13900000009", False)
    [(cell, code, message)] = reasons(job)
    assert (cell, code) == ("B4", "undo_kept")
    assert message.startswith(f"“陶敏” was changed by 李梅 on {at}, after the upload")
    assert job.state == "applied", "nothing was taken back"


@pytest.mark.parametrize(
    "event",
    [
        pytest.param(lambda member: member.leave("died", TODAY), id="left"),
        pytest.param(lambda member: member.suspend(TODAY), id="suspended"),
        pytest.param(lambda member: member.move_to(a_branch(), TODAY), id="moved"),
        pytest.param(lambda member: member.mark_wrong("twice"), id="marked wrong by hand"),
    ],
)
def test_who_has_gone_since_is_kept(event):
    branch = a_branch()
    job = staged(a_row(身份证号码=ID_1), organization=branch)
    applied(job)
    event(Member.objects.get())
    before = Member.objects.values().get()
    assert undone(job) == (0, 1, 0)
    assert Member.objects.values().get() == before
    assert len(reasons(job)) == 1


def test_who_has_got_a_post_or_lost_it_since_is_kept():
    branch = a_branch()
    rows = [
        a_row(**{"姓  名": "陶一"}, 身份证号码=ID_1, 党内职务="组织委员"),
        a_row(**{"姓  名": "陶二"}, 身份证号码=ID_2),
        a_row(**{"姓  名": "陶三"}, 身份证号码=ID_3, 党内职务="宣传委员"),
    ]
    job = staged(*rows, organization=branch)
    applied(job)
    first, second, third = Member.objects.order_by("pk")
    clerk = a_user(name="李梅")
    with acting(clerk):
        office = first.offices.get()
        office.held_until = date(2026, 12, 1)
        office.save()
        second.offices.create(organization=branch, post="youth", held_from=TODAY)
        office = third.offices.get()
        office.held_from = date(2020, 1, 1)
        office.save()
    assert undone(job) == (0, 3, 0)
    assert [cell for cell, _, _ in reasons(job)] == ["B4", "B5", "B6"]
    assert all("李梅" in message for _, _, message in reasons(job)[1:])


def test_an_id_number_that_somebody_else_has_now_does_not_come_back():
    branch = a_branch()
    member = known(branch, staff_number="A1", id_number=ID_2)
    row = a_row(身份证号码=ID_1, 学工号="A1")
    job = staged(row, organization=branch, extra=("学工号",))
    applied(job)
    known(branch, id_number=ID_2)
    assert undone(job) == (0, 0, 1)
    assert "registered for somebody else now" in reasons(job)[0][2]
    member.refresh_from_db()
    assert member.id_number == ID_1


def test_the_good_rows_come_back_and_a_second_call_finds_nothing_more():
    branch = a_branch()
    rows = [a_row(**{"姓  名": f"陶{n}"}) for n in "一二三"]
    job = staged(*rows, organization=branch)
    applied(job)
    first = Member.objects.order_by("pk").first()
    first.note = "住院"
    first.correct(TODAY)
    assert undone(job) == (2, 1, 0)
    assert job.state == "undone"
    assert heads(branch) == [1]
    log = Entry.objects.count()
    assert undone(job) == (0, 1, 0)
    assert heads(branch) == [1]
    assert len(reasons(job)) == 1
    assert Entry.objects.count() == log + 1
    assert applied(job).already, "and nothing of it is written again"


def test_rows_of_one_member_come_back_from_the_last_to_the_first():
    """A corrected file says more of somebody whom its first version has entered already."""
    branch = a_branch()
    wrong = a_row(**{"姓  名": "陶二"}, 出生年月="1985.13")
    job = staged(a_row(身份证号码=ID_1), wrong, organization=branch)
    applied(job, good_rows=True)
    corrected = staged(a_row(身份证号码=ID_1, 联系电话="13900000009"), wrong, organization=branch)
    job.read_again("corrected.xlsx", bytes(corrected.file))
    read_received(MemberResource, job, today=TODAY)
    applied(job, good_rows=True)
    assert job.state == "partly"
    assert [row.state for row in job.rows.applied()] == ["new", "changed"]
    assert undone(job) == (2, 0, 0)
    assert Member.objects.get().wrong_entry
    assert heads(branch) == [0]


def test_two_uploads_come_back_one_after_the_other_the_last_one_first():
    branch = a_branch()
    first = staged(a_row(身份证号码=ID_1), organization=branch)
    applied(first)
    second = staged(a_row(身份证号码=ID_1, 联系电话="13900000009"), organization=branch)
    applied(second)
    assert undone(first) == (0, 1, 0), "it would take the second one's work with it"
    assert undone(second) == (1, 0, 0)
    assert undone(first) == (1, 0, 0)
    assert Member.objects.get().wrong_entry
    assert heads(branch) == [0]


def test_who_was_only_saved_once_more_was_not_changed():
    branch = a_branch()
    job = staged(a_row(身份证号码=ID_1), organization=branch)
    applied(job)
    Member.objects.get().correct(TODAY)
    assert undone(job) == (1, 0, 0)


def test_people_outside_a_clerks_branches_are_not_taken_back_by_him():
    committee = a_committee()
    mine, other = a_branch(committee), a_branch(committee, short_name="新支部")
    clerk = a_user("committee_clerk", committee)
    rows = [a_row(**{"姓  名": "陶一"}, 所在党支部=str(mine)), a_row(所在党支部="新支部")]
    job = staged(*rows, user=clerk, extra=("所在党支部",))
    applied(job, clerk)
    assert Member.objects.count() == 2
    clerk.grants.all().delete()
    clerk = type(clerk).objects.get(pk=clerk.pk)
    assert not undoing.may_undo(MemberResource, job, clerk)
    clerk.grants.create(organization=mine, role="branch_clerk")
    clerk = type(clerk).objects.get(pk=clerk.pk)
    assert undoing.may_undo(MemberResource, job, clerk)
    assert undone(job, clerk) == (1, 0, 1)
    assert heads(mine, other) == [0, 1]
    assert "one of your branches" in reasons(job)[0][2]


def test_whoever_may_write_where_the_upload_belongs_may_take_it_back():
    branch = a_branch()
    job = staged(a_row(), organization=branch, user=a_user("branch_clerk", branch))
    applied(job)
    assert undoing.may_undo(MemberResource, job, a_user("committee_clerk", branch.parent))
    assert not undoing.may_undo(MemberResource, job, a_user("branch_clerk", a_branch()))
    assert not undoing.may_undo(MemberResource, job, a_user("reader", branch.parent))


@pytest.mark.parametrize("days", [0, 31])
def test_what_was_not_applied_or_is_too_old_cannot_be_taken_back(days):
    branch = a_branch()
    job = staged(a_row(), organization=branch)
    if days:
        applied(job)
        job.created_at -= timedelta(days=days)
        job.save()
    with pytest.raises(undoing.NotUndoable, match="older than 30 days"):
        undone(job)


class AskedToStop:
    """Says that the clerk has asked to stop."""

    def over(self, rows, count):
        raise Stopped


def test_an_undoing_that_is_stopped_takes_nothing_back_and_can_be_done_again():
    job = staged(a_row(身份证号码=ID_1), organization=a_branch())
    applied(job)
    ImportJob.objects.filter(pk=job.pk).update(state=JobState.UNDOING)
    result = undoing.undo(MemberResource, job, OPERATOR, today=TODAY, progress=AskedToStop())
    job.refresh_from_db()
    assert (result.restored, job.state) == (0, "applied")
    assert not Member.objects.get().wrong_entry
    ImportJob.objects.filter(pk=job.pk).update(state=JobState.UNDOING)
    assert undone(job) == (1, 0, 0), "as after a restart in the middle"
    assert job.state == "undone"


def test_what_is_left_of_an_upload_can_still_be_written_where_nothing_was_taken_back():
    branch = a_branch()
    wrong = a_row(**{"姓  名": "陶二"}, 出生年月="1985.13")
    job = staged(a_row(身份证号码=ID_1), wrong, organization=branch)
    applied(job, good_rows=True)
    member = Member.objects.get()
    member.note = "住院"
    member.correct(TODAY)
    ImportJob.objects.filter(pk=job.pk).update(state=JobState.UNDOING)
    assert undone(job) == (0, 1, 0)
    assert job.state == "partly"
