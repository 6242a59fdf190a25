"""One person's file in a real browser: for everybody, in light and dark, by keyboard, on paper."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from members.models import DevelopmentFile
from tests.factories import a_user
from tests.journeys.browsing import complaints, log_in
from tests.members.development import a_branch_that_develops, a_file
from tests.members.development_pages import ADD, LIST, course_of, page_of, step_of


@pytest.fixture
def clerk(transactional_db):
    branch = a_branch_that_develops(name="中共江海市财政局机关第一支部委员会")
    a_file(branch, until="training", job_title="财政局办公室一级主任科员")
    return a_user("committee_clerk", branch.parent, name="王小明")


@pytest.fixture
def file(clerk):
    return DevelopmentFile.objects.get()


def test_the_pages_are_for_everybody_and_fit_a_common_screen(looked_at, file):
    page = looked_at()
    for address in (
        LIST,
        ADD,
        page_of(file),
        step_of(file, "assembly"),
        step_of(file, "sponsors"),
        course_of(file, "stop"),
        f"/development/files/{file.pk}/attachments/",
    ):
        page.goto(address)
        page.evaluate(
            "document.querySelectorAll('details').forEach((each) => { each.open = true; })"
        )
        assert not complaints(page), address
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address


def test_a_step_is_recorded_from_the_keyboard_and_asks_before_it_takes_what_looks_odd(
    page, clerk, file
):
    log_in(page, clerk)
    page.goto(page_of(file))
    line = page.locator("#step-branch_review")
    line.locator("a.default").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/steps/branch_review/")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#error-summary")).to_be_focused()
    page.fill("[name=on]", "2024-04-10")
    page.select_option("[name=result]", "agreed")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/change/#step-branch_review")
    expect(page.locator("#step-branch_review .badge.good")).to_be_visible()


def test_folded_stages_stand_on_the_paper(page, clerk, file):
    log_in(page, clerk)
    page.goto(page_of(file))
    expect(page.locator("#step-application")).to_be_hidden()
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(page.locator("#step-application")).to_be_visible()
