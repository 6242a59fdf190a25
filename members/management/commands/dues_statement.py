"""The dues of an organisation for some months, as one statement, with everything that stood below
it on their last day."""

from __future__ import annotations

import json as json_text
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from branches.commands import organization_of
from branches.rules import roles
from members.models.dues.statements import statement_of
from members.rules.dues_months import next_month, written
from members.rules.dues_readings import read_month
from registry.commands import account, unusable
from registry.language import said


class Command(BaseCommand):
    help = "Print what was owed, paid, remitted and spent, in yuan; everything below is included."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--organization", metavar="CODE", required=True)
        parser.add_argument("--from", dest="first", metavar="YYYY-MM", required=True)
        parser.add_argument("--to", dest="last", metavar="YYYY-MM", required=True)
        parser.add_argument("--json", action="store_true", help="print one JSON object on stdout")
        parser.add_argument("--as", dest="username", metavar="USER", help="act as this account")

    def handle(
        self,
        *,
        organization: str,
        first: str,
        last: str,
        json: bool,
        username: str | None,
        **options: Any,
    ) -> None:
        user = account(username)
        top = organization_of(organization, user, roles.VIEW_DUES_TOTALS)
        begin, end = _month(first), _month(last)
        if end < begin:
            text = _("%(last)s comes before %(first)s. Exchange --from and --to.")
            raise unusable(text % {"first": written(begin), "last": written(end)})
        sums = statement_of(top, begin, next_month(end)).as_yuan()
        if json:
            self.stdout.write(json_text.dumps(sums))
            return
        self.stdout.write(f"{top} {written(begin)}–{written(end)}")
        for name, amount in sums.items():
            self.stdout.write(f"{name:10}{amount:>18}")


def _month(text: str) -> date:
    """Return a month of the command line; the command ends with 2 for another text."""
    try:
        return read_month(text)
    except ValueError as error:
        raise unusable(said(error.args[0])) from None
