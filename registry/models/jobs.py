"""Uploaded sheets as jobs that are kept: the file, its rows and what was found in them.

A job survives a restart at any moment; the register is written only when it is applied. All that
came from the file is encrypted. A job knows its scope as a path, not as an organisation.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models, transaction
from django.db.models.functions import Length
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from registry import access
from registry.fields import ByteOrderedCharField, EncryptedBytesField, EncryptedTextField
from registry.loading import update
from registry.models.job_rows import DONE, JobFinding, JobRow, Undo
from registry.models.steps import STEP, Stepwise
from registry.sentences import Sentence

KEPT = timedelta(days=30)  # as long as an upload can be taken back


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
# The register has taken rows of a job in one of these; of one taken back, some may be left.
UNDOABLE = (JobState.PARTLY, JobState.APPLIED, JobState.UNDOING, JobState.UNDONE)
# What being applied changes of a job; written by nothing else but its steps.
APPLICATION = ("state", "applied_at", "times_applied")
# In these a step runs, or waits for its turn.
RUNNING = (JobState.READING, JobState.APPLYING, JobState.UNDOING)


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

    def waiting(self) -> Self:
        """Jobs of which nothing was written yet, and that were not put aside."""
        return self.filter(state__in=(JobState.READING, JobState.STAGED, JobState.APPLYING))

    def kept_bytes(self) -> int:
        """How much room their files take."""
        return int(self.aggregate(total=models.Sum(Length("file")))["total"] or 0)

    def largest_first(self) -> Self:
        return self.order_by(Length("file").desc(), "id")


class ImportJob(Stepwise):
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
    whole_roster = models.BooleanField(
        _("whole roster"),
        default=False,
        help_text=_("The sheet names everybody there; whoever is missing in it is shown."),
    )
    judged_at = models.BigIntegerField(
        null=True, help_text="Where the log stood when its rows were judged; see ``standing_log``."
    )
    created_at = models.DateTimeField(_("uploaded at"), auto_now_add=True)
    applied_at = models.DateTimeField(_("applied at"), null=True)
    times_applied = models.PositiveIntegerField(
        default=0, help_text="How often the register has taken rows of it; see ``JobRow``."
    )

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
        cls,
        kind: str,
        file_name: str,
        data: bytes,
        *,
        user: Any,
        opening_on: date,
        path: str = "",
        label: str = "",
        whole_roster: bool = False,
    ) -> Self:
        """Keep an uploaded file for the organisation at ``path``, called ``label``."""
        return cls.objects.create(
            kind=kind,
            file_name=shown_file_name(file_name),
            file=data,
            file_digest=hashlib.sha256(data).hexdigest(),
            opening_on=opening_on,
            user=user if getattr(user, "pk", None) else None,
            state=JobState.READING,
            scope_path=path,
            scope_label=label,
            whole_roster=whole_roster,
        )

    def read_again(self, file_name: str = "", data: bytes = b"") -> None:
        """Let the file be read once more, or a corrected one in its place. What the register has
        taken stays applied, and what was said of the other rows is heard again."""
        changed = ["answers_sealed", "state", *STEP]
        if data:
            self.file_name, self.file = shown_file_name(file_name), data
            self.file_digest = hashlib.sha256(data).hexdigest()
            self.answers = {}
            changed += ["file_name", "file", "file_digest"]
        self.state = JobState.READING
        self.await_turn()
        self.save(update_fields=changed)

    def refuse(self, sentence: Sentence) -> None:
        """Keep why the file cannot be read."""
        self.state = JobState.UNREADABLE
        self.save(update_fields=["state"])
        self.findings.filter(row__isnull=True).delete()
        self.tell(sentence)

    def mark_applied(self, *, all_done: bool) -> None:
        """Remember that the register has taken every row that could be written; called in the
        transaction that wrote them."""
        self.times_applied += 1
        self.state = JobState.APPLIED if all_done else JobState.PARTLY
        self.applied_at = timezone.now()
        self.save(update_fields=APPLICATION)

    def apply_later(self) -> bool:
        """Let the register take the rows in the background; return whether it is still to do."""
        return self._later(JobState.APPLYING, OPEN)

    def undo_later(self) -> bool:
        """Let the rows be taken back in the background; return whether that is still to do."""
        before = set(UNDOABLE) - {JobState.UNDOING}
        return self.is_undoable and self._later(JobState.UNDOING, before)

    @transaction.atomic
    def _later(self, state: str, before: Collection[str]) -> bool:
        now = type(self).objects.defer("file").select_for_update().get(pk=self.pk)
        if now.state not in before:
            return False
        self.state = state
        self.await_turn()
        self.save(update_fields=["state", *STEP])
        return True

    def rest(self) -> None:
        """Wait for the clerk again after a step that has written nothing."""
        if self.state == JobState.UNDOING:
            self.mark_undone({}, [])
            return
        self.state = JobState.PARTLY if self.applied_at else JobState.STAGED
        self.save(update_fields=["state"])

    def give_up(self) -> None:
        """Leave a step that was stopped or has died; a file of which nothing is known goes."""
        if self.rows.exists():
            self.rest()
        else:
            self.discard()

    def tell(self, sentence: Sentence) -> None:
        """Keep a sentence about the file as a whole until its rows are judged again."""
        finding = JobFinding.of(sentence)
        finding.job = self
        finding.save()

    def founded(self, keys: Mapping[int, int]) -> None:
        """Remember which records the rows have become, row key → record key."""
        update(JobRow, ["target_id"], [(record, row) for row, record in keys.items()])

    def mark_undone(self, rows: Mapping[int, str], reasons: Sequence[JobFinding]) -> None:
        """Remember what taking it back has come to, row key → ``Undo``, and why not everything is
        as it was; called in the transaction that took it back."""
        update(JobRow, ["undone"], [(result, row) for row, result in rows.items()])
        for reason in reasons:
            reason.job = self
        JobFinding.objects.bulk_create(reasons, batch_size=500)
        if self.rows.filter(undone=Undo.RESTORED).exists():
            self.state = JobState.UNDONE
        elif self.state == JobState.UNDOING:
            left = self.rows.left().exclude(state__in=DONE).exists()
            self.state = JobState.PARTLY if left else JobState.APPLIED
        self.save(update_fields=["state"])

    def discard(self) -> None:
        """Put the upload aside; its file and rows are erased, what was applied stays applied."""
        done = self.state in (JobState.APPLIED, JobState.UNDONE)
        self._erase(JobState.ERASED if done else JobState.DISCARDED)

    @classmethod
    def erase_old(cls) -> None:
        """Erase file, rows and findings of uploads that are older than ``KEPT``."""
        old = cls.objects.filter(created_at__lt=timezone.now() - KEPT)
        for job in old.exclude(state__in=(JobState.DISCARDED, JobState.ERASED))[:100]:
            job._erase(JobState.ERASED)

    @transaction.atomic
    def _erase(self, state: str) -> None:
        self.findings.all().delete()
        self.rows.all().delete()
        self.state = state
        self.file, self.layout, self.answers = b"", {}, {}
        self.save(update_fields=["state", "file", "layout_sealed", "answers_sealed"])

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
    def answers(self) -> dict[str, str]:
        """What the clerk has said of the columns: “Sheet1!C” or a heading → field, "" for none."""
        result: dict[str, str] = json.loads(self.answers_sealed or "{}")
        return result

    @answers.setter
    def answers(self, answers: Mapping[str, str]) -> None:
        self.answers_sealed = json.dumps(answers, ensure_ascii=False) if answers else ""

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def is_undoable(self) -> bool:
        """Whether the register has taken rows of it that may still be taken back."""
        return self.state in UNDOABLE and self.created_at >= timezone.now() - KEPT

    @property
    def is_running(self) -> bool:
        return self.state in RUNNING

    @property
    def log_chain(self) -> str:
        return f"job:{self.pk}"


def shown_file_name(name: str) -> str:
    """Return the last part of a file name without signs that cannot be shown, at most 200 long.

    It is only ever shown: no path is made of it.
    """
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(sign for sign in last if sign.isprintable())[-200:] or "?"
