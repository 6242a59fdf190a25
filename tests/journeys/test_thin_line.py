"""The main job, as a clerk does it: from a hand-made workbook to a printed roster, in a browser."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from playwright.sync_api import Page, expect

from branches.models import Organization
from branches.rules import roles
from members.models import Member
from registry.models import Entry, User
from tests.factories import PASSWORD, a_user

MUSEUM = Path(__file__).parents[1] / "sheets" / "museum"
BRANCH = "100001001001"


@pytest.fixture
def city(transactional_db: Any) -> None:
    call_command("import_organizations", MUSEUM / "organizations.xlsx", verbosity=0)


def log_in(page: Page, user: User) -> None:
    page.goto("/login/")
    page.fill("#id_username", user.username)
    page.fill("#id_password", PASSWORD)
    page.click("#login-form button[type=submit]")
    page.wait_for_url("**/")


@pytest.mark.usefixtures("city")
def test_a_hand_made_roster_goes_from_upload_to_a_printed_pdf(page: Page, tmp_path: Path):
    branch = Organization.objects.get(code=BRANCH)
    clerk = a_user("branch_clerk", branch, name="王小明")
    log_in(page, clerk)

    # Upload: the organisation is the clerk's own, the workbook is as the office has it.
    page.get_by_role("link", name="表格导入").first.click()
    page.get_by_role("link", name=re.compile("导入|上传")).last.click()
    page.set_input_files("input[type=file]", MUSEUM / "handmade-roster.xlsx")
    if page.locator("#id_organization").input_value() == "":
        page.locator(".select2-selection").first.click()
        page.locator(".select2-results__option", has_text="第一").first.click()
    page.locator(".submit-row button[type=submit]").click()

    # Look: fifteen are new, one ID number is wrong, and its cell is named.
    content = page.locator("#content-main")
    expect(content).to_contain_text("Sheet1!M10")
    expect(content).to_contain_text("末位校验不符")
    assert not Member.objects.exists(), "nothing is written before it is applied"

    # Apply the good rows: the people are in the list, with the finding's one left out.
    with page.expect_navigation():  # the answer comes after the rows
        page.locator(".toolbar button.default").click()
    assert Member.objects.on_roll().under(branch).count() == 15
    page.goto("/members/member/")
    expect(page.locator("#result_list tbody tr")).to_have_count(15)
    expect(page.locator("#result_list")).to_contain_text("司马若")
    page.fill("#searchbar", "smr")
    page.keyboard.press("Enter")
    expect(page.locator("#result_list tbody tr")).to_have_count(1)

    # Print: an A4 landscape roster of the branch, ID numbers masked.
    page.goto(f"/rosters/?organization={branch.pk}")
    expect(page.locator("#content")).to_contain_text("司马若")
    answer = page.request.get(f"/rosters/pdf/?organization={branch.pk}")
    assert answer.headers["content-type"] == "application/pdf"
    paper = tmp_path / "roster.pdf"
    paper.write_bytes(answer.body())
    told = subprocess.run(["pdfinfo", paper], capture_output=True, text=True, check=True).stdout
    assert re.search(r"Page size:\s+841\.\d+ x 595", told), told
    text = subprocess.run(
        ["pdftotext", "-layout", paper, "-"], capture_output=True, text=True, check=True
    ).stdout
    assert "机关第一党支部党员花名册" in text
    assert "共15人" in text
    assert "***************652" in text
    assert "440524196611301652" not in text

    # And the log knows all of it.
    actions = set(Entry.objects.filter(user=clerk).values_list("action", flat=True))
    assert {"login", "import", "add", "print"} <= actions


# What the sidebar offers to each role, by where its pages are.
OFFERED = {
    "branch_clerk": {"/members/member/", "/organizations/tree/", "/rosters/"},
    "committee_clerk": {"/members/member/", "/organizations/tree/", "/rosters/"},
    "approver": {"/members/member/", "/organizations/tree/", "/rosters/"},
    "reader": {"/members/member/", "/organizations/tree/", "/rosters/"},
    "auditor": {"/branches/auditentry/", "/branches/account/"},
    "system_administrator": {"/branches/account/"},
}
OF_MEMBERS = OFFERED["reader"]


@pytest.mark.usefixtures("city")
@pytest.mark.parametrize("role", roles.ROLES)
def test_each_role_logs_in_to_its_own_pages_and_to_no_others(role: str, page: Page):
    branch = Organization.objects.get(code=BRANCH)
    everything = roles.VIEW not in roles.ROLES[role].verbs
    at = None if everything else branch if role == "branch_clerk" else branch.parent
    log_in(page, a_user(role, at, name="王小明"))
    links = page.locator("nav a[href]").evaluate_all(
        "links => links.map(link => link.getAttribute('href').split('?')[0])"
    )
    assert OFFERED[role] <= set(links)
    assert everything == (not OF_MEMBERS & set(links))
    for address in sorted(OFFERED[role]):
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 200
    for address in sorted({*OF_MEMBERS, "/branches/account/"} - OFFERED[role]):
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 403, address
