"""Findings: what looks odd in a record, until it is mended or a clerk lets it stand."""

from __future__ import annotations

from datetime import date
from typing import Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from branches.models import in_scopes, scopes
from branches.rules import roles
from members.rules import membership
from registry.language import said
from registry.models import Entry
from registry.models.log import Action


class FindingQuerySet(models.QuerySet["Finding"]):
    def standing_open(self) -> Self:
        """Findings that nobody has mended or let stand."""
        return self.filter(mended_on__isnull=True, accepted_on__isnull=True)

    def visible_to(self, user: Any, verb: str = roles.VIEW) -> Self:
        return self.filter(in_scopes(scopes(user, verb), "member__organization__path"))


class Finding(models.Model):
    """One thing that looks odd in one member's record; its sentence is said by the rule."""

    member = models.ForeignKey(
        "members.Member", models.CASCADE, related_name="findings", verbose_name=_("member")
    )
    code = models.CharField(_("finding"), max_length=50)
    field = models.CharField(_("field"), max_length=50, blank=True)
    found_on = models.DateField(_("found on"))
    mended_on = models.DateField(_("mended on"), null=True)
    accepted_on = models.DateField(_("left standing since"), null=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("left standing by"),
    )
    accepted_reason = models.CharField(_("reason"), max_length=200, blank=True)

    objects = FindingQuerySet.as_manager()

    class Meta:
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        ordering = ["member", "id"]
        constraints = [
            models.UniqueConstraint(
                name="finding_once_while_it_holds",
                fields=["member", "code"],
                condition=Q(mended_on__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.member}: {self.code}"

    @transaction.atomic
    def accept(self, user: Any, reason: str, on: date) -> None:
        """Let the finding stand, for a reason that is kept: the personnel file says so, say."""
        if not reason.strip():
            raise ValidationError({"reason": _now("Say why it may stand.")})
        if self.mended_on:
            raise ValidationError(_now("This is mended already: %(finding)s") % {"finding": self})
        self.accepted_on, self.accepted_by, self.accepted_reason = on, user, reason.strip()[:200]
        self.save(update_fields=["accepted_on", "accepted_by", "accepted_reason"])
        Entry.append(
            Action.CHANGE, self.member, [["findings", "", self.code]], reason=reason.strip()
        )

    @property
    def message(self) -> str:
        """The sentence of the rule about the record as it is now; the code where it is mended."""
        objections = membership.objections(self.member.facts(), self.found_on)
        return next((said(each) for each in objections if each.code == self.code), self.code)
