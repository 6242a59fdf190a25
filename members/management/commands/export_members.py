"""Writes the members of an organisation into a file, or on stdout for another program."""

from __future__ import annotations

import io
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from branches.commands import organization_of
from branches.rules import roles
from members.models import Member
from members.papers.roster import PAPER
from members.sheets.exporting import MemberExport
from registry.commands import account, not_written, unusable
from registry.models import acting
from registry.sheets.exporting import Export, objections_to_full
from registry.sheets.writing import FORMATS, JSON


class Command(BaseCommand):
    help = "Write the members of an organisation into a file; protected values are masked."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--organization", metavar="CODE", required=True, help="its members, and all below it"
        )
        parser.add_argument("--format", choices=list(FORMATS), default=JSON)
        parser.add_argument("--columns", metavar="A,B", help="fields, in this order")
        parser.add_argument("--full", action="store_true", help="with full numbers; say why")
        parser.add_argument("--reason", default="", help="what the full numbers are needed for")
        parser.add_argument("--as", dest="username", metavar="USER", help="act as this account")
        parser.add_argument("-o", "--output", type=Path, help="the file; without it, stdout")

    def handle(
        self,
        *,
        organization: str,
        format: str,  # noqa: A002 - the name of the option
        columns: str | None,
        full: bool,
        reason: str,
        username: str | None,
        output: Path | None,
        **options: Any,
    ) -> None:
        user = account(username)
        top = organization_of(organization, user, roles.EXPORT)
        source = MemberExport(user, timezone.localdate())
        names = _names(columns, source) if columns is not None else _standard(source, format)
        rows = Member.objects.visible_to(user, roles.EXPORT).under(top).on_roll().in_roster_order()
        if full and (objections := objections_to_full(user, rows, reason)):
            raise unusable(objections[0])
        export = Export(f"{top}{PAPER}", source, rows, names, format, full)
        with acting(user, reason.strip()):
            export.log(rows.count(), {}, top)
        count = self._write(export, output)
        text = ngettext("%(count)s row was written.", "%(count)s rows were written.", count)
        self.stderr.write(text % {"count": count})

    def _write(self, export: Export, output: Path | None) -> int:
        if output is None:
            return self._print(export)
        try:
            output.touch(mode=0o600)
            with output.open("wb") as file:
                return export.write(file)
        except OSError as error:
            raise not_written(output, error) from error

    def _print(self, export: Export) -> int:
        """Print the file alone, as bytes where stdout takes them."""
        binary = getattr(self.stdout, "buffer", None)
        if binary is not None:
            return export.write(binary)
        buffer = io.BytesIO()
        count = export.write(buffer)
        self.stdout.write(buffer.getvalue().decode(), ending="")
        return count


def _standard(source: MemberExport, file_format: str) -> tuple[str, ...]:
    return source.for_programs if FORMATS[file_format].for_programs else source.standard


def _names(columns: str, source: MemberExport) -> list[str]:
    names = list(dict.fromkeys(name.strip() for name in columns.split(",")))
    for name in names:
        if name not in source.columns:
            text = _("There is no column “%(name)s”. Choose of these: %(names)s.")
            raise unusable(text % {"name": name, "names": ", ".join(source.columns)})
    return names
