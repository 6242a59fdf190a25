"""Files that a committee has sent back to the branch, for a reason."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from branches.models import Organization, in_scopes, scopes
from branches.rules import roles
from members.models.accounts import whoever
from registry.models import Record


class SentBackQuerySet(models.QuerySet["SentBack"]):
    def visible_to(self, user: Any, verb: str = roles.VIEW) -> Self:
        return self.filter(in_scopes(scopes(user, verb), "file__organization__path"))

    def under(self, organization: Organization) -> Self:
        """What was sent back to ``organization`` and to everything below it."""
        return self.filter(
            file__organization__path__gte=organization.path,
            file__organization__path__lt=organization.end_path,
        )


class SentBack(Record):
    """One return: the step that cannot be taken yet, and what the branch has to mend first."""

    file = models.ForeignKey(
        "members.DevelopmentFile",
        models.PROTECT,
        related_name="returns",
        verbose_name=_("file"),
    )
    step = models.CharField(_("step"), max_length=40)
    reason = models.CharField(_("reason"), max_length=200)
    sent_back_on = models.DateField(_("sent back on"))
    sent_back_by = whoever(_("sent back by"))
    answered_on = models.DateField(_("answered on"), null=True, editable=False)
    answered_by = whoever(_("answered by"))
    answer = models.CharField(_("answer"), max_length=200, blank=True)

    objects = SentBackQuerySet.as_manager()

    class Meta:
        verbose_name = _("return")
        verbose_name_plural = _("returns")
        ordering = ["file", "id"]
        constraints = [
            models.UniqueConstraint(
                name="sent_back_once_until_answered",
                fields=["file", "step"],
                condition=Q(answered_on__isnull=True),
                violation_error_message=_("This step was sent back already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.file} {self.step} {self.sent_back_on}"

    @property
    def log_chain(self) -> str:
        return f"organization:{self.file.organization_id}"
