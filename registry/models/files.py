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


class PreparedFileQuerySet(models.QuerySet["PreparedFile"]):
    def visible_to(self, user: Any, verb: str = "view") -> Self:
        """A user's own files; nobody else's, whatever he may do."""
        return self.filter(user=user.pk)


class PreparedFile(models.Model):
    """One file that waits to be fetched by the user for whom it was made; erased after a day."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("for")
    )
    name = models.CharField(_("file"), max_length=200)
    content_type = models.CharField(max_length=100)
    file = EncryptedBytesField(_("file"), purpose="prepared file")
    created_at = models.DateTimeField(_("made at"), auto_now_add=True)

    objects = PreparedFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("prepared file")
        verbose_name_plural = _("prepared files")
        indexes = [models.Index(fields=["created_at"], name="prepared_file_by_age")]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def keep(cls, user: Any, name: str, content_type: str, data: bytes) -> Self:
        """Keep a file for ``user``, and erase what has waited for longer than a day."""
        cls.objects.filter(created_at__lt=timezone.now() - KEPT).delete()
        return cls.objects.create(user=user, name=name[:200], content_type=content_type, file=data)
