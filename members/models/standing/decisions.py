"""What decided that a membership ended, was stopped or came back: the document, and a note."""

from __future__ import annotations

from datetime import date
from typing import Any, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from branches.models import Organization, in_scopes, scopes
from branches.rules import roles, tree
from members.models import choices
from registry.models import Record


class OfMembers(models.QuerySet[Any]):
    """Rows about one member each, which go with him through the tree."""

    def visible_to(self, user: Any, verb: str = roles.VIEW) -> Self:
        return self.filter(in_scopes(scopes(user, verb), "member__organization__path"))

    def under(self, top: Organization) -> Self:
        """Those about members of ``top`` and everything below it."""
        ends = tree.end_of(top.path)
        return self.filter(
            member__organization__path__gte=top.path, member__organization__path__lt=ends
        )


class MembershipDecision(Record):
    """One decision on a membership, where somebody has said by which document it was taken."""

    member = models.ForeignKey(
        "members.Member", models.CASCADE, related_name="decisions", verbose_name=_("member")
    )
    what = models.CharField(
        _("what was decided"), max_length=30, choices=choices.membership_decisions
    )
    decided_on = models.DateField(_("on"))
    document = models.CharField(_("document number"), max_length=100, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)

    objects = OfMembers.as_manager()

    class Meta:
        verbose_name = _("decision on a membership")
        verbose_name_plural = _("decisions on memberships")
        ordering = ["member", "decided_on", "id"]

    def __str__(self) -> str:
        return f"{self.get_what_display()} {self.decided_on}"

    @classmethod
    def keep(cls, member: Any, what: str, on: date, document: str, note: str) -> None:
        """Keep what decided it, where anything is said; called by the verbs of a member."""
        if document.strip() or note.strip():
            cls.objects.create(
                member=member,
                what=what,
                decided_on=on,
                document=document.strip()[:100],
                note=note.strip()[:200],
            )

    @property
    def log_chain(self) -> str:
        return f"organization:{self.member.organization_id}"
