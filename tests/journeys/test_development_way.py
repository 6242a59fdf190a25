"""One person from the application to full membership, by three users, as the days move on.

At each day the desk shows the step that waits: first to the branch, then to the committee.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from branches.models import Organization
from members.models import DevelopmentFile, Member
from registry.calendar import PartialDate
from registry.models import User
from tests.conftest import SCREEN
from tests.factories import a_user
from tests.journeys.browsing import log_in
from tests.members.development import VOTES, a_branch_that_develops
from tests.members.development_pages import step_of

ROLES = {"branch": "branch_clerk", "committee": "committee_clerk", "approver": "approver"}


@pytest.fixture
def branch(transactional_db: Any) -> Organization:
    return a_branch_that_develops(
        name="中共江海市财政局机关第一支部委员会", founded_on=date(2000, 1, 1)
    )


@pytest.fixture
def today(monkeypatch: pytest.MonkeyPatch) -> Callable[[date], None]:
    """Move the clock of the register to noon of a day."""

    def move(day: date) -> None:
        noon = datetime(day.year, day.month, day.day, 12, tzinfo=timezone.get_current_timezone())
        monkeypatch.setattr(timezone, "now", lambda: noon)

    return move
