"""``manage.py check_ledger``: whether every sum of the ledger of dues still holds."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from members.models.dues.checking import faults
from registry.language import said


class Command(BaseCommand):
    help = "Work out every sum of the ledger of dues again, and say where it does not hold."

    def handle(self, **options: Any) -> None:
        count = 0
        for fault in faults():
            count += 1
            self.stdout.write(f"{fault.table} {fault.key}: {said(fault.sentence)}")
        if count:
            raise CommandError(
                _("The ledger does not hold in the places named above. Compare them with the log.")
            )
        self.stdout.write(_("The ledger holds."))
