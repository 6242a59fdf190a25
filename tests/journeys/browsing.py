"""What every journey does: log in, and ask axe whether a page is for everybody."""

from __future__ import annotations

import json
from pathlib import Path

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
    """Return what axe finds, one line for each fault and place."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(f"axe.run(document, {json.dumps(RULES)})")
    return [
        f"{fault['id']}: {node['html'][:400]} {node.get('failureSummary', '')[:200]}"
        for fault in found["violations"]
        for node in fault["nodes"]
    ]
