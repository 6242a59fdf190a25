"""What the tests of the pages of development share: rows that wait as a test wants them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from branches.models import Organization
from members.models import Deadline, DevelopmentFile
from tests.factories import a_branch, a_member
from tests.members.development import TODAY, a_file

TOGETHER = "/development/together/"


def a_neighbour(branch: Organization, **fields: Any) -> Organization:
    """Another branch of the same committee, with two full members who sponsor."""
    found = a_branch(branch.parent, **fields)
    a_member(found, name="周文")
    a_member(found, name="吴武")
    return found


def days(number: int) -> date:
    """The day so many days after today; before it where negative."""
    return TODAY + timedelta(days=number)


def waiting(file: DevelopmentFile, step: str, acts: str = "branch", **fields: Any) -> Deadline:
    return Deadline.objects.create(
        file=file, organization=file.organization, step=step, acts=acts, **fields
    )


def a_waiting_file(branch: Organization, name: str, **rows: dict[str, Any]) -> DevelopmentFile:
    """An open file that waits for exactly these steps."""
    file = a_file(branch, name=name)
    file.deadlines.all().delete()
    for step, fields in rows.items():
        waiting(file, step, **fields)
    return file


def one_of_each_state(branch: Organization) -> dict[str, DevelopmentFile]:
    """Files that wait in each state, as seen from TODAY, under the state's name."""
    return {
        "overdue": a_waiting_file(branch, "甲一", first_talk={"due_by": days(-1)}),
        "due": a_waiting_file(branch, "乙二", first_talk={"due_by": TODAY}),
        "soon": a_waiting_file(branch, "丙三", assembly={"due_by": days(30)}),
        "possible": a_waiting_file(
            branch, "丁四", approval={"acts": "committee", "possible_from": TODAY}
        ),
        "blocked": a_waiting_file(branch, "戊五", oath={"acts": "committee", "blocked": True}),
    }


def together(organization: Organization, step: str, **more: Any) -> str:
    words = "".join(f"&{name}={value}" for name, value in more.items())
    return f"{TOGETHER}?organization={organization.pk}&step={step}{words}"


def ticked(*files: DevelopmentFile, **boxes: Any) -> dict[str, Any]:
    """What a clerk posts who ticks these people and fills the same boxes for each."""
    typed: dict[str, Any] = {"tick": [file.pk for file in files]}
    for file in files:
        typed |= {f"p{file.pk}-{name}": value for name, value in ({"reason": ""} | boxes).items()}
    return typed
