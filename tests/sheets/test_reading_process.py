"""The process that reads: it may die, hang or flood, and the server says a sentence."""

from __future__ import annotations

import io
import signal
import sys
import zipfile

import pytest

from registry.sheets import container, reading
from registry.sheets.workbook import Unreadable
from tests.sheets.making import GOOD, outcome, read, repacked

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@pytest.mark.parametrize(
    ("data", "name", "says"),
    [
        (b"abc\x01\x02" * 99, "a.csv", "The file is neither a workbook nor a text file: line 1"),
        (OLE + bytes(600) + "Workbook".encode("utf-16-le"), "a.xls", "The workbook is damaged."),
        (b"\x09\x08\x10\x00\x00\x06\x05\x00" + bytes(90), "a.xls", "The workbook is damaged"),
    ],
)
def test_what_only_looks_like_a_workbook_is_refused(data, name, says):
    assert outcome(data, name).startswith(says)


def test_real_sizes_are_counted_and_declared_ones_not_believed(monkeypatch):
    monkeypatch.setattr(container, "MAX_UNPACKED", 1000)
    entries = zipfile.ZipFile(io.BytesIO(repacked(GOOD, lambda _, part: part * 5)))
    entries.infolist()[0].file_size = 10
    with pytest.raises(Unreadable, match="damaged|more than"):
        container._inflate_all(entries, entries.infolist())


CHILDREN = {
    "crash": f"import os; os.kill(os.getpid(), {int(signal.SIGSEGV)})",
    "swell": "import resource as r; r.setrlimit(r.RLIMIT_AS, (10**8, 10**8)); bytes(10**9)",
    "rubbish": "print('no json')",
    "half": """print('{"format":"xlsx"}')""",
    "hang": "import time; time.sleep(60)",
    "flood": 'while True: print(\'{"format":"xlsx"}\')',
}


@pytest.mark.parametrize("child", CHILDREN)
def test_a_reader_that_dies_hangs_or_floods_is_a_sentence(child, monkeypatch):
    monkeypatch.setattr(reading, "WALL_SECONDS", 1.0 if child == "hang" else 30)
    monkeypatch.setattr(reading, "MAX_MESSAGES", 100_000)
    started = reading.subprocess.Popen

    def start(command, **options):
        return started([sys.executable, "-c", CHILDREN[child]], **options)

    monkeypatch.setattr(reading.subprocess, "Popen", start)
    says = {"hang": "takes too long", "flood": "too much text"}.get(child, "cannot be read")
    assert says in outcome(GOOD)


def test_the_reading_process_inherits_no_secrets(monkeypatch):
    seen = {}
    started = reading.subprocess.Popen

    def start(command, **options):
        seen.update(options["env"])
        return started(command, **options)

    monkeypatch.setenv("DATABASE_URL", "postgres://somewhere")
    monkeypatch.setattr(reading.subprocess, "Popen", start)
    assert len(read(GOOD).sheets[0].records) == 1
    assert "DATABASE_URL" not in seen
