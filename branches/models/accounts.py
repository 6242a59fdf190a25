"""Accounts, as those see them who manage accounts: each administrator within his own rows."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from branches.models.grants import EVERYTHING, Grant, in_scopes, scopes
from branches.rules import roles
from registry.models import Entry, Record, User
from registry.models.log import Action
from registry.models.records import HIDDEN
from registry.models.user import UserManager


class AccountQuerySet(models.QuerySet["Account"]):
    def visible_to(self, user: Any, verb: str = roles.VIEW_ACCOUNTS) -> Self:
        """The accounts of which every grant lies where ``user`` has ``verb``.

        An account without a grant belongs nowhere, so only he sees it who has the verb on the
        whole register; otherwise an administrator could take over another office's account.
        """
        ranges = scopes(user, verb)
        if not ranges:
            return self.none()
        if EVERYTHING in ranges:
            return self
        inside = Grant.objects.filter(in_scopes(ranges, "organization__path"))
        outside = Grant.objects.exclude(pk__in=inside.values("pk"))
        return self.filter(pk__in=inside.values("user")).exclude(pk__in=outside.values("user"))


class AccountManager(UserManager.from_queryset(AccountQuerySet)):  # type: ignore[misc]
    pass


class Account(Record, User):
    """A user, as the one who manages accounts sees him; closed at times, never deleted."""

    objects: ClassVar[Any] = AccountManager()

    unlogged = frozenset({"password", "last_login"})

    class Meta:
        proxy = True
        verbose_name = _("account")
        verbose_name_plural = _("accounts")

    # Verbs

    @transaction.atomic
    def give_password(self, password: str) -> None:
        """Set a password that the administrator hands over; every session of the account ends."""
        self.set_password(password)
        self.save(update_fields=["password"])
        Entry.append(Action.CHANGE, self, [["password", HIDDEN, HIDDEN]])
