"""Registers to measure: made once by the demo command, kept in build/ until it is removed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import psycopg
import pytest

ROOT = Path(__file__).parents[2]
BUILD = ROOT / "build" / "benchmarks"
ON = "2026-11-20"
SERVERS = ["", os.environ["DATABASE_URL"]] if os.environ.get("DATABASE_URL") else [""]

# A register that is measured on each database there is: its fixture names ``request.param``.
on_each_database: Any = pytest.fixture(
    scope="module", params=SERVERS, ids=lambda server: "postgresql" if server else "sqlite"
)


def report(text: str) -> None:
    print(f"\n    {text}", end="")  # noqa: T201 - the figures are what a benchmark is for


class Register:
    """One register of a size, on SQLite or in a PostgreSQL database of its own.

    ``ask`` lets a process that has it open do one thing and returns what that took, so that two
    registers can be asked in turns.
    """

    probe = "tests.benchmarks.probe"

    def __init__(self, size: str, server: str = "", *, stock: bool = False) -> None:
        self.name = f"{'postgresql' if server else 'sqlite'}-{size}"
        self.size, self.server = size, server
        folder = BUILD / self.name
        self.environment = os.environ | {
            "REGISTRY_DATA": str(folder),
            "REGISTRY_DEMO": "1",
            "DJANGO_SETTINGS_MODULE": "tests.benchmarks.settings",
        }
        self.environment.pop("DATABASE_URL", None)
        if stock:
            self.environment["BENCHMARK_STOCK"] = "1"
        fresh = not (folder / "ready").exists()
        if server:
            database = f"benchmark_{size}"
            if fresh:
                self._create(database)
            self.environment["DATABASE_URL"] = server.rsplit("/", 1)[0] + "/" + database
        if fresh:
            self._manage("migrate", "-v0")
            self._fill(folder)
        self.process = subprocess.Popen(
            [sys.executable, "-m", self.probe],
            cwd=ROOT,
            env=self.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def _fill(self, folder: Path) -> None:
        self._manage("demo", "--size", self.size, "--on", ON)
        (folder / "ready").touch()

    def ask(self, what: str, **arguments: Any) -> dict[str, Any]:
        """Have ``what`` of the probe done once and return its figures."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps([what, arguments]) + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            raise RuntimeError(f"{self.name}: the probe ended at {what}.")
        result: dict[str, Any] = json.loads(answer)
        return result

    def close(self) -> None:
        self.process.terminate()
        self.process.wait()

    def _manage(self, *arguments: str) -> None:
        subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment | {"DJANGO_SETTINGS_MODULE": "registry.settings"},
            check=True,
            stdout=subprocess.DEVNULL,
        )

    def _create(self, database: str) -> None:
        with psycopg.connect(self.server, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {database}")
            connection.execute(f"CREATE DATABASE {database}")


class EmptyRegister(Register):
    """A register without people, made anew each time; its probe founds what it needs."""

    probe = "tests.benchmarks.importing"

    def __init__(self, server: str = "") -> None:
        shutil.rmtree(BUILD / f"{'postgresql' if server else 'sqlite'}-empty", ignore_errors=True)
        super().__init__("empty", server)

    def _fill(self, folder: Path) -> None:
        """Nobody."""


class FilledRegister(Register):
    """A register that its own probe fills by SQL."""

    def __init__(self, name: str, server: str = "") -> None:
        self.probe = f"tests.benchmarks.{name}"
        super().__init__(name, server)

    def _fill(self, folder: Path) -> None:
        subprocess.run(
            [sys.executable, "-m", self.probe, "fill"], cwd=ROOT, env=self.environment, check=True
        )
        (folder / "ready").touch()
