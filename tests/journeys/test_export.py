"""A clerk takes a list out: arrows, numbers, a kept choice, and the file itself."""

from __future__ import annotations

import csv
from pathlib import Path

from playwright.sync_api import Page, expect


def downloaded(page: Page) -> Path:
    with page.expect_download() as waiting:
        page.locator(".submit-row button.default").click()
    return Path(waiting.value.path())


def test_columns_are_moved_by_the_keyboard_and_kept_under_a_name(desk: Page):
    desk.goto("/members/member/?sex=M")
    desk.locator("a[href*='/export/']").click()
    desk.wait_for_load_state("load")  # keys are lost on a page whose script is not there yet
    columns = desk.locator(".export-columns li")

    # The name goes to the front, the age comes behind what is chosen; the numbers follow.
    name = columns.filter(has=desk.locator("#id_place-name"))
    for _step in range(3):
        name.locator("[data-move=up]").press("Enter")
    expect(columns.first).to_contain_text("姓名")
    expect(desk.locator("#id_place-name")).to_have_value("1")
    expect(desk.locator("#id_place-row_number")).to_have_value("2")
    last = desk.locator(".export-columns input").evaluate_all(
        "boxes => boxes.filter((box) => box.value).length"
    )
    columns.filter(has=desk.locator("#id_place-age")).locator("[data-move=down]").press("Enter")
    expect(desk.locator("#id_place-age")).to_have_value(str(last + 1))

    desk.locator("details:has(#id_choice_name) summary").click()
    desk.fill("#id_choice_name", "通讯录")
    desk.check("input[name=file_format][value=csv]")
    desk.locator("button[name=save]").click()
    expect(desk.locator(".tabs [aria-current]")).to_have_text("通讯录")
    expect(columns.first).to_contain_text("姓名")

    rows = list(csv.reader(downloaded(desk).read_text("utf-8-sig").splitlines()))
    assert (rows[0][0], rows[0][last], len(rows)) == ("姓名", "年龄", 25)
