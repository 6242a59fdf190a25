"""Elections (换届选举): one for the committee and the discipline committee together."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from branches.models import Organization
from members.models import choices
from members.models.terms.terms import OfOrganizations, hold
from members.rules import elections, offices, terms
from registry.language import refuse
from registry.models import Record, VersionedRecord
from registry.sentences import Sentence


class Election(VersionedRecord):
    """One election of an organisation, from the request to the superior to its result."""

    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="elections", verbose_name=_("organisation")
    )
    opened_on = models.DateField(_("opened on"))
    concluded_on = models.DateField(
        _("concluded on"), null=True, blank=True, editable=False
    )  # the elected hold their offices from the day of the assembly
    note = models.CharField(_("note"), max_length=200, blank=True)

    objects = OfOrganizations.as_manager()

    class Meta:
        verbose_name = _("election")
        verbose_name_plural = _("elections")
        ordering = ["organization", "-opened_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                name="election_open_once",
                fields=["organization"],
                condition=Q(concluded_on__isnull=True),
                violation_error_message=_("An election is under way already. Go on with that one."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.organization} {self.opened_on:%Y-%m}"

    # Verbs

    @classmethod
    @transaction.atomic
    def open(
        cls, organization: Organization, seats: Mapping[str, int], today: date, *, note: str = ""
    ) -> Self:
        """Open an election of the bodies in ``seats``, each with the number of its seats.

        Raises ValidationError with every objection.
        """
        held = hold(organization)
        errors: list[str] = []
        words = {"name": held, "day": held.dissolved_on}
        if held.dissolved_on:
            errors.append(_now("%(name)s was dissolved on %(day)s.") % words)
        if not terms.elects(held.kind, held.sort):
            errors.append(_now("The bodies of %(name)s are appointed, not elected.") % words)
        if not seats:
            errors.append(_now("Name at least one body and the number of its seats."))
        if offices.DISCIPLINE in seats and held.kind not in terms.WITH_DISCIPLINE:
            errors.append(_now("%(name)s has no discipline committee.") % words)
        if any(number < 1 for number in seats.values()):
            errors.append(_now("A body has one seat or more."))
        if cls.objects.filter(organization=held, concluded_on__isnull=True).exists():
            errors.append(_now("An election is under way already. Go on with that one."))
        if errors:
            raise ValidationError(errors)
        election = cls(organization=held, opened_on=today, note=note)
        election.full_clean()
        election.save()
        for body, number in seats.items():
            election.ask(body, number)
        return election

    @transaction.atomic
    def ask(self, body: str, seats: int, post: str = "") -> Any:
        """Add a vote: for the members of a body, or one for one for a ``post`` of it."""
        self.refuse_if_concluded()
        ballot = self.ballots.model(election=self, body=body, post=post, seats=seats)
        ballot.full_clean()
        ballot.save()
        return ballot

    @transaction.atomic
    def take(
        self, step: str, on: date, today: date, *, document: str = "", note: str = ""
    ) -> ElectionStep:
        """Record a step on the way of the candidates; raise ValidationError for every objection."""
        hold(self.organization)
        self.refuse_if_concluded()
        standing = sum(ballot.candidates.count() for ballot in self.ballots.all())
        found = elections.step_objections(step, on, self.taken(), today, candidates=standing)
        found += self._against(step)
        refuse(found)
        taken = ElectionStep(election=self, step=step, on=on, document=document, note=note)
        taken.full_clean()
        taken.save()
        return taken

    def _against(self, step: str) -> list[Sentence]:
        """Return what the ballots say against a step: too few stand, or a vote is not counted."""
        ballots: list[Any] = list(self.ballots.prefetch_related("candidates"))
        if step == elections.REQUEST:
            return [
                sentence
                for ballot in ballots
                for sentence in elections.slate_objections(
                    ballot.seats,
                    len(ballot.candidates.all()),
                    one_for_one=ballot.is_one_for_one,
                )
                if not ballot.is_one_for_one  # the new committee names its secretary later
            ]
        if step == elections.REPORT and any(ballot.present is None for ballot in ballots):
            return [
                Sentence(
                    "Not every vote is counted. Enter the counts of the election day first.",
                    field="step",
                    code="votes_not_counted",
                )
            ]
        return []

    @transaction.atomic
    def take_back(self) -> None:
        """Take back the last step; what was counted on the election day goes with it."""
        hold(self.organization)
        self.refuse_if_concluded()
        last = self.steps.order_by("on", "pk").last()
        if last is None:
            raise ValidationError(_now("No step was taken yet."))
        if last.step == elections.ASSEMBLY:
            for ballot in self.ballots.all():
                ballot.discard()
        last.delete()

    def refuse_if_concluded(self) -> None:
        self.refresh_from_db()
        if self.concluded_on is not None:
            text = _now("The election was concluded on %(day)s. Take that back first.")
            raise ValidationError(text % {"day": self.concluded_on})

    # Answers

    def taken(self) -> dict[str, date]:
        return dict(self.steps.values_list("step", "on"))

    @property
    def held_on(self) -> date | None:
        """The day of the assembly."""
        return self.taken().get(elections.ASSEMBLY)

    @property
    def log_chain(self) -> str:
        return f"organization:{self.organization_id}"


class PartOfElection(Record):
    """What belongs to an election is logged with its organisation."""

    class Meta:
        abstract = True

    @property
    def log_chain(self) -> str:
        election: Any = self.election  # type: ignore[attr-defined]
        return f"organization:{election.organization_id}"


class ElectionStep(PartOfElection):
    """One step: 请示, 审核, 批复, 大会 or 报批, with its day and document."""

    election = models.ForeignKey(
        Election, models.CASCADE, related_name="steps", verbose_name=_("election")
    )
    step = models.CharField(_("step"), max_length=20, choices=choices.election_steps)
    on = models.DateField(_("on"))
    document = models.CharField(_("document number"), max_length=100, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("step of an election")
        verbose_name_plural = _("steps of an election")
        ordering = ["election", "on", "id"]
        constraints = [
            models.UniqueConstraint(
                name="election_step_once",
                fields=["election", "step"],
                violation_error_message=_("This step was taken already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_step_display()} {self.on}"
