"""Organisations and their tree."""

from __future__ import annotations

from datetime import date
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models, transaction
from django.db.models import F, Q, Value
from django.db.models.functions import Concat, Substr
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from branches.models import choices
from branches.models.grants import in_scopes, scopes
from branches.models.periods import BEGINNING, Event, OrganizationPeriod
from branches.models.units import Area, Unit
from branches.rules import hierarchy, roles, tree
from registry.fields import ByteOrderedCharField
from registry.language import said
from registry.models import VersionedRecord


class OrganizationQuerySet(models.QuerySet["Organization"]):
    def standing(self) -> Self:
        """Organisations that have not been dissolved."""
        return self.filter(dissolved_on__isnull=True)

    def under(self, top: Organization) -> Self:
        """``top`` and everything below it: one range over the index of paths."""
        return self.filter(path__gte=top.path, path__lt=tree.end_of(top.path))

    def visible_to(self, user: Any, verb: str = roles.VIEW) -> Self:
        """The organisations on which ``user`` has ``verb``."""
        return self.filter(in_scopes(scopes(user, verb)))

    def that_hold_members(self) -> Self:
        return self.filter(
            kind__in=[kind.code for kind in hierarchy.KINDS.values() if kind.holds_members]
        )


class Organization(VersionedRecord):
    """One organisation of the tree, from a work committee down to a branch."""

    code = models.CharField(
        _("code"),
        max_length=30,
        unique=True,
        validators=[RegexValidator(r"^\d+$", _("A code is made of digits only, such as 020100."))],
        error_messages={"unique": _("There is already an organisation of this code.")},
        help_text=_("Digits, leading zeros included: the superior's code and three more."),
    )
    name = models.CharField(_("full name"), max_length=100, help_text=_("As on the seal."))
    short_name = models.CharField(_("short name"), max_length=50, blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=choices.kinds)
    sort = models.CharField(
        _("sort of branch"), max_length=20, choices=choices.sorts, default="ordinary"
    )
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("superior"),
    )
    path = ByteOrderedCharField(max_length=64, unique=True, editable=False)
    approves_members = models.BooleanField(
        _("approves probationary members"),
        default=False,
        help_text=_("Entitled to approve; then it also stamps transfer letters."),
    )
    units = models.ManyToManyField(
        Unit, blank=True, related_name="organizations", verbose_name=_("units")
    )
    area = models.ForeignKey(
        Area,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="organizations",
        verbose_name=_("area"),
    )
    contact = models.CharField(_("contact"), max_length=50, blank=True)
    phone = models.CharField(_("phone"), max_length=50, blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    display_order = models.PositiveIntegerField(_("order"), default=0)
    founded_on = models.DateField(
        _("founded on"), null=True, blank=True, help_text=_("Empty where nobody knows.")
    )
    dissolved_on = models.DateField(
        _("dissolved on"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("First day without it."),
    )

    objects = OrganizationQuerySet.as_manager()

    unlogged = frozenset({"version", "path"})

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["path"]
        constraints = [
            models.CheckConstraint(
                name="organization_dissolved_after_founded",
                condition=Q(dissolved_on__isnull=True)
                | Q(founded_on__isnull=True)
                | Q(dissolved_on__gt=F("founded_on")),
                violation_error_message=_(
                    "An organisation ends after its founding. Check the day."
                ),
            ),
            models.UniqueConstraint(
                name="organization_name_once_per_superior",
                fields=["parent", "name"],
                condition=Q(dissolved_on__isnull=True),
                violation_error_message=_("The superior already has an organisation of this name."),
            ),
            models.UniqueConstraint(
                name="organization_name_once_at_the_top",
                fields=["name"],
                condition=Q(parent__isnull=True, dissolved_on__isnull=True),
                violation_error_message=_(
                    "There is already an organisation of this name at the top."
                ),
            ),
        ]
        indexes = [
            models.Index(fields=["parent", "display_order"], name="organization_by_superior"),
            models.Index(fields=["name"], name="organization_by_name"),
        ]

    def __str__(self) -> str:
        return self.short_name or self.name

    def clean(self) -> None:
        if self.kind not in hierarchy.KINDS:
            return  # Django runs clean() even when a field is wrong, and has said so by now
        parent = self.parent
        errors: dict[str, list[str]] = {}
        if objections := hierarchy.objections(self.kind, parent.kind if parent else None):
            errors["parent"] = [said(objection) for objection in objections]
        if objections := hierarchy.sort_objections(self.kind, self.sort):
            errors["sort"] = [said(objection) for objection in objections]
        if self.approves_members and not hierarchy.KINDS[self.kind].may_approve:
            errors["approves_members"] = [_now("Only committees approve probationary members.")]
        if parent and self.path and parent.path.startswith(self.path):
            errors.setdefault("parent", []).append(
                _now("%(parent)s stands below %(this)s; nothing can stand under itself.")
                % {"parent": parent, "this": self}
            )
        if errors:
            raise ValidationError(errors)

    # Verbs

    @classmethod
    @transaction.atomic
    def found(cls, *, document: str = "", **fields: Any) -> Self:
        """Found an organisation, and begin its chronicle on the day of founding."""
        organization = cls(**fields)
        organization.establish(document=document)
        return organization

    @transaction.atomic
    def establish(self, *, document: str = "") -> None:
        """Give this new organisation its place in the tree and the first line of its chronicle."""
        parent = self.parent
        self.full_clean(exclude=["path"])
        if parent and parent.dissolved_on:
            self._refuse("parent", _now("%(parent)s is dissolved."), parent=parent)
        if parent and parent.founded_on and self.founded_on and self.founded_on < parent.founded_on:
            self._refuse(
                "founded_on",
                _now("%(parent)s was founded on %(day)s only. Check the day."),
                parent=parent,
                day=parent.founded_on,
            )
        self.path = self._next_path(parent)
        self.save()
        self._begin(self.founded_on or BEGINNING, Event.FOUNDED, document)

    @transaction.atomic
    def rename(self, name: str, short_name: str = "", *, on: date, document: str = "") -> None:
        """Carry another name from ``on``; papers of earlier days keep the old one."""
        self._must_stand(on)
        self.name, self.short_name = name, short_name
        self.full_clean()
        self.save()
        self._begin(on, Event.RENAMED, document)

    @transaction.atomic
    def change_kind(
        self, kind: str, sort: str = "ordinary", *, on: date, document: str = ""
    ) -> None:
        """Become another kind of organisation from ``on``; what stands below must allow it."""
        self._must_stand(on)
        self.kind, self.sort = kind, sort
        self.approves_members = self.approves_members and hierarchy.KINDS[kind].may_approve
        self.full_clean()
        for child in self.children.standing().order_by("path"):
            if objections := hierarchy.objections(child.kind, kind):
                raise ValidationError(
                    {"kind": [f"{child}: {said(objection)}" for objection in objections]}
                )
        self.save()
        self._begin(on, Event.CHANGED_KIND, document)

    @transaction.atomic
    def move_under(self, parent: Organization, *, on: date, document: str = "") -> None:
        """Stand under ``parent`` from ``on``, with everything below.

        Raises ValidationError with every objection: the kinds, a circle, a dissolved superior, a
        day before the founding or before a later change of any organisation that moves along.
        """
        self._must_stand(on)
        old_path = self.path
        below = list(type(self).objects.under(self).exclude(pk=self.pk).order_by("path"))
        problems = []
        if parent.dissolved_on:
            problems.append(_now("%(parent)s is dissolved.") % {"parent": parent})
        if parent.founded_on and on < parent.founded_on:
            problems.append(
                _now("%(parent)s was founded on %(day)s only. Check the day.")
                % {"parent": parent, "day": parent.founded_on}
            )
        later = OrganizationPeriod.objects.filter(
            organization__in=below, valid_until__isnull=True, valid_from__gt=on
        ).select_related("organization")
        problems += [
            _now("%(name)s has changed on %(day)s, after %(on)s. Choose a later day.")
            % {"name": period.organization, "day": period.valid_from, "on": on}
            for period in later
        ]
        if problems:
            raise ValidationError({"parent": problems})
        self.parent = parent
        self.full_clean()
        self.path = self._next_path(parent)
        self.save()
        type(self).objects.filter(path__gte=old_path, path__lt=tree.end_of(old_path)).update(
            path=Concat(Value(self.path), Substr("path", len(old_path) + 1))
        )
        self._begin(on, Event.MOVED, document)
        self._begin_along(on, document)

    @transaction.atomic
    def dissolve(self, *, on: date, document: str = "") -> None:
        """End on ``on``. Whoever calls this has made sure that nobody belongs here any more."""
        self._must_stand(on)
        if self.founded_on and on <= self.founded_on:
            self._refuse(
                "dissolved_on", _now("An organisation ends after its founding. Check the day.")
            )
        if (standing := self.children.standing().count()) > 0:
            self._refuse(
                "dissolved_on",
                _now("%(count)s organisations stand under it. Move or dissolve them first."),
                count=standing,
            )
        self._begin(on, Event.DISSOLVED, document)
        self.periods.filter(valid_until__isnull=True).update(valid_until=on)
        self.dissolved_on = on
        self.save()

    def _must_stand(self, on: date) -> None:
        type(self).objects.select_for_update().filter(pk=self.pk).first()
        if self.dissolved_on:
            self._refuse(None, _now("%(name)s is dissolved."), name=self)
        if self.founded_on and on < self.founded_on:
            self._refuse(
                None,
                _now("%(name)s was founded on %(day)s; nothing can happen to it before."),
                name=self,
                day=self.founded_on,
            )
        now = self.periods.filter(valid_until__isnull=True).first()
        if now and on < now.valid_from:
            self._refuse(
                None,
                _now("%(name)s has changed on %(day)s, after %(on)s. Choose a later day."),
                name=self,
                day=now.valid_from,
                on=on,
            )

    def _refuse(self, field: str | None, message: str, **params: Any) -> None:
        raise ValidationError({field: message % params} if field else message % params)

    @classmethod
    def _next_path(cls, parent: Organization | None) -> str:
        """Return the path after the last child of ``parent``, whose row is held meanwhile."""
        if parent:
            cls.objects.select_for_update().get(pk=parent.pk)
        # Asked of the chronicle, so that a path is never given out twice: an old one keeps telling
        # where its organisation stood.
        used = OrganizationPeriod.objects.order_by("-path")
        if parent:
            used = used.filter(path__gt=parent.path, path__lt=parent.end_path)
        last = used.values_list("path", flat=True).first()
        if last is None:
            return tree.child_path(parent.path, 1) if parent else tree.root_path(1)
        return tree.step_after(last[: len(parent.path if parent else "") + tree.WIDTH])

    def _begin(self, on: date, event: str, document: str) -> None:
        self.periods.filter(valid_until__isnull=True).update(valid_until=on)
        OrganizationPeriod.objects.create(**self._as_period(on, event, document))

    def _begin_along(self, on: date, document: str) -> None:
        """Continue the chronicle of everything below, at its new place."""
        below = list(type(self).objects.under(self).exclude(pk=self.pk).standing())
        OrganizationPeriod.objects.filter(organization__in=below, valid_until__isnull=True).update(
            valid_until=on
        )
        OrganizationPeriod.objects.bulk_create(
            [
                OrganizationPeriod(**each._as_period(on, Event.MOVED_ALONG, document))
                for each in below
            ],
            batch_size=500,
        )

    def _as_period(self, on: date, event: str, document: str) -> dict[str, Any]:
        copied = {
            field: getattr(self, field)
            for field in ("name", "short_name", "kind", "sort", "parent_id", "path")
        }
        return copied | {
            "organization": self,
            "valid_from": on,
            "event": event,
            "document": document,
        }

    # Answers

    @property
    def holds_members(self) -> bool:
        return hierarchy.KINDS[self.kind].holds_members

    @property
    def end_path(self) -> str:
        """The first path after everything below this organisation."""
        return tree.end_of(self.path)

    @property
    def level(self) -> int:
        """How deep it stands: 1 at the top."""
        return tree.level_of(self.path)

    @property
    def log_chain(self) -> str:
        return f"organization:{self.pk}"

    def ancestors(self) -> OrganizationQuerySet:
        """The organisations above this one, from the top down."""
        return type(self).objects.filter(path__in=tree.ancestors_of(self.path)).order_by("path")

    def on(self, day: date) -> OrganizationPeriod | None:
        """What this organisation was on ``day``; None before its founding and after its end."""
        return self.periods.on(day).first()
