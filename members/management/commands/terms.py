"""How the bodies of all organisations stood on a day: since when, and when the next is due."""

from __future__ import annotations

import json as json_text
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from members.models.terms.standing import Standing, standing_on
from registry.commands import account, day


class Command(BaseCommand):
    help = "List terms of office as at a day: organisation, body, beginning, due day and state."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--on", metavar="YYYY-MM-DD", required=True)
        parser.add_argument("--json", action="store_true", help="print one JSON list on stdout")
        parser.add_argument("--as", dest="username", metavar="USER", help="act as this account")

    def handle(self, *, on: str, json: bool, username: str | None, **options: Any) -> None:
        user = account(username)
        lines = [_told(line) for line in standing_on(day(on), user)]
        if json:
            self.stdout.write(json_text.dumps(lines))
            return
        for line in lines:
            self.stdout.write("  ".join(f"{value or '-'}" for value in line.values()))


def _told(line: Standing) -> dict[str, str | None]:
    return {
        "organization": line.then.code or line.then.organization.code,
        "body": line.body,
        "from": f"{line.term.began_on}" if line.term else None,
        "due": f"{line.due}" if line.due else None,
        "state": line.state,
    }
