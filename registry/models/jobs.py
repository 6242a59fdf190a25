"""Uploaded sheets as jobs that are kept: the file, its rows and what was found in them.

A job survives a restart at any moment; the register is written only when it is applied. All that
came from the file is encrypted. A job knows its scope as a path, not as an organisation.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from registry.fields import ByteOrderedCharField, EncryptedBytesField, EncryptedTextField
from registry.language import said
from registry.sentences import Sentence


class JobState(models.TextChoices):
    STAGED = "staged", _("waiting for the clerk")
    APPLIED = "applied", _("applied")
    WITHDRAWN = "withdrawn", _("withdrawn")


class RowState(models.TextChoices):
    NEW = "new", _("new")
    CHANGED = "changed", _("changed")
    UNCHANGED = "unchanged", _("unchanged")
    QUESTION = "question", _("question")
    ERROR = "error", _("error")
    SKIPPED = "skipped", _("skipped")
    APPLIED = "applied", _("applied")


class Level(models.TextChoices):
    ERROR = "error", _("error")
    QUESTION = "question", _("question")
    WARNING = "warning", _("warning")


class ImportJob(models.Model):
    """One uploaded file on its way into the register."""

    kind = models.CharField(_("kind of sheet"), max_length=30)
    file_name = models.CharField(_("file"), max_length=300)
    file = EncryptedBytesField(_("file"), purpose="import file")
    file_digest = models.CharField(max_length=64, editable=False)
    scope_path = ByteOrderedCharField(max_length=64, blank=True)
    scope_label = models.CharField(_("for"), max_length=200, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="import_jobs",
        verbose_name=_("uploaded by"),
    )
    state = models.CharField(
        _("state"), max_length=20, choices=JobState.choices, default=JobState.STAGED
    )
    layout = models.JSONField(
        default=dict, help_text="What was found in the file: sheets, headings."
    )
    counts = models.JSONField(default=dict, help_text="How many rows are in each state.")
    created_at = models.DateTimeField(_("uploaded at"), auto_now_add=True)
    applied_at = models.DateTimeField(_("applied at"), null=True)

    class Meta:
        verbose_name = _("upload")
        verbose_name_plural = _("uploads")
        ordering = ["-id"]
        indexes = [models.Index(fields=["scope_path", "-id"], name="job_by_scope")]

    def __str__(self) -> str:
        return f"{self.pk} {self.file_name}"

    @property
    def log_chain(self) -> str:
        return f"job:{self.pk}"


class JobRow(models.Model):
    """One record of an uploaded sheet."""

    job = models.ForeignKey(ImportJob, models.CASCADE, related_name="rows")
    sheet = models.CharField(max_length=100)
    number = models.PositiveIntegerField(_("row"))
    state = models.CharField(_("state"), max_length=20, choices=RowState.choices)
    values_sealed = EncryptedTextField(purpose="import row")
    target_id = models.BigIntegerField(null=True)

    class Meta:
        ordering = ["job", "id"]
        indexes = [models.Index(fields=["job", "state"], name="job_row_by_state")]

    def __str__(self) -> str:
        return f"{self.sheet}!{self.number}"

    @property
    def values(self) -> dict[str, Any]:
        """What the row says, field by field, ready to be written: plain JSON values."""
        result: dict[str, Any] = json.loads(self.values_sealed or "{}")
        return result

    @values.setter
    def values(self, values: Mapping[str, Any]) -> None:
        self.values_sealed = json.dumps(values, ensure_ascii=False)


class JobFinding(models.Model):
    """Something about a cell, a row or the file that the clerk should know."""

    job = models.ForeignKey(ImportJob, models.CASCADE, related_name="findings")
    row = models.ForeignKey(JobRow, models.CASCADE, null=True, related_name="findings")
    sheet = models.CharField(max_length=100, blank=True)
    cell = models.CharField(max_length=20, blank=True)
    field = models.CharField(max_length=50, blank=True)
    level = models.CharField(max_length=10, choices=Level.choices)
    code = models.CharField(max_length=50)
    template = models.TextField()
    params_sealed = EncryptedTextField(purpose="import finding")

    class Meta:
        ordering = ["job", "id"]

    def __str__(self) -> str:
        return f"{self.place}: {self.message}" if self.cell else self.message

    @property
    def place(self) -> str:
        """The cell as the clerk finds it in the file: 党员名册!C17."""
        return f"{self.sheet}!{self.cell}" if self.cell else self.sheet

    @property
    def message(self) -> str:
        """The finding's sentence in the language in use."""
        return said(Sentence(self.template, **json.loads(self.params_sealed or "{}")))

    @classmethod
    def of(cls, sentence: Sentence, **place: Any) -> JobFinding:
        """Return an unsaved finding that says ``sentence`` about the given place."""
        return cls(
            level=place.pop("level", sentence.level),
            code=sentence.code,
            field=place.pop("field", sentence.field),
            template=sentence.template,
            params_sealed=json.dumps(dict(sentence.params), ensure_ascii=False, default=str),
            **place,
        )
