"""Who may do what where: a grant gives a user a role on an organisation and all below it.

This is the only place that turns grants into rows. ``scopes`` gives the ranges of paths on which
a user has a verb; every list, count, search, paper, command and object permission asks it.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from branches.models import choices
from branches.rules import roles, tree
from registry.models import Record


class Scope(NamedTuple):
    """A half-open range of paths; ``high`` None is without end: the whole register."""

    low: str
    high: str | None


EVERYTHING = Scope("", None)


def scopes(user: Any, verb: str) -> list[Scope]:
    """Return the ranges of paths on which ``user`` has ``verb``; none for a closed account."""
    if getattr(user, "is_operator", False):
        return [EVERYTHING]
    if not getattr(user, "is_active", False) or user.pk is None:
        return []
    if not hasattr(user, "_grants"):  # once for each request, whose user is a fresh one
        user._grants = list(Grant.objects.filter(user=user).select_related("organization"))
        user._scopes = {}
    if verb not in user._scopes:
        bearing = roles.roles_with(verb)
        user._scopes[verb] = sorted({each.scope for each in user._grants if each.role in bearing})
    ranges: list[Scope] = user._scopes[verb]
    return ranges


def granted(user: Any, verb: str, number: str) -> Any:
    """Return the organisation with the key ``number`` where ``user`` has ``verb`` by a grant on
    just this one: it is known with the grant. None for any other."""
    if not scopes(user, verb) or getattr(user, "is_operator", False):
        return None
    bearing = roles.roles_with(verb)
    mine = (each.organization for each in user._grants if each.role in bearing)
    return next((each for each in mine if each and f"{each.pk}" == number), None)


def in_scopes(ranges: list[Scope], field: str = "path", *, strictly: bool = False) -> Q:
    """Return the condition that ``field`` lies in one of the ranges; nothing for no range.

    ``strictly`` leaves out the organisation itself that a range begins with.
    """
    if EVERYTHING in ranges:
        return ~Q(pk__in=[])  # every row; an empty Q would vanish beside another condition
    condition = Q(pk__in=[])
    for low, high in ranges:
        condition |= Q(**{f"{field}__{'gt' if strictly else 'gte'}": low, f"{field}__lt": high})
    return condition


def superiors_of(ranges: list[Scope]) -> list[str]:
    """Return the paths of all organisations above the ranges."""
    return sorted({path for low, _high in ranges for path in tree.ancestors_of(low)})


def may(user: Any, verb: str, path: str | None = None) -> bool:
    """Return whether ``user`` has ``verb`` on the organisation at ``path``, or anywhere at all."""
    ranges = scopes(user, verb)
    if path is None:
        return bool(ranges)
    return any(low <= path and (high is None or path < high) for low, high in ranges)


def second_factor_required(user: Any) -> bool:
    """Return whether a role of ``user`` is among those that log in with a code from a phone."""
    return Grant.objects.filter(user=user, role__in=settings.TOTP_ROLES).exists()


def rows_where(user: Any, verb: str, field: str) -> Q:
    """Return the condition that the path in ``field`` lies where ``user`` has ``verb``."""
    return in_scopes(scopes(user, verb), field)


class Grant(Record):
    """A role of a user on an organisation and everything below it."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="grants", verbose_name=_("account")
    )
    organization = models.ForeignKey(
        "branches.Organization",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="grants",
        verbose_name=_("organisation"),
        help_text=_("Empty: the whole register. Only for accounts that see no members."),
    )
    role = models.CharField(_("role"), max_length=30, choices=choices.role_names)
    granted_at = models.DateTimeField(_("granted at"), auto_now_add=True)

    class Meta:
        verbose_name = _("grant")
        verbose_name_plural = _("grants")
        ordering = ["user", "organization", "role"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organization", "role"],
                name="grant_once",
                violation_error_message=_("This account has that role on that organisation."),
            ),
            models.UniqueConstraint(
                fields=["user", "role"],
                condition=Q(organization__isnull=True),
                name="grant_once_on_everything",
                violation_error_message=_("This account has that role on the whole register."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} – {self.get_role_display()} – {self.organization or _('everything')}"

    def clean(self) -> None:
        role = roles.ROLES.get(self.role)
        if role is None:
            return  # the field has said so
        if self.organization is None:
            if roles.VIEW in role.verbs:
                raise ValidationError(
                    {"organization": _("This role sees members. Name the organisation it is for.")}
                )
        elif role.code == "branch_clerk" and self.organization.kind != "branch":
            raise ValidationError(
                {
                    "role": _(
                        "A branch clerk works for one branch. "
                        "Name a branch, or make the account a committee clerk."
                    )
                }
            )

    @property
    def scope(self) -> Scope:
        if self.organization is None:
            return EVERYTHING
        return Scope(self.organization.path, tree.end_of(self.organization.path))
