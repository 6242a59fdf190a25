"""What must hold of the settings that name roles; a misspelt role would ask nobody for a code."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error

from branches.rules.roles import ROLES


def totp_roles(**_: Any) -> list[CheckMessage]:
    return [
        Error(
            f"REGISTRY_TOTP_ROLES names “{code}”, which is not a role.",
            hint=f"Roles are: {', '.join(ROLES)}.",
            id="branches.E001",
        )
        for code in settings.TOTP_ROLES
        if code not in ROLES
    ]
