"""Reports that were submitted: what was counted then stays, person by person."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from branches.models import Organization, in_scopes, scopes
from branches.rules import roles
from members.models.accounts import account, whoever
from members.models.figures.balancing import balance_of
from members.models.figures.chosen import Chosen
from members.models.figures.counting import counted, organizations_on
from members.models.searching import probationary_on
from members.rules import figures
from registry.calendar import PartialDate
from registry.fields import PartialDateField
from registry.language import refuse
from registry.loading import insert
from registry.models import Record, VersionedRecord

# What the report says of a person, beside where he was counted; each a column of the member.
FACTS = (
    "kind",
    "sex",
    "ethnicity",
    "born_on",
    "education",
    "category",
    "joined_on",
    "full_member_on",
    "party_age_correction",
)
DATES = frozenset({"born_on", "joined_on", "full_member_on"})


def statistics_of(chosen: Chosen, on: date) -> dict[str, Any]:
    """Return every number of a yearly report as at ``on``: members by group and code,
    organisations by kind, and the balance of the calendar year up to that day."""
    return {
        "members": counted(chosen, on),
        "organizations": organizations_on(chosen, on),
        "balance": balance_of(chosen, date(on.year, 1, 1), on).numbers,
    }


def refuse_day(chosen: Chosen, on: date, today: date) -> None:
    """Raise ValidationError at ``on`` where there are no figures as at that day."""
    refuse(figures.objections(on, today))
    if not chosen.stands_on(on):
        raise ValidationError({"on": chosen.why_not_on(on)})


class OrganizationsOwnQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any, verb: str = roles.VIEW) -> Self:
        """The rows of organisations on which ``user`` has ``verb``."""
        return self.filter(in_scopes(scopes(user, verb), "organization__path"))


class FiguresReport(Record):
    """The statistics of an organisation as at a day, as they were submitted. Never edited."""

    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="figures_reports", verbose_name=_("organisation")
    )
    as_at = models.DateField(_("as at"))
    numbers = models.JSONField(_("numbers"))
    submitted_on = models.DateField(_("submitted on"))
    submitted_by = whoever(_("submitted by"))

    objects = OrganizationsOwnQuerySet.as_manager()

    unlogged = frozenset({"numbers"})

    class Meta:
        verbose_name = _("submitted statistics")
        verbose_name_plural = _("submitted statistics")
        ordering = ["-as_at", "organization"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "as_at"],
                name="figures_report_once",
                violation_error_message=_(
                    "The statistics of this day were submitted already. What was corrected since "
                    "stands beside them."
                ),
            )
        ]

    def __str__(self) -> str:
        return f"{self.organization} {self.as_at}"

    @property
    def log_chain(self) -> str:
        return f"organization:{self.organization_id}"

    @property
    def chosen(self) -> Chosen:
        return Chosen(self.organization)

    @property
    def first(self) -> date:
        """The first day of its balance."""
        return date(self.as_at.year, 1, 1)

    @classmethod
    @transaction.atomic
    def submit(cls, organization: Organization, as_at: date, today: date, by: Any = None) -> Self:
        """Keep the statistics as they are now, with everybody who is counted.

        Raises ValidationError for a day to come, one on which the organisation did not stand, and
        one that was submitted before.
        """
        chosen = Chosen(organization)
        refuse_day(chosen, as_at, today)
        report = cls(
            organization=organization,
            as_at=as_at,
            numbers=statistics_of(chosen, as_at),
            submitted_on=today,
            submitted_by=account(by),
        )
        report.full_clean()
        report.save()
        insert(ReportedPerson, REPORTED, report._people())
        return report

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError(_now("Submitted statistics stay as they are."))
        super().save(*args, **kwargs)

    def _people(self) -> Iterator[tuple[Any, ...]]:
        for member, organization, *facts in counted_people(self.chosen, self.as_at):
            yield (self.pk, member, organization, "", 0, None, *facts)
        nothing = {
            field: (None if field in DATES else 0 if field == "party_age_correction" else "")
            for field in FACTS
        }
        for change in balance_of(self.chosen, self.first, self.as_at).changes:
            yield (
                self.pk,
                change.member_id,
                change.organization_id,
                change.line,
                change.sign,
                change.on.isoformat(),
                *nothing.values(),
            )


class ReportedPerson(models.Model):
    """One person as a submitted report counts him: at its day, or in a line of its balance."""

    report = models.ForeignKey(FiguresReport, models.CASCADE, related_name="people")
    member = models.ForeignKey("members.Member", models.CASCADE, related_name="+")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    line = models.CharField(max_length=30, blank=True)  # empty: he was there at the day
    sign = models.SmallIntegerField(default=0)
    on = models.DateField(null=True)
    # Full or probationary as at the day of the report; the rest as the record said then.
    kind = models.CharField(max_length=20, blank=True)
    sex = models.CharField(max_length=1, blank=True)
    ethnicity = models.CharField(max_length=2, blank=True)
    born_on = PartialDateField(null=True)
    education = models.CharField(max_length=2, blank=True)
    category = models.CharField(max_length=20, blank=True)
    joined_on = PartialDateField(null=True)
    full_member_on = PartialDateField(null=True)
    party_age_correction = models.SmallIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.report_id} {self.member_id} {self.line}"


REPORTED = ("report", "member", "organization", "line", "sign", "on", *FACTS)


def counted_people(chosen: Chosen, on: date) -> Iterator[tuple[Any, ...]]:
    """Yield everybody who is counted on ``on``: member, branch, and FACTS as the database keeps
    them, full or probationary as at the day."""
    stays = chosen.stays_on(on).annotate(
        _probationary=models.Case(
            models.When(probationary_on(on, "member__"), then=models.Value("probationary")),
            default=models.Value("full"),
        )
    )
    columns = [
        "member",
        "organization",
        "_probationary",
        *(f"member__{each}" for each in FACTS[1:]),
    ]
    dates = [columns.index(f"member__{each}") for each in sorted(DATES)]
    for row in stays.order_by("member").values_list(*columns).iterator():
        kept = list(row)
        for place in dates:
            if isinstance(kept[place], PartialDate):
                kept[place] = kept[place].code
        yield tuple(kept)


class DifferenceNote(VersionedRecord):
    """Why a balance does not come out, as the organisation explains it for one of its days."""

    organization = models.ForeignKey(
        Organization,
        models.CASCADE,
        related_name="difference_notes",
        verbose_name=_("organisation"),
    )
    as_at = models.DateField(_("as at"))
    text = models.TextField(_("explanation"), max_length=1000)
    written_by = whoever(_("written by"))
    written_on = models.DateField(_("written on"))

    objects = OrganizationsOwnQuerySet.as_manager()

    class Meta:
        verbose_name = _("explanation of a difference")
        verbose_name_plural = _("explanations of differences")
        ordering = ["-as_at", "organization"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "as_at"], name="difference_note_once")
        ]

    def __str__(self) -> str:
        return f"{self.organization} {self.as_at}"

    @property
    def log_chain(self) -> str:
        return f"organization:{self.organization_id}"

    @classmethod
    @transaction.atomic
    def write(
        cls, organization: Organization, as_at: date, text: str, today: date, by: Any = None
    ) -> Self:
        """Explain the difference of a day, or explain it otherwise than before."""
        note = cls.objects.filter(organization=organization, as_at=as_at).first()
        note = note or cls(organization=organization, as_at=as_at)
        note.text, note.written_by, note.written_on = text.strip(), account(by), today
        note.full_clean()
        note.save()
        return note
