"""What a login leaves behind: tries on an account, second factors, forms cut off half-way."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from registry import encryption
from registry.fields import EncryptedTextField
from registry.models.records import Record

TRIES = 5
TRIES_WITHIN = timedelta(minutes=15)
LOCKED_FOR = timedelta(minutes=30)
TRIES_KEPT = timedelta(days=1)
FORM_KEPT_FOR = timedelta(minutes=30)
LONGEST_PATH = 500
LONGEST_FORM = 500_000  # signs; a longer one is no form that somebody has typed


def stamp_of(moment: datetime) -> int:
    """Return the moment as whole milliseconds."""
    return int(moment.timestamp() * 1000)


class LoginTries(models.Model):
    """The failed tries on one user name, whether or not there is such an account.

    A try counts as failed before the password is looked at, in a transaction of its own, so that
    tries made at the same moment are no more than those made one after the other. Names are kept
    as digests: what is typed into the wrong box may be a password.
    """

    name = models.CharField(max_length=32, primary_key=True)
    failed_at = models.JSONField(default=list, help_text="Milliseconds since 1970, oldest first.")
    locked_until = models.DateTimeField(null=True)
    last_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{len(self.failed_at)} tries"

    @staticmethod
    def key_of(username: str) -> str:
        return encryption.digest_of("login name", username or "-")

    @classmethod
    @transaction.atomic
    def begin(cls, username: str, now: datetime) -> int | None:
        """Count a try as failed and return its stamp; None while the account is locked."""
        tries, first = cls.objects.select_for_update().get_or_create(
            name=cls.key_of(username), defaults={"last_at": now}
        )
        if first:
            cls.objects.filter(last_at__lt=now - TRIES_KEPT).delete()
        if tries.is_locked(now):
            return None
        stamp = stamp_of(now)
        begin = stamp_of(now - TRIES_WITHIN)
        tries.failed_at = [*(moment for moment in tries.failed_at if moment > begin), stamp]
        tries.locked_until = now + LOCKED_FOR if len(tries.failed_at) >= TRIES else None
        tries.last_at = now
        tries.save()
        return stamp

    @classmethod
    @transaction.atomic
    def take_back(cls, username: str, stamp: int) -> None:
        """The try was right: it counts no more; those that failed before it still do."""
        tries = cls.objects.select_for_update().filter(name=cls.key_of(username)).first()
        if tries and stamp in tries.failed_at:
            tries.failed_at.remove(stamp)
            tries.locked_until = None
            tries.save()

    @classmethod
    def forget(cls, username: str) -> None:
        """Begin anew: somebody has entered, or the system administrator unlocks the account."""
        cls.objects.filter(name=cls.key_of(username)).delete()

    @classmethod
    def locked(cls, username: str, now: datetime) -> bool:
        tries = cls.objects.filter(name=cls.key_of(username)).first()
        return tries is not None and tries.is_locked(now)

    def is_locked(self, now: datetime) -> bool:
        return self.locked_until is not None and now < self.locked_until


class SecondFactor(Record):
    """The secret that a user's phone shares with the register to make one-time codes."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="second_factor",
        verbose_name=_("account"),
    )
    secret = EncryptedTextField(purpose="second factor", help_text="Base32.")
    confirmed_at = models.DateTimeField(_("in use since"), null=True)
    last_step = models.BigIntegerField(default=0, help_text="A code is accepted once.")

    unlogged = frozenset({"secret", "last_step"})

    class Meta:
        verbose_name = _("second factor")
        verbose_name_plural = _("second factors")

    def __str__(self) -> str:
        return str(self.user)


class KeptForm(models.Model):
    """What was typed into a form whose session had ended: encrypted, for its user, for a while."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    path = models.CharField(max_length=LONGEST_PATH)
    data = EncryptedTextField(purpose="kept form")
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "path"], name="kept_form_once_per_page")
        ]

    def __str__(self) -> str:
        return self.path

    @classmethod
    @transaction.atomic
    def keep(cls, user_id: int, path: str, fields: dict[str, Any]) -> bool:
        """Keep the fields in place of earlier ones; return whether they were not too much."""
        now = timezone.now()
        cls.objects.filter(created_at__lt=now - FORM_KEPT_FOR).delete()
        data = json.dumps(fields, ensure_ascii=False)
        if len(data) > LONGEST_FORM or len(path) > LONGEST_PATH:
            return False
        cls.objects.update_or_create(
            user_id=user_id, path=path, defaults={"data": data, "created_at": now}
        )
        return True

    @classmethod
    @transaction.atomic
    def take(cls, user_id: int, path: str) -> dict[str, list[str]] | None:
        """Return what the user had typed on the page at ``path``, once, and forget it."""
        since = timezone.now() - FORM_KEPT_FOR
        kept = cls.objects.filter(user_id=user_id, path=path, created_at__gte=since).first()
        if kept is None:
            return None
        fields: dict[str, list[str]] = json.loads(kept.data)
        kept.delete()
        return fields
