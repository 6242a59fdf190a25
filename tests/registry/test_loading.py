"""Rows that go into the database many at a time."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from registry.loading import insert
from registry.models import Counter

pytestmark = pytest.mark.django_db


def test_what_the_database_refuses_has_the_name_that_others_catch():
    fields = [field.name for field in Counter._meta.concrete_fields]
    row = [getattr(Counter(name="twice"), name) for name in fields]
    with pytest.raises(IntegrityError), transaction.atomic():
        insert(Counter, fields, [row, row])
    assert not Counter.objects.filter(name="twice").exists()


def test_whatever_makes_the_rows_may_ask_the_database():
    def rows():
        for name in ("first", "second"):
            yield [
                getattr(Counter(name=f"{name} of {Counter.objects.count()}"), each)
                for each in fields
            ]

    fields = [field.name for field in Counter._meta.concrete_fields]
    before = Counter.objects.count()
    assert insert(Counter, fields, rows()) == 2
    assert Counter.objects.count() == before + 2
