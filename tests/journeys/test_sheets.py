"""Any workbook in, nothing lost, any list out: the whole way of one, as a clerk goes it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.management import call_command
from playwright.sync_api import Page, expect

from branches.models import Organization
from members.models import Member
from tests.factories import a_user
from tests.journeys.browsing import log_in
from tests.journeys.workbooks import BRANCH, RIGHT, WRONG, a_form, a_roster

MUSEUM = Path(__file__).parents[1] / "sheets" / "museum"
COMMITTEE = "100001001"


@pytest.fixture
def clerk(transactional_db: Any, page: Page) -> Any:
    call_command("import_organizations", MUSEUM / "organizations.xlsx", verbosity=0)
    committee = Organization.objects.get(code=COMMITTEE)
    clerk = a_user("committee_clerk", committee, name="王小明")
    log_in(page, clerk)
    return clerk


def fetched(page: Page, link: Any) -> Path:
    with page.expect_download() as waiting:
        link.click()
    path = Path(waiting.value.path())
    kept = path.with_suffix(".xlsx")
    path.rename(kept)
    return kept


def step(page: Page, name: str) -> Any:
    """The button or link of a step below an upload's own page."""
    return page.locator(f"a[href$='/{name}/'], form[action$='/{name}/'] button").first


@pytest.mark.usefixtures("clerk")
def test_a_workbook_goes_in_is_corrected_applied_exported_filled_in_and_taken_back(
    page: Page, tmp_path: Path
):
    content = page.locator("#content-main")

    # In it goes, as the office has it: title, merged branches, a total, a signature.
    page.goto("/registry/importjob/add/")
    page.set_input_files("input[type=file]", a_roster(tmp_path))
    page.locator(".submit-row button[type=submit]").click()
    expect(content).to_contain_text("花名册!I6")
    expect(content).to_contain_text("车牌号")
    job = page.url.removesuffix("change/")

    # The column that nobody knows becomes a field of the office.
    step(page, "columns").click()
    page.locator("tr:has(th:text-is('车牌号')) select").select_option(label="本单位自定义项")
    page.locator(".submit-row button.default").click()
    page.goto(job)

    # The workbook comes back as it was, the wrong cell coloured and told of.
    sheet = openpyxl.load_workbook(fetched(page, step(page, "returned")))["花名册"]
    assert sheet["A1"].value == "交通局机关党员花名册"
    assert "末位" in sheet["I6"].comment.text
    assert sheet["I6"].value == WRONG
    assert "H4:H7" in {str(merge) for merge in sheet.merged_cells.ranges}

    # The error is corrected and the question answered on the page, by the keyboard.
    page.goto(f"{job}change/?state=error")
    box = page.locator("input[name$=':id_number'][type=text]")
    box.fill(RIGHT)
    with page.expect_navigation():
        box.press("Enter")
    page.goto(f"{job}change/?state=question")
    october = page.locator("input[type=radio][value='1985-10']")
    october.check()
    with page.expect_navigation():
        page.locator(".submit-row button[name=save]").click()
    assert not Member.objects.exists(), "nothing is written before it is applied"

    # Applied: four people in the branch that the merged cell names.
    page.goto(f"{job}change/")
    with page.expect_navigation():
        step(page, "apply").click()
    expect(page.locator(".messagelist")).to_contain_text("4")
    found = {member.name: member for member in Member.objects.select_related("organization")}
    assert {member.organization.short_name for member in found.values()} == {BRANCH}
    assert str(found["陶建国"].born_on) == "1985-10"
    assert found["陶晓红"].id_number == RIGHT
    assert found["陶敏"].own == {"车牌号": "浙A10001"}

    # Out again, from the list, masked.
    page.goto("/members/member/?q=taomin")
    page.locator("a[href*='/export/']").first.click()
    page.locator("[id='id_place-own:车牌号']").fill("30")
    lines = openpyxl.load_workbook(fetched(page, page.locator(".submit-row button.default"))).active
    row = [str(cell.value) for cell in lines[3]]
    assert "陶敏" in row
    assert "浙A10001" in row
    assert "11010119800517002X" not in row

    # The form of a superior comes back filled, and what it asks beyond the register is named.
    page.goto("/members/member/")
    page.locator("a[href*='/fill-form/']").first.click()
    page.set_input_files("input[type=file]", a_form(tmp_path))
    page.locator(".submit-row button.default").click()
    expect(content).to_contain_text("微信群昵称")
    form = openpyxl.load_workbook(fetched(page, page.locator("a[href*='/files/']"))).active
    assert [form.cell(row, 2).value for row in range(3, 7)] == [
        "陶敏", "陶建国", "陶晓红", "欧阳若男",
    ]  # fmt: skip
    assert [form.cell(row, 1).value for row in range(3, 7)] == [1, 2, 3, 4]
    assert form["A7"].value == "填表人："

    # And next week all of it is taken back, but for whom somebody has corrected since.
    found["欧阳若男"].note = "已核对"
    found["欧阳若男"].correct(found["欧阳若男"].placements.get().placed_from)
    page.goto(f"{job}change/")
    step(page, "undo").click()
    with page.expect_navigation():
        page.locator(".submit-row button.default").click()
    assert set(Member.objects.on_roll().values_list("name", flat=True)) == {"欧阳若男"}
    expect(content).to_contain_text("欧阳若男")
