"""The top of a new register's tree; below it clerks found organisations on their pages."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from branches.models import Organization
from branches.rules import hierarchy
from registry.access import OPERATOR
from registry.models import acting


class Command(BaseCommand):
    help = "Found an organisation, such as the one at the top of a new register."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("code", help="Digits, with their leading zeros.")
        parser.add_argument("name", help="The full name, as on the seal.")
        parser.add_argument("--kind", required=True, choices=list(hierarchy.KINDS))
        parser.add_argument("--short-name", default="")
        parser.add_argument("--under", default="", help="The code of its superior.")
        parser.add_argument("--on", type=date.fromisoformat, help="Founded on, as 2024-07-01.")
        parser.add_argument("--document", default="", help="The number of the document.")

    def handle(self, *, code: str, name: str, kind: str, under: str, **options: Any) -> None:
        parent = Organization.objects.of_code(under) if under else None
        if under and parent is None:
            raise CommandError(f"There is no organisation with code “{under}”. Found it first.")
        try:
            with acting(OPERATOR):
                Organization.found(
                    code=code,
                    name=name,
                    kind=kind,
                    parent=parent,
                    short_name=options["short_name"],
                    founded_on=options["on"],
                    document=options["document"],
                )
        except ValidationError as error:
            raise CommandError("\n".join(error.messages)) from error
        self.stdout.write(f"{code} {name} is founded.")
