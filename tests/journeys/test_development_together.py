"""An assembly decides on eight people, entered by keyboard on one screen, in a browser."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from branches.models import Organization
from members.models import Member, Occasion, StepTaken
from registry.models import User, acting
from tests.factories import a_user
from tests.journeys.browsing import complaints, log_in
from tests.members.development import a_branch_that_develops, a_file

PEOPLE = "赵钱孙李周吴郑王"


@pytest.fixture
def branch(transactional_db: Any) -> Organization:
    branch = a_branch_that_develops(name="中共江海市财政局机关第一支部委员会")
    clerk = a_user("branch_clerk", branch, username="clerk", name="王小明")
    with acting(clerk):
        for surname in PEOPLE:
            a_file(branch, name=f"{surname}建国", until="application_form")
    return branch


@pytest.fixture
def sheet(page: Page, branch: Organization) -> Page:
    log_in(page, branch.grants.get().user)
    page.goto(f"/development/together/?organization={branch.pk}&step=assembly")
    return page


def votes(page: Page) -> Any:
    return page.locator("input[name$='-votes_for']")


def test_eight_people_pass_on_one_screen(sheet: Page):
    expect(votes(sheet)).to_have_count(len(PEOPLE))
    # Who is due follows from what is typed.
    sheet.fill("input[name=entitled]", "14")
    sheet.fill("input[name=present]", "12")
    expect(sheet.locator("[data-due]")).to_have_text("14")
    sheet.locator("details.left-out summary").click()
    sheet.fill("input[name=excused_abroad]", "1")
    expect(sheet.locator("[data-due]")).to_have_text("13")
    sheet.locator("details.left-out summary").click()
    # Enter goes down, and whoever is written of is ticked.
    votes(sheet).first.focus()
    for _ in PEOPLE:
        sheet.keyboard.type("11")
        sheet.keyboard.press("Enter")
    expect(sheet.locator("input[name=tick]:checked")).to_have_count(len(PEOPLE))
    expect(votes(sheet).last).to_have_value("11")
    expect(votes(sheet).last).to_be_in_viewport()
    expect(votes(sheet).first).to_be_in_viewport()
    expect(sheet.locator("[data-save]")).to_be_in_viewport()
    # One vote is wrong: nobody passes, and all that was typed stays.
    votes(sheet).nth(3).fill("20")
    with sheet.expect_navigation():
        sheet.keyboard.press("Control+Enter")
    expect(sheet.locator("#error-summary")).to_contain_text("李建国")
    expect(sheet.locator("tr.said")).to_have_count(1)
    expect(votes(sheet).last).to_have_value("11")
    assert not Occasion.objects.exists()
    votes(sheet).nth(3).fill("11")
    with sheet.expect_navigation():
        sheet.keyboard.press("Control+Enter")
    assert StepTaken.objects.filter(step="assembly", occasion=Occasion.objects.get()).count() == 8


def test_all_are_ticked_and_unticked_at_once(sheet: Page):
    everybody = sheet.locator("[data-tick-all]")
    ticked = sheet.locator("input[name=tick]:checked")
    everybody.check()
    expect(ticked).to_have_count(len(PEOPLE))
    sheet.locator("input[name=tick]").first.uncheck()
    expect(ticked).to_have_count(len(PEOPLE) - 1)
    expect(everybody).not_to_be_checked()
    everybody.check()
    everybody.uncheck()
    expect(ticked).to_have_count(0)


def test_the_pages_are_for_everybody(looked_at: Any, clerk: User):
    branch = Member.objects.select_related("organization").first().organization
    office = branch.parent
    Organization.objects.filter(pk=office.pk).update(approves_members=True)
    a_file(branch, name="赵建国", until="application_form")
    a_file(branch, name="钱建国", until="approval")
    page = looked_at()
    for address in (
        "/development/",
        "/development/?state=all",
        "/development/?by=person&state=all",
        "/development/board/?year=2024",
        "/development/board/people/?year=2024",
        "/development/policies/",
        f"/development/policies/add/?organization={office.pk}",
        f"/development/own-steps/add/?organization={office.pk}",
        f"/development/quotas/?organization={office.pk}",
        "/development/together/",
        f"/development/together/?organization={branch.pk}&step=assembly",
    ):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= 1366, address
        assert not complaints(page), address
    page.fill("input[name=entitled]", "14")
    page.fill("input[name=present]", "12")
    votes(page).first.fill("1e3")
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    assert not complaints(page), "refused"
    votes(page).first.fill("12")
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    page.wait_for_url("**/development/occasions/**")
    assert not complaints(page), "recorded"
