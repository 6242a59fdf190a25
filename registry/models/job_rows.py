"""The rows of an upload, and what was found in them."""

from __future__ import annotations

import json
from typing import Any, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from registry.fields import EncryptedTextField
from registry.language import said
from registry.sentences import Sentence


class RowState(models.TextChoices):
    NEW = "new", _("new")
    CHANGED = "changed", _("changed")
    UNCHANGED = "unchanged", _("unchanged")
    QUESTION = "question", _("question")
    ERROR = "error", _("error")
    SKIPPED = "skipped", _("skipped")


WRITABLE = (RowState.NEW, RowState.CHANGED)
DONE = (RowState.UNCHANGED, RowState.SKIPPED)


class Undo(models.TextChoices):
    RESTORED = "restored", _("restored")
    KEPT = "kept", _("kept")
    FAILED = "failed", _("not restored")


class Level(models.TextChoices):
    ERROR = "error", _("error")
    QUESTION = "question", _("question")
    WARNING = "warning", _("warning")


class JobRowQuerySet(models.QuerySet["JobRow"]):
    def applied(self) -> Self:
        """The rows that the register has taken."""
        return self.filter(APPLIED)

    def left(self) -> Self:
        """The rows that the register has not taken."""
        return self.exclude(APPLIED)


# A hundred thousand rows are not rewritten to say so, while everybody waits.
APPLIED = models.Q(state__in=WRITABLE, judged_after__lt=models.F("job__times_applied"))


class JobRow(models.Model):
    """One record of an uploaded sheet.

    Whenever a job is applied, the register takes every row that can be written and has not been
    taken before: those that were judged since the time before.
    """

    job = models.ForeignKey("registry.ImportJob", models.CASCADE, related_name="rows")
    sheet = models.CharField(max_length=100)
    number = models.PositiveIntegerField(_("row"))
    state = models.CharField(_("state"), max_length=20, choices=RowState.choices)
    judged_after = models.PositiveIntegerField(
        default=0, help_text="How often the job had been applied when the row was judged."
    )
    undone = models.CharField(
        max_length=20, blank=True, help_text="restored, kept or failed; empty while not taken back"
    )
    values_sealed = EncryptedTextField(purpose="import row")
    target_id = models.BigIntegerField(null=True)

    objects = JobRowQuerySet.as_manager()

    class Meta:
        ordering = ["job", "id"]
        indexes = [models.Index(fields=["job", "state"], name="job_row_by_state")]

    def __str__(self) -> str:
        return f"{self.sheet}!{self.number}"


class JobFinding(models.Model):
    """Something about a cell, a row or the file that the clerk should know."""

    job = models.ForeignKey("registry.ImportJob", models.CASCADE, related_name="findings")
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
        kept = json.loads(self.params_sealed or "{}")
        params = {name: param_of(value) for name, value in kept.items()}
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


def param_of(value: Any) -> Any:
    """Return a value of a sentence as it was before it was kept as JSON."""
    if isinstance(value, dict) and "sentence" in value:
        inner = {name: param_of(each) for name, each in value["params"].items()}
        return Sentence(value["sentence"], **inner)
    return value
