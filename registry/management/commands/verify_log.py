"""``manage.py verify_log``: whether anybody has changed, cut or set back the log."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from registry.language import said
from registry.models.chains import Fault, KeptHeads, Verification


class Command(BaseCommand):
    help = "Walk the chains of the log and say what is not as it was written. Run it every day."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--chain", default="", help="Only this chain.")
        parser.add_argument("--json", action="store_true", help="Print the result as JSON.")
        parser.add_argument(
            "--after-restore",
            action="store_true",
            help="The database was brought back from a backup: compare with no earlier heads.",
        )

    def handle(self, *, chain: str, after_restore: bool, **options: Any) -> None:
        try:
            kept = KeptHeads() if after_restore else KeptHeads.read(settings.KEYS_FOLDER)
        except ValueError as error:
            raise CommandError(said(error.args[0])) from None
        verification = Verification(chain, kept)
        faults = []
        for fault in verification.faults():
            faults.append(fault)
            if not options["json"]:
                self.stdout.write(said(fault.sentence))
        if options["json"]:
            self.stdout.write(as_json(verification, faults))
        if faults:
            raise CommandError(
                _("The log is not as it was written. Keep the database as it is, tell the auditor.")
            )
        if not chain:
            KeptHeads.of(verification).write(settings.KEYS_FOLDER)
        if not options["json"]:
            text = ngettext(
                "%(count)s entry is as it was written.",
                "%(count)s entries are as they were written.",
                verification.entries,
            )
            self.stdout.write(text % {"count": verification.entries})


def as_json(verification: Verification, faults: list[Fault]) -> str:
    found = [
        {"chain": each.chain, "position": each.position, "sentence": said(each.sentence)}
        for each in faults
    ]
    totals = {"entries": verification.entries, "chains": len(verification.ends)}
    return json.dumps({**totals, "faults": found}, ensure_ascii=False, indent=2)
