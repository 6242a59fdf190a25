"""The board of development of an organisation and everything below it for a year."""

from __future__ import annotations

import json as json_text
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _

from branches.commands import organization_of
from branches.rules import roles
from members.models.development.board import board_of
from registry.commands import account, unusable

DECISIONS = ("accepted", "became_full", "extended", "cancelled", "quota", "used")


class Command(BaseCommand):
    help = "Print how many open files stand in each stage, and what a year has decided."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--organization", metavar="CODE", required=True)
        parser.add_argument("--year", metavar="YYYY", help="this year by default")
        parser.add_argument("--json", action="store_true", help="print one JSON object on stdout")
        parser.add_argument("--as", dest="username", metavar="USER", help="act as this account")

    def handle(
        self,
        *,
        organization: str,
        year: str | None,
        json: bool,
        username: str | None,
        **options: Any,
    ) -> None:
        top = organization_of(organization, account(username), roles.VIEW)
        asked = timezone.localdate().year if year is None else _year(year)
        board = board_of(top, asked)
        found = {"stages": board.stages} | {name: getattr(board, name) for name in DECISIONS}
        if json:
            self.stdout.write(json_text.dumps(found))
            return
        self.stdout.write(f"{top} {asked}")
        for name, number in (board.stages | {each: found[each] for each in DECISIONS}).items():
            self.stdout.write(f"{name:14}{'–' if number is None else number:>8}")


def _year(text: str) -> int:
    """Return the year; the command ends with 2 for another text."""
    if not (text.isdecimal() and text.isascii() and len(text) == 4 and 1900 <= int(text) <= 9998):
        sentence = _("“%(value)s” is not a year. Write it as 2026.")
        raise unusable(sentence % {"value": text})
    return int(text)
