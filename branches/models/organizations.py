"""Organisations and their tree."""

from __future__ import annotations

from datetime import date
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from branches.models import choices
from branches.models.grants import in_scopes, scopes
from branches.models.periods import OrganizationPeriod
from branches.models.reorganizing import Reorganizing
from branches.models.units import Area, Unit
from branches.rules import hierarchy, roles, tree
from registry.fields import ByteOrderedCharField
from registry.language import said


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

    def reorganizable_by(self, user: Any) -> Self:
        """The organisations that ``user`` may rename, move or dissolve: those below his own."""
        return self.filter(in_scopes(scopes(user, roles.CHANGE_TREE), strictly=True))

    def of_code(self, code: str) -> Organization | None:
        """Return which of them has this code; where no organisation has it now, had it last."""
        if not code or self.model.objects.filter(code=code).exists():
            return self.filter(code=code).first()
        had = OrganizationPeriod.objects.filter(code=code, organization__in=self)
        last = had.order_by("valid_from", "pk").last()
        return self.get(pk=last.organization_id) if last else None

    def found_by(self, text: str) -> Self:
        """The organisations whose code begins with these digits, or did so before, or whose name
        holds this text. A former code that another one has now finds that one only."""
        text = " ".join(text.split())
        if text.isdecimal():
            former = OrganizationPeriod.objects.former_codes().filter(code__startswith=text)
            began = Q(code__startswith=text) | Q(pk__in=former.values("organization"))
            return self.filter(began).order_by("code")
        return self.filter(Q(short_name__contains=text) | Q(name__contains=text)).order_by("path")

    def within_reach_of(self, user: Any, verb: str = roles.MOVE) -> Self:
        """Where ``user`` may send people: his organisations, and the branches beside his own.

        A clerk of one branch moves people to a neighbour branch, whose people he does not see.
        """
        ranges = scopes(user, verb)
        own = Organization.objects.filter(path__in=[scope.low for scope in ranges])
        beside = Q(
            kind=hierarchy.BRANCH, parent__in=own.filter(kind=hierarchy.BRANCH).values("parent")
        )
        return self.filter(in_scopes(ranges) | beside)

    def that_hold_members(self) -> Self:
        return self.filter(
            kind__in=[kind.code for kind in hierarchy.KINDS.values() if kind.holds_members]
        )


class Organization(Reorganizing):
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
    address = models.CharField(pgettext_lazy("organisation", "address"), max_length=200, blank=True)
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

    @transaction.atomic
    def correct(self) -> None:
        """Save what a clerk has corrected; a code that was wrong was so in the chronicle too."""
        before = type(self).objects.get(pk=self.pk)
        self.save()
        if before.code != self.code:
            self.periods.filter(code=before.code).update(code=self.code)

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

    def may_be_reorganized_by(self, user: Any) -> bool:
        return type(self).objects.reorganizable_by(user).filter(pk=self.pk).exists()

    def ancestors(self) -> OrganizationQuerySet:
        """The organisations above this one, from the top down."""
        return type(self).objects.filter(path__in=tree.ancestors_of(self.path)).order_by("path")

    def stamping_superior(self, on: date | None = None) -> Organization | None:
        """The nearest organisation above that is entitled to approve members, so stamps letters.

        Where none above is marked as entitled, the nearest of a kind that may be; None for none.
        ``on`` is the day whose superiors are asked for; without it, today's.
        """
        then = self.on(on) if on else None
        if on and then:
            line = OrganizationPeriod.objects.on(on).filter(path__in=tree.ancestors_of(then.path))
            held = line.select_related("organization").order_by("-path")
            kinds = [(each.organization, each.kind) for each in held]
        else:
            rows = self.ancestors().standing().order_by("-path")
            kinds = [(each, each.kind) for each in rows]
        above = [each for each, kind in kinds if hierarchy.KINDS[kind].may_approve]
        entitled = [each for each in above if each.approves_members]
        return next(iter(entitled or above), None)

    def name_on(self, day: date) -> str:
        """Its full name on ``day``; of a day that the chronicle does not reach, today's."""
        then = self.on(day)
        return then.name if then else self.name

    def code_on(self, day: date) -> str:
        """Its code on ``day``; of a day that the chronicle does not reach, today's."""
        then = self.on(day)
        return (then and then.code) or self.code

    def on(self, day: date) -> OrganizationPeriod | None:
        """What this organisation was on ``day``; None before its founding and after its end."""
        return self.periods.on(day).first()
