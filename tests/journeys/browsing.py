"""What every journey does: log in, and ask axe whether a page is for everybody."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from registry.models import User
from tests.factories import PASSWORD

AXE = Path(__file__).parent / "vendor" / "axe.js"
# axe's own rules for pages that anybody should be able to use
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]}


def log_in(page: Page, user: User) -> None:
    page.goto("/login/")
    page.fill("#id_username", user.username)
    page.fill("#id_password", PASSWORD)
    page.click("#login-form button[type=submit]")
    page.wait_for_url("**/")


def complaints(page: Page) -> list[str]:
    """Return what axe finds in light, and what of the colours in dark; a line for each place."""
    return [*_found(page, RULES), *_in_the_dark(page)]


def _in_the_dark(page: Page) -> list[str]:
    """The same page, as a screen that prefers dark shows it: nothing but its colours is other."""
    page.emulate_media(color_scheme="dark")
    found = _found(page, {"runOnly": {"type": "rule", "values": ["color-contrast"]}})
    page.emulate_media(color_scheme="light")
    return [f"in the dark: {line}" for line in found]


def _found(page: Page, rules: dict[str, Any]) -> list[str]:
    if page.evaluate("typeof axe === 'undefined'"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(f"axe.run(document, {json.dumps(rules)})")
    return [
        f"{fault['id']}: {node['html'][:400]} {node.get('failureSummary', '')[:200]}"
        for fault in found["violations"]
        for node in fault["nodes"]
    ]
