"""A month of dues from the first payment to the printed register, as a clerk goes it."""

from __future__ import annotations

import shutil
import subprocess
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from branches.models import Organization
from members.models import Payment, Remittance
from members.models.dues.assessing import assess
from members.models.dues.statements import statement_of
from registry.calendar import first_of_month, months_after
from registry.models import acting
from tests.factories import a_branch, a_committee, a_member, a_user
from tests.journeys.browsing import log_in
from tests.members.dues import a_policy

SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏"
PEOPLE = len(SURNAMES)  # thirty
THIS_MONTH = first_of_month(date.today())  # noqa: DTZ011 - the clock of the page
LAST_MONTH = months_after(THIS_MONTH, -1)


@pytest.fixture
def branch(transactional_db: Any, page: Page) -> Organization:
    """Thirty people who owe ten yuan a month, a share of half goes up; their clerk at work."""
    committee = a_committee(name="中共江海市财政局机关委员会")
    branch = a_branch(committee, name="中共江海市财政局机关第一支部委员会", short_name="一支部")
    clerk = a_user("committee_clerk", committee, name="王小明")
    with acting(clerk):
        a_policy(committee, share_upward="50", remitted_every="quarter")
        for number, surname in enumerate(SURNAMES):
            member = a_member(branch, name=f"{surname}建国", display_order=number + 1)
            for year in {LAST_MONTH.year, THIS_MONTH.year}:
                assess(member, date(year, 1, 1), Decimal(2000))
    log_in(page, clerk)
    return branch


def pressed(page: Page, key: str) -> None:
    with page.expect_navigation():
        page.keyboard.press(key)


def clicked(page: Page, link: str) -> None:
    with page.expect_navigation():
        page.locator(link).first.click()


def test_a_month_is_collected_closed_remitted_and_printed(page: Page, branch: Organization):
    committee = branch.parent
    content = page.locator("#content-main")

    # All have paid but the first, who is on a journey.
    page.goto(f"/dues/collection/?organization={branch.pk}&year={LAST_MONTH.year}")
    page.select_option("#month", f"{LAST_MONTH:%Y-%m}")
    page.locator("input[name=tick]").first.uncheck()
    page.keyboard.press("Alt+a")
    page.fill("input[name=paid_on]", f"{LAST_MONTH:%Y-%m}-20")
    pressed(page, "Control+Enter")
    assert Payment.objects.count() == PEOPLE - 1

    # The committee closes the month.
    page.goto(f"/dues/months/?organization={committee.pk}")
    page.fill("input[name=month]", f"{LAST_MONTH:%Y-%m}")
    pressed(page, "Enter")
    expect(content).to_contain_text(f"{LAST_MONTH:%Y-%m}")

    # He pays for it now: booked in the open month, for the closed one.
    page.goto(f"/dues/collection/?organization={branch.pk}&year={LAST_MONTH.year}")
    clicked(page, "a.quiet[href*=late]")
    page.locator(f"input[name$='-{LAST_MONTH:%Y-%m}']").first.fill("10")
    pressed(page, "Control+Enter")
    late = Payment.objects.latest("pk")
    assert late.booked_month == THIS_MONTH
    assert [share.month for share in late.months.all()] == [LAST_MONTH]

    # Half of what was paid in the month goes up, and is received.
    page.goto(f"/dues/remittances/?organization={branch.pk}")
    page.fill("input[name=month_from]", f"{LAST_MONTH:%Y-%m}")
    page.fill("input[name=month_to]", f"{LAST_MONTH:%Y-%m}")
    pressed(page, "Enter")
    assert Remittance.objects.get().due == Decimal("145.00")
    clicked(page, "a[href$='/send/']")
    clicked(page, "[data-save]")
    page.goto(f"/dues/remittances/?organization={committee.pk}")
    clicked(page, "table a[href*='/dues/']")
    clicked(page, "[data-save]")
    until = months_after(THIS_MONTH, 1)
    assert statement_of(branch, LAST_MONTH, until).closing == Decimal("155.00")
    assert statement_of(committee, LAST_MONTH, until).closing == Decimal("300.00")

    # And the register of the branch is printed.
    paper = page.request.get(
        f"/papers/dues_register/{branch.pk}/",
        params={"on": f"{date.today()}", "year": f"{LAST_MONTH.year}", "format": "pdf"},  # noqa: DTZ011
    )
    program = shutil.which("pdftotext") or pytest.skip("poppler-utils is missing.")
    text = subprocess.run([program, "-", "-"], input=paper.body(), capture_output=True, check=True)
    printed = "".join(text.stdout.decode().split())
    assert "党费收缴登记表" in printed
    assert "魏建国" in printed
    assert "300.00" in printed
