"""A branch of which one member owes ten yuan a month, and its clerk at the sheet of 2026."""

from __future__ import annotations

import pytest

from tests.factories import TODAY, a_member
from tests.members.dues import an_assessment
from tests.members.dues_sheet.sheets import SHEET


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    """The page is opened on 20 November 2026."""
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_: TODAY)


@pytest.fixture
def member(branch):
    member = a_member(branch)
    an_assessment(member, "10.00")
    return member


@pytest.fixture
def sheet(branch, uploader):
    return f"{SHEET}?organization={branch.pk}&year=2026"
