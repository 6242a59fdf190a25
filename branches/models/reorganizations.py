"""One act by which organisations change, however many: what it was, since when, by which document.

All lines of the chronicle that an act has written hang on it, so that it can be taken back whole.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from branches.models.grants import in_scopes, scopes
from branches.rules import roles
from registry.models import Record
from registry.models.log import actor_now


class Act(models.TextChoices):
    RENAME = "rename", pgettext_lazy("reorganisation", "renaming")
    KIND = "kind", pgettext_lazy("reorganisation", "change of kind")
    MOVE = "move", pgettext_lazy("reorganisation", "whole move")
    DISSOLVE = "dissolve", pgettext_lazy("reorganisation", "dissolution")
    SPLIT = "split", pgettext_lazy("reorganisation", "split")
    MERGE = "merge", pgettext_lazy("reorganisation", "merger")


def _somebody(label: Any) -> Any:
    """A column for an account; empty for whoever works on the machine itself."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=label,
    )


class ReorganizationQuerySet(models.QuerySet["Reorganization"]):
    def visible_to(self, user: Any, verb: str = roles.VIEW) -> Self:
        return self.filter(in_scopes(scopes(user, verb), "organization__path"))

    def in_force(self) -> Self:
        """The acts that were not taken back."""
        return self.filter(taken_back_at__isnull=True)


class Reorganization(Record):
    """One act on one organisation, and on whatever it took along, split off or took in.

    ``kept`` is what taking it back needs and no other row tells: keys of posts that it ended, of
    people and files that it moved, a mark that it took away.
    """

    kind = models.CharField(_("act"), max_length=20, choices=Act.choices)
    organization = models.ForeignKey(
        "branches.Organization",
        models.CASCADE,
        related_name="reorganizations",
        verbose_name=_("organisation"),
    )
    on = models.DateField(_("on"))
    document = models.CharField(_("document number"), max_length=100, blank=True)
    entered_at = models.DateTimeField(_("entered at"), default=timezone.now, editable=False)
    entered_by = _somebody(_("entered by"))
    taken_back_at = models.DateTimeField(_("taken back at"), null=True, editable=False)
    taken_back_by = _somebody(_("taken back by"))
    kept = models.JSONField(default=dict, editable=False)

    objects = ReorganizationQuerySet.as_manager()

    unlogged = frozenset({"kept"})

    class Meta:
        verbose_name = _("reorganisation")
        verbose_name_plural = _("reorganisations")
        ordering = ["organization", "entered_at", "id"]
        constraints = [
            models.CheckConstraint(
                name="reorganization_taken_back_after_entered",
                condition=models.Q(taken_back_at__isnull=True)
                | models.Q(taken_back_at__gte=models.F("entered_at")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.organization} {self.on}"

    @classmethod
    def enter(cls, kind: str, organization: Any, on: date, document: str) -> Self:
        """Begin an act of whoever acts now; the verbs hang their lines of the chronicle on it."""
        act = cls(
            kind=kind,
            organization=organization,
            on=on,
            document=document,
            entered_by=_account(actor_now().user),
        )
        act.save()
        return act

    def keep(self, **kept: Any) -> None:
        """Remember what taking back will need."""
        self.kept = self.kept | kept
        self.save()

    def mark_taken_back(self) -> None:
        self.taken_back_at, self.taken_back_by = timezone.now(), _account(actor_now().user)
        self.save()

    @property
    def log_chain(self) -> str:
        return f"organization:{self.organization_id}"


def _account(user: Any) -> Any:
    return user if getattr(user, "pk", None) else None
