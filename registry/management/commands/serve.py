"""Serve the pages and do the work in the background, until somebody says stop."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import threading
import time
from argparse import ArgumentParser
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

LOOK_EVERY = 0.5  # seconds
TIME_TO_FINISH = 25  # seconds that a page or a task has to end by itself
SETTLED_AFTER = 10  # seconds after which a worker that ends had been working


class Command(BaseCommand):
    help = "Start the web server and the background worker together. Ctrl-C stops both."
    requires_system_checks = ()  # all of them run below, with the database, after its migrations

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--bind", default=settings.BIND, help="Address to listen on.")
        parser.add_argument("--port", type=int, default=settings.PORT)

    def handle(self, *, bind: str, port: int, **options: Any) -> None:
        settings.BIND = bind  # the checks judge the address that is really listened on
        refuse_taken(bind, port)
        call_command("migrate", verbosity=0, interactive=False)
        call_command("clearsessions")  # rows of sessions that ended long ago
        call_command("check", databases=["default"], stdout=self.stdout, stderr=self.stderr)
        if not settings.DEBUG:
            call_command("collectstatic", verbosity=0, interactive=False)
        connections.close_all()  # the two processes below open their own
        address = f"[{bind}]" if ":" in bind else bind
        self.stdout.write(f"The register is at http://{address}:{port}/ – Ctrl-C stops it.")
        self.stdout.flush()
        ended = Household(address, port).live()
        if ended:
            raise CommandError(f"{ended} Everything was stopped.")
        self.stdout.write("Stopped.")


def refuse_taken(bind: str, port: int) -> None:
    """Raise CommandError where another program listens already."""
    family = socket.AF_INET6 if ":" in bind else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((bind, port))
        except OSError as fault:
            raise CommandError(
                f"{bind}:{port} cannot be listened on ({fault.strerror}). Stop the program that"
                " listens there, or set REGISTRY_PORT to another number."
            ) from None


class Household:
    """The two processes that live and end together."""

    def __init__(self, address: str, port: int) -> None:
        self.web_command = [
            sys.executable, "-m", "gunicorn", settings.WSGI_APPLICATION.replace(".application", ""),
            "--bind", f"{address}:{port}", "--worker-class", "gthread",
            "--workers", str(settings.WORKERS), "--threads", str(settings.THREADS),
            "--timeout", "120", "--graceful-timeout", str(TIME_TO_FINISH - 5),
            "--forwarded-allow-ips", ",".join(settings.TRUSTED_PROXIES) or "127.0.0.1",
            "--log-level", "warning", "--no-control-socket",
        ]  # fmt: skip
        self.work_command = [
            sys.executable, sys.argv[0], "db_worker", "--queue-name", "*", "--no-reload",
            "--verbosity", "0",
        ]  # fmt: skip
        self.stop = threading.Event()

    def live(self) -> str:
        """Run until told to stop; return "" then, or the sentence about what ended by itself."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self.told_to_stop)
        web, work = start(self.web_command), start(self.work_command)
        worker_began = time.monotonic()
        try:
            while not self.stop.wait(LOOK_EVERY):
                if web.poll() is not None:
                    return "The web server ended by itself."
                if work.poll() is not None:
                    # The queue's worker gives up when a long write keeps the database for itself.
                    if time.monotonic() - worker_began < SETTLED_AFTER:
                        return "The background worker ended by itself."
                    work, worker_began = start(self.work_command), time.monotonic()
        finally:
            end(web, work)
        return ""

    def told_to_stop(self, number: int, frame: FrameType | None) -> None:
        self.stop.set()


def start(command: list[str]) -> subprocess.Popen[bytes]:
    """Start a process in a session of its own: Ctrl-C reaches us alone, and we stop it calmly."""
    return subprocess.Popen(command, start_new_session=True)


def end(*processes: subprocess.Popen[bytes]) -> None:
    """Ask all to finish what they are at, and insist after a while."""
    for process in processes:
        process.terminate()
    deadline = time.monotonic() + TIME_TO_FINISH
    for process in processes:
        try:
            process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
