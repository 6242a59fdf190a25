"""One person from the application to full membership, by three users, as the days move on.

On each day the desk of whoever acts shows the step that waits for him, in the state it is in.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from branches.models import Organization
from members.models import DevelopmentFile, Member
from registry.calendar import PartialDate
from registry.models import User
from tests.factories import a_user, an_id_number
from tests.journeys.browsing import log_in
from tests.members.development import a_branch_that_develops, people_of
from tests.members.development_pages import ADD, step_of

NAME = "李晓梅"
BRANCH, COMMITTEE, APPROVER = "branch_clerk", "committee_clerk", "approver"
VOTES = {"entitled": "12", "present": "11", "votes_for": "10", "votes_against": "1"}

# Who takes which step, on which day, in which state the desk shows it then, and what is typed.
WAY: tuple[tuple[str, str, str, str, dict[str, str]], ...] = (
    (BRANCH, "first_talk", "2022-03-20", "soon", {"who": "赵建国"}),
    (BRANCH, "activist", "2022-09-01", "possible", {"recommendation": "members"}),
    (COMMITTEE, "activist_filed", "2022-09-10", "possible", {}),
    (BRANCH, "mentors", "2022-09-10", "possible", {"mentors_1": "0", "mentors_2": "1"}),
    (BRANCH, "cultivation", "2023-03-01", "due", {"opinion": "表现良好"}),
    (BRANCH, "cultivation", "2023-08-20", "soon", {"opinion": "表现良好"}),
    (BRANCH, "object", "2023-09-01", "possible", {"opinions": "一致同意"}),
    (COMMITTEE, "object_filed", "2023-09-20", "possible", {"consent": "yes"}),
    (BRANCH, "sponsors", "2023-09-25", "possible", {"sponsors_1": "0", "sponsors_2": "1"}),
    (BRANCH, "political_review", "2023-12-01", "possible", {"result": "qualified"}),
    (COMMITTEE, "training", "2024-03-05", "possible", {"days": "3"}),
    (BRANCH, "branch_review", "2024-04-10", "possible", {"result": "agreed"}),
    (COMMITTEE, "pre_review", "2024-05-28", "possible", {"result": "agreed"}),
    (BRANCH, "application_form", "2024-06-03", "possible", {"form_number": "3301000017"}),
    (BRANCH, "assembly", "2024-06-20", "possible", {**VOTES, "result": "agreed"}),
    (COMMITTEE, "committee_talk", "2024-07-01", "possible", {"who": "孙立", "opinion": "同意"}),
    (APPROVER, "approval", "2024-09-20", "due", {"result": "agreed"}),
    (APPROVER, "filed_above", "2024-09-25", "possible", {}),
    (BRANCH, "placed", "2024-09-26", "possible", {}),
    (COMMITTEE, "oath", "2024-10-08", "possible", {}),
    (BRANCH, "probation_review", "2025-06-10", "soon", {"opinion": "合格"}),
    (BRANCH, "full_application", "2025-06-10", "soon", {}),
    (BRANCH, "full_assembly", "2025-06-25", "soon", {**VOTES, "result": "on_time"}),
    (APPROVER, "full_approval", "2025-07-10", "possible", {"result": "agreed"}),
    (COMMITTEE, "archive", "2025-07-20", "possible", {"place": "机关党委"}),
)  # fmt: skip
# The day before it may be done, the desk says so.
NOT_YET = {"object": "2023-08-31", "full_assembly": "2025-06-19"}
# The day after the last one, it is late.
LATE = {"first_talk": "2022-04-02", "cultivation": "2023-03-02", "approval": "2024-09-21"}


@pytest.fixture
def branch(transactional_db: Any) -> Organization:
    return a_branch_that_develops(name="中共江海市财政局机关第一支部委员会")


@pytest.fixture
def users(branch: Organization) -> dict[str, User]:
    places = {BRANCH: branch, COMMITTEE: branch.parent, APPROVER: branch.parent}
    return {role: a_user(role, place, username=role) for role, place in places.items()}


@pytest.fixture
def at_work(
    page: Page, users: dict[str, User], monkeypatch: pytest.MonkeyPatch
) -> Callable[[str, str], Page]:
    """Let it be noon of a day, and somebody come to work."""

    def come(role: str, day: str) -> Page:
        zone = timezone.get_current_timezone()
        noon = datetime.combine(date.fromisoformat(day), datetime.min.time(), zone).replace(hour=12)
        monkeypatch.setattr(timezone, "now", lambda: noon)
        page.context.clear_cookies()
        log_in(page, users[role])
        return page

    return come


def listed(page: Page, organization: Organization, step: str, state: str) -> Any:
    """The rows of the desk that wait for this step in this state."""
    page.goto(f"/development/?organization={organization.pk}&step={step}&state={state}")
    return page.locator("table.said-rows tbody tr").filter(has_text=NAME)


def fill(page: Page, typed: dict[str, str], people: list[dict[str, Any]]) -> None:
    for name, value in typed.items():
        box = page.locator(f"[name={name}]")
        if name.startswith(("mentors_", "sponsors_")):
            person = people[int(value)]
            script = "(box, [pk, name]) => box.append(new Option(name, pk, true, true))"
            box.evaluate(script, [person["member"], person["name"]])
        elif box.evaluate("each => each.tagName") == "SELECT":
            box.select_option(value)
        else:
            box.fill(value)


def test_from_the_application_to_full_membership(
    branch: Organization, at_work: Callable[[str, str], Page]
):
    page = at_work(BRANCH, "2022-03-01")
    page.goto(ADD)
    fill(page, {"name": NAME, "sex": "F", "born_on": "1996-08-09"}, [])
    page.fill("[name=id_number]", an_id_number(date(1996, 8, 9), "F"))
    page.fill("[name=on]", "2022-03-01")
    organization = page.locator("[name=organization]")
    if organization.evaluate("each => each.tagName") == "SELECT":
        organization.evaluate(
            "(box, pk) => box.append(new Option('', pk, true, true))", str(branch.pk)
        )
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/change/**")
    file = DevelopmentFile.objects.get()
    people = people_of(branch)

    for role, step, day, state, typed in WAY:
        if early := NOT_YET.pop(step, None):
            page = at_work(role, early)
            expect(listed(page, branch, step, "blocked")).to_have_count(1)
        if late := LATE.get(step):
            page = at_work(role, late)
            if step != "cultivation" or day < late:
                expect(listed(page, branch, step, "overdue")).to_have_count(1)
        page = at_work(role, day)
        row = listed(page, branch, step, state)
        expect(row, f"{step} on {day}").to_have_count(1)
        row.locator("a.button").click()
        page.wait_for_url(f"**{step_of(file, step)}")
        page.fill("[name=on]", day)
        fill(page, typed, people)
        page.keyboard.press("Control+Enter")
        page.wait_for_url("**/change/**")

    member = Member.objects.get(name=NAME)
    assert (member.kind, str(member.joined_on)) == ("full", "2024-06-20")
    assert member.full_member_on == PartialDate(2025, 6, 20)
    assert member.organization == branch
    stay = member.placements.get()
    assert (stay.began, stay.placed_from) == ("developed", date(2024, 6, 20))
    file.refresh_from_db()
    assert (file.standing, file.archived_on) == ("full", date(2025, 7, 20))
