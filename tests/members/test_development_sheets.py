"""Registers of development: rows open files with their steps, as the sheets of offices tell them."""

from __future__ import annotations

from datetime import date

import pytest

from members.models import Deadline, DevelopmentFile, Member, StepTaken
from registry.calendar import PartialDate
from tests.factories import a_member, an_id_number
from tests.members.development import a_branch_that_develops
from tests.members.sheets_of_development import (
    H05,
    H06,
    U03,
    a_register,
    a_row,
    days_of,
    file_of,
    findings_about,
    staged_register,
)
from tests.members.sheets_of_dues import applied, states

pytestmark = pytest.mark.django_db


@pytest.fixture
def branch():
    return a_branch_that_develops(name="中共测试局第一支部委员会", short_name="第一党支部")


def test_a_row_of_a_development_register_opens_a_file(branch):
    job = staged_register(H05, a_row(H05, branch=branch.name), organization=branch.parent)
    assert (states(job), findings_about(job)) == (["new"], [])
    assert applied(job).new == 1
    file = file_of("李晓梅")
    assert (file.organization, file.staff_number, file.standing) == (branch, "20230017", "object")
    assert days_of(file) == {
        "application": "2022-03-01",
        "activist": "2022-09-01",
        "cultivation": "2022-11-05",
        "object": "2023-10-08",
        "training": "2024-03-05",
        "plan": "2024-03-20",
        "application_form": "2024-06-03",
    }
    facts = {each.step: each.facts for each in file.steps.all()}
    assert facts["cultivation"] == {"began_on": "2022-11-01", "score": "88"}
    assert facts["training"] == {"began_on": "2024-03-03", "result": "92"}
    assert facts["application_form"] == {"form_number": "3301000017"}
    assert Deadline.objects.filter(file=file).exists()
