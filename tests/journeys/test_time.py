"""A committee moves with its branches, somebody is transferred by letter, and the report of the
year says both; last year's roster is what it was."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from branches.models import Organization
from members.models import Member, Transfer
from registry.calendar import PartialDate
from tests.factories import a_branch, a_committee, a_member, a_user, a_work_committee
from tests.factories import an_organization as founded
from tests.journeys.browsing import log_in

OLD_NAME, NEW_NAME = "中共江海市财政局机关第一支部委员会", "中共江海市财政局机关综合支部委员会"
LAST_DAY = "2025-12-31"
ADDRESSEE = "中共某省委组织部"


@pytest.fixture
def work(transactional_db: Any) -> Organization:
    work = a_work_committee(name="中共江海市直属机关工作委员会", approves_members=True)
    finance = a_committee(work, name="中共江海市财政局机关委员会", approves_members=True)
    founded("party_committee", work, name="中共江海市国有资产委员会")
    first = a_branch(finance, name=OLD_NAME, short_name="财政一支部")
    second = a_branch(finance, name="中共江海市财政局机关第二支部委员会", short_name="财政二支部")
    for number, name in enumerate(("赵建国", "钱秀英", "孙志强", "李明")):
        branch = (first, second)[number % 2]
        a_member(branch, name=name, born_on=PartialDate(1980, 5), id_number="")
    return work


@pytest.fixture
def on(page: Page, work: Organization, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Page]:
    """Let it be noon of a day, and the clerk of the work committee come to his desk."""
    clerk = a_user("committee_clerk", work, name="王小明")

    def come(day: str) -> Page:
        zone = timezone.get_current_timezone()
        noon = datetime.combine(date.fromisoformat(day), datetime.min.time(), zone).replace(hour=12)
        monkeypatch.setattr(timezone, "now", lambda: noon)
        page.context.clear_cookies()
        log_in(page, clerk)
        return page

    return come


def save(page: Page) -> None:
    with page.expect_navigation():
        page.locator("main [data-save], #content-main [data-save]").first.click()


def roster_of_last_year(page: Page, branch: Organization) -> bytes:
    asked = urlencode({"organization": branch.pk, "on": LAST_DAY})
    answer = page.request.get(f"/rosters/pdf/?{asked}")
    assert answer.status == 200, answer.text()
    return answer.body()


def choose(box: Locator, organization: Organization) -> None:
    script = "(box, [pk, name]) => box.append(new Option(name, pk, true, true))"
    box.evaluate(script, [organization.pk, organization.name])


def move_the_committee(page: Page, finance: Organization, there: Organization) -> None:
    """Look first, then move; the page of the committee tells it."""
    page.goto(f"/organizations/{finance.pk}/move/")
    choose(page.locator("[name=parent]"), there)
    page.fill("[name=on]", "2026-03-01")
    page.fill("[name=document]", "江直工〔2026〕7号")
    with page.expect_navigation():
        page.click("button[name=look]")
    preview = page.locator("#content-main")
    expect(preview).to_contain_text("党组织")
    expect(preview).to_contain_text("4")  # members who move along
    save(page)
    expect(page.locator("body")).to_contain_text("江直工〔2026〕7号")


def transfer_by_letter(page: Page, member: Member, at: Callable[[str], Page]) -> Transfer:
    """From the member's page to the receipt."""
    page.goto(f"/members/member/{member.pk}/change/")
    page.get_by_role("link", name="转出").first.click()
    page.wait_for_url("**/transfers/new/**")
    page.select_option("[name=kind]", "letter")
    page.fill("[name=to_outside]", "中共某省某厅机关委员会")
    page.fill("[name=addressee]", ADDRESSEE)
    page.fill("[name=validity_days]", "30")
    page.fill("[name=paid_to]", "2026-05")
    page.fill("[name=on]", "2026-05-20")
    save(page)
    transfer = Transfer.objects.get()
    page.locator(f"a[href$='/transfers/{transfer.pk}/issue/']").first.click()
    page.fill("[name=on]", "2026-05-20")
    save(page)
    letter = page.request.get(f"/transfers/{transfer.pk}/letter/")
    assert letter.body().startswith(b"%PDF")
    page = at("2026-06-10")
    expect(page.locator("body")).to_contain_text("政治生日")  # the desk is there
    page.goto(f"/transfers/{transfer.pk}/receipt/")
    page.fill("[name=on]", "2026-06-10")
    page.fill("[name=accepted_on]", "2026-06-01")
    save(page)
    expect(page.locator("h1 .badge")).to_have_text("已办结")
    return transfer


def numbers_that_match_their_lists(page: Page) -> dict[str, int]:
    """Open the list behind every number of the report that has one; it is as long as it says."""
    rows = page.locator("section[aria-labelledby=compared] tbody tr")
    numbers: dict[str, tuple[int, str]] = {}
    for row in rows.all():
        link = row.locator("td a").first
        if link.count():
            numbers[row.locator("th").inner_text()] = (
                int(link.inner_text().replace(",", "")), str(link.get_attribute("href")),
            )  # fmt: skip
    for name, (number, url) in numbers.items():
        page.goto(url)
        expect(page.locator("#content tbody tr"), name).to_have_count(number)
    return {name: number for name, (number, _url) in numbers.items() if number}


def test_a_committee_moves_somebody_goes_and_the_report_says_both(work, on):
    finance = Organization.objects.get(name__contains="财政局机关委员会")
    there = Organization.objects.get(kind="party_committee")
    branch = Organization.objects.get(name=OLD_NAME)

    page = on("2026-02-01")
    before = roster_of_last_year(page, branch)
    page.goto(f"/organizations/{branch.pk}/rename/")
    page.fill("[name=name]", NEW_NAME)
    page.fill("[name=on]", "2026-02-01")
    save(page)
    page = on("2026-03-01")
    move_the_committee(page, finance, there)

    page = on("2026-05-20")
    leaving = Member.objects.get(name="钱秀英")
    transfer_by_letter(page, leaving, on)
    leaving.refresh_from_db()
    assert (leaving.leaving_reason, leaving.left_on) == ("transferred_out", date(2026, 6, 1))

    page = on("2026-02-01")  # the moment of printing stands on the paper as well
    assert roster_of_last_year(page, branch) == before
    page = on("2026-11-20")
    asked = urlencode({"organization": branch.pk, "on": LAST_DAY})
    page.goto(f"/rosters/html/?{asked}")
    paper = page.locator("body")
    expect(paper).to_contain_text(OLD_NAME)
    expect(paper).not_to_contain_text("综合支部")

    period = {"first": "2026-01-01", "last": "2026-11-20"}
    page.goto(f"/work-report/?{urlencode({'organization': work.pk, **period})}")
    sentences = page.locator("section[aria-labelledby=sentences]")
    expect(sentences).to_contain_text(re.compile("更名1个，整建制转隶1个"))
    expect(sentences).to_contain_text("转出1名")
    assert numbers_that_match_their_lists(page) == {
        "更名党组织": 1, "整建制转隶党组织": 1, "党组织总数": 5, "党员总数": 3, "转出党员": 1,
    }  # fmt: skip
