"""The log as auditors read it: the whole of it, or what was done within one part of the tree."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.db.models import CharField, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext_lazy as _

from branches.models.grants import EVERYTHING, in_scopes, scopes
from branches.models.organizations import Organization
from branches.rules import roles
from registry.models import Entry
from registry.models.log import EntryQuerySet

CHAIN = "organization:"  # as Organization.log_chain writes it


class AuditEntryQuerySet(EntryQuerySet):
    def visible_to(self, user: Any, verb: str = roles.VIEW_LOG) -> Self:
        """All entries for an auditor of the whole register, else the chains of his rows."""
        ranges = scopes(user, verb)
        if not ranges:
            return self.none()
        if EVERYTHING in ranges:
            return self
        mine = Organization.objects.filter(in_scopes(ranges)).annotate(
            chain=Concat(Value(CHAIN), Cast("pk", CharField()))
        )
        return self.filter(chain__in=mine.values("chain"))


class AuditEntry(Entry):
    """An entry of the log, for those who audit; names of people are left out where it is shown."""

    objects: ClassVar[Any] = AuditEntryQuerySet.as_manager()

    class Meta:
        proxy = True
        verbose_name = _("log entry")
        verbose_name_plural = _("log")
