"""The chronicle: what an organisation was called, was and stood under, from day to day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from branches.models import choices
from branches.models.grants import in_scopes, scopes
from branches.rules import roles, tree
from registry.fields import ByteOrderedCharField

# The first day of organisations that nobody knows the founding of.
BEGINNING = date(1900, 1, 1)


class Event(models.TextChoices):
    FOUNDED = "founded", _("founded")
    RENAMED = "renamed", _("renamed")
    MOVED = "moved", _("moved")
    MOVED_ALONG = "moved_along", _("moved with its superior")
    CHANGED_KIND = "changed_kind", _("changed in kind")
    DISSOLVED = "dissolved", _("dissolved")
    SPLIT = "split", _("gave founding to others")
    TOOK_IN = "took_in", _("took others in")
    REASSIGNED = "reassigned", pgettext_lazy("organisation", "given to another superior")


class OrganizationPeriodQuerySet(models.QuerySet["OrganizationPeriod"]):
    def on(self, day: date) -> Self:
        """The periods that hold on ``day``: at most one of each organisation."""
        return self.filter(
            Q(valid_until__isnull=True) | Q(valid_until__gt=day), valid_from__lte=day
        )

    def under(self, path: str) -> Self:
        """The periods in which an organisation stood at ``path`` or below it."""
        return self.filter(path__gte=path, path__lt=tree.end_of(path))

    def names_on(self, day: date, organizations: Iterable[Any]) -> dict[int, str]:
        """Return the full names of ``organizations`` on ``day``, by key; of one that the chronicle
        does not reach, today's."""
        names = {each.pk: each.name for each in organizations}
        held = self.on(day).filter(organization__in=list(names))
        return names | dict(held.values_list("organization", "name"))

    def former_codes(self) -> Self:
        """The periods that have ended with a code that nobody has now."""
        now: Any = self.model._meta.get_field("organization").remote_field
        ended = self.filter(valid_until__isnull=False)
        return ended.filter(~Exists(now.model.objects.filter(code=OuterRef("code"))))

    def visible_to(self, user: Any, verb: str = roles.VIEW) -> Self:
        return self.filter(in_scopes(scopes(user, verb), "organization__path"))


class OrganizationPeriod(models.Model):
    """A stretch of days during which name, kind, place and code of an organisation stayed the same.

    A period of no days (its two ends equal) is an event that another one of the same day
    followed, or the dissolving; it is told in the chronicle and holds on no day.
    """

    organization = models.ForeignKey(
        "branches.Organization",
        models.CASCADE,
        related_name="periods",
        verbose_name=_("organisation"),
    )
    valid_from = models.DateField(_("from"))
    valid_until = models.DateField(_("until"), null=True, help_text=_("The first day after it."))
    event = models.CharField(_("event"), max_length=20, choices=Event.choices)
    document = models.CharField(_("document number"), max_length=100, blank=True)
    name = models.CharField(_("full name"), max_length=100)
    short_name = models.CharField(_("short name"), max_length=50, blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=choices.kinds)
    sort = models.CharField(_("sort"), max_length=20, choices=choices.sorts)
    parent = models.ForeignKey(
        "branches.Organization",
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("under"),
    )
    path = ByteOrderedCharField(max_length=64)
    code = models.CharField(_("code"), max_length=30, blank=True, db_default="", db_index=True)
    act = models.ForeignKey(
        "branches.Reorganization",
        models.RESTRICT,
        null=True,
        related_name="lines",
        verbose_name=_("reorganisation"),
    )

    objects = OrganizationPeriodQuerySet.as_manager()

    class Meta:
        verbose_name = _("chronicle entry")
        verbose_name_plural = _("chronicle")
        ordering = ["organization", "valid_from", "id"]
        indexes = [
            models.Index(
                fields=["path", "valid_from", "valid_until", "organization"], name="period_by_path"
            )
        ]
        constraints = [
            models.CheckConstraint(
                name="period_ends_after_it_begins",
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
            ),
            models.UniqueConstraint(
                name="period_open_once",
                fields=["organization"],
                condition=Q(valid_until__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.valid_from} {self.get_event_display()} {self.name}"
