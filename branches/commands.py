"""What commands ask about organisations alike."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from branches.models import Organization
from registry.commands import unusable


def organization_of(code: str, user: Any, verb: str) -> Organization:
    """Return the organisation of this code on which ``user`` has ``verb``, dissolved ones too.

    A former code finds it as well, unless another one has it now.

    Raises ``unusable`` with one sentence for somebody else's and for one that never was.
    """
    found = Organization.objects.visible_to(user, verb).of_code(code)
    if found is None:
        raise unknown_code(code)
    return found


def unknown_code(code: str) -> CommandError:
    """Return what ends a command that names an organisation which is not there for its user."""
    text = _("There is no organisation of code “%(code)s”. Check it, leading zeros included.")
    return unusable(text % {"code": code})
