"""One meeting, class, decision or notice for many people: entered once, all or nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple, Self

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from branches.models import Organization, in_scopes, scopes
from branches.rules import roles
from members.models.development.accounts import whoever
from registry.models import VersionedRecord


class OfOne(NamedTuple):
    """What an occasion brings for one person: his file, his own facts, a reason where late."""

    file: Any
    facts: Mapping[str, Any] = {}
    reason: str = ""


class OccasionQuerySet(models.QuerySet["Occasion"]):
    def visible_to(self, user: Any, verb: str = roles.VIEW) -> Self:
        """What the organisations of a user have held."""
        return self.filter(in_scopes(scopes(user, verb), "organization__path"))


class Occasion(VersionedRecord):
    """A meeting, a training class, a committee's decision or a public notice for several files."""

    step = models.CharField(_("step"), max_length=40)
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="occasions", verbose_name=_("held by")
    )
    held_on = models.DateField(_("held on"))
    facts = models.JSONField(_("recorded"), default=dict, blank=True)
    entered_by = whoever(_("entered by"))
    entered_on = models.DateField(_("entered on"))

    objects = OccasionQuerySet.as_manager()

    class Meta:
        verbose_name = _("meeting, class or decision")
        verbose_name_plural = _("meetings, classes and decisions")
        ordering = ["-held_on", "-id"]
        indexes = [
            models.Index(fields=["organization", "-held_on"], name="occasion_by_organization")
        ]

    def __str__(self) -> str:
        return f"{self.organization} {self.step} {self.held_on}"

    @property
    def log_chain(self) -> str:
        return f"organization:{self.organization_id}"

    # Verbs

    @classmethod
    @transaction.atomic
    def hold(
        cls,
        step: str,
        organization: Organization,
        on: date,
        facts: Mapping[str, Any],
        people: Sequence[OfOne | tuple[Any, Mapping[str, Any], str]],
        *,
        by: Any,
        today: date,
        historical: bool = False,
    ) -> Self:
        """Record ``step`` for all ``people`` as one occasion, all or none, and return it.

        What the occasion and one person's own ``facts`` say is joined for his step. Raises
        ValidationError with every objection to everybody, each beginning with his name.
        """
        raise NotImplementedError
