"""The log: who did what to which record, field by field, in chains that show tampering.

Each entry carries a keyed digest of itself and of the entry before it in its chain; the last one
of a chain is also kept, sealed, in ``ChainHead``. So an edit, a deletion in the middle and a cut
tail are all found by ``verify_log`` (``registry.models.chains`` says what is not). There is one
chain per organisation or import job, so that clerks of different offices never wait for each
other; a chain's opening is itself an entry of the chain "registry", so that a chain removed whole
is missed too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Self

import orjson
from django.conf import settings
from django.db import models, transaction
from django.db.models import Q, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from registry import encryption

REGISTRY = "registry"


@dataclass(frozen=True)
class Actor:
    """Who acts now, and why; set by the doors, read by the log."""

    user: Any = None
    reason: str = ""


NOBODY = Actor()
_actor: ContextVar[Actor] = ContextVar("actor", default=NOBODY)


@contextmanager
def acting(user: Any, reason: str = "") -> Iterator[None]:
    """Everything written within is logged as done by ``user``, for ``reason``."""
    token = _actor.set(Actor(user, reason))
    try:
        yield
    finally:
        _actor.reset(token)


def actor_now() -> Actor:
    return _actor.get()


def clean(text: Any) -> str:
    """Return text that every database takes and gives back as it was."""
    return str(text).replace("\x00", "\ufffd").encode("utf-8", "replace").decode()


def plain(value: Any) -> Any:
    """Return ``value`` of what every database gives back as it was: text, whole numbers, yes, no.

    The digest is made before the entry is written, and checked after it has been read; PostgreSQL
    writes 1e16 as a whole number, and neither database knows a date in JSON.
    """
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, Mapping):
        return {clean(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(inner) for inner in value]
    return clean(value)


class Action(models.TextChoices):
    ADD = "add", _("added")
    CHANGE = "change", _("changed")
    DELETE = "delete", _("deleted")
    REVEAL = "reveal", _("revealed")
    SEARCH = "search", _("searched")
    EXPORT = "export", _("exported")
    PRINT = "print", _("printed")
    IMPORT = "import", _("imported")
    LOGIN = "login", _("logged in")
    LOGIN_FAILED = "login_failed", _("login failed")
    LOCKED = "locked", _("locked")
    REFUSED = "refused", _("refused")
    OPEN = "open", _("chain opened")


class EntryQuerySet(models.QuerySet["Entry"]):
    def about(self, record: models.Model) -> Self:
        """The entries about one record, newest first."""
        return self.filter(model=record._meta.label_lower, object_id=record.pk).order_by("-id")

    def update(self, **kwargs: Any) -> int:
        raise TypeError("The log is only ever added to.")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise TypeError("The log is only ever added to.")


class Entry(models.Model):
    """One thing that was done. Never edited, never deleted."""

    chain = models.CharField(max_length=50)
    position = models.BigIntegerField()
    at = models.DateTimeField(_("when"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("who")
    )
    action = models.CharField(_("what"), max_length=20, choices=Action.choices)
    model = models.CharField(max_length=60, blank=True)
    object_id = models.BigIntegerField(null=True)
    label = models.CharField(_("record"), max_length=200, blank=True)
    changes = models.JSONField(
        _("changes"), default=list, help_text="[[field, old, new], …]; secrets only as masks"
    )
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    digest = models.CharField(max_length=64)

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("log entry")
        verbose_name_plural = _("log")
        indexes = [models.Index(fields=["model", "object_id", "id"], name="entry_by_record")]
        constraints = [
            models.UniqueConstraint(fields=["chain", "position"], name="entry_once_per_position")
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.user} {self.get_action_display()} {self.label}"

    def digest_after(self, previous: str) -> str:
        """Return the digest of this entry as the one that follows ``previous``."""
        said = [
            previous,
            self.chain,
            self.position,
            self.at.isoformat(),
            self.user_id,
            self.action,
            self.model,
            self.object_id,
            self.label,
            self.changes,
            self.reason,
        ]
        return encryption.log_digest(orjson.dumps(said, option=orjson.OPT_SORT_KEYS))

    @classmethod
    def append(
        cls,
        action: str,
        record: models.Model | None = None,
        changes: Sequence[Sequence[Any]] = (),
        *,
        chain: str = "",
        label: str = "",
        reason: str = "",
        user: Any = None,
    ) -> None:
        """Add one entry at the end of the record's chain, by whoever acts now."""
        entry = cls(
            action=action,
            model=record._meta.label_lower if record else "",
            object_id=record.pk if record else None,
            label=(label or (str(record) if record else ""))[:200],
            changes=[list(change) for change in changes],
            reason=reason[:500],
            user=user,
        )
        cls.append_all(chain or getattr(record, "log_chain", REGISTRY), [entry])

    @classmethod
    @transaction.atomic(savepoint=False)  # what is logged and its log stand or fall together
    def append_all(cls, chain: str, entries: Iterable[Entry]) -> None:
        """Add entries at the end of one chain, holding its head for the shortest time."""
        actor = _actor.get()
        now = timezone.now()
        head = ChainHead.locked(chain)
        added = []
        for entry in entries:
            entry.chain, entry.position, entry.at = chain, head.position + 1, now
            if entry.user is None and getattr(actor.user, "pk", None):
                entry.user = actor.user
            entry.label = clean(entry.label)[:200]
            entry.reason = clean(entry.reason or actor.reason)[:500]
            entry.changes = plain(entry.changes)
            entry.digest = entry.digest_after(head.digest)
            head.position, head.digest = entry.position, entry.digest
            added.append(entry)
        Entry.objects.bulk_create(added, batch_size=500)
        head.seal = head.sealed()
        head.save()

    def save(self, *args: Any, **kwargs: Any) -> None:
        raise TypeError("The log is only ever added to, by append().")

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError("The log is only ever added to.")


class ChainHead(models.Model):
    """The last link of a chain, kept outside the log, sealed so that it cannot be set back."""

    chain = models.CharField(max_length=50, primary_key=True)
    position = models.BigIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True)
    seal = models.CharField(max_length=64, blank=True)

    def __str__(self) -> str:
        return f"{self.chain}: {self.position}"

    def sealed(self) -> str:
        return encryption.log_digest(f"head:{self.chain}:{self.position}:{self.digest}".encode())

    @classmethod
    def locked(cls, chain: str) -> Self:
        """Return the head of ``chain``, held until the transaction ends; open a missing one."""
        head, opened = cls.objects.select_for_update().get_or_create(chain=chain)
        if opened and chain != REGISTRY:
            Entry.append(Action.OPEN, chain=REGISTRY, label=chain)
        return head

    @classmethod
    def standing(cls, but: str = "") -> int:
        """Return how many entries the chains of organisations and uploads hold, but one chain.

        While this stays the same, nobody has changed an organisation or a member.
        """
        chains = Q(chain__gte="organization:", chain__lt="organization;") | Q(
            chain__gte="job:", chain__lt="job;"
        )
        heads = cls.objects.filter(chains).exclude(chain=but)
        return heads.aggregate(sum=Sum("position"))["sum"] or 0

    @classmethod
    def hold(cls, *chains: str) -> None:
        """Hold several chains until the transaction ends, always in the same order.

        The opening of a chain is written into the chain "registry", which comes first then.
        """
        wanted = sorted(set(chains))
        if cls.objects.filter(chain__in=wanted).count() < len(wanted):
            cls.locked(REGISTRY)
        for chain in wanted:
            cls.locked(chain)
