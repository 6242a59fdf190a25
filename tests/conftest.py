"""What every test may ask for: a language, a browser, a page."""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import translation
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright

from registry import encryption

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",  # a test container's root has no other choice
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SCREEN = {"width": 1366, "height": 768}  # the commonest one in offices


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The folder says what a test is, so that nobody has to write it above each."""
    here = Path(__file__).parent
    for item in items:
        room = item.path.relative_to(here).parts[0]
        if room == "journeys":
            item.add_marker(pytest.mark.journey)
        elif room == "benchmarks":
            item.add_marker(pytest.mark.benchmark)
    if connection.vendor != "sqlite":
        # What asks no database, and how pages look, is run once, on SQLite; of a table of cases
        # the second database is asked the first and the last.
        again = set(_first_and_last(filter(_depends_on_the_database, items)))
        config.hook.pytest_deselected(items=[item for item in items if item not in again])
        items[:] = [item for item in items if item in again]


def _first_and_last(items: Iterable[pytest.Item]) -> Iterator[pytest.Item]:
    """The items, of those that differ in their parameters only two; benchmarks are all asked."""
    tests = groupby(items, key=lambda item: item.nodeid.partition("[")[0])
    for _name, each in tests:
        cases = list(each)
        measured = cases[0].get_closest_marker("benchmark")
        yield from cases if measured or len(cases) < 3 else (cases[0], cases[-1])


def _depends_on_the_database(item: pytest.Item) -> bool:
    fixtures = set(getattr(item, "fixturenames", ()))
    if "looked_at" in fixtures or item.get_closest_marker("look"):
        return False
    databases = {"db", "transactional_db", "live_server"}
    marked = any(item.get_closest_marker(mark) for mark in ("django_db", "benchmark"))
    return marked or bool(fixtures & databases)


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """No test inherits the language in which another has ended."""
    with translation.override("en"):
        yield


@pytest.fixture
def unlogged() -> Iterator[None]:
    """Thousands of refusals are expected; writing a line about each would take half of the time."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def zh(settings: Any, _english: None) -> Iterator[None]:
    """Pages, messages and sentences come in Chinese, as clerks see them."""
    settings.LANGUAGE_CODE = "zh-hans"
    with translation.override("zh-hans"):
        yield


@pytest.fixture
def fresh_keys() -> Iterator[Callable[[], None]]:
    """Call it after a change of the key file; the register's own keys come back afterwards."""
    yield encryption.forget_keys
    encryption.forget_keys()


def missing(what: str) -> None:
    """Skip the test with the reason; where everything must be there, fail with it."""
    sentence = f"{what} is missing. Install it: sudo apt install {what}"
    if os.environ.get("CI") == "true":
        pytest.fail(sentence)
    pytest.skip(sentence)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium of this machine for all journeys; skipped with a reason where there is none."""
    program = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if program is None:
        missing("chromium")
    # The driver keeps an event loop in this thread, which Django takes for asynchronous code.
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as driver:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        chromium = driver.chromium.launch(executable_path=program, args=CHROMIUM_ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def pdftoppm() -> str:
    """The program that turns a paper into pictures."""
    program = shutil.which("pdftoppm")
    if program is None:
        missing("poppler-utils")
    return str(program)


class Complaints(list[str]):
    """What a page did that no page of ours may do."""

    def __init__(self, home: str) -> None:
        super().__init__()
        self.home = home

    def judge_request(self, request: Request) -> None:
        if not request.url.startswith((self.home, "data:", "blob:", "about:")):
            self.append(f"{request.url} was asked for, which lies outside.")

    def judge_console(self, message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text or "Content-Security-Policy" in message.text:
            self.append(message.text)


@pytest.fixture
def page(browser: Browser, live_server: Any, settings: Any) -> Iterator[Page]:
    """A fresh tab on the running site, as a clerk's screen shows it; ``page.goto("/")`` works.

    Fails the test when a page asks for anything outside, breaks the security policy, or throws.
    """
    settings.LANGUAGE_CODE = "zh-hans"
    complaints = Complaints(live_server.url)
    context = browser.new_context(
        base_url=live_server.url, locale="zh-CN", timezone_id="Asia/Shanghai", viewport=SCREEN
    )
    tab = context.new_page()
    tab.set_default_timeout(30_000)
    context.on("request", complaints.judge_request)
    tab.on("console", complaints.judge_console)
    tab.on("pageerror", lambda error: complaints.append(str(error)))
    yield tab
    context.close()
    assert not complaints
