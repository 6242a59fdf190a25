"""Scans that belong to a file: letters, resolutions, application forms."""

from __future__ import annotations

from datetime import date
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from branches.models import in_scopes, scopes
from branches.rules import roles
from members.models.accounts import account, whoever
from registry.fields import EncryptedBytesField
from registry.models import Action, Entry, Record

LARGEST = 10 * 1024 * 1024  # bytes
# By their first bytes, since a name can say anything.
KINDS = (
    (b"%PDF-", "application/pdf"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
)
PROGRAMS = (b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe")


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def visible_to(self, user: Any, verb: str = roles.VIEW) -> Self:
        return self.filter(in_scopes(scopes(user, verb), "file__organization__path"))

    def listed(self) -> Self:
        """The attachments without their bytes, which take long to open."""
        return self.defer("content")


class Attachment(Record):
    """One scan of a file, encrypted. Taken away only with a reason in the log."""

    file = models.ForeignKey(
        "members.DevelopmentFile",
        models.CASCADE,
        related_name="attachments",
        verbose_name=_("file"),
    )
    step = models.CharField(_("step"), max_length=40, blank=True)
    name = models.CharField(_("name"), max_length=200)
    content_type = models.CharField(_("kind of file"), max_length=50, editable=False)
    size = models.PositiveIntegerField(_("size"), help_text=_("In bytes."), editable=False)
    content = EncryptedBytesField(_("content"), purpose="development attachment")
    added_by = whoever(_("added by"))
    added_on = models.DateField(_("added on"))

    objects = AttachmentQuerySet.as_manager()

    unlogged = frozenset({"content"})

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ["file", "id"]

    def __str__(self) -> str:
        return self.name

    @property
    def log_chain(self) -> str:
        return f"organization:{self.file.organization_id}"

    # Verbs

    @classmethod
    @transaction.atomic
    def attach(
        cls, file: Any, name: str, content: bytes, *, by: Any, on: date, step: str = ""
    ) -> Self:
        """Keep a scan with ``file``; raise ValidationError where it is none, or too large."""
        name = " ".join(name.replace("\\", "/").rsplit("/", 1)[-1].split())[:200]
        if objections := content_objections(name, content):
            raise ValidationError({"content": objections})
        attachment = cls(
            file=file,
            step=step,
            name=name,
            content_type=content_type_of(content),
            size=len(content),
            content=content,
            added_by=account(by),
            added_on=on,
        )
        attachment.save()
        return attachment

    @transaction.atomic
    def take_away(self, reason: str) -> None:
        """Remove the scan, for a reason that the log keeps with its name."""
        if not reason.strip():
            raise ValidationError({"reason": _now("Say why the scan is taken away.")})
        Entry.append(Action.DELETE, self, [["name", self.name, ""]], reason=reason.strip())
        type(self).objects.filter(pk=self.pk).delete()


def content_type_of(content: bytes) -> str:
    """Return what the first bytes tell; "" for anything but PDF, JPEG and PNG."""
    return next((kind for start, kind in KINDS if content.startswith(start)), "")


def content_objections(name: str, content: bytes) -> list[str]:
    """Return every reason against keeping ``content`` as a scan."""
    found = []
    if content.startswith(PROGRAMS):
        found.append(
            _now("“%(name)s” is a program, not a scan. Attach a PDF, JPEG or PNG file.")
            % {"name": name}
        )
    elif not content:
        found.append(_now("“%(name)s” is empty. Scan the paper again.") % {"name": name})
    elif not content_type_of(content):
        found.append(
            _now(
                "“%(name)s” is neither PDF nor JPEG nor PNG, whatever its name says. "
                "Scan the paper into one of these."
            )
            % {"name": name}
        )
    if len(content) > LARGEST:
        found.append(
            _now(
                "“%(name)s” has %(size)s MB; at most %(most)s MB can be kept. "
                "Scan it in black and white, or in parts."
            )
            % {
                "name": name,
                "size": f"{len(content) / 1024 / 1024:.1f}",
                "most": LARGEST // 1024 // 1024,
            }
        )
    return found
