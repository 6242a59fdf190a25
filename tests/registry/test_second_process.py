"""Rows that two processes work on come back complete and in their order, whatever happens."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from multiprocessing.connection import Connection

import pytest

from registry import second_process
from registry.second_process import mapped

MANY = 20_000


def sums_by_process(rows: list[int]) -> tuple[int, int]:
    time.sleep(0.002)  # as if it were work
    return sum(rows), os.getpid()


def test_the_rows_are_shared_and_come_back_in_their_order():
    made = list(mapped(lambda rows: (rows, os.getpid()), range(MANY), MANY))
    assert [row for rows, _pid in made for row in rows] == list(range(MANY))
    assert len({pid for _rows, pid in made}) == 2


def test_few_rows_stay_in_this_process():
    made = list(mapped(sums_by_process, range(100), 100))
    assert made == [(sum(range(100)), os.getpid())]


def test_a_thread_beside_others_starts_no_process():
    made: list[tuple[int, int]] = []
    thread = threading.Thread(
        target=lambda: made.extend(mapped(sums_by_process, range(MANY), MANY))
    )
    thread.start()
    thread.join()
    assert {pid for _sum, pid in made} == {os.getpid()}
    assert sum(each for each, _pid in made) == sum(range(MANY))


def test_an_error_there_is_raised_here():
    here = os.getpid()

    def work(rows: list[int]) -> None:
        if os.getpid() != here:
            raise ValueError(f"{rows[0]} cannot be sealed.")

    with pytest.raises(ValueError, match="^0 cannot be sealed"):
        list(mapped(work, range(MANY), MANY))


def test_where_the_other_process_is_killed_this_one_does_all():
    here = os.getpid()

    def work(rows: list[int]) -> tuple[int, int]:
        if os.getpid() != here and rows[0]:
            os.kill(os.getpid(), signal.SIGKILL)
        return sums_by_process(rows)

    made = list(mapped(work, range(MANY), MANY))
    assert sum(each for each, _pid in made) == sum(range(MANY))


def test_where_no_process_can_be_started_this_one_does_all(monkeypatch):
    def refused() -> int:
        raise BlockingIOError("no more processes")

    monkeypatch.setattr(os, "fork", refused)
    made = list(mapped(sums_by_process, range(MANY), MANY))
    assert {pid for _sum, pid in made} == {os.getpid()}
    assert sum(each for each, _pid in made) == sum(range(MANY))


def test_the_other_process_ends_with_the_work():
    made = mapped(sums_by_process, range(MANY), MANY)
    next(made)
    made.close()
    assert not multiprocessing.active_children()


def test_what_is_ready_does_not_pile_up_behind_a_slow_process():
    here, ready = os.getpid(), []

    def work(rows: list[int]) -> int:
        if os.getpid() != here:
            time.sleep(0.2)
        else:
            ready.append(rows[0])
        return rows[0]

    for taken, _first in enumerate(mapped(work, range(MANY), MANY)):
        assert len(ready) - taken <= second_process._MOST_WAITING


def test_the_other_process_ends_when_this_one_is_killed():
    fork = multiprocessing.get_context("fork")
    ours, theirs = fork.Pipe()

    def work(rows: list[int]) -> None:
        theirs.send(os.getpid())
        time.sleep(0.01)

    killed = fork.Process(target=lambda: list(mapped(work, range(10 * MANY), MANY)))
    killed.start()
    theirs.close()
    assert ours.poll(10)
    killed.kill()
    killed.join()
    with pytest.raises(EOFError):  # nobody holds the other end any more
        _heard_to_the_end(ours)


def _heard_to_the_end(pipe: Connection) -> None:
    while pipe.poll(10):
        pipe.recv()
