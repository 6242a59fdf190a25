"""Print the roster of an organisation into a file."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from branches.models import Organization
from branches.models.grants import may
from branches.rules import roles
from members.papers.batches import Batch, batch_of, write_batch
from members.papers.printing import print_paper
from members.papers.roster import ROSTER, Roster, roster_of
from registry.access import OPERATOR
from registry.language import said
from registry.models import User, acting
from registry.papers.catalogue import Asked
from registry.papers.compiling import PaperError
from registry.papers.writing import PDF


class Command(BaseCommand):
    help = "Print the roster of an organisation; ID and phone numbers are masked."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("code", help="The organisation's code: 020100.")
        parser.add_argument("--on", help="As at this day: 2026-11-20. Without it, today.")
        parser.add_argument("--format", choices=["pdf"], default="pdf")
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
        every_branch: bool,
        full: bool,
        reason: str,
        username: str | None,
        output: Path,
        **options: Any,
    ) -> None:
        reader = _reader(username)
        with acting(reader, reason.strip()):
            try:
                organization = _organization(code, reader)
                asked = Asked(
                    day=_day(on),
                    reader=reader,
                    printed_by=username or "命令行",
                    at=timezone.localtime(),
                    in_full=full,
                    reason=reason.strip(),
                )
                self._refuse(organization, asked)
                if every_branch:
                    self._print_all(batch_of(ROSTER, organization, asked), output)
                else:
                    self._print(roster_of(organization, asked.day, reader), asked, output)
            except ValidationError as error:
                raise CommandError(" ".join(error.messages), returncode=2) from error
            except PaperError as error:
                raise CommandError(f"{error}", returncode=2) from error

    def _refuse(self, organization: Organization, asked: Asked) -> None:
        if asked.in_full and not asked.reason:
            raise ValidationError(_("Say what the full numbers are needed for: --reason TEXT."))
        if asked.in_full and not may(asked.reader, roles.EXPORT_FULL, organization.path):
            raise ValidationError(_("You may print this roster with masked numbers only."))

    def _print(self, roster: Roster, asked: Asked, output: Path) -> None:
        # What was not written is not in the log either.
        with _told_of(output), transaction.atomic():
            printed = print_paper(ROSTER, roster.organization, asked, PDF)
            output.touch(mode=0o600)
            output.write_bytes(printed.data)
        for warning in printed.warnings:
            self.stderr.write(said(warning))
        self.stdout.write(f"{output}: {roster.title}, {roster.count_line}")

    def _print_all(self, batch: Batch, output: Path) -> None:
        with _told_of(output):
            outcome = write_batch(batch, output)
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


@contextmanager
def _told_of(output: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        text = _("“%(file)s” could not be written: %(error)s. Choose another file.")
        words = {"file": output, "error": error.strerror}
        raise CommandError(text % words, returncode=2) from error


def _reader(username: str | None) -> Any:
    if username is None:
        return OPERATOR
    user = User.objects.filter(username=username, is_active=True).first()
    if user is None:
        text = _("There is no account “%(name)s” that may log in. Check --as.")
        raise CommandError(text % {"name": username}, returncode=2)
    return user


def _organization(code: str, reader: Any) -> Organization:
    found = Organization.objects.visible_to(reader, roles.PRINT).filter(code=code).first()
    if found is None:
        raise ValidationError(
            _("There is no organisation of code “%(code)s”. Check it, leading zeros included.")
            % {"code": code}
        )
    return found


def _day(on: str | None) -> date:
    if on is None:
        return timezone.localdate()
    try:
        return date.fromisoformat(on)
    except ValueError:
        raise ValidationError(
            _("“%(value)s” is not a day. Write it as 2026-11-20.") % {"value": on}
        ) from None
