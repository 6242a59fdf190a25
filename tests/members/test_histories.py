"""Whatever happens in whatever order: the chronicle and the stays, played again from empty, give
the register, and every balance holds on every day."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from itertools import pairwise

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from branches.models import Organization
from members.models.figures.balancing import balance_of
from members.models.figures.chosen import Chosen
from tests.members.histories import (
    ACTS,
    FIRST,
    History,
    counts_on,
    organizations_on,
    places_on,
    register_now,
)

pytestmark = pytest.mark.django_db

PLACE = st.integers(0, 30)
LATER = st.sampled_from([0, 0, 1, 20, 90])
HAPPENINGS = st.lists(
    st.tuples(st.sampled_from(sorted(ACTS)), PLACE, PLACE, LATER), min_size=20, max_size=60
)


@contextmanager
def a_register_of_its_own() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@settings(
    max_examples=6,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # to shrink a history takes minutes
)
@given(HAPPENINGS, st.lists(st.integers(0, 700), min_size=2, max_size=2))
def test_a_history_played_again_gives_the_register_and_its_balances(happenings, asked):
    with a_register_of_its_own():
        it = History()
        for number, happening in enumerate(happenings):
            before = register_now() if number % 6 == 0 else None
            try:
                it.happen(*happening)
            except ValidationError:
                assert before in (None, register_now()), f"{happening} was refused and half done"
        organizations, belongs, heads = register_now()
        assert organizations_on(it.day) == organizations
        assert places_on(it.day) == belongs
        counts = counts_on(it.day)
        assert {key: count for key, count in counts.items() if count} == {
            key: count for key, count in heads.items() if count
        }
        the_balances_hold(it.day, asked)


def the_balances_hold(last_day: date, asked: list[int]) -> None:
    """Between any two of the days asked for, of every organisation that ever was."""
    span = (last_day - FIRST).days
    days = sorted({FIRST + timedelta(days=number % (span + 1)) for number in asked} | {last_day})
    for first, last in pairwise(days):
        opening, closing = counts_on(first - timedelta(days=1)), counts_on(last)
        for organization in Organization.objects.all():
            numbers = balance_of(Chosen(organization), first, last).numbers
            key = organization.pk
            where = f"{organization} {first} {last}: {numbers}"
            assert numbers["opening"] == opening[key], where
            assert numbers["closing"] == closing[key], where
            assert numbers["difference"] == 0, where
