"""The process that asks for the statistics of a work committee with 100,000 members.

Called with ``fill`` it fills an empty register with them instead, and ends.
"""

from __future__ import annotations

import random
import sys
from datetime import date
from typing import Any

import django

django.setup()

from django.db import connection, transaction  # noqa: E402
from django.db.models import OuterRef, Subquery, Value  # noqa: E402
from django.db.models.functions import Concat  # noqa: E402

from branches.models import Organization, OrganizationPeriod  # noqa: E402
from members.demo.loading import Loader  # noqa: E402
from members.demo.trees import Forest  # noqa: E402
from members.models.figures.chosen import Chosen  # noqa: E402
from members.models.figures.reports import statistics_of  # noqa: E402
from tests.benchmarks.probe import answer, timed  # noqa: E402

ON, FIVE_YEARS_BACK = date(2026, 11, 20), date(2021, 11, 20)
PEOPLE = 126_000  # of whom a hundred thousand were members five years back
BELOW = "ZZZZ"  # where the other cities stand under the first one


@transaction.atomic
def fill() -> None:
    """The demo's cities without dues, all of them under the first work committee."""
    loader = Loader("large", 1, ON)
    loader.forest = Forest(PEOPLE, random.Random("1"))
    loader.load()
    first, *others = Organization.objects.filter(parent=None).order_by("path")
    for each in others:
        below = Concat(Value(first.path + BELOW), "path")
        Organization.objects.under(each).update(path=below)
    now = Organization.objects.filter(pk=OuterRef("organization")).values("path")
    OrganizationPeriod.objects.update(path=Subquery(now[:1]))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def statistics(times: int) -> dict[str, Any]:
    top = Organization.objects.filter(parent=None).order_by("path")[0]
    chosen = Chosen(top)
    taken = timed(lambda: statistics_of(chosen, FIVE_YEARS_BACK), times)
    numbers = statistics_of(chosen, FIVE_YEARS_BACK)
    return {
        "ms": taken,
        "members": numbers["members"]["members"]["total"],
        "balance": numbers["balance"],
    }


if __name__ == "__main__":
    if sys.argv[1:] == ["fill"]:
        fill()
    else:
        answer(statistics)
