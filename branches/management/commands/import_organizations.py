"""Reads organisations from a workbook."""

from __future__ import annotations

from branches.sheets.organizations import OrganizationResource
from registry.sheets.commands import ImportCommand


class Command(ImportCommand):
    help = "Read organisations from a workbook. --check reports only and writes nothing."
    kind_of_sheet = OrganizationResource
