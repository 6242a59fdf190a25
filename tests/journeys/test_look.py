"""The look, in a real browser: dense, whole, readable by everybody, clean on paper."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from registry.calendar import PartialDate
from registry.models import User, acting
from tests.conftest import SCREEN
from tests.factories import PASSWORD, a_branch, a_committee, a_member, a_user

AXE = Path(__file__).parent / "vendor" / "axe.js"
MEMBERS = "/members/member/"
# axe's own rules for pages that anybody should be able to use
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]}


@pytest.fixture
def clerk(transactional_db) -> User:
    committee = a_committee(name="中共江海市财政局机关委员会")
    branches = [
        a_branch(committee, name=f"中共江海市财政局机关第{number}支部委员会") for number in "一二三"
    ]
    clerk = a_user("committee_clerk", committee, name="王小明")
    with acting(clerk):
        for number in range(24):
            a_member(
                branches[number % 3],
                name="尉迟建国" if number % 2 else "李芳",
                born_on=PartialDate(1955 + number * 2, 5),
                id_number="",
                joined_on=PartialDate(1985 + number * 1, 6),
                full_member_on=PartialDate(1986 + number * 1, 6),
                job_title="财政局办公室一级主任科员",
            )
    return clerk


def log_in(page: Page, user: User) -> None:
    page.goto("/login/")
    page.fill("#id_username", user.username)
    page.fill("#id_password", PASSWORD)
    page.click("#login-form button[type=submit]")
    page.wait_for_url("**/")


@pytest.fixture
def desk(page: Page, clerk: User) -> Page:
    """A tab in which the clerk has logged in."""
    log_in(page, clerk)
    return page


@pytest.fixture
def looked_at(browser: Browser, live_server: Any, clerk: User) -> Iterator[Callable[..., Page]]:
    """A tab without security policy, which axe needs, in light or dark."""
    contexts = []

    def look(scheme: str, *, logged_in: bool = True) -> Page:
        context = browser.new_context(
            base_url=live_server.url, viewport=SCREEN, color_scheme=scheme, bypass_csp=True
        )
        contexts.append(context)
        page = context.new_page()
        if logged_in:
            log_in(page, clerk)
        return page

    yield look
    for context in contexts:
        context.close()


def complaints(page: Page) -> list[str]:
    """Return what axe finds, one line for each fault and place."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(f"axe.run(document, {json.dumps(RULES)})")
    return [
        f"{fault['id']}: {node['html'][:400]} {node.get('failureSummary', '')[:200]}"
        for fault in found["violations"]
        for node in fault["nodes"]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("address", ["/login/", "/nothing/"])
def test_pages_before_the_login_are_for_everybody(looked_at, scheme, address):
    page = looked_at(scheme, logged_in=False)
    page.goto(address)
    assert not complaints(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "address",
    [
        pytest.param("/", id="start"),
        pytest.param(MEMBERS, id="list"),
        pytest.param(f"{MEMBERS}?kind=full&q=li", id="list with filters"),
        pytest.param(f"{MEMBERS}?q=nobody", id="empty list"),
        pytest.param(f"{MEMBERS}?no=such", id="list with a message"),
        pytest.param(f"{MEMBERS}add/", id="new member"),
        pytest.param("/password_change/", id="password"),
        pytest.param("/nothing/", id="no such page"),
    ],
)
def test_pages_are_for_everybody(looked_at, scheme, address):
    page = looked_at(scheme)
    page.goto(address)
    page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    assert not complaints(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_record_is_for_everybody_with_and_without_errors(looked_at, scheme):
    page = looked_at(scheme)
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
    desk.click(".column-form button.default")
    desk.wait_for_load_state()
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
