"""The organisations: tree, units, areas, groups, grants."""

from __future__ import annotations

from django.apps import AppConfig
from django.core.checks import register
from django.utils.translation import gettext_lazy as _

from branches.checks import totp_roles


class BranchesConfig(AppConfig):
    name = "branches"
    verbose_name = _("Organizations")

    def ready(self) -> None:
        register(totp_roles, "registry")
