"""Fills the empty form of a superior with the members of an organisation."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from branches.commands import organization_of
from branches.rules import roles
from members.models import Member
from members.sheets.form_filling import FormFilling
from registry.commands import account, unusable
from registry.language import said
from registry.models import acting
from registry.sheets.exporting import objections_to_full
from registry.sheets.workbook import Unreadable


class Command(BaseCommand):
    help = "Fill an empty form with the members of an organisation; protected values are masked."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the empty form, a workbook")
        parser.add_argument(
            "--organization", metavar="CODE", required=True, help="its members, and all below it"
        )
        parser.add_argument("--full", action="store_true", help="with full numbers; say why")
        parser.add_argument("--reason", default="", help="what the full numbers are needed for")
        parser.add_argument("--as", dest="username", metavar="USER", help="act as this account")
        parser.add_argument("-o", "--output", type=Path, required=True, help="the filled form")

    def handle(
        self,
        *,
        file: Path,
        organization: str,
        full: bool,
        reason: str,
        username: str | None,
        output: Path,
        **options: Any,
    ) -> None:
        user = account(username)
        top = organization_of(organization, user, roles.EXPORT)
        people = Member.objects.visible_to(user, roles.EXPORT).under(top).on_roll()
        if full and (objections := objections_to_full(user, people, reason)):
            raise unusable(objections[0])
        filling = FormFilling(user, full=full, on=timezone.localdate())
        try:
            data = file.read_bytes()
            # What was not written is not in the log either.
            with transaction.atomic(), acting(user, reason.strip()):
                result = filling.fill(data, file.name, people.in_roster_order(), {}, top)
                output.touch(mode=0o600)
                output.write_bytes(result.data)
        except Unreadable as error:
            raise unusable(f"{file.name}: {said(error.sentence)}") from error
        except OSError as error:
            text = _("“%(file)s” cannot be opened: %(error)s. Choose another file.")
            words = {"file": error.filename, "error": error.strerror}
            raise unusable(text % words) from error
        for note in result.notes:
            self.stderr.write(said(note))
        text = ngettext("%(count)s row was written.", "%(count)s rows were written.", result.count)
        self.stderr.write(text % {"count": result.count})
