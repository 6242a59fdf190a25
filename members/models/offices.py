"""Offices: who held which post in which organisation, from when until when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import date
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from branches.models import Organization, OrganizationPeriod, Unit, in_scopes, scopes
from branches.rules import hierarchy, roles
from members.models import choices
from members.rules import offices
from registry.models import Record


class PostNames:
    """The posts of members, called as somebody at one organisation calls them."""

    def __init__(self, held: Any) -> None:
        self._held: dict[int, list[Any]] = defaultdict(list)
        for office in held:
            self._held[office.member_id].append(office)

    def __getitem__(self, key: tuple[int, int]) -> list[str]:
        """Return the posts of a member seen from an organisation: its own first, as plain 书记;
        others with the kind of theirs, 机关党委副书记."""
        member, home = key
        return list(dict.fromkeys(name for _order, name in sorted(self._named(member, home))))

    def _named(self, member: int, home: int) -> Iterator[tuple[tuple[bool, int], str]]:
        for office in self._held[member]:
            post = offices.POSTS.get(office.post)
            if post is None:
                continue
            away = office.organization_id != home
            named = away and post.body == offices.COMMITTEE and office.kind_then
            kind = hierarchy.KINDS[office.kind_then].chinese if named else ""
            yield (away, post.order), f"{kind}{post.chinese}"


class OfficeQuerySet(models.QuerySet["Office"]):
    def on(self, day: date) -> Self:
        """The offices held on ``day``."""
        return self.filter(Q(held_until__isnull=True) | Q(held_until__gt=day), held_from__lte=day)

    def visible_to(self, user: Any, verb: str = roles.VIEW) -> Self:
        return self.filter(in_scopes(scopes(user, verb), "organization__path"))

    def called(self, members: Collection[int], day: date) -> PostNames:
        """Return these offices of ``members`` by their Chinese names, as kinds were on ``day``."""
        kind_then = OrganizationPeriod.objects.on(day).filter(organization=OuterRef("organization"))
        held = self.filter(member__in=members)
        return PostNames(held.annotate(kind_then=Subquery(kind_then.values("kind")[:1])))


class Office(Record):
    """A post held in an organisation by a member, or by somebody from elsewhere."""

    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="offices", verbose_name=_("organisation")
    )
    member = models.ForeignKey(
        "members.Member",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="offices",
        verbose_name=_("member"),
    )
    name_from_elsewhere = models.CharField(
        _("name"), max_length=50, blank=True, help_text=_("Of somebody who is no member here.")
    )
    body = models.CharField(_("body"), max_length=20, choices=choices.bodies, default="committee")
    post = models.CharField(_("post"), max_length=30, choices=choices.posts)
    held_from = models.DateField(_("from"))
    held_until = models.DateField(
        _("until"), null=True, blank=True, help_text=_("The first day after it.")
    )
    full_time = models.BooleanField(_("full time"), default=False)

    objects = OfficeQuerySet.as_manager()

    class Meta:
        verbose_name = _("office")
        verbose_name_plural = _("offices")
        ordering = ["organization", "body", "post", "held_from"]
        indexes = [
            models.Index(fields=["organization", "held_from"], name="office_by_organization")
        ]
        constraints = [
            models.CheckConstraint(
                name="office_ends_after_it_begins",
                condition=Q(held_until__isnull=True) | Q(held_until__gt=F("held_from")),
                violation_error_message=_("An office ends after it begins. Check both days."),
            ),
            models.CheckConstraint(
                name="office_held_by_somebody",
                condition=Q(member__isnull=False) ^ ~Q(name_from_elsewhere=""),
                violation_error_message=_(
                    "An office is held by a member or by a name from elsewhere. Fill one of them."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_post_display()} {self.holder}"

    def clean(self) -> None:
        if self.member_id and self.name_from_elsewhere:
            raise ValidationError(
                {"name_from_elsewhere": _("A member is chosen. Leave the name empty.")}
            )

    @property
    def holder(self) -> str:
        return self.member.name if self.member else self.name_from_elsewhere

    @property
    def log_chain(self) -> str:
        return f"organization:{self.organization_id}"


class UnitHead(Record):
    """The head of a unit who is a member of the register; “head is secretary” follows from it."""

    unit = models.OneToOneField(Unit, models.CASCADE, related_name="head", verbose_name=_("unit"))
    member = models.ForeignKey(
        "members.Member", models.CASCADE, related_name="heads", verbose_name=_("head")
    )

    class Meta:
        verbose_name = _("head of a unit")
        verbose_name_plural = _("heads of units")

    def __str__(self) -> str:
        return f"{self.unit}: {self.member}"
