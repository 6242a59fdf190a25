"""One meeting, class, decision or notice for many people: entered once, all or nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple, Self

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from branches.models import Organization, in_scopes, scopes
from branches.models.reorganizing import Objections, hold_tree
from branches.rules import roles
from members.models.accounts import account, whoever
from members.models.development.facts import KeepsFacts, cleaned
from members.models.development.files import DevelopmentFile
from members.models.development.judging import Attempt
from members.models.development.reading import Readings
from members.models.members import Member
from registry.calendar import PartialDate
from registry.language import said
from registry.models import ChainHead, VersionedRecord
from registry.sentences import ERROR, Sentence


class OfOne(NamedTuple):
    """What an occasion brings for one person: his file, his own facts, a reason where late."""

    file: Any
    facts: Mapping[str, Any] = {}
    reason: str = ""


class OccasionQuerySet(models.QuerySet["Occasion"]):
    def visible_to(self, user: Any, verb: str = roles.VIEW) -> Self:
        """What the organisations of a user have held."""
        return self.filter(in_scopes(scopes(user, verb), "organization__path"))


class Occasion(KeepsFacts, VersionedRecord):
    """A meeting, a training class, a committee's decision or a public notice for several files."""

    step = models.CharField(_("step"), max_length=40)
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="occasions", verbose_name=_("held by")
    )
    held_on = models.DateField(_("held on"))
    facts = models.JSONField(_("recorded"), default=dict, blank=True)
    entered_by = whoever(_("entered by"))
    entered_on = models.DateField(_("entered on"))

    objects = OccasionQuerySet.as_manager()

    class Meta:
        verbose_name = _("meeting, class or decision")
        verbose_name_plural = _("meetings, classes and decisions")
        ordering = ["-held_on", "-id"]
        indexes = [
            models.Index(fields=["organization", "-held_on"], name="occasion_by_organization")
        ]

    def __str__(self) -> str:
        return f"{self.organization} {self.step} {self.held_on}"

    @property
    def log_chain(self) -> str:
        return f"organization:{self.organization_id}"

    # Verbs

    @classmethod
    @transaction.atomic
    def hold(
        cls,
        step: str,
        organization: Organization,
        on: date,
        facts: Mapping[str, Any],
        people: Sequence[OfOne | tuple[Any, Mapping[str, Any], str]],
        *,
        by: Any,
        today: date,
        historical: bool = False,
    ) -> Self:
        """Record ``step`` for all ``people`` as one occasion, all or none, and return it.

        What the occasion and one person's own facts say is joined for his step. Raises
        ValidationError with every objection to everybody, each beginning with his name, under
        the field ``file_`` and his key; what is said to all of them is said once.
        """
        hold_tree()  # alone: many people at once
        of_each = {each.file.pk: each for each in (OfOne(*one) for one in people)}
        files = _held(list(of_each))
        readings = Readings(files)
        attempts = [
            Attempt(
                file,
                step,
                PartialDate.of(on),
                {**facts, **of_each[file.pk].facts},
                by,
                today,
                historical=historical,
                reason=of_each[file.pk].reason,
                held_by=organization,
                readings=readings,
            )
            for file in files
        ]
        _refuse(attempts, len(people))
        ChainHead.hold(*{organization.log_chain, *(file.log_chain for file in files)})
        occasion = cls(
            step=step,
            organization=organization,
            held_on=on,
            facts=cleaned(facts),
            entered_by=account(by),
            entered_on=today,
        )
        occasion.save()
        for attempt in attempts:
            attempt.file._take(attempt, occasion)
        return occasion

    @transaction.atomic
    def withdraw(self, reason: str, *, by: Any, on: date) -> None:
        """Take back what it has brought for everybody who has not been taken back singly.

        Raises ValidationError with every objection to everybody, each beginning with his name.
        """
        hold_tree()  # alone: many people at once
        rows = self.steps.filter(withdrawn_on__isnull=True).order_by("file")
        taken = {row.file_id: row for row in rows}
        files = _held(list(taken))
        ChainHead.hold(*{self.log_chain, *(file.log_chain for file in files)})
        problems = Objections()
        if not taken:
            problems.add("step", _now("It has been withdrawn for everybody already."))
        for file in files:
            try:
                file.withdraw(taken[file.pk], reason, by=by, on=on)
            except ValidationError as error:
                for text in error.messages:
                    problems.add(
                        f"file_{file.pk}",
                        _now("%(name)s: %(objection)s"),
                        name=file.name,
                        objection=text,
                    )
        problems.stop()


def _held(keys: Sequence[int]) -> list[DevelopmentFile]:
    """Return the files as they are now, held with their members in one order."""
    members = Member._base_manager.filter(development_files__in=keys).values("pk")
    held = Member._base_manager.select_for_update(no_key=True).order_by("pk")
    list(held.filter(pk__in=members).values_list("pk"))
    rows = DevelopmentFile.objects.select_for_update(of=("self",), no_key=True)
    return list(rows.select_related("organization").filter(pk__in=keys).order_by("pk"))


def _refuse(attempts: Sequence[Attempt], asked: int) -> None:
    problems = Objections()
    if not attempts:
        problems.add("people", _now("Nobody is named. Choose at least one person."))
    elif len(attempts) < asked:
        problems.add("people", _now("Somebody is named twice. Name everybody once."))
    told = [[each for each in attempt.objections() if each.level == ERROR] for attempt in attempts]
    told = [_first_of_each(sentences) for sentences in told]
    to_all = [each for each in told[0] if all(each in one for one in told)] if told[1:] else []
    for sentence in to_all:
        problems.add(sentence.field or NON_FIELD_ERRORS, said(sentence))
    for attempt, sentences in zip(attempts, told, strict=True):
        for sentence in sentences:
            if sentence not in to_all:
                problems.add(
                    f"file_{attempt.file.pk}",
                    _now("%(name)s: %(objection)s"),
                    name=attempt.file.name,
                    objection=said(sentence),
                )
    problems.stop()


def _first_of_each(sentences: Sequence[Sentence]) -> list[Sentence]:
    return list(dict.fromkeys(sentences))
