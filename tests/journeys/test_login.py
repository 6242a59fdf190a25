"""Logging in, and out without wanting to, in a real browser."""

from __future__ import annotations

import time
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect

from registry.login import totp
from registry.models import SecondFactor, User
from tests.factories import PASSWORD, a_branch, a_user

ADD = "/members/member/add/"


@pytest.fixture
def clerk(transactional_db: Any) -> User:
    return a_user("branch_clerk", a_branch(name="中共江海市财政局机关第一支部委员会"))


def type_password(page: Page, user: User) -> None:
    page.fill("#id_username", user.username)
    page.fill("#id_password", PASSWORD)
    page.click("#login-form button[type=submit]")


def sixteen_minutes_pass() -> None:
    for row in Session.objects.all():
        content = row.get_decoded()
        content["active"] -= 16 * 60
        row.session_data = Session.get_session_store_class()().encode(content)
        row.save()


def test_a_form_that_was_saved_too_late_is_filled_in_after_the_login(page: Page, clerk: User):
    page.goto(f"/login/?next={ADD}")
    type_password(page, clerk)
    page.fill("#id_name", "古丽娜尔·买买提江")
    page.fill("#id_phone", "13800138000")
    sixteen_minutes_pass()
    page.locator("[name=_save]").first.click()

    page.wait_for_url("**/login/**")
    type_password(page, clerk)
    page.wait_for_url(f"**{ADD}")
    expect(page.locator("#id_name")).to_have_value("古丽娜尔·买买提江")
    expect(page.locator("#id_phone")).to_have_value("13800138000")


def test_typing_keeps_the_session_and_says_when_it_has_ended(page: Page, clerk: User):
    page.clock.install()
    page.goto(f"/login/?next={ADD}")
    type_password(page, clerk)
    asked: list[int] = []
    page.on("response", lambda answer: "login/alive" in answer.url and asked.append(answer.status))
    page.locator("#id_name").press_sequentially("abc")
    assert not asked, "not with every key"
    page.clock.fast_forward("01:01")
    with page.expect_response("**/login/alive/"):
        page.locator("#id_name").press_sequentially("abc")
    assert asked == [204]

    sixteen_minutes_pass()
    page.clock.fast_forward("01:01")
    page.locator("#id_name").press_sequentially("d")
    expect(page.locator("#session-ended")).to_be_visible()
    assert asked[-1] == 401


def test_a_second_factor_is_set_up_from_the_picture_and_asked_for(
    page: Page, clerk: User, settings: Any
):
    settings.TOTP_ROLES = ["branch_clerk"]
    page.goto("/login/")
    type_password(page, clerk)
    page.wait_for_url("**/login/second-factor/**")
    picture = page.locator("img")
    assert picture.evaluate("image => image.complete && image.naturalWidth > 0")
    factor = SecondFactor.objects.get(user=clerk)
    page.fill("#id_code", totp.code_at(totp.secret_bytes(factor), int(time.time()) // 30))
    page.click("#login-form button[type=submit]")
    page.wait_for_url("**/")

    page.context.clear_cookies()
    page.goto("/login/")
    type_password(page, clerk)
    page.wait_for_url("**/login/code/**")
    page.fill("#id_code", totp.code_at(totp.secret_bytes(factor), int(time.time()) // 30 + 1))
    page.click("#login-form button[type=submit]")
    page.wait_for_url("**/")
