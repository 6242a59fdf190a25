"""Takes back what an upload has written."""

from __future__ import annotations

import dataclasses
import json as json_text
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from members.sheets.kinds import KINDS
from registry.commands import account, unusable
from registry.language import said
from registry.models import ImportJob
from registry.sheets import codes
from registry.sheets.faults import Unwritable, all_or_nothing
from registry.sheets.undoing import NotUndoable, may_undo, undo


class Command(BaseCommand):
    help = "Take back what an upload has written, except where somebody has changed it since."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("job", help="the number of the upload")
        parser.add_argument("--json", action="store_true", help="print one JSON object on stdout")
        parser.add_argument("--as", dest="username", metavar="USER", help="act as this account")

    def handle(self, *, job: str, json: bool, username: str | None, **options: Any) -> None:
        user = account(username)
        upload = self._found(job, user)
        try:
            with all_or_nothing():
                undone = undo(KINDS[upload.kind], upload, user, today=timezone.localdate())
        except (NotUndoable, Unwritable) as error:
            raise unusable(said(error.sentence)) from error
        counts = dataclasses.asdict(undone)
        if json:
            self.stdout.write(json_text.dumps(counts))
            self.stdout.flush()
        reasons = upload.findings.filter(code__in=(codes.UNDO_KEPT, codes.UNDO_FAILED))
        for reason in reasons.order_by("id").iterator():
            self.stderr.write(str(reason))
        text = _("Rows restored: %(restored)s, kept: %(kept)s, not restored: %(failed)s.")
        if undone.kept or undone.failed:
            raise CommandError(text % counts, returncode=1)
        self.stderr.write(text % counts)

    def _found(self, number: str, user: Any) -> ImportJob:
        """Return the upload; one that is not the user's is as good as none."""
        found = None
        if number.isascii() and number.isdigit() and len(number) < 19:
            found = ImportJob.objects.filter(pk=int(number), kind__in=KINDS).first()
        if found is None or not may_undo(KINDS[found.kind], found, user):
            raise unusable(_("There is no upload %(number)s.") % {"number": number})
        return found
