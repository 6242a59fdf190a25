"""Papers of all branches below an organisation, printed in the background for one user."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from branches.models import Organization
from branches.models.grants import may
from branches.rules import roles
from registry.fields import EncryptedBytesField
from registry.models.steps import STEP, Stepwise

KEPT = timedelta(days=3)


class PrintState(models.TextChoices):
    PRINTING = "printing", _("being printed")
    DONE = "done", _("done")
    STOPPED = "stopped", _("stopped")
    FAILED = "failed", _("not printed")
    ERASED = "erased", _("erased")


class Bound(models.TextChoices):
    ZIP = "zip", _("a ZIP with one file for each branch")
    PDF = "pdf", _("one PDF, in the order of the tree")


class PrintJobQuerySet(models.QuerySet["PrintJob"]):
    def visible_to(self, user: Any, verb: str = roles.PRINT) -> Self:
        """A user's own jobs, of organisations where he still has ``verb``; nobody else's."""
        return self.filter(
            user=user.pk, organization__in=Organization.objects.visible_to(user, verb)
        )

    def printing(self) -> Self:
        """Those that are not printed yet."""
        return self.filter(state=PrintState.PRINTING)

    def without_file(self) -> Self:
        """For lists and pages: a sealed file must not be opened to show its name."""
        return self.defer("file")


class PrintJob(Stepwise):
    """One order to print a paper of every branch that stood below an organisation on a day.

    ``answers`` are the answers to the paper's own questions as they were given; ``failures`` and
    ``warnings`` are pairs of a branch and a sentence about its paper.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="print_jobs", verbose_name=_("for")
    )
    organization = models.ForeignKey(
        Organization, models.CASCADE, related_name="+", verbose_name=_("organisation")
    )
    paper = models.CharField(_("paper"), max_length=50)
    on = models.DateField(_("as at"))
    bound = models.CharField(_("bound as"), max_length=10, choices=Bound.choices)
    in_full = models.BooleanField(_("with full numbers"), default=False)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    answers = models.JSONField(default=dict)
    language = models.CharField(max_length=20, help_text="In which sentences are said.")
    state = models.CharField(
        _("state"), max_length=20, choices=PrintState.choices, default=PrintState.PRINTING
    )
    papers = models.PositiveIntegerField(_("papers"), default=0)
    failures = models.JSONField(default=list)
    warnings = models.JSONField(default=list)
    file = EncryptedBytesField(_("file"), purpose="printed papers")
    created_at = models.DateTimeField(_("ordered at"), auto_now_add=True)

    objects = PrintJobQuerySet.as_manager()

    class Meta:
        verbose_name = _("print job")
        verbose_name_plural = _("print jobs")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.pk} {self.paper}"

    # Verbs

    @classmethod
    def order(cls, user: Any, organization: Organization, **asked: Any) -> Self:
        """Keep what ``user`` wants printed, and erase what has waited for longer than ``KEPT``."""
        cls.erase_old()
        return cls.objects.create(user=user, organization=organization, file=b"", **asked)

    @transaction.atomic
    def again(self) -> bool:
        """Let it be printed from the beginning after its worker has died; return whether it is."""
        now = type(self).objects.without_file().select_for_update().get(pk=self.pk)
        if now.state != PrintState.PRINTING or not now.is_silent:
            return False
        self.await_turn()
        self.save(update_fields=STEP)
        return True

    @transaction.atomic
    def keep(
        self,
        file: bytes,
        papers: int,
        failures: Iterable[tuple[str, str]],
        warnings: Iterable[tuple[str, str]] = (),
    ) -> bool:
        """Keep what was printed until it is fetched; return False where another worker has begun
        it anew since, or its user has stopped it."""
        now = type(self).objects.without_file().select_for_update().get(pk=self.pk)
        if now.state != PrintState.PRINTING or now.started_at != self.started_at:
            return False
        self.file, self.papers = file, papers
        self.failures, self.warnings = list(failures), list(warnings)
        self.state = PrintState.DONE if papers else PrintState.FAILED
        self.save(update_fields=["file", "papers", "failures", "warnings", "state"])
        return True

    def fail(self, sentence: str) -> None:
        """Say why nothing at all was printed."""
        self.failures, self.state = [("", sentence)], PrintState.FAILED
        self.save(update_fields=["failures", "state"])

    def give_up(self) -> None:
        """Leave it as its user has asked; nothing of it is kept."""
        self.state = PrintState.STOPPED
        self.save(update_fields=["state"])

    @classmethod
    def erase_old(cls) -> None:
        """Erase the files of jobs that are older than ``KEPT``, and what is told of branches."""
        old = cls.objects.filter(created_at__lt=timezone.now() - KEPT)
        old.exclude(state=PrintState.ERASED).update(
            state=PrintState.ERASED, file=b"", failures=[], warnings=[], answers={}
        )

    # Answers

    def may_be_fetched_by(self, user: Any, verb: str) -> bool:
        """Whether its file may go to ``user``: it is his, and he still has the ``verb`` of its
        paper there, and that of full numbers where it has them."""
        path = self.organization.path
        return (
            self.user_id == user.pk
            and may(user, verb, path)
            and (not self.in_full or may(user, roles.EXPORT_FULL, path))
        )

    @property
    def is_running(self) -> bool:
        return self.state == PrintState.PRINTING

    @property
    def is_there(self) -> bool:
        """Whether there is a file to fetch."""
        return self.state == PrintState.DONE and self.created_at >= timezone.now() - KEPT
