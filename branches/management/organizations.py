"""How a command finds the organisation that it is told."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from branches.models import Organization
from registry.sheets.commands import unusable


def organization_of_code(code: str, user: Any, verb: str) -> Organization:
    """Return the organisation of ``code`` on which ``user`` has ``verb``.

    Where there is none for him the command ends with 2 and one sentence.
    """
    found = Organization.objects.visible_to(user, verb).filter(code=code).first()
    if found is None:
        raise unusable(
            _("There is no organisation of code “%(code)s”. Check it, leading zeros included.")
            % {"code": code}
        )
    return found
