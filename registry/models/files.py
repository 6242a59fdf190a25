"""Files made for one user, such as an export or a filled form, until he has fetched them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from registry.fields import EncryptedBytesField

KEPT = timedelta(days=1)
MADE_WITHIN = timedelta(hours=1)


class PreparedFileQuerySet(models.QuerySet["PreparedFile"]):
    def visible_to(self, user: Any, verb: str = "view") -> Self:
        """A user's own files; nobody else's, whatever he may do."""
        return self.filter(user=user.pk)

    def made(self) -> Self:
        """Those that can be fetched."""
        return self.exclude(file=b"")


class PreparedFile(models.Model):
    """One file that waits to be fetched by the user for whom it was made; erased after a day.

    A large one is made in the background: it is empty until it is there.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("for")
    )
    name = models.CharField(_("file"), max_length=200)
    content_type = models.CharField(max_length=100)
    file = EncryptedBytesField(_("file"), purpose="prepared file")
    done_rows = models.PositiveIntegerField(default=0, help_text="While it is being made.")
    all_rows = models.PositiveIntegerField(default=0, help_text="While it is being made.")
    created_at = models.DateTimeField(_("made at"), auto_now_add=True)

    objects = PreparedFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("prepared file")
        verbose_name_plural = _("prepared files")
        indexes = [models.Index(fields=["created_at"], name="prepared_file_by_age")]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def keep(cls, user: Any, name: str, content_type: str, data: bytes, all_rows: int = 0) -> Self:
        """Keep a file for ``user``, and erase what has waited for longer than a day.

        One of ``all_rows`` that is still to be made is kept empty, until ``fill``.
        """
        cls.objects.filter(created_at__lt=timezone.now() - KEPT).delete()
        return cls.objects.create(
            user=user, name=name[:200], content_type=content_type, file=data, all_rows=all_rows
        )

    def tell(self, done_rows: int) -> None:
        """Let the page of the file show how far it is."""
        self.done_rows = done_rows
        self.save(update_fields=["done_rows"])

    def fill(self, data: bytes) -> None:
        self.file = data
        self.save(update_fields=["file"])

    @property
    def is_given_up(self) -> bool:
        """Whether nobody makes it any more, if it is not there by now: the worker was stopped."""
        return self.created_at < timezone.now() - MADE_WITHIN
