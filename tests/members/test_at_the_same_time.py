"""Several clerks at one moment: nobody waits for ever, nothing is lost, every sum is right."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection, transaction

from branches.models import Organization
from members.models import Certificate, Headcount, Member
from members.models.reorganizing import dissolve_organization, move_organization
from registry.access import OPERATOR
from registry.models import StaleRecord
from tests.factories import TODAY, a_branch, a_committee, a_member, a_work_committee

pytestmark = pytest.mark.django_db(transaction=True)


def together(*deeds: Callable[[], None]) -> list[BaseException]:
    """Do everything at one moment, each on a connection of its own; return what was raised."""
    start = threading.Barrier(len(deeds))

    def do(deed: Callable[[], None]) -> BaseException | None:
        try:
            start.wait()
            deed()
        except Exception as error:  # noqa: BLE001 - whatever it is, the test says what it allows
            return error
        finally:
            connection.close()
        return None

    with ThreadPoolExecutor(len(deeds)) as pool:
        return [error for error in pool.map(do, deeds) if error is not None]


def sums() -> dict[int, tuple[int, int]]:
    return {
        heads.pk: (heads.full, heads.probationary)
        for heads in Headcount.objects.all()
        if heads.full or heads.probationary
    }


def sums_are_right() -> bool:
    kept = sums()
    Headcount.recount(Member)
    return kept == sums()


def moving_to_and_fro(member: Member, *branches: Organization) -> Callable[[], None]:
    def deed() -> None:
        for number in range(6):
            fresh = Member.objects.get(pk=member.pk)
            fresh.move_to(branches[number % len(branches)], TODAY + timedelta(days=number))

    return deed


def test_people_move_between_two_branches_in_both_directions():
    top = a_work_committee()
    here, there = a_branch(a_committee(top)), a_branch(a_committee(top))
    going = [a_member(here) for _ in range(3)]
    coming = [a_member(there) for _ in range(3)]
    raised = together(
        *(moving_to_and_fro(each, there, here) for each in going),
        *(moving_to_and_fro(each, here, there) for each in coming),
    )
    assert raised == []
    assert sums_are_right()
    assert Headcount.objects.get(pk=top.pk).full == 6
    # Other tests have kept the heads of logs that are no more.
    call_command("verify_log", after_restore=True, stdout=StringIO())


def test_one_corrects_a_member_while_another_moves_him():
    here, there = a_branch(), a_branch()
    member = a_member(here)

    def correct() -> None:
        for number in range(15):
            fresh = Member.objects.get(pk=member.pk)
            fresh.note = f"{number}"
            fresh.correct(TODAY)

    raised = together(correct, moving_to_and_fro(member, there, here), correct)
    assert {type(error) for error in raised} <= {StaleRecord}  # told, so the clerk looks again
    assert sums_are_right()
    assert member.placements.filter(placed_until=None).count() == 1


def test_of_eight_corrections_of_one_version_one_is_saved_and_seven_are_told():
    member = a_member()
    read = [Member.objects.get(pk=member.pk) for _ in range(8)]

    def correct(mine: Member, number: int) -> None:
        mine.job_title = f"title {number}"
        mine.correct(TODAY)

    raised = together(*(lambda m=m, n=n: correct(m, n) for n, m in enumerate(read)))
    assert [type(error) for error in raised] == [StaleRecord] * 7
    assert Member.objects.get(pk=member.pk).version == member.version + 1


def test_certificates_of_one_moment_get_numbers_of_their_own_and_the_same_one_gets_one():
    branch = a_branch()
    members = [a_member(branch) for _ in range(4)]

    def issue(member: Member) -> Callable[[], None]:
        def deed() -> None:
            new = Certificate(member=member, addressee="市委党校")
            new.issue(TODAY, by=OPERATOR, today=TODAY)

        return deed

    raised = together(*(issue(member) for member in (*members, *members)))
    assert raised == []
    numbers = Certificate.objects.order_by("number").values_list("number", flat=True)
    assert list(numbers) == [1, 2, 3, 4]


def test_of_two_who_let_the_same_member_leave_one_is_told():
    member = a_member()
    read = [Member.objects.get(pk=member.pk) for _ in range(2)]
    raised = together(*(lambda m=m: m.leave("died", TODAY) for m in read))
    assert [type(error) for error in raised] == [StaleRecord]
    assert sums_are_right()


def test_people_are_admitted_while_their_branch_moves_from_one_committee_to_the_other():
    top = a_work_committee()
    one, other = a_committee(top), a_committee(top)
    branch = a_branch(one)

    def admit() -> None:
        mine = Organization.objects.get(pk=branch.pk)
        for _ in range(8):
            a_member(mine)  # as it was read before it moved

    def move() -> None:
        for number in range(6):
            mine = Organization.objects.get(pk=branch.pk)
            move_organization(mine, (other, one)[number % 2], TODAY + timedelta(days=number))

    assert together(admit, move, admit) == []
    assert sums_are_right()
    assert Headcount.objects.get(pk=branch.pk).full == 16


def test_who_has_read_the_branch_before_it_moved_counts_where_it_stands_now():
    top = a_work_committee()
    one, other = a_committee(top), a_committee(top)
    branch = a_branch(one)
    stale = Organization.objects.get(pk=branch.pk)
    move_organization(branch, other, TODAY)
    a_member(stale)
    assert sums() == {branch.pk: (1, 0), other.pk: (1, 0), top.pk: (1, 0)}


def test_nobody_is_admitted_into_a_branch_that_is_being_dissolved():
    branch = a_branch()

    def admit() -> None:
        a_member(Organization.objects.get(pk=branch.pk))

    def dissolve() -> None:
        dissolve_organization(Organization.objects.get(pk=branch.pk), TODAY)

    for _ in range(5):
        raised = together(admit, dissolve)
        assert [type(error) for error in raised] == [ValidationError]
        branch = a_branch()


def test_children_founded_at_one_moment_get_a_place_each():
    parent = a_committee()

    def found() -> None:
        for _ in range(4):
            a_branch(parent)

    assert together(*[found] * 4) == []
    children = Organization.objects.filter(parent=parent)
    assert children.count() == len(set(children.values_list("path", flat=True))) == 16


def test_two_committees_that_move_under_each_other_close_no_circle():
    top = a_work_committee()
    one, other = a_committee(top), a_committee(top)
    a_member(a_branch(one))
    a_member(a_branch(other))
    raised = together(
        lambda: move_organization(Organization.objects.get(pk=one.pk), other, TODAY),
        lambda: move_organization(Organization.objects.get(pk=other.pk), one, TODAY),
    )
    assert [type(error) for error in raised] == [ValidationError]
    assert sums_are_right()


def test_a_record_of_a_branch_is_edited_while_people_come_and_go():
    branch, next_door = a_branch(), a_branch()
    member = a_member(branch)

    def edit() -> None:
        for number in range(10):
            with transaction.atomic():
                mine = Organization.objects.get(pk=branch.pk)
                mine.contact = f"{number}"
                mine.save()

    def admit() -> None:
        for _ in range(6):
            a_member(Organization.objects.get(pk=branch.pk), since=date(2010, 1, 1))

    assert together(edit, admit, moving_to_and_fro(member, next_door, branch)) == []
    assert sums_are_right()
