"""Every kind of page of a clerk's day is for everybody, in light and in dark."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from members.models import Member
from registry.calendar import PartialDate
from registry.models import User, acting
from registry.sheets.editing.returned import XLSX_TYPE
from tests.factories import TODAY, a_member
from tests.journeys.browsing import complaints
from tests.members.sheets_of_members import ID_1, a_roster, a_row

ROSTER = Path(__file__).parents[1] / "sheets" / "museum" / "handmade-roster.xlsx"
MEMBERS = "/members/member/"


@pytest.fixture
def odd(clerk: User) -> Member:
    """Somebody who joined at 15 and whose record looks odd for it."""
    branch = Member.objects.select_related("organization").first().organization
    with acting(clerk):
        return a_member(
            branch,
            name="王小明",
            born_on=PartialDate(1995, 6),
            id_number="",
            phone="13800000000",
            joined_on=PartialDate(2010, 7),
            full_member_on=PartialDate(2011, 7),
        )


def chosen(page: Page, action: str, *, number: int = 3) -> None:
    """Tick the first rows of the list that is open, and press the button of an action."""
    for row in range(number):
        page.locator(".action-select").nth(row).check()
    with page.expect_navigation():
        page.click(f"button[name=action][value={action}]")


def test_what_happens_to_a_member(looked_at, clerk, odd):
    page = looked_at()
    record = f"{MEMBERS}{odd.pk}"
    page.goto(f"{record}/change/")
    expect(page.locator(".warnings")).to_be_visible()
    assert not complaints(page), "a record that looks odd"
    for verb in ("move", "leave", "suspend", "mark_wrong"):
        page.goto(f"{record}/{verb}/")
        assert not complaints(page), verb
        with page.expect_navigation():
            page.click("[data-save]")
        assert page.locator(".errorlist").count(), verb
        assert not complaints(page), f"{verb} with errors"
    with acting(clerk):
        odd.suspend(TODAY)
    page.goto(f"{record}/restore/")
    assert not complaints(page), "restore"
    page.goto(f"{record}/history/")
    expect(page.locator("table.history")).to_be_visible()
    assert not complaints(page), "history"


def test_protected_values(looked_at, odd):
    page = looked_at()
    page.goto(f"{MEMBERS}{odd.pk}/reveal/")
    assert not complaints(page)
    page.fill("[name=reason]", "The personnel file is compared.")
    page.keyboard.press("Enter")
    expect(page.get_by_text("13800000000")).to_be_visible()
    assert not complaints(page)


def test_many_at_once(looked_at, clerk):
    page = looked_at()
    page.goto(MEMBERS)
    chosen(page, "move_many")
    assert not complaints(page), "moving many"
    page.goto(MEMBERS)
    chosen(page, "change_field")
    assert not complaints(page), "which field"
    page.click("button[value=category]")
    page.select_option("[name=value]", "retired")
    page.click(".submit-row button")
    expect(page.locator("[name=confirmed]")).to_be_visible()
    assert not complaints(page), "before and after"


def test_two_clerks_at_one_record(looked_at, clerk, odd):
    page = looked_at()
    page.goto(f"{MEMBERS}{odd.pk}/change/")
    with acting(clerk):
        odd.job_title = "办公室副主任"
        odd.correct(TODAY)
    page.fill("[name=job_title]", "一级调研员")
    page.click("[name=_save]")
    expect(page.locator(".conflicts")).to_be_visible()
    assert not complaints(page)
    page.locator(".conflicts [value=mine]").check()
    page.click("[name=_save]")
    page.wait_for_url(f"**{MEMBERS}")


def test_findings(looked_at, odd):
    page = looked_at()
    page.goto("/members/finding/")
    assert not complaints(page)
    chosen(page, "accept_many", number=1)
    assert not complaints(page), "letting stand"
    page.goto("/members/finding/?code=nothing")
    assert not complaints(page), "a question that cannot be answered"


def test_a_whole_roster_applied_and_taken_back(looked_at, clerk):
    page = looked_at()
    branch = Member.objects.first().organization_id
    roster = a_roster(a_row(身份证号码=ID_1), a_row(出生年月="x"))
    page.goto(f"/registry/importjob/add/?organization={branch}")
    page.set_input_files(
        "[name=file]", {"name": "roster.xlsx", "mimeType": XLSX_TYPE, "buffer": roster}
    )
    page.check("[name=whole_roster]")
    page.click(".submit-row .default")
    page.wait_for_url("**/change/")
    job = page.url
    page.goto(f"{job}?state=missing")
    expect(page.locator("tbody a").first).to_be_visible()
    assert not complaints(page), "who is in the register only"
    page.click("form[action$='/apply/'] button")
    page.click("a[href$='/undo/']")
    page.wait_for_url("**/undo/")
    assert not complaints(page), "what would be taken back"
    page.click("#content-main .default")
    page.wait_for_url("**/change/")
    page.goto(f"{job}?state=new")
    expect(page.get_by_text("taken back").first).to_be_visible()
    assert not complaints(page), "an upload that was taken back"


def test_from_the_upload_to_the_roster(looked_at, clerk):
    page = looked_at()
    page.goto("/registry/importjob/")
    assert not complaints(page), "no uploads"
    page.goto("/registry/importjob/add/")
    with page.expect_navigation():
        page.click(".submit-row .default")
    assert not complaints(page), "an upload without a file"
    page.set_input_files("[name=file]", ROSTER)
    page.click(".submit-row .default")
    page.wait_for_url("**/change/")
    assert not complaints(page), "an upload that was read"
    page.goto("/registry/importjob/")
    assert not complaints(page), "uploads"
    page.goto("/rosters/")
    page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    assert not complaints(page), "a roster"
    page.goto("/rosters/?on=1900-01-01")
    assert not complaints(page), "a roster of nobody"
    page.goto("/rosters/?on=soon")
    assert not complaints(page), "no roster"


def test_organisations(looked_at, clerk):
    page = looked_at()
    page.goto("/branches/organization/")
    assert not complaints(page), "the tree"
    top = clerk.grants.get().organization
    for each in (top, top.children.first()):
        page.goto(f"/organizations/{each.pk}/")
        assert not complaints(page), str(each)
    page.goto(f"/branches/organization/{top.pk}/change/")
    assert not complaints(page), "details"


def test_a_certificate_is_issued_and_printed_and_so_is_the_information_form(looked_at, clerk, odd):
    page = looked_at()
    page.goto(f"{MEMBERS}{odd.pk}/certificate/")
    assert not complaints(page), "a certificate to issue"
    page.fill("#id_addressee", "中共江海市委党校")
    page.click("[data-save]")
    page.wait_for_url("**/members/certificate/*/print/")
    page.click("details.filters > summary")
    assert not complaints(page), "a certificate to print"
    page.goto("/members/certificate/")
    expect(page.locator("#result_list")).to_contain_text("中共江海市委党校")
    assert not complaints(page), "the certificates"
    page.goto(f"{MEMBERS}{odd.pk}/form/")
    assert not complaints(page), "an information form to print"
