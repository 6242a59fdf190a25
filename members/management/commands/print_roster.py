"""Print the roster of an organisation, or of every branch below it, into files."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from branches.commands import organization_of
from branches.models import Organization
from branches.models.grants import may
from branches.rules import roles
from members.papers.batches import Batch, batch_of, write_batch
from members.papers.listed import DISPLAY, ORDERS, Roster
from members.papers.printing import print_paper
from members.papers.roster import ROSTER, WHOLE
from registry.commands import account, day, file_or_nothing, not_written, unusable
from registry.language import said
from registry.models import acting
from registry.papers.catalogue import Asked
from registry.papers.compiling import PaperError
from registry.papers.writing import PDF


class Command(BaseCommand):
    help = "Print the roster of an organisation; ID and phone numbers are masked."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("code", help="The organisation's code: 020100.")
        parser.add_argument("--on", help="As at this day: 2026-11-20. Without it, today.")
        parser.add_argument("--format", dest="form", choices=WHOLE.kind.forms, default=PDF)
        parser.add_argument("--layout", default="", help="A layout of the office, by its name.")
        parser.add_argument("--order", choices=ORDERS, default=DISPLAY)
        parser.add_argument("--full", action="store_true", help="With full numbers; say why.")
        parser.add_argument("--reason", default="", help="What the full numbers are needed for.")
        parser.add_argument(
            "--all",
            dest="every_branch",
            action="store_true",
            help="A roster of every branch below, into a folder, a .zip or one .pdf.",
        )
        parser.add_argument("--as", dest="username", help="Print what this account may print.")
        parser.add_argument("-o", "--output", type=Path, required=True, help="The file to write.")

    def handle(
        self,
        *,
        code: str,
        on: str | None,
        form: str,
        layout: str,
        order: str,
        every_branch: bool,
        full: bool,
        reason: str,
        username: str | None,
        output: Path,
        **options: Any,
    ) -> None:
        reader = account(username)
        as_at = day(on) if on else timezone.localdate()
        organization = organization_of(code, reader, roles.PRINT)
        with acting(reader, reason.strip()):
            try:
                asked = Asked(
                    day=as_at,
                    reader=reader,
                    printed_by=username or "命令行",
                    at=timezone.localtime(),
                    in_full=full,
                    reason=reason.strip(),
                    more={"layout": layout, "order": order},
                )
                self._refuse(organization, asked)
                if every_branch:
                    self._print_all(batch_of(ROSTER, organization, asked, form), output)
                else:
                    roster, _layout = WHOLE.drawn(organization, asked)
                    self._print(roster, asked, form, output)
            except ValidationError as error:
                raise unusable(" ".join(error.messages)) from error
            except PaperError as error:
                raise unusable(f"{error}") from error

    def _refuse(self, organization: Organization, asked: Asked) -> None:
        if asked.in_full and not asked.reason:
            raise ValidationError(_("Say what the full numbers are needed for: --reason TEXT."))
        if asked.in_full and not may(asked.reader, roles.EXPORT_FULL, organization.path):
            raise ValidationError(_("You may print this roster with masked numbers only."))

    def _print(self, roster: Roster, asked: Asked, form: str, output: Path) -> None:
        with file_or_nothing(output) as write:
            printed = print_paper(ROSTER, roster.organization, asked, form)
            write(printed.data)
        for warning in printed.warnings:
            self.stderr.write(said(warning))
        self.stdout.write(f"{output}: {printed.title}, {roster.count_line}")

    def _print_all(self, batch: Batch, output: Path) -> None:
        try:
            outcome = write_batch(batch, output)
        except OSError as error:
            raise not_written(output, error) from error
        for branch, sentence in (*outcome.warnings, *outcome.failures):
            self.stderr.write(f"{branch}: {sentence}")
        if outcome.papers:
            self.stdout.write(f"{output}: {batch.title}, 共{outcome.papers}份")
        if outcome.failures:
            text = ngettext(
                "%(count)s branch has no paper; it is named above.",
                "%(count)s branches have no paper; they are named above.",
                len(outcome.failures),
            )
            raise CommandError(text % {"count": len(outcome.failures)})
