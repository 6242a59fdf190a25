"""Files of development for tests: invented people who go the whole way, a step at a time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from branches.models import Organization
from members.models import DevelopmentFile, Member
from registry.calendar import PartialDate
from tests.factories import a_branch, a_committee, a_member, an_id_number

TODAY = date(2026, 11, 20)
VOTES = {
    "entitled": 12,
    "due": 12,
    "present": 11,
    "written_for": 0,
    "written_against": 0,
    "votes_for": 10,
    "votes_against": 1,
    "abstained": 0,
}
APPLIED_ON = date(2022, 3, 1)
ASSEMBLY_ON = date(2024, 6, 20)
APPROVED_ON = date(2024, 7, 15)
PROBATION_ENDS_ON = date(2025, 6, 20)


def an_approving_committee(parent: Organization | None = None, **fields: Any) -> Organization:
    return a_committee(parent, approves_members=True, **fields)


def a_branch_that_develops(**fields: Any) -> Organization:
    """A branch under a committee that approves, with two full members who sponsor."""
    branch = a_branch(an_approving_committee(), **fields)
    a_member(branch, name="赵建国")
    a_member(branch, name="钱学礼")
    return branch


def people_of(branch: Organization, how_many: int = 2) -> list[dict[str, Any]]:
    members = Member.objects.filter(organization=branch, kind="full").order_by("pk")[:how_many]
    return [{"name": each.name, "member": each.pk} for each in members]


def the_way(branch: Organization) -> dict[str, tuple[date, dict[str, Any]]]:
    """Every step from the application to the archive, in time, with its day and its facts."""
    return {
        "application": (APPLIED_ON, {"received_by": "赵建国"}),
        "first_talk": (date(2022, 3, 20), {"who": "赵建国"}),
        "activist": (date(2022, 9, 1), {"recommendation": "members"}),
        "activist_filed": (date(2022, 9, 10), {}),
        "mentors": (date(2022, 9, 10), {"mentors": people_of(branch)}),
        "cultivation": (date(2023, 2, 20), {"opinion": "表现良好"}),
        "object": (date(2023, 10, 8), {"opinions": "一致同意"}),
        "object_filed": (date(2023, 10, 20), {"consent": True}),
        "sponsors": (date(2023, 10, 25), {"sponsors": people_of(branch)}),
        "political_review": (date(2023, 12, 1), {"result": "qualified"}),
        "training": (date(2024, 3, 5), {"days": 3}),
        "branch_review": (date(2024, 4, 10), {"result": "agreed"}),
        "pre_review": (date(2024, 5, 28), {"result": "agreed", "form_number": "3301000017"}),
        "application_form": (date(2024, 6, 3), {"form_number": "3301000017"}),
        "assembly": (ASSEMBLY_ON, {**VOTES, "result": "agreed"}),
        "committee_talk": (date(2024, 7, 1), {"who": "孙立", "opinion": "同意"}),
        "approval": (APPROVED_ON, {"result": "agreed", "document": "机委〔2024〕8号"}),
        "filed_above": (date(2024, 7, 20), {}),
        "placed": (date(2024, 7, 20), {}),
        "oath": (date(2024, 8, 1), {}),
        "probation_review": (date(2025, 1, 10), {"opinion": "合格"}),
        "full_application": (date(2025, 6, 10), {}),
        "full_assembly": (date(2025, 6, 25), {**VOTES, "result": "on_time"}),
        "full_approval": (date(2025, 7, 10), {"result": "agreed"}),
        "archive": (date(2025, 7, 20), {"place": "机关党委"}),
    }


def a_file(
    organization: Organization | None = None,
    *,
    until: str = "application",
    by: Any = None,
    today: date = TODAY,
    without: tuple[str, ...] = (),
    changed: dict[str, dict[str, Any]] | None = None,
    **fields: Any,
) -> DevelopmentFile:
    """A file with every step of ``the_way`` up to and with ``until``, some facts ``changed``."""
    branch = organization or a_branch_that_develops()
    defaults: dict[str, Any] = {
        "name": "李晓梅",
        "sex": "F",
        "ethnicity": "01",
        "born_on": PartialDate(1996, 8, 9),
        "id_number": an_id_number(date(1996, 8, 9), "F"),
        "education": "21",
        "organization": branch,
    }
    file = DevelopmentFile(**defaults | fields)
    for step, on, facts in _steps(branch, until):
        said = facts | (changed or {}).get(step, {})
        if step == "application":
            file.begin(on, said, by=by, today=today)
        elif step not in without:
            file.record(step, on, said, by=by, today=today, reason="补录")
    return file


def _steps(branch: Organization, until: str) -> Iterator[tuple[str, date, dict[str, Any]]]:
    for step, (on, facts) in the_way(branch).items():
        yield step, on, facts
        if step == until:
            return


def go_on(file: DevelopmentFile, *steps: str, by: Any = None, today: date = TODAY) -> None:
    """Take these steps of ``the_way``."""
    way = the_way(file.organization)
    for step in steps:
        on, facts = way[step]
        file.record(step, on, facts, by=by, today=today, reason="补录")
