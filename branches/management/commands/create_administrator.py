"""The first account of a register: a system administrator, who then makes all the others."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser
from getpass import getpass
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from branches.models import Account, Grant
from branches.rules import roles
from registry.access import OPERATOR
from registry.models import acting

PASSWORD = "REGISTRY_PASSWORD"  # noqa: S105 - the name of a variable of the environment


class Command(BaseCommand):
    help = (
        "Make a system administrator of the whole register. "
        f"The password is asked for, or read from {PASSWORD}."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--name", help="Whose it is, in the log; else the user name.")

    def handle(self, *, username: str, name: str | None, **options: Any) -> None:
        account = Account(username=Account.normalize_username(username), name=name or username)
        password = self._password()
        try:
            account.full_clean(exclude=["password"])
            validate_password(password, account)
        except ValidationError as error:
            raise CommandError("\n".join(error.messages)) from error
        with acting(OPERATOR), transaction.atomic():
            account.set_password(password)
            account.save()
            Grant(user=account, role=roles.SYSTEM_ADMINISTRATOR).save()
        self.stdout.write(f"{username} is system administrator and may log in.")

    def _password(self) -> str:
        if PASSWORD in os.environ:
            return os.environ[PASSWORD]
        if not sys.stdin.isatty():
            raise CommandError(f"There is nobody to ask. Put the password into {PASSWORD}.")
        first, again = getpass("Password: "), getpass("Password again: ")
        if first != again:
            raise CommandError("The two passwords differ. Run the command again.")
        return first
