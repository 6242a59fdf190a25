"""Uploaded sheets as jobs that are kept: the file, its rows and what was found in them.

A job survives a restart at any moment; the register is written only when it is applied. All that
came from the file is encrypted. A job knows its scope as a path, not as an organisation.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from registry import access
from registry.fields import ByteOrderedCharField, EncryptedBytesField, EncryptedTextField
from registry.language import said
from registry.sentences import Sentence

BATCH = 500


class JobState(models.TextChoices):
    READING = "reading", _("being read")
    STAGED = "staged", _("waiting for the clerk")
    APPLYING = "applying", _("being applied")
    PARTLY = "partly", _("partly applied")
    APPLIED = "applied", _("applied")
    UNDOING = "undoing", _("being taken back")
    UNDONE = "undone", _("taken back")
    DISCARDED = "discarded", _("discarded")
    UNREADABLE = "unreadable", _("not readable")
    ERASED = "erased", _("erased")


# A job in one of these may still write to the register.
OPEN = (JobState.STAGED, JobState.PARTLY)


class RowState(models.TextChoices):
    NEW = "new", _("new")
    CHANGED = "changed", _("changed")
    UNCHANGED = "unchanged", _("unchanged")
    QUESTION = "question", _("question")
    ERROR = "error", _("error")
    SKIPPED = "skipped", _("skipped")


class Level(models.TextChoices):
    ERROR = "error", _("error")
    QUESTION = "question", _("question")
    WARNING = "warning", _("warning")


class ImportJobQuerySet(models.QuerySet["ImportJob"]):
    def visible_to(self, user: Any, verb: str = access.VIEW) -> Self:
        """Jobs for organisations on which ``user`` has ``verb``; of those for none, his own."""
        if getattr(user, "is_operator", False):
            return self.all()
        if not access.may(user, verb):
            return self.none()
        own = models.Q(scope_path="", user=user.pk)
        return self.filter(
            own | (access.in_scope(user, verb, "scope_path") & ~models.Q(scope_path=""))
        )


class ImportJob(models.Model):
    """One uploaded file on its way into the register."""

    kind = models.CharField(_("kind of sheet"), max_length=30)
    file_name = models.CharField(_("file"), max_length=300)
    file = EncryptedBytesField(_("file"), purpose="import file")
    file_digest = models.CharField(max_length=64, editable=False)
    scope_path = ByteOrderedCharField(max_length=64, blank=True)
    scope_label = models.CharField(_("for"), max_length=200, blank=True)
    opening_on = models.DateField(
        _("opening day"),
        help_text=_("From when people belong to their branch, where the sheet does not say it."),
    )
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
    layout_sealed = EncryptedTextField(purpose="import layout", blank=True)
    answers_sealed = EncryptedTextField(
        purpose="import answers", blank=True, help_text="What the clerk has said of its columns."
    )
    counts = models.JSONField(default=dict, help_text="How many rows are in each state.")
    done_rows = models.PositiveIntegerField(default=0, help_text="Of the step that runs now.")
    all_rows = models.PositiveIntegerField(default=0, help_text="Of the step that runs now.")
    started_at = models.DateTimeField(null=True, help_text="When the step that runs now began.")
    stop_asked = models.BooleanField(default=False)
    judged_at = models.BigIntegerField(
        null=True, help_text="Where the log stood when its rows were judged; see ``standing_log``."
    )
    created_at = models.DateTimeField(_("uploaded at"), auto_now_add=True)
    applied_at = models.DateTimeField(_("applied at"), null=True)

    objects = ImportJobQuerySet.as_manager()

    class Meta:
        verbose_name = _("upload")
        verbose_name_plural = _("uploads")
        ordering = ["-id"]
        indexes = [models.Index(fields=["scope_path", "-id"], name="job_by_scope")]

    def __str__(self) -> str:
        return f"{self.pk} {self.file_name}"

    # Verbs

    @classmethod
    def receive(
        cls, kind: str, file_name: str, data: bytes, *, user: Any, opening_on: date, **scope: str
    ) -> Self:
        """Keep an uploaded file; ``scope`` is the path and the label of its organisation."""
        return cls.objects.create(
            kind=kind,
            file_name=shown_file_name(file_name),
            file=data,
            file_digest=hashlib.sha256(data).hexdigest(),
            opening_on=opening_on,
            user=user if getattr(user, "pk", None) else None,
            state=JobState.READING,
            **{f"scope_{name}": value for name, value in scope.items()},
        )

    def keep_rows(
        self, rows: Iterable[JobRow], findings: Iterable[JobFinding], counts: Mapping[str, int]
    ) -> None:
        """Put what was read and judged in the place of what was there; all findings are new.

        Call it within a transaction: half a preview would be applied as a whole one.
        """
        self.findings.all().delete()
        adding: list[JobRow] = []
        known: list[JobRow] = []
        for row in rows:
            row.job = self
            (known if row.pk else adding).append(row)
        JobRow.objects.bulk_create(adding, batch_size=BATCH)
        JobRow.objects.bulk_update(known, ["state", "target_id", "values_sealed"], batch_size=BATCH)
        findings = list(findings)
        for finding in findings:
            finding.job = self
            finding.row = finding.row  # the row has its number only now
        JobFinding.objects.bulk_create(findings, batch_size=BATCH)
        self.counts = dict(counts)
        if self.state == JobState.READING:
            self.state = JobState.STAGED
        self.save()

    def refuse(self, sentence: Sentence) -> None:
        """Keep why the file cannot be read."""
        self.state = JobState.UNREADABLE
        self.save()
        finding = JobFinding.of(sentence)
        finding.job = self
        finding.save()

    def mark_applied(self, written: Iterable[JobRow], *, all_done: bool) -> None:
        """Remember which rows the register has taken; called in the transaction that writes it."""
        written = list(written)
        pks = [row.pk for row in written]
        for start in range(0, len(pks), BATCH):
            self.rows.filter(pk__in=pks[start : start + BATCH]).update(applied=True)
        entered = [row for row in written if row.state == RowState.NEW]
        JobRow.objects.bulk_update(entered, ["target_id"], batch_size=BATCH)
        self.state = JobState.APPLIED if all_done else JobState.PARTLY
        self.applied_at = timezone.now()
        self.save(update_fields=["state", "applied_at"])

    def discard(self) -> None:
        """Put the upload aside; its file and rows are erased, what was applied stays applied."""
        self.state = JobState.DISCARDED
        self.file, self.layout = b"", {}
        self.save()
        self.rows.all().delete()
        self.findings.all().delete()

    # Answers

    @property
    def layout(self) -> dict[str, Any]:
        """What was found in the file: its sheets with their headings, columns and titles."""
        result: dict[str, Any] = json.loads(self.layout_sealed or "{}")
        return result

    @layout.setter
    def layout(self, layout: Mapping[str, Any]) -> None:
        self.layout_sealed = json.dumps(layout, ensure_ascii=False) if layout else ""

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def log_chain(self) -> str:
        return f"job:{self.pk}"


def shown_file_name(name: str) -> str:
    """Return the last part of a file name without signs that cannot be shown, at most 200 long.

    It is only ever shown: no path is made of it.
    """
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(sign for sign in last if sign.isprintable())[-200:] or "?"


class JobRow(models.Model):
    """One record of an uploaded sheet."""

    job = models.ForeignKey(ImportJob, models.CASCADE, related_name="rows")
    sheet = models.CharField(max_length=100)
    number = models.PositiveIntegerField(_("row"))
    state = models.CharField(_("state"), max_length=20, choices=RowState.choices)
    applied = models.BooleanField(_("applied"), default=False)
    undone = models.CharField(
        max_length=20, blank=True, help_text="restored, kept or failed; empty while not taken back"
    )
    values_sealed = EncryptedTextField(purpose="import row")
    target_id = models.BigIntegerField(null=True)

    class Meta:
        ordering = ["job", "id"]
        indexes = [models.Index(fields=["job", "state"], name="job_row_by_state")]

    def __str__(self) -> str:
        return f"{self.sheet}!{self.number}"

    @property
    def values(self) -> dict[str, Any]:
        """What the row says and what follows from it, as ``registry.sheets.staging`` keeps it."""
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
        params = {
            name: Sentence(value["sentence"], **value["params"]) if _is_sentence(value) else value
            for name, value in json.loads(self.params_sealed or "{}").items()
        }
        return said(Sentence(self.template, **params))

    @classmethod
    def of(cls, sentence: Sentence, **place: Any) -> JobFinding:
        """Return an unsaved finding that says ``sentence`` about the given place."""
        params = {
            name: {"sentence": value.template, "params": dict(value.params)}
            if isinstance(value, Sentence)
            else value
            for name, value in sentence.params.items()
        }
        return cls(
            level=place.pop("level", sentence.level),
            code=sentence.code,
            field=place.pop("field", sentence.field),
            template=sentence.template,
            params_sealed=json.dumps(params, ensure_ascii=False, default=str),
            **place,
        )


def _is_sentence(value: Any) -> bool:
    return isinstance(value, dict) and "sentence" in value
