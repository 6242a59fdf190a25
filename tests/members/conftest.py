"""A committee, one of its branches, and the clerk of the committee at work."""

from __future__ import annotations

import pytest

from tests.factories import TODAY, a_branch, a_committee, a_user


@pytest.fixture
def committee():
    return a_committee()


@pytest.fixture
def branch(committee):
    return a_branch(committee)


@pytest.fixture
def clerk(client, committee):
    user = a_user("committee_clerk", committee, name="Clerk Li")
    client.force_login(user)
    return user


@pytest.fixture
def uploader(client, branch):
    """The clerk of the branch alone, at work."""
    user = a_user("branch_clerk", branch)
    client.force_login(user)
    return user


@pytest.fixture
def on_that_day(monkeypatch):
    """It is the day on which the people of the factories were entered."""
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: TODAY)
