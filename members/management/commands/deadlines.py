"""What every open file waits for on a day: overdue, due, soon, possible or blocked."""

from __future__ import annotations

import json as json_text
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _

from branches.commands import organization_of
from branches.rules import roles
from members.models.development.agenda import agenda_of
from members.models.development.deadlines import WITHIN, Deadline
from registry.commands import account, day, unusable


class Command(BaseCommand):
    help = "Print the steps that open files wait for, the most pressing first."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--on", metavar="DAY", help="as seen on this day; today by default")
        parser.add_argument("--organization", metavar="CODE", help="it and everything below it")
        parser.add_argument(
            "--within", metavar="DAYS", default=f"{WITHIN}", help="what counts as soon"
        )
        parser.add_argument("--json", action="store_true", help="print one JSON list on stdout")
        parser.add_argument("--as", dest="username", metavar="USER", help="act as this account")

    def handle(
        self,
        *,
        on: str | None,
        organization: str | None,
        within: str,
        json: bool,
        username: str | None,
        **options: Any,
    ) -> None:
        user = account(username)
        rows = Deadline.objects.visible_to(user)
        if organization is not None:
            rows = rows.under(organization_of(organization, user, roles.VIEW))
        seen_on = timezone.localdate() if on is None else day(on)
        lines = agenda_of(rows, seen_on, _days(within))
        if json:
            self.stdout.write(json_text.dumps(list(lines), ensure_ascii=False))
            return
        for line in lines:
            self.stdout.write(
                f"{line['state']:9}{line['by'] or '':11}{line['from'] or '':11}"
                f"{line['organization']} {line['name']} {line['step']} {line['reason']}".rstrip()
            )


def _days(text: str) -> int:
    """Return the number of days; the command ends with 2 for another text."""
    if not (text.isdecimal() and len(text) <= 5):
        sentence = _("“%(value)s” is not a number of days. Write it as 30.")
        raise unusable(sentence % {"value": text})
    return int(text)
