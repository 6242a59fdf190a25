"""Processes that set papers: what they answer, and what becomes of one that dies or hangs."""

from __future__ import annotations

import os
import signal
from datetime import UTC, datetime
from pathlib import Path

import pytest

from registry.papers import presses
from registry.papers.columns import PaperColumn, table
from registry.papers.compiling import PaperError, render
from registry.papers.lists import ListPaper
from registry.papers.press import packed, unpacked
from registry.papers.presses import Presses
from registry.papers.typefaces import Typefaces

AT = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)
NAME = PaperColumn[str]("name", "姓名", 20, lambda name: name)


def data_of(*names: str) -> dict[str, object]:
    return ListPaper("名单", "", "", "", table((NAME,), names)).data()


@pytest.fixture
def one():
    with Presses(count=1) as made:
        yield made


def process_of(one) -> int:
    return one._all[0]._process.pid


def test_a_paper_is_the_same_as_one_that_is_set_here(one):
    data = data_of("李伟", "#panic()")
    printed = one.submit("list", data, AT).result()
    assert printed == render("list", data, printed_at=AT)


def test_the_fonts_of_an_office_reach_the_process():
    fonts = Typefaces(("仿宋_GB2312",), ("方正小标宋",), folders=(Path("/fonts"),), installed=False)
    assert unpacked(packed(fonts)) == fonts


def test_a_paper_that_cannot_be_set_says_why_and_the_next_one_comes(one):
    with pytest.raises(PaperError) as error:
        one.submit("nothing", data_of()).result()
    assert str(error.value) == (
        "There is no paper “nothing”. Look into templates/papers for those there are."
    )
    with pytest.raises(PaperError, match="could not be printed"):
        one.submit("list", {}).result()
    assert one.submit("list", data_of("李伟")).result().startswith(b"%PDF")


def test_a_process_that_dies_costs_one_paper(one):
    one.submit("list", data_of("李伟")).result()
    os.kill(process_of(one), signal.SIGSTOP)
    lost = one.submit("list", data_of("李伟"))
    os.kill(process_of(one), signal.SIGKILL)
    with pytest.raises(PaperError) as error:
        lost.result()
    assert str(error.value) == (
        "The paper “list” could not be printed: it took too long, or needed more memory than"
        " there is."
    )
    assert one.submit("list", data_of("李伟")).result().startswith(b"%PDF")


def test_a_process_that_hangs_is_ended(one, monkeypatch):
    one.submit("list", data_of("李伟")).result()
    monkeypatch.setattr(presses, "SECONDS", 0.2)
    os.kill(process_of(one), signal.SIGSTOP)
    with pytest.raises(PaperError, match="it took too long"):
        one.submit("list", data_of("李伟")).result()


def test_when_the_work_is_left_the_processes_end():
    with Presses(count=1) as left:
        waiting = [left.submit("list", data_of("李伟")) for _ in range(5)]
        waiting[0].result()
        pid = process_of(left)
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    assert all(each.done() for each in waiting)
