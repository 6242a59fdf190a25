"""Certificates of membership (党员证明信): for whom, to whom, under which number."""

from __future__ import annotations

from datetime import date
from typing import Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from branches.models import Organization, in_scopes, may, scopes
from branches.models.reorganizing import hold_tree
from branches.rules import roles
from members.models.members import Member
from members.rules import certificates
from registry.language import refuse
from registry.models import Counter, Record
from registry.plain_text import plain_text

TEXTS = ("addressee", "purpose")


class CertificateQuerySet(models.QuerySet["Certificate"]):
    def visible_to(self, user: Any, verb: str = roles.VIEW) -> Self:
        """The certificates of a user's branches, also of people who have moved on since."""
        return self.filter(in_scopes(scopes(user, verb), "branch__path"))

    def of(self, member: Member, issued_on: date, addressee: str) -> Self:
        """The one certificate, if any, of this person, day and addressee."""
        addressee = cleaned_addressee(addressee)
        return self.filter(member=member, issued_on=issued_on, addressee=addressee)


def cleaned_addressee(text: str) -> str:
    """Return an addressee in one line, without the colon that the letter sets itself."""
    return " ".join(text.split()).rstrip("：: ")


class Certificate(Record):
    """One certificate of membership, numbered within the year by the organisation that stamps it.

    Never changed and never deleted; it is printed again under its own number.
    """

    member = models.ForeignKey(
        Member, models.PROTECT, related_name="certificates", verbose_name=_("member")
    )
    branch = models.ForeignKey(
        Organization, models.PROTECT, related_name="+", verbose_name=_("branch")
    )
    issuer = models.ForeignKey(
        Organization, models.PROTECT, related_name="certificates", verbose_name=_("issued by")
    )
    year = models.PositiveSmallIntegerField(_("year"))
    number = models.PositiveIntegerField(_("number"))
    addressee = models.CharField(
        _("addressee"),
        max_length=100,
        blank=True,
        help_text=_("Empty: a line on which it is written by hand."),
    )
    purpose = models.CharField(
        _("purpose"), max_length=50, blank=True, help_text=_("Such as study or secondment.")
    )
    away_from = models.DateField(_("away from"), null=True, blank=True)
    away_through = models.DateField(
        _("away through"), null=True, blank=True, help_text=_("The last day of it.")
    )
    issued_on = models.DateField(_("issued on"))
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("made out by"),
    )

    objects = CertificateQuerySet.as_manager()

    class Meta:
        verbose_name = _("certificate of membership")
        verbose_name_plural = _("certificates of membership")
        ordering = ["issuer", "-year", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["issuer", "year", "number"], name="certificate_number_once_per_year"
            ),
            models.UniqueConstraint(
                fields=["member", "issued_on", "addressee"],
                name="certificate_once_per_day_and_addressee",
            ),
            models.CheckConstraint(
                name="certificate_absence_ends_after_it_begins",
                condition=Q(away_from__isnull=True)
                | Q(away_through__isnull=True)
                | Q(away_through__gte=F("away_from")),
            ),
        ]

    def __str__(self) -> str:
        return f"〔{self.year}〕{self.number}号"

    def clean_fields(self, exclude: Any = None) -> None:
        errors = {}
        for name in TEXTS:
            try:
                text, _changed = plain_text(" ".join(getattr(self, name).split()))
            except ValidationError as error:
                errors[name] = error.messages
            else:
                setattr(self, name, text)
        if errors:
            raise ValidationError(errors)
        self.addressee = cleaned_addressee(self.addressee)
        super().clean_fields(exclude)

    # Verbs

    @transaction.atomic
    def issue(self, on: date, *, by: Any, today: date) -> Certificate:
        """Issue this new certificate on ``on`` and return it, under the next number of the year.

        Where one of that day for that addressee has been issued, that one is returned. Raises
        ValidationError with every reason why there is none.
        """
        hold_tree(shared=True)
        held = Member.objects.select_for_update(no_key=True).select_related(None)
        self.member = held.get(pk=self.member_id)
        self._refuse(on, today)
        self.branch = Organization.objects.get(pk=self.member.organization_id)
        self.issuer = self._stamping(by)
        self.year, self.number, self.issued_on = on.year, 1, on
        self.issued_by = by if getattr(by, "pk", None) else None
        self.clean_fields()
        refuse(certificates.objections(self.away_from, self.away_through))
        if there := type(self).objects.of(self.member, on, self.addressee).first():
            return there
        self.number = Counter.take(f"certificate:{self.issuer.pk}:{self.year}")[0]
        self.save()
        return self

    def _refuse(self, on: date, today: date) -> None:
        member = self.member
        if not member.is_on_roll:
            raise ValidationError(_now("%(name)s is not on the roll.") % {"name": member.name})
        if on > today:
            raise ValidationError(
                {"on": _now("%(day)s is still to come. Enter it on that day.") % {"day": on}}
            )
        stay = member.placements.get(placed_until__isnull=True)
        if on < stay.placed_from:
            raise ValidationError(
                {
                    "on": _now(
                        "%(name)s has been in %(branch)s since %(day)s, after %(on)s. "
                        "Choose a later day."
                    )
                    % {
                        "name": member.name,
                        "branch": stay.organization,
                        "day": stay.placed_from,
                        "on": on,
                    }
                }
            )

    def _stamping(self, by: Any) -> Organization:
        """Return the organisation that issues it, for whom ``by`` may do so."""
        issuer = self.branch.stamping_superior()
        if issuer is None:
            raise ValidationError(
                _now(
                    "No organisation above %(branch)s in this register may stamp certificates."
                    " Ask its superior outside."
                )
                % {"branch": self.branch}
            )
        if not may(by, roles.ISSUE, issuer.path):
            raise ValidationError(
                _now("Certificates of %(branch)s are issued by %(issuer)s. Ask a clerk there.")
                % {"branch": self.branch, "issuer": issuer}
            )
        return issuer
