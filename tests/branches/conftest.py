"""A committee with its clerk, in a tree with neighbours."""

from __future__ import annotations

import pytest

from tests.factories import a_branch, a_committee, a_user, a_work_committee


@pytest.fixture
def office():
    """A committee with its clerk, in a tree with neighbours."""

    class Office:
        top = a_work_committee(code="01", short_name="机关工委")
        committee = a_committee(top, code="01001", short_name="财政局机关党委")
        branch = a_branch(committee, code="01001001", short_name="第一党支部")
        other = a_committee(top, code="01002", short_name="民政局机关党委")
        clerk = a_user("committee_clerk", committee)

    return Office


@pytest.fixture
def clerk(client, office):
    client.force_login(office.clerk)
    return client
