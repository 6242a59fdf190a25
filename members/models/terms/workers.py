"""Party workers (党务干部): who does Party work, full time or beside another, since when, with
which certificate (持证上岗) and training."""

from __future__ import annotations

from datetime import date
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from branches.models import Organization
from members.models.members import Member
from members.models.terms.terms import OfOrganizations
from registry.models import VersionedRecord


class PartyWorkerQuerySet(OfOrganizations):
    def on(self, day: date) -> Self:
        """Who does Party work on ``day``."""
        return self.filter(
            Q(worker_until__isnull=True) | Q(worker_until__gt=day), worker_from__lte=day
        )

    def certified(self, day: date) -> Self:
        """Who had the certificate by ``day``."""
        return self.filter(certified_on__lte=day)


class PartyWorker(VersionedRecord):
    """Somebody who does Party work at an organisation: a member, or a name from elsewhere."""

    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="workers", verbose_name=_("organisation")
    )
    member = models.ForeignKey(
        Member,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="party_work",
        verbose_name=_("member"),
    )
    name_from_elsewhere = models.CharField(
        _("name"), max_length=50, blank=True, help_text=_("Of somebody who is no member here.")
    )
    full_time = models.BooleanField(_("full time"), default=False)
    worker_from = models.DateField(_("since"))
    worker_until = models.DateField(
        _("until"), null=True, blank=True, help_text=_("The first day after it.")
    )
    certificate_number = models.CharField(_("certificate number"), max_length=50, blank=True)
    certified_on = models.DateField(_("certified on"), null=True, blank=True)
    trained_on = models.DateField(
        _("last trained on"), null=True, blank=True, help_text=_("The last day of the training.")
    )
    phone = models.CharField(
        _("telephone"),
        max_length=50,
        blank=True,
        help_text=_("Of the office, for the contact list."),
    )

    objects = PartyWorkerQuerySet.as_manager()

    class Meta:
        verbose_name = _("Party worker")
        verbose_name_plural = _("Party workers")
        ordering = ["organization", "-full_time", "worker_from"]
        indexes = [
            models.Index(fields=["organization", "worker_from"], name="worker_by_organization")
        ]
        constraints = [
            models.CheckConstraint(
                name="party_work_ends_after_it_begins",
                condition=Q(worker_until__isnull=True) | Q(worker_until__gt=F("worker_from")),
                violation_error_message=_("Party work ends after it begins. Check both days."),
            ),
            models.CheckConstraint(
                name="party_work_of_somebody",
                condition=Q(member__isnull=False) ^ ~Q(name_from_elsewhere=""),
                violation_error_message=_(
                    "Party work is done by a member or by a name from elsewhere. Fill one of them."
                ),
            ),
            models.UniqueConstraint(
                name="party_work_once_at_a_time",
                fields=["organization", "member"],
                condition=Q(worker_until__isnull=True, member__isnull=False),
                violation_error_message=_("This member does Party work here already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.holder} – {self.organization}"

    @transaction.atomic
    def keep(self, today: date) -> None:
        """Save what a clerk has entered; raise ValidationError with every objection."""
        errors: dict[str, list[Any]] = {
            name: [_now("%(day)s is still to come. Enter it on that day.") % {"day": day}]
            for name in ("certified_on", "trained_on")
            if (day := getattr(self, name)) and day > today
        }
        if self.certificate_number and not self.certified_on:
            errors["certified_on"] = [_now("A certificate has a day. Enter it.")]
        try:
            self.full_clean()
        except ValidationError as error:
            for name, found in error.update_error_dict({}).items():
                errors[name] = [*errors.get(name, []), *found]
        if errors:
            raise ValidationError(errors)
        self.save()

    @property
    def holder(self) -> str:
        return self.member.name if self.member else self.name_from_elsewhere

    @property
    def log_chain(self) -> str:
        return f"organization:{self.organization_id}"
