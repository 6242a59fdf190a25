"""The numbers of an organisation's work report for a period."""

from __future__ import annotations

import json as json_text
from argparse import ArgumentParser
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from branches.commands import organization_of
from branches.models import Organization
from branches.rules import roles
from members.models.figures.chosen import Chosen
from members.models.figures.work_reports import template_for
from members.models.figures.working import work_report_of
from members.rules import figures, work_report
from registry.commands import account, day
from registry.language import said


class Command(BaseCommand):
    help = "Print the numbers of a work report, or its sentences with the numbers filled in."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--organization", metavar="CODE", required=True)
        parser.add_argument("--from", dest="first", metavar="DAY", required=True)
        parser.add_argument("--to", dest="last", metavar="DAY", required=True)
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
        top = organization_of(organization, user, roles.VIEW)
        begin, end = day(first), day(last)
        _refuse(top, begin, end)
        template = template_for(top)
        numbers = work_report_of(top, begin, end, work_report.keys_in(template))
        if json:
            self.stdout.write(
                json_text.dumps({key: _plain(number) for key, number in numbers.items()})
            )
            return
        for line in work_report.filled(template, numbers):
            self.stdout.write(line)


def _refuse(organization: Organization, first: date, last: date) -> None:
    found = [said(each) for each in figures.period_objections(first, last, timezone.localdate())]
    chosen = Chosen(organization)
    if not found and not chosen.stands_on(last):
        found = [chosen.why_not_on(last)]
    if found:
        raise CommandError(" ".join(found))


def _plain(number: Decimal | int | None) -> int | float | None:
    """Return a number as JSON has it: whole ones without a fraction."""
    if number is None or isinstance(number, int):
        return number
    return int(number) if number == number.to_integral_value() else float(number)
