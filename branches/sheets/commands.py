"""Commands that read a workbook for one of the organisations."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.utils.translation import gettext as _

from branches.models import Organization
from registry.commands import unusable
from registry.sheets.commands import ImportCommand
from registry.sheets.staging import Scope


class OrganizationImportCommand(ImportCommand):
    """Finds the organisation of ``--organization`` among the user's own."""

    def scope_of(self, code: str, user: Any, verb: str) -> Scope:
        found = Organization.objects.visible_to(user, verb).standing().of_code(code)
        if found is None:
            raise unusable(_("There is no organisation with the code “%(code)s”.") % {"code": code})
        return Scope(found.path, str(found))


def add_opening(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--opening",
        metavar="DAY",
        help="since when people belong to their branch where the sheet does not say (today)",
    )
