"""Two clerks of one branch confirm its roster at one moment, and one closes the round meanwhile."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from members.models import Confirmation, ConfirmationRound
from tests.factories import TODAY, a_branch
from tests.members.test_at_the_same_time import together

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_roster_is_confirmed_once():
    branch = a_branch()
    opened = ConfirmationRound.open(
        branch.parent, "2026-2", date(2026, 10, 31), date(2026, 12, 10), TODAY
    )
    read = [ConfirmationRound.objects.get(pk=opened.pk) for _ in range(4)]
    raised = together(*(lambda each=each: each.confirm(branch, TODAY) for each in read))
    assert [type(error) for error in raised] == [ValidationError] * 3
    assert Confirmation.objects.count() == 1
