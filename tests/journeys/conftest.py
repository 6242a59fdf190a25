"""A committee with three branches, its clerk, and tabs in which he has logged in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from registry.calendar import PartialDate
from registry.models import User, acting
from tests.conftest import SCREEN
from tests.factories import a_branch, a_committee, a_member, a_user
from tests.journeys.browsing import log_in


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


@pytest.fixture
def desk(page: Page, clerk: User) -> Page:
    """A tab in which the clerk has logged in."""
    log_in(page, clerk)
    return page


@pytest.fixture
def looked_at(browser: Browser, live_server: Any, clerk: User) -> Iterator[Callable[..., Page]]:
    """A tab without security policy, which axe needs."""
    contexts = []

    def look(*, logged_in: bool = True) -> Page:
        context = browser.new_context(base_url=live_server.url, viewport=SCREEN, bypass_csp=True)
        contexts.append(context)
        page = context.new_page()
        if logged_in:
            log_in(page, clerk)
        return page

    yield look
    for context in contexts:
        context.close()
