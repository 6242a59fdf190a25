"""``manage.py serve`` as an office runs it: processes that start, answer, and end together."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 60  # seconds, on a machine that is busy with other tests


@pytest.fixture
def port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


@pytest.fixture
def serve(tmp_path: Path, port: int) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start the register on an empty data folder; whatever still runs afterwards is ended."""
    started: list[subprocess.Popen[str]] = []
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("REGISTRY_", "DATABASE_URL", "DJANGO_SETTINGS"))
    }
    environment |= {
        "REGISTRY_DATA": str(tmp_path / "data"),
        "REGISTRY_PORT": str(port),
        "REGISTRY_WORKERS": "1",
    }

    def start(**settings: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, str(ROOT / "manage.py"), "serve"],
            env=environment | settings,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            process.terminate()
            process.wait(PATIENCE)


def children_of(process: subprocess.Popen[str]) -> list[int]:
    path = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    if not path.exists():
        pytest.skip("This system does not tell which processes belong together.")
    return [int(number) for number in path.read_text().split()]


def runs(number: int) -> bool:
    try:
        return Path(f"/proc/{number}/stat").read_text().rsplit(") ", 1)[1][0] != "Z"
    except OSError:
        return False


def answer(process: subprocess.Popen[str], port: int) -> int:
    """Return the status of the first answer, whatever page it is."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5) as response:
                return int(response.status)
        except urllib.error.HTTPError as refused:
            return refused.code
        except OSError:
            if process.poll() is not None:
                pytest.fail(f"It ended before it answered: {process.communicate()[0]}")
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_server_and_worker_start_together_and_one_signal_stops_both(serve, port, tmp_path, number):
    process = serve()
    assert answer(process, port) in {200, 404}
    children = children_of(process)
    assert len(children) == 2

    process.send_signal(number)
    output, _ = process.communicate(timeout=PATIENCE)

    assert process.returncode == 0, output
    assert f"The register is at http://127.0.0.1:{port}/ – Ctrl-C stops it." in output
    assert output.rstrip().endswith("Stopped.")
    assert not [child for child in children if runs(child)]
    kept = [tmp_path / "data", *(tmp_path / "data").rglob("*")]
    assert any(file.name.endswith(".sqlite3") for file in kept) or os.environ.get("DATABASE_URL")
    assert not [file for file in kept if file.stat().st_mode & 0o077]


def test_when_the_server_dies_the_worker_is_stopped_too(serve, port):
    process = serve()
    answer(process, port)
    web, work = sorted(children_of(process))
    os.kill(web, signal.SIGKILL)
    output, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 1
    assert "The web server ended by itself. Everything was stopped." in output
    assert not runs(work)


def test_a_taken_port_is_named_and_nothing_starts(serve, port):
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        output, _ = (process := serve()).communicate(timeout=PATIENCE)
    assert process.returncode == 1
    assert re.search(
        rf"127\.0\.0\.1:{port} cannot be listened on \(.+\)\. Stop the program that listens"
        r" there, or set REGISTRY_PORT to another number\.",
        output,
    )


def test_demo_mode_does_not_start_on_a_public_address(serve):
    output, _ = (process := serve(REGISTRY_DEMO="1", REGISTRY_BIND="0.0.0.0")).communicate(  # noqa: S104
        timeout=PATIENCE
    )
    assert process.returncode == 1
    assert "registry.E009" in output
