"""What both apps stand on: users, jobs, the log."""

from __future__ import annotations

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.utils.translation import gettext_lazy as _

from registry.checks import register_checks


class RegistryConfig(AppConfig):
    name = "registry"
    verbose_name = _("Registry")

    def ready(self) -> None:
        register_checks()


class RegistryAdminConfig(AdminConfig):
    """The admin, with our site in place of Django's own."""

    default_site = "registry.admin.site.RegistryAdminSite"
