"""``manage.py rotate_keys``: seal everything with a new key, while the register is in use."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import gettext as _

from registry.keys import (
    FIELD_KEYS_FILE,
    load_field_keys,
    save_field_keys,
    with_new_key,
    without_key,
)
from registry.models import KeyCheck
from registry.rotation import SealedColumn, sealed_columns

BATCH = 500
FILES_AT_ONCE = 10  # whole uploads


class Command(BaseCommand):
    help = (
        "Seal every protected value with the active key; --add makes a new one first. May be"
        " interrupted and run again. The digests by which values are found keep their key."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--add", action="store_true", help="Make a new key the active one.")
        parser.add_argument("--batch", type=int, default=BATCH, help="Values in one transaction.")
        parser.add_argument("--forget", metavar="KEY", help="Take a key out of the key file.")

    def handle(self, *, add: bool, batch: int, forget: str | None, **options: Any) -> None:
        if batch < 1:
            raise CommandError(_("--batch is %(batch)s. Set it to 1 or more.") % {"batch": batch})
        if forget:
            self.forget(forget)
            return
        if add:
            self.add_key()
        closed = sum(self.rotate(column, batch) for column in sealed_columns())
        if closed:
            raise CommandError(
                _(
                    "%(count)s values cannot be opened with the keys at hand. Bring their key back"
                    " from the backup of the keys, and run this again."
                )
                % {"count": closed}
            )
        active = load_field_keys().active
        self.stdout.write(_("Every protected value is sealed with “%(key)s”.") % {"key": active})

    def add_key(self) -> None:
        """Into the file first: no value may be sealed with a key that is not kept yet."""
        save_field_keys(with_new_key(load_field_keys()))
        KeyCheck.fits()
        file, key = settings.KEYS_FOLDER / FIELD_KEYS_FILE, load_field_keys().active
        self.stdout.write(
            _("“%(key)s” is the active key now. Copy %(file)s to the backup of the keys.")
            % {"key": key, "file": file}
        )

    def rotate(self, column: SealedColumn, batch: int) -> int:
        """Return how many values of the column cannot be opened."""
        todo = column.count(load_field_keys().active, others=True)
        done = closed = 0
        for looked_at, unopened in column.seal_anew(FILES_AT_ONCE if column.is_bytes else batch):
            done, closed = done + looked_at, closed + len(unopened)
            self.stderr.write(f"{column.name}: {done} / {todo}")
            for key in unopened:
                self.stderr.write(
                    _("%(column)s of row %(key)s cannot be opened.")
                    % {"column": column.name, "key": key}
                )
        return closed

    def forget(self, name: str) -> None:
        keys = load_field_keys()
        if name not in keys.keys:
            raise CommandError(_("There is no key “%(key)s” in the key file.") % {"key": name})
        if name == keys.active:
            raise CommandError(
                _("“%(key)s” is the active key. Add a new one first: rotate_keys --add.")
                % {"key": name}
            )
        with transaction.atomic():
            if used := sum(column.count(name) for column in sealed_columns()):
                raise CommandError(
                    _("%(count)s values are sealed with “%(key)s”. Run rotate_keys first.")
                    % {"count": used, "key": name}
                )
            KeyCheck.forget(name)
        save_field_keys(without_key(keys, name))
        self.stdout.write(
            _(
                "“%(key)s” is forgotten. Keep it in the backup of the keys as long as backups of"
                " the database are kept that need it."
            )
            % {"key": name}
        )
