"""Work that takes steps in the background: how far the one is that runs now, and whether it lives.

Other programs write these columns while the record itself is being worked on, so they are always
written alone.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import models
from django.utils import timezone

QUIET = timedelta(minutes=3)  # a step of which nothing was heard for so long has died
STEP = ("started_at", "heard_at", "done_rows", "all_rows", "stop_asked")


class Stepwise(models.Model):
    """A record on which a worker works for so long that its user wants to see how far it is."""

    done_rows = models.PositiveIntegerField(default=0, help_text="Of the step that runs now.")
    all_rows = models.PositiveIntegerField(default=0, help_text="Of the step that runs now.")
    started_at = models.DateTimeField(null=True, help_text="When the step that runs now began.")
    heard_at = models.DateTimeField(
        default=timezone.now, help_text="When the step that runs now has last reported."
    )
    stop_asked = models.BooleanField(default=False)

    class Meta:
        abstract = True

    def await_turn(self) -> None:
        """A step is about to begin; not saved."""
        self.started_at, self.heard_at, self.stop_asked = None, timezone.now(), False
        self.done_rows = self.all_rows = 0

    def begin(self) -> None:
        """A step begins of which ``report`` will tell how far it is."""
        self.await_turn()
        self.started_at = self.heard_at
        self.save(update_fields=STEP)

    def report(self, done: int, of: int) -> bool:
        """Say how many rows of the step are done; return whether the clerk has asked to stop."""
        own = type(self)._default_manager.filter(pk=self.pk)
        own.update(done_rows=done, all_rows=of, heard_at=timezone.now())
        return own.filter(stop_asked=True).exists()

    def stop(self) -> None:
        """Ask the step that runs now to stop before it writes anything."""
        type(self)._default_manager.filter(pk=self.pk).update(stop_asked=True)

    @property
    def is_silent(self) -> bool:
        """Whether the step that should run now has died, or no worker has begun it."""
        return self.heard_at < timezone.now() - QUIET

    @property
    def remaining_seconds(self) -> int | None:
        """How long the step will still take, by what it has taken so far; None: unknown."""
        if not (self.started_at and self.done_rows and self.all_rows):
            return None
        spent = (timezone.now() - self.started_at).total_seconds()
        return round(spent * (self.all_rows - self.done_rows) / self.done_rows)
