"""The yearly statistics of an organisation as at any day, with the balance of the year up to it."""

from __future__ import annotations

import json as json_text
from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from branches.commands import organization_of
from branches.rules import roles
from members.models.figures.chosen import Chosen
from members.models.figures.reports import refuse_day, statistics_of
from registry.commands import account, day


class Command(BaseCommand):
    help = "Print the statistics of an organisation and everything below it as at a day."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--organization", metavar="CODE", required=True)
        parser.add_argument("--on", metavar="DAY", required=True, help="as at this day: 2025-12-31")
        parser.add_argument("--json", action="store_true", help="print one JSON object on stdout")
        parser.add_argument("--as", dest="username", metavar="USER", help="act as this account")

    def handle(
        self, *, organization: str, on: str, json: bool, username: str | None, **options: Any
    ) -> None:
        user = account(username)
        top = organization_of(organization, user, roles.VIEW)
        as_at = day(on)
        chosen = Chosen(top, reader=user)
        try:
            refuse_day(chosen, as_at, timezone.localdate())
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        numbers = _as_said(statistics_of(chosen, as_at))
        if json:
            heading = {"organization": top.code_on(as_at), "on": f"{as_at}"}
            self.stdout.write(json_text.dumps(heading | numbers))
            return
        self.stdout.write(f"{chosen.name_on(as_at)} {as_at}")
        for group, each in numbers["members"].items():
            self._print(group, each)
        self._print("organizations", numbers["organizations"])
        self._print("balance", numbers["balance"])

    def _print(self, name: str, number: Any) -> None:
        if not isinstance(number, dict):
            self.stdout.write(f"{name:32}{number:>10}")
            return
        for code, each in number.items():
            self.stdout.write(f"{name + ' ' + code:32}{each:>10}")


def _as_said(numbers: dict[str, Any]) -> dict[str, Any]:
    """Return the figures as the command says them."""
    members = numbers["members"]
    groups = ("by_age", "by_education", "by_category", "by_joined")
    return numbers | {
        "members": {**members["members"], **{group: members[group] for group in groups}}
    }
