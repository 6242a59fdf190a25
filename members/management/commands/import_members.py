"""Reads members from a workbook."""

from __future__ import annotations

from argparse import ArgumentParser

from branches.sheets.commands import OrganizationImportCommand, add_opening
from members.sheets.members import MemberResource


class Command(OrganizationImportCommand):
    help = "Read members from a workbook. --check reports only and writes nothing."
    kind_of_sheet = MemberResource

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        add_opening(parser)
