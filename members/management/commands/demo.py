"""Fill an empty register with invented people, to look around, to test and to measure."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from branches.models import Grant
from members.demo.loading import PASSWORD, SIZES, Loader, holds_other_data


def a_day(text: str) -> date:
    """Read a day of the command line; argparse says what is wrong with another text."""
    return date.fromisoformat(text)


class Command(BaseCommand):
    help = "Fill an empty register with invented people."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--size", choices=list(SIZES), default="small")
        parser.add_argument("--seed", type=int, default=1, help="The same seed, the same people.")
        parser.add_argument("--on", type=a_day, help="The day that is today for them: 2026-11-20.")
        parser.add_argument("--if-empty", action="store_true", help="Leave other data in peace.")
        parser.add_argument("--logins", action="store_true", help="Print the demo logins.")

    def handle(
        self,
        *,
        size: str,
        seed: int,
        on: date | None,
        if_empty: bool,
        logins: bool,
        **options: Any,
    ) -> None:
        if not settings.DEMO:
            raise CommandError("Demo data has known passwords. Set REGISTRY_DEMO=1 to load it.")
        if not holds_other_data():
            count = Loader(size, seed, on or timezone.localdate()).load()
            self.stdout.write(f"{count} invented people were added.")
        elif not if_empty:
            raise CommandError(
                "The register holds data already; invented people would mix with them. "
                "Give REGISTRY_DATA another folder, or DATABASE_URL an empty database."
            )
        if logins:
            self._print_logins()

    def _print_logins(self) -> None:
        self.stdout.write(f"Demo logins, all with the password {PASSWORD}:")
        grants = Grant.objects.filter(user__is_demo=True).select_related("user", "organization")
        for grant in grants.order_by("pk"):
            place = grant.organization.name if grant.organization else "–"
            self.stdout.write(f"  {grant.user.username:8} {grant.get_role_display()}: {place}")
