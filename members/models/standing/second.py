"""Second memberships: members who also belong to a temporary branch, where they count nowhere."""

from __future__ import annotations

from datetime import date
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from branches.models import Organization, in_scopes, scopes
from branches.rules import roles, tree
from members.models.standing.refusing import refuse_all
from members.models.standing.spans import goes_on
from members.rules import standing
from registry.models import Record


class SecondMembershipQuerySet(models.QuerySet["SecondMembership"]):
    def on(self, day: date) -> Self:
        """Those that hold on ``day``: all of them end with their branch."""
        here = Q(organization__dissolved_on__isnull=True) | Q(organization__dissolved_on__gt=day)
        return self.filter(here, goes_on(day), begins_on__lte=day)

    def going_on(self, day: date) -> Self:
        """Those that have no end by ``day``, whether they have begun or not."""
        return self.filter(goes_on(day))

    def visible_to(self, user: Any, verb: str = roles.VIEW) -> Self:
        """Those of a user's own members, and those in his own branches."""
        ranges = scopes(user, verb)
        own = in_scopes(ranges, "member__organization__path")
        return self.filter(own | in_scopes(ranges, "organization__path"))

    def under(self, top: Organization) -> Self:
        """Those in ``top`` and the branches below it."""
        ends = tree.end_of(top.path)
        return self.filter(organization__path__gte=top.path, organization__path__lt=ends)

    def of_people_under(self, top: Organization) -> Self:
        """Those of members whose relation is in ``top`` or below it."""
        ends = tree.end_of(top.path)
        return self.filter(
            member__organization__path__gte=top.path, member__organization__path__lt=ends
        )


class SecondMembership(Record):
    """One time of a member in a temporary branch; the relation stays where it is."""

    member = models.ForeignKey(
        "members.Member",
        models.CASCADE,
        related_name="second_memberships",
        verbose_name=_("member"),
    )
    organization = models.ForeignKey(
        Organization,
        models.PROTECT,
        related_name="second_members",
        verbose_name=_("temporary branch"),
    )
    begins_on = models.DateField(_("since"))
    ends_on = models.DateField(
        _("until"), null=True, blank=True, help_text=_("The first day after it.")
    )
    note = models.CharField(_("note"), max_length=200, blank=True)

    objects = SecondMembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("second membership")
        verbose_name_plural = _("second memberships")
        ordering = ["organization", "begins_on", "id"]
        constraints = [
            models.CheckConstraint(
                name="second_membership_ends_after_it_begins",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("begins_on")),
                violation_error_message=_("It ends after it begins. Check both days."),
            ),
            models.UniqueConstraint(
                name="second_membership_once",
                fields=["member", "organization"],
                condition=Q(ends_on__isnull=True),
                violation_error_message=_("This member belongs to that branch already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization} {self.begins_on}–{self.ends_on or ''}"

    @transaction.atomic
    def begin(self) -> None:
        """Keep this new one; raise ValidationError with every objection."""
        self.organization = self.member._held(self.organization)
        branch = self.organization
        found = standing.second_membership_objections(
            str(branch), branch.kind, branch.sort, self.begins_on, self.ends_on,
            branch.founded_on, branch.dissolved_on,
        )  # fmt: skip
        refuse_all(found, self.member._refuse_unless_on_roll, self.full_clean)
        self.save()

    @transaction.atomic
    def end(self, on: date) -> None:
        """Belong to it no more from ``on``."""
        if self.ends_on is not None:
            raise ValidationError(_now("It ended already, on %(day)s.") % {"day": self.ends_on})
        refuse_all(standing.ends_too_soon(self.begins_on, on))
        self.close(on)

    def close(self, on: date) -> None:
        """End with what it hangs on, on ``on``; one that has not begun by then never does."""
        self.ends_on = max(on, self.begins_on)
        self.save()

    def go_on(self) -> None:
        """Have no end, since what it ended with never was."""
        self.ends_on = None
        self.save()

    @property
    def log_chain(self) -> str:
        return f"organization:{self.member.organization_id}"
