"""Processes that are killed and disks that are full while an upload is on its way: the register
holds all of a step or nothing of it, and the upload goes on from there."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 120  # seconds, on a machine that is busy with other tests

KNOWN = {"members": 1, "wrong": 0, "phones": 0, "posts": 0, "heads": 1, "entries": 1}
NOTHING = KNOWN | {"said": "", "jobs": [], "rows": 0, "findings": 0, "applied": 0, "undone": 0}
RECEIVED = NOTHING | {"jobs": ["reading"]}
READ = NOTHING | {"jobs": ["staged"], "rows": 120, "findings": 1}
APPLIED = READ | {
    "jobs": ["applied"],
    "applied": 120,
    "members": 120,
    "phones": 1,
    "posts": 1,
    "heads": 120,
    "entries": 121,
}
UNDONE = APPLIED | {
    "jobs": ["undone"],
    "undone": 120,
    "wrong": 119,
    "phones": 0,
    "posts": 0,
    "heads": 1,
    "entries": 241,
}


def environment(data: Path) -> dict[str, str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("REGISTRY_", "DATABASE_URL", "DJANGO_SETTINGS"))
    }
    return kept | {"REGISTRY_DATA": str(data)}


def started(data: Path, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.stopped_process", *arguments],
        cwd=ROOT,
        env=environment(data),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def done(data: Path, *arguments: str) -> list[dict[str, Any]]:
    """Return what the register held after each step; its log is as it was written."""
    out, err = (process := started(data, *arguments)).communicate(timeout=PATIENCE)
    assert process.returncode == 0, err
    assert "entries are as they were written" in err
    return [json.loads(line) for line in out.splitlines()]


def killed(data: Path, point: str, *steps: str) -> None:
    """Do the steps, and kill the process when the last one comes to ``point``."""
    process = started(data, *steps, "--at", point)
    assert process.stdout is not None
    lines = iter(process.stdout.readline, "")
    if not any(line == f"at {point}\n" for line in lines):
        pytest.fail(f"It never came to {point}: {process.communicate()[1]}")
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=PATIENCE)
    assert process.returncode == -signal.SIGKILL


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A register with one member, made once."""
    data = tmp_path_factory.mktemp("register") / "data"
    assert done(data, "make") == [NOTHING]
    return data


@pytest.fixture
def data(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "data"))


@pytest.mark.parametrize(
    ("point", "steps", "before", "after"),
    [
        pytest.param("keeping", ["stage"], NOTHING, READ, id="keeping"),
        pytest.param("reading", ["receive", "read"], RECEIVED, READ, id="reading"),
        pytest.param("judging", ["receive", "read"], RECEIVED, READ, id="judging"),
        pytest.param("writing", ["stage", "apply"], READ, APPLIED, id="writing"),
        pytest.param("undoing", ["stage", "apply", "undo"], APPLIED, UNDONE, id="undoing"),
    ],
)
def test_a_killed_step_leaves_nothing_and_is_done_again(data, point, steps, before, after):
    killed(data, point, *steps)
    assert done(data, "show", steps[-1], "show") == [before, after, after]


@pytest.mark.parametrize(
    ("steps", "room", "before", "after"),
    [
        pytest.param(["stage"], 3, NOTHING, READ, id="staging"),
        pytest.param(["receive", "read"], 3, RECEIVED, READ, id="reading in the background"),
        pytest.param(["stage", "apply"], 12, READ, APPLIED, id="applying"),
        pytest.param(["stage", "apply", "undo"], 3, APPLIED, UNDONE, id="undoing"),
    ],
)
def test_a_full_disk_is_told_and_nothing_is_half_done(data, steps, room, before, after):
    """Some rows find room, and go again with the others."""
    *_, full, then = done(data, *steps, "--room", str(room))
    assert full == before | {
        "said": "The database cannot be written to (database or disk is full). Nothing was "
        "written. See whether the disk is full, then do it again."
    }
    assert then == after
