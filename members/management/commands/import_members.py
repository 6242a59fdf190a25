"""Reads members from a workbook."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.utils.translation import gettext as _

from branches.models import Organization
from branches.rules import roles
from members.sheets.members import MemberResource
from registry.sheets.commands import ImportCommand, unusable
from registry.sheets.staging import Scope


class Command(ImportCommand):
    help = "Read members from a workbook. --check reports only and writes nothing."
    kind_of_sheet = MemberResource

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--organization",
            metavar="CODE",
            help="where rows belong that name no branch, and below which names are looked up",
        )
        parser.add_argument(
            "--good-rows",
            action="store_true",
            help="write the rows without errors and questions even where others have some",
        )
        parser.add_argument(
            "--opening",
            metavar="DAY",
            help="since when people belong to their branch where the sheet does not say (today)",
        )

    def scope(self, user: Any, **options: Any) -> Scope:
        code = options["organization"]
        if code is None:
            return Scope()
        mine = Organization.objects.visible_to(user, roles.IMPORT).standing()
        found = mine.filter(code=code).first()
        if found is None:
            raise unusable(_("There is no organisation with the code “%(code)s”.") % {"code": code})
        return Scope(found.path, str(found))
