"""Two clerks enter one assembly at one moment: it is entered once."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from members.models import DevelopmentFile, Member, Occasion, StepTaken
from registry.models import StaleRecord
from tests.factories import a_branch
from tests.members.development import (
    APPROVED_ON,
    ASSEMBLY_ON,
    TODAY,
    VOTES,
    a_branch_that_develops,
    a_file,
    the_way,
)
from tests.members.test_at_the_same_time import sums_are_right, together

pytestmark = pytest.mark.django_db(transaction=True)


def test_one_assembly_entered_by_two_is_entered_once():
    branch = a_branch_that_develops()
    files = [a_file(branch, name=name, until="application_form") for name in ("甲", "乙")]
    people = [(file, {**VOTES, "result": "agreed"}, "") for file in files]

    def hold() -> None:
        Occasion.hold("assembly", branch, ASSEMBLY_ON, {}, people, by=None, today=TODAY)

    raised = together(hold, hold, hold)
    assert [type(error) for error in raised] == [ValidationError] * 2
    assert Occasion.objects.count() == 1
    assert StepTaken.objects.filter(step="assembly").count() == 2


def test_one_approval_entered_by_two_makes_one_member():
    file = a_file(until="committee_talk")
    facts = the_way(file.organization)["approval"][1]

    def approve() -> None:
        own = DevelopmentFile.objects.get(pk=file.pk)
        own.record("approval", APPROVED_ON, facts, by=None, today=TODAY, reason="补录")

    raised = together(approve, approve)
    assert len(raised) == 1
    assert isinstance(raised[0], (StaleRecord, ValidationError))
    assert Member.objects.filter(name="李晓梅").count() == 1
    assert sums_are_right()


def test_a_member_moves_while_his_file_goes_on():
    file = a_file(until="approval")
    other = a_branch(file.organization.parent)
    here = file.organization

    def move() -> None:
        for number in range(4):
            member = Member.objects.get(name="李晓梅")
            member.move_to((other, here)[number % 2], TODAY)

    def go_on() -> None:
        for number in range(4):
            own = DevelopmentFile.objects.get(pk=file.pk)
            own.record(
                "probation_review", TODAY, {"opinion": str(number)}, by=None, today=TODAY,
                reason="补录",
            )  # fmt: skip

    raised = together(move, go_on)
    assert {type(error) for error in raised} <= {StaleRecord}
    member = Member.objects.get(name="李晓梅")
    file.refresh_from_db()
    assert file.organization == member.organization
    assert sums_are_right()
