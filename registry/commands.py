"""What commands ask and answer alike: for whom, as at which day, into which file.

A command that cannot do what it was asked ends with 2 and one sentence on stderr.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.db import transaction
from django.utils.translation import gettext as _

from registry.access import OPERATOR
from registry.models import User

UNUSABLE = 2


def unusable(sentence: str) -> CommandError:
    """Return what ends a command with 2 and one sentence."""
    return CommandError(sentence, returncode=UNUSABLE)


def account(username: str | None) -> Any:
    """Return the open account of this name, or the operator for none; raise ``unusable``."""
    if username is None:
        return OPERATOR
    user = User.objects.filter(username=username, is_active=True).first()
    if user is None:
        text = _("There is no account “%(name)s” that may log in. Check --as.")
        raise unusable(text % {"name": username})
    return user


def day(text: str) -> date:
    """Return the day that is written as 2026-11-20; raise ``unusable``."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        sentence = _("“%(value)s” is not a day. Write it as 2026-11-20.")
        raise unusable(sentence % {"value": text}) from None


@contextmanager
def file_or_nothing(output: Path) -> Iterator[Callable[[bytes], None]]:
    """Give what writes the file, readable by its owner only; raise ``unusable`` where it cannot.

    What was not written is not in the log either.
    """

    def write(data: bytes) -> None:
        output.touch(mode=0o600)
        output.write_bytes(data)

    try:
        with transaction.atomic():
            yield write
    except OSError as error:
        raise not_written(output, error) from error


def not_written(output: Path, error: OSError) -> CommandError:
    """Return what ends a command whose file could not be written."""
    text = _("“%(file)s” could not be written: %(error)s. Choose another file.")
    return unusable(text % {"file": output, "error": error.strerror})
