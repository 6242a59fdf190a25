"""Reads organisations from a workbook."""

from __future__ import annotations

from branches.sheets.commands import OrganizationImportCommand
from branches.sheets.organizations import OrganizationResource


class Command(OrganizationImportCommand):
    help = "Read organisations from a workbook. --check reports only and writes nothing."
    kind_of_sheet = OrganizationResource
