"""A month of dues, as the clerk of a branch collects it: by keyboard, in a browser."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from branches.models import Organization
from members.models import Member, Payment, PaymentMonth
from members.models.dues.assessing import assess
from registry.calendar import first_of_month
from registry.models import acting
from tests.factories import a_branch, a_committee, a_member, a_user
from tests.journeys.browsing import complaints, log_in

SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏"
PEOPLE = len(SURNAMES)  # thirty
THIS_MONTH = first_of_month(date.today())  # noqa: DTZ011 - the clock of the page


@pytest.fixture
def branch(transactional_db: Any) -> Organization:
    """Thirty people who owe from ten yuan upward, since January."""
    committee = a_committee(name="中共江海市财政局机关委员会")
    branch = a_branch(committee, name="中共江海市财政局机关第一支部委员会", short_name="一支部")
    clerk = a_user("branch_clerk", branch, username="clerk", name="王小明")
    with acting(clerk):
        for number, surname in enumerate(SURNAMES):
            member = a_member(branch, name=f"{surname}建国", display_order=number + 1)
            january = date(THIS_MONTH.year, 1, 1)
            assess(member, january, Decimal(2000 + 20 * number))
    return branch


@pytest.fixture
def sheet(page: Page, branch: Organization) -> Page:
    """The sheet as it is opened, the hands on the keyboard."""
    log_in(page, branch.grants.get().user)
    page.goto(f"/dues/collection/?organization={branch.pk}")
    return page


def boxes(page: Page, month: date = THIS_MONTH) -> Any:
    return page.locator(f"input[name$='-{month:%Y-%m}']")


def test_all_paid_takes_two_strokes(sheet: Page):
    sheet.keyboard.press("Alt+a")
    expect(boxes(sheet).last).to_have_value("12.90")
    expect(sheet.locator("[data-status]")).to_contain_text("343.50")
    with sheet.expect_navigation():
        sheet.keyboard.press("Enter")
    expect(sheet.locator("table.takings tbody tr")).to_have_count(PEOPLE)
    expect(sheet.locator("table.takings tfoot")).to_contain_text("343.50")
    assert Payment.objects.count() == PEOPLE
    assert set(PaymentMonth.objects.values_list("month", flat=True)) == {THIS_MONTH}

    # Back in the sheet, what is paid is black and leads to its payment.
    sheet.locator("a[accesskey=b]").click()
    sheet.wait_for_url("**/dues/collection/**")
    expect(boxes(sheet)).to_have_count(0)
    sheet.locator(f"a.paid[href*='month={THIS_MONTH:%Y-%m}']").first.click()
    sheet.fill("input[name=reason]", "重复录入")
    with sheet.expect_navigation():
        sheet.keyboard.press("Enter")
    expect(sheet.locator("main")).to_contain_text("-10.00")


def test_all_but_some_typed_pasted_moved_and_taken_back(sheet: Page):
    first, second, third = (boxes(sheet).nth(place) for place in range(3))
    expect(first).to_be_focused()
    # Typing, and Enter goes down; the arrows move; what is typed is added up.
    sheet.keyboard.type("5")
    sheet.keyboard.press("Enter")
    expect(second).to_be_focused()
    sheet.keyboard.press("Space")
    expect(second).to_have_value("10.10")
    sheet.keyboard.press("ArrowUp")
    expect(first).to_be_focused()
    expect(sheet.locator("[data-status]")).to_contain_text("15.10")
    # Taken back, one after the other.
    sheet.keyboard.press("Control+z")
    expect(second).to_have_value("")
    sheet.keyboard.press("Control+z")
    expect(first).to_have_value("")
    # A column from Excel is pasted downward; what is no amount is marked.
    second.focus()
    sheet.evaluate(
        """text => {
            const data = new DataTransfer();
            data.setData("text", text);
            document.activeElement.dispatchEvent(new ClipboardEvent(
                "paste", { clipboardData: data, bubbles: true, cancelable: true }
            ));
        }""",
        "10.10\r\n10.20\r\n拾元\r\n",
    )
    expect(third).to_have_value("10.20")
    expect(boxes(sheet).nth(3)).to_have_class(re.compile("unread"))
    sheet.keyboard.press("Control+z")
    expect(third).to_have_value("")
    # All but the third and the fourth.
    for place in (2, 3):
        sheet.locator("input[name=tick]").nth(place).uncheck()
    sheet.keyboard.press("Alt+a")
    expect(third).to_have_value("")
    with sheet.expect_navigation():
        sheet.keyboard.press("Control+Enter")
    assert Payment.objects.count() == PEOPLE - 2
    assert not Payment.objects.filter(member__name__in=["孙建国", "李建国"]).exists()


def test_what_is_refused_stands_at_its_cell_and_nothing_typed_is_lost(sheet: Page):
    boxes(sheet).first.fill("10.005")
    boxes(sheet).nth(1).fill("10.10")
    with sheet.expect_navigation():
        sheet.keyboard.press("Control+Enter")
    expect(sheet.locator("#error-summary")).to_contain_text("10.005")
    expect(boxes(sheet).first).to_have_attribute("aria-invalid", "true")
    expect(boxes(sheet).nth(1)).to_have_value("10.10")
    assert not Payment.objects.exists()


def test_the_sheet_is_for_everybody(looked_at: Any, clerk: Any):
    branch = Member.objects.select_related("organization").first().organization
    for member in Member.objects.filter(organization=branch):
        assess(member, date(THIS_MONTH.year, 1, 1), Decimal(2000))
    page = looked_at()
    page.goto(f"/dues/collection/?organization={branch.pk}")
    assert not complaints(page)
    boxes(page).first.fill("1e3")
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    assert not complaints(page), "refused"
    page.locator("[aria-invalid]").fill("10")
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    if page.locator("[data-save]").count():  # late: seen, and saved all the same
        with page.expect_navigation():
            page.locator("[data-save]").click()
    assert not complaints(page), "the takings"
