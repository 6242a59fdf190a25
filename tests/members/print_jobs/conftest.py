"""A committee with three branches, its clerk at work, and a worker that waits."""

from __future__ import annotations

import pytest

from members import tasks
from tests.factories import a_branch, a_committee, a_member, a_user


@pytest.fixture
def committee():
    return a_committee(short_name="机关党委", code="020")


@pytest.fixture
def branches(committee):
    made = [a_branch(committee, short_name=f"第{n}支部", code=f"02000{n}") for n in (1, 2, 3)]
    for branch in made[:2]:
        a_member(branch, name="李伟", phone="13800001234")
    return made


@pytest.fixture
def clerk(client, committee):
    user = a_user("committee_clerk", committee)
    client.force_login(user)
    return user


@pytest.fixture
def queue(monkeypatch):
    """Tasks wait here until the test takes its turn as their worker."""
    waiting = []
    monkeypatch.setattr(
        type(tasks.print_branches), "enqueue", lambda self, *said: waiting.append((self, said))
    )
    return waiting
