"""The statistics of a work committee with 100,000 members, as at a day five years back."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median

from tests.benchmarks.registers import FilledRegister, on_each_database, report

ROUNDS = 5


@on_each_database
def cities(request) -> Iterator[FilledRegister]:
    register = FilledRegister("figures", request.param)
    yield register
    register.close()


def test_the_statistics_of_a_hundred_thousand_members_five_years_back(cities):
    found = cities.ask("statistics", times=ROUNDS)
    taken = median(found["ms"])
    report(f"{cities.name}: statistics of {found['members']} members {taken:.0f} ms")
    assert found["members"] >= 100_000
    assert found["balance"]["difference"] == 0
    assert taken <= 1500
