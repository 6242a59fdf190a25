"""The register at a million members: its pages cost what they show, not what there is.

    make bench                                  on SQLite
    DATABASE_URL=postgres://… make bench        on PostgreSQL as well

Each figure is a ratio of two things asked in turns in one run, or a time that README states.
"""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median

import pytest

from tests.benchmarks.registers import Register, on_each_database, report

ROUNDS = 25
TIMES = 2


@on_each_database
def server(request) -> str:
    return request.param


@pytest.fixture(scope="module")
def medium(server: str) -> Iterator[Register]:
    register = Register("medium", server)
    yield register
    register.close()


@pytest.fixture(scope="module")
def large(server: str) -> Iterator[Register]:
    register = Register("large", server)
    yield register
    register.close()


@pytest.fixture(scope="module")
def stock(server: str, medium: Register) -> Iterator[Register]:
    register = Register("medium", server, stock=True)
    yield register
    register.close()


def in_turns(what: str, *registers: Register) -> list[float]:
    """The median time of ``what`` in each register, asked in turns so that both share the noise."""
    taken: list[list[float]] = [[] for _ in registers]
    for _ in range(ROUNDS):
        for register, measured in zip(registers, taken, strict=True):
            measured.extend(register.ask(what, times=TIMES)["ms"])
    return [median(times) for times in taken]


def test_the_member_list_costs_the_same_in_a_register_fifty_times_as_large(medium, large):
    small, big = in_turns("member_list", medium, large)
    queries = large.ask("member_list", times=1)["queries"]
    report(f"{large.name}: member list {big:.0f} ms, {big / small:.2f} × medium, {queries} queries")
    assert big / small <= 1.3
    assert queries <= 10


def test_the_scoped_list_costs_little_more_than_the_stock_one(medium, stock):
    ours, theirs = in_turns("member_list", medium, stock)
    report(f"{medium.name}: member list {ours:.0f} ms, {ours / theirs:.2f} × stock {theirs:.0f} ms")
    assert ours / theirs <= 1.2


def test_a_search_asks_one_index(large):
    found = large.ask("search", times=15)
    report(f"{large.name}: search " + ", ".join(f"{k} {v:.1f} ms" for k, v in found.items()))
    assert max(found.values()) <= 10


def test_the_tree_shows_its_first_screen_at_once(large):
    answer = large.ask("tree", times=5)
    ms = median(answer["ms"])
    report(f"{large.name}: tree of {answer['organizations']} organisations {ms:.0f} ms")
    assert ms <= 300


def test_a_past_day_costs_at_most_twice_today(large):
    answer = large.ask("roster_of_a_day", times=15)
    today, past = median(answer["today"]), median(answer["past"])
    report(f"{large.name}: members today {today:.1f} ms, a past day {past:.1f} ms")
    assert past <= 2 * today


def test_sixteen_clerks_save_at_once_and_nothing_fails(large):
    answer = large.ask("saves", clients=16, each=13)
    report(f"{large.name}: {answer['saves']} saves by 16 clients in {answer['s']:.1f} s")
    assert answer["failed"] == []
    assert answer["lost"] == 0
