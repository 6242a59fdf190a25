"""Two clerks, two clicks, and a register that changes between looking and writing."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from members.models import Headcount, Member
from members.sheets.known import Known
from members.sheets.members import MemberResource
from registry.access import OPERATOR
from registry.models import ImportJob, StaleRecord
from registry.sheets import staging, undoing
from registry.sheets.resources import Context
from tests.factories import TODAY, a_branch, a_committee, a_user
from tests.members.sheets_of_members import ID_1, ID_2, ID_3, a_row
from tests.members.staged import applied, known, staged, states

pytestmark = pytest.mark.django_db(transaction=True)
ROWS = [
    a_row(**{"姓  名": name}, 身份证号码=number)
    for name, number in (("陶一", ID_1), ("陶二", ID_2), ("陶三", ID_3))
]


def together(*deeds: Callable[[], Any]) -> list[Any]:
    """Do everything at one moment, each on a connection of its own; return what came of each."""
    start = threading.Barrier(len(deeds))

    def do(deed: Callable[[], Any]) -> Any:
        try:
            start.wait()
            return deed()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(do, deeds))


def again(job: ImportJob) -> ImportJob:
    return ImportJob.objects.get(pk=job.pk)


def everybody_counts_once(branch, people=3):
    assert Member.objects.count() == people
    assert Headcount.objects.get(pk=branch.pk).full == people
    call_command("verify_log", after_restore=True, stdout=StringIO())


def test_of_two_clerks_with_one_file_one_writes_and_the_other_sees_what_has_changed():
    branch = a_branch()
    one, other = a_user("branch_clerk", branch), a_user("branch_clerk", branch)
    jobs = [staged(*ROWS, organization=branch, user=user) for user in (one, other)]
    outcomes = together(*(lambda j=j: applied(again(j), j.user) for j in jobs))
    assert sorted((each.new, each.overtaken) for each in outcomes) == [(0, True), (3, False)]
    everybody_counts_once(branch)
    [late] = [job for job, each in zip(jobs, outcomes, strict=True) if each.overtaken]
    assert states(late) == ["unchanged"] * 3
    assert again(late).state == "staged"


def test_who_comes_in_between_two_questions_is_known_by_his_number(monkeypatch):
    branch = a_branch()
    first = staged(*ROWS, organization=branch, user=a_user("branch_clerk", branch))
    ask = Known._ask_names

    def ask_late(known: Known, rows: Any) -> None:
        monkeypatch.setattr(Known, "_ask_names", ask)
        applied(again(first), first.user)
        ask(known, rows)

    monkeypatch.setattr(Known, "_ask_names", ask_late)
    late = staged(*ROWS, organization=branch, user=a_user("branch_clerk", branch))
    assert states(late) == ["unchanged"] * 3


def test_a_double_click_writes_once():
    branch = a_branch()
    clerk = a_user("branch_clerk", branch)
    job = staged(*ROWS, organization=branch, user=clerk)
    outcomes = together(*(lambda: applied(again(job), clerk) for _ in range(3)))
    assert sorted(each.new for each in outcomes) == [0, 0, 3]
    assert sum(each.already for each in outcomes) == 2
    everybody_counts_once(branch)


def test_of_two_who_take_an_upload_back_one_does():
    branch = a_branch()
    clerk = a_user("branch_clerk", branch)
    job = staged(*ROWS, organization=branch, user=clerk)
    applied(job, clerk)
    outcomes = together(
        *(
            lambda: undoing.undo(MemberResource, again(job), clerk, today=TODAY).restored
            for _ in range(3)
        )
    )
    assert sorted(outcomes) == [0, 0, 3]
    assert Headcount.objects.get(pk=branch.pk).full == 0
    call_command("verify_log", after_restore=True, stdout=StringIO())


def test_an_upload_is_taken_back_while_its_people_are_edited():
    branch = a_branch()
    clerk = a_user("branch_clerk", branch)
    job = staged(*ROWS, organization=branch, user=clerk)
    applied(job, clerk)

    def edit() -> None:
        member = Member.objects.get(name="陶二")
        member.note = "住院"
        with suppress(StaleRecord):  # the clerk is told, and looks again
            member.correct(TODAY)

    result, _ = together(lambda: undoing.undo(MemberResource, again(job), clerk, today=TODAY), edit)
    edited = Member.objects.get(name="陶二")
    assert (result.restored, result.kept) == ((2, 1) if edited.note else (3, 0))
    assert edited.wrong_entry is not bool(edited.note)
    assert Headcount.objects.get(pk=branch.pk).full == result.kept


def post(client, user, job, step="apply", **data):
    client.force_login(user)
    return client.post(f"/registry/importjob/{job.pk}/{step}/", data, follow=True)


def test_another_user_cannot_confirm_and_is_told_nothing_of_a_foreign_upload(client):
    branch = a_branch()
    clerk = a_user("branch_clerk", branch)
    job = staged(*ROWS, organization=branch, user=clerk)
    assert post(client, a_user("branch_clerk", a_branch()), job).status_code == 404
    assert post(client, a_user("reader", branch), job).status_code == 404
    post(client, a_user("committee_clerk", branch.parent), job)
    assert not Member.objects.exists()
    assert again(job).state == "staged"


def test_whose_scope_was_lost_between_looking_and_writing_writes_nothing(client):
    branch = a_branch()
    clerk = a_user("branch_clerk", branch)
    job = staged(*ROWS, organization=branch, user=clerk)
    clerk.grants.all().delete()
    assert post(client, clerk, job).status_code in {403, 404}
    clerk.grants.create(organization=a_branch(), role="branch_clerk")
    assert post(client, clerk, job).status_code in {403, 404}
    assert not Member.objects.exists()


@pytest.mark.parametrize("known_before", [False, True], ids=["new", "changed"])
def test_an_upload_for_no_branch_writes_only_where_its_user_may_still_write(known_before):
    committee = a_committee()
    lost, left = a_branch(committee, short_name="甲支部"), a_branch(committee, short_name="乙支部")
    if known_before:
        known(lost)
    clerk = a_user("branch_clerk", lost)
    clerk.grants.create(organization=left, role="branch_clerk")
    clerk = type(clerk).objects.get(pk=clerk.pk)
    row = a_row(身份证号码=ID_1, 联系电话="13900000009", 所在党支部="甲支部")
    job = staged(row, user=clerk, extra=("所在党支部",))
    assert states(job) == ["changed" if known_before else "new"]
    clerk.grants.filter(organization=lost).delete()
    clerk = type(clerk).objects.get(pk=clerk.pk)
    assert applied(again(job), clerk).overtaken
    assert states(job) == ["error"]
    assert not Member.objects.exclude(phone_digest="").exists()


def test_what_changes_between_looking_and_writing_is_shown_first_and_written_then():
    branch = a_branch()
    member = known(branch, phone="13800000001")
    row = a_row(身份证号码=ID_1, 联系电话="13900000009")
    job = staged(row, organization=branch)
    assert [change[1] for change in first(job).changes] == ["138****0001"]
    member.phone = "13700000002"
    member.correct(TODAY)
    outcome = applied(again(job))
    assert outcome.overtaken
    assert [change[1] for change in first(job).changes] == ["137****0002"]
    assert applied(again(job)).changed == 1
    member.refresh_from_db()
    assert member.phone == "13900000009"


def test_a_judging_that_ends_after_somebody_has_applied_says_nothing_more():
    branch = a_branch()
    job = staged(a_row(**{"姓  名": "陶一"}), organization=branch)
    late = again(job)
    rows = list(staging.kept_rows(late))
    assert applied(again(job)).new == 1
    assert staging.judge_again(judging(late), late, rows)
    [row] = staging.kept_rows(again(job))
    assert (row.state, row.applied, again(job).state) == ("new", True, "applied")


def judging(job):
    verb = MemberResource.verbs[0]
    return MemberResource(Context(OPERATOR, verb, job.scope_path, job.opening_on, TODAY))


def first(job):
    return next(staging.kept_rows(again(job)))
