"""What is wrong with a committee: nobody leads it, it is too small, no certificate."""

from __future__ import annotations

import pytest

from members.rules import committees
from members.rules.committees import Body


@pytest.mark.parametrize(
    ("body", "codes"),
    [
        pytest.param(
            Body("branch", "ordinary", 6, 1, secretary=True, certified=True),
            [],
            id="a small branch",
        ),
        pytest.param(
            Body("branch", "ordinary", 7, 3, secretary=True, certified=True),
            [],
            id="seven with three",
        ),
        pytest.param(
            Body("branch", "ordinary", 7, 2, secretary=True, certified=True),
            ["committee_too_small"],
            id="with two",
        ),
        pytest.param(
            Body("branch", "ordinary", 9, 0, secretary=False, certified=False),
            ["vacant_secretary", "committee_too_small"],
            id="nobody at all",
        ),
        pytest.param(
            Body("organ_committee", "ordinary", 90, 5, secretary=True, certified=False),
            ["secretary_without_certificate"],
            id="without certificate",
        ),
        pytest.param(
            Body("branch", "temporary", 9, 0, secretary=False, certified=False),
            ["vacant_secretary"],
            id="temporary",
        ),
        pytest.param(
            Body("leading_group", "ordinary", 9, 0, secretary=False, certified=False), [], id="党组"
        ),
    ],
)
def test_a_committee_is_looked_at(body, codes):
    assert committees.findings(body) == codes


def test_the_share_of_heads_who_are_secretary():
    assert committees.share([True, False, True]) == (2, 3)
    assert committees.share([]) == (0, 0)
