"""Reads a workbook of any kind."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from branches.sheets.commands import OrganizationImportCommand, add_opening
from members.sheets.kinds import KINDS
from registry.commands import unusable


class Command(OrganizationImportCommand):
    help = "Read a workbook of any kind. --check reports only and writes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", help=", ".join(KINDS))
        super().add_arguments(parser)
        add_opening(parser)

    def handle(self, *, file: Path, check: bool, json: bool, **options: Any) -> None:
        kind = options.pop("kind")
        if kind not in KINDS:
            text = _("There is no kind of sheet “%(kind)s”. Choose one of these: %(kinds)s.")
            raise unusable(text % {"kind": kind, "kinds": ", ".join(KINDS)})
        self.read(KINDS[kind], file, check=check, as_json=json, **options)
