"""The look, in a real browser: dense, whole, readable by everybody, clean on paper."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from members.models import Member
from tests.journeys.browsing import complaints

MEMBERS = "/members/member/"
pytestmark = pytest.mark.look


PAGES = {
    "start": "/",
    "list": MEMBERS,
    "list with filters": f"{MEMBERS}?kind=full&q=li",
    "empty list": f"{MEMBERS}?q=nobody",
    "list with a message": f"{MEMBERS}?no=such",
    "new member": f"{MEMBERS}add/",
    "export": f"{MEMBERS}export/",
    "password": "/password_change/",
    "no such page": "/nothing/",
}


def test_pages_are_for_everybody_before_the_login_and_after_it(looked_at):
    page = looked_at(logged_in=False)
    for address in ("/login/", "/nothing/"):
        page.goto(address)
        assert not complaints(page), address
    page = looked_at()
    for name, address in PAGES.items():
        page.goto(address)
        page.evaluate("document.querySelectorAll('details').forEach((it) => { it.open = true; })")
        assert not complaints(page), name


def test_a_record_is_for_everybody_with_and_without_errors(looked_at):
    page = looked_at()
    page.goto(MEMBERS)
    page.click("#result_list tbody th a")
    page.wait_for_url("**/change/**", wait_until="load")
    assert not complaints(page)
    page.fill("[name=name]", "")
    page.click("[name=_save]")
    expect(page.locator("#error-summary")).to_be_focused()
    assert not complaints(page)


@pytest.mark.parametrize("locale", ["zh-hans", "en"])
def test_ten_rows_stand_whole_on_a_common_screen(desk, locale):
    desk.context.add_cookies([{"name": "django_language", "value": locale, "url": desk.url}])
    desk.goto(MEMBERS)
    whole = desk.evaluate(
        """() => [...document.querySelectorAll("#result_list tbody tr")].filter(
            (row) => row.getBoundingClientRect().bottom <= innerHeight).length"""
    )
    assert whole >= 10
    # the page never; a list of the standard columns neither
    assert desk.evaluate("document.documentElement.scrollWidth <= innerWidth")
    cut_off = desk.evaluate(
        "(() => { const box = document.querySelector('.results');"
        " return box.scrollWidth - box.clientWidth; })()"
    )
    assert cut_off <= 0


def test_a_wide_list_scrolls_in_its_own_box_and_keeps_the_name_in_sight(desk):
    desk.goto(MEMBERS)
    desk.click(".column-form >> xpath=.. >> summary")
    for box in desk.locator(".column-form input[type=checkbox]").all():
        box.check()
    with desk.expect_navigation():
        desk.click(".column-form button.default")
    assert desk.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert desk.evaluate(
        """() => { const box = document.querySelector(".results"); box.scrollLeft = 400;
            const name = box.querySelector("tbody th").getBoundingClientRect();
            return box.scrollLeft > 0 && name.left < box.getBoundingClientRect().left + 60; }"""
    )


def test_a_slash_searches_and_actions_wait_for_rows(desk):
    desk.goto(MEMBERS)
    desk.keyboard.press("/")
    expect(desk.locator("#searchbar")).to_be_focused()
    action = desk.locator("[data-needs-rows]").first
    expect(action).to_be_disabled()
    desk.locator(".action-select").first.check()
    expect(action).to_be_enabled()
    desk.locator("#action-toggle").check()
    expect(desk.locator(".action-counter")).to_contain_text("24")


def test_filters_are_set_together_and_taken_away_by_their_chips(desk):
    desk.goto(MEMBERS)
    desk.click("details.filters > summary")
    desk.select_option(".filter-form [name=kind]", "full")
    desk.select_option(".filter-form [name=category]", "in_service")
    desk.click(".filter-form button.default")
    desk.wait_for_url("**kind=full**")
    assert "sex=" not in desk.url, "what was left open is not in the address"
    expect(desk.locator(".chips .chip")).to_have_count(2)
    desk.locator(".chips .chip").first.click()
    expect(desk.locator(".chips .chip")).to_have_count(1)


def test_the_save_bar_is_in_sight_and_ctrl_enter_saves(desk):
    desk.goto(MEMBERS)
    desk.click("#result_list tbody th a")
    save = desk.locator("[name=_save]")
    expect(save).to_be_in_viewport()
    desk.fill("[name=job_title]", "Changed by keyboard")
    desk.keyboard.press("Control+Enter")
    desk.wait_for_url(f"**{MEMBERS}")
    assert "Changed by keyboard" in desk.content()


def test_a_new_person_is_entered_from_the_keyboard(desk):
    desk.goto(f"{MEMBERS}add/")
    branch = desk.locator(".field-organization .select2-selection")
    expect(branch).to_be_focused()
    desk.keyboard.press("Enter")
    desk.keyboard.type("第二")
    expect(desk.locator(".select2-results__option--highlighted")).to_contain_text("第二")
    desk.keyboard.press("Enter")
    for name, typed in (("name", "王小明"), ("born_on", "1985.6"), ("full_member_on", "2011年7月")):
        for _ in range(25):
            desk.keyboard.press("Tab")
            if desk.evaluate("document.activeElement.name") == name:
                break
        desk.keyboard.type(typed)
    desk.keyboard.press("Control+Enter")
    desk.wait_for_url(lambda url: "/add/" not in url)
    assert Member.objects.get(name="王小明").organization.name.endswith("第二支部委员会")


def test_leaving_with_unsaved_changes_asks(desk):
    desk.goto(MEMBERS)
    desk.click("#result_list tbody th a")
    asked: list[str] = []
    desk.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    desk.fill("[name=job_title]", "Half typed")
    desk.goto("/")
    assert asked == ["beforeunload"]


def test_the_appearance_changes_at_once_and_stays(desk):
    desk.click("#user-tools > summary")
    with desk.expect_response("**/preferences/"):
        desk.click("#user-tools [value=dark]")
    assert desk.evaluate("document.documentElement.dataset.theme") == "dark"
    desk.goto(MEMBERS)
    assert desk.evaluate("document.documentElement.dataset.theme") == "dark"


def test_the_folded_sidebar_stays_folded(desk):
    with desk.expect_response("**/preferences/"):
        desk.click("#sidebar-toggle")
    desk.goto(MEMBERS)
    assert desk.locator("#sidebar").bounding_box()["width"] < 60


def test_the_charts_are_drawn_and_can_be_read_as_tables(desk):
    desk.goto("/")
    assert desk.evaluate("Object.keys(window.Chart.instances).length") == 2
    desk.locator(".chart-table summary").first.click()
    expect(desk.locator(".chart-table td a").first).to_be_visible()


def test_a_printed_list_is_only_the_list(desk):
    desk.goto(MEMBERS)
    desk.emulate_media(media="print")
    for gone in ("#header", "#sidebar", ".list-bar", ".object-tools", ".action-checkbox-column"):
        expect(desk.locator(gone).first).to_be_hidden()
    expect(desk.locator("#result_list")).to_be_visible()
    assert desk.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
