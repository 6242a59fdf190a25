"""Transfers of the membership relation (组织关系转接): who, from where to where, how far."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from branches.models import Organization, may
from branches.rules import roles
from members.models import choices
from members.models.dues.months import kept_as_month
from members.models.members import Member
from members.models.transfers.asking import TransferQuerySet
from members.models.transfers.coming import Coming
from members.models.transfers.sending import Sending
from members.rules import transfers
from members.rules.transfers import Course
from registry.masks import masked_name
from registry.models import VersionedRecord


def _organization(label: Any, **options: Any) -> Any:
    return models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, verbose_name=label, **options
    )


class Transfer(Sending, Coming):
    """One person's way from one organisation to another.

    He stays on the roll of the old branch, which answers for him, until the new organisation has
    accepted him; he leaves it on the day of that acceptance, which within the register the new
    branch enters and elsewhere the receipt or the national system tells. How it stands follows
    from its days; only how it ended is kept, so that what is open is found at once.
    """

    member = models.ForeignKey(
        Member,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="transfers",
        verbose_name=_("member"),
    )
    kind = models.CharField(
        _("kind of transfer"), max_length=20, choices=choices.transfer_kinds, editable=False
    )
    direction = models.CharField(
        _("direction"), max_length=3, choices=choices.transfer_directions, editable=False
    )
    begun_on = models.DateField(
        _("begun on"), help_text=_("Proposed, or of a letter that came: registered.")
    )
    from_organization = _organization(_("from branch"), related_name="transfers_out")
    from_outside = models.CharField(pgettext_lazy("transfer", "from"), max_length=100, blank=True)
    to_organization = _organization(_("to branch"), related_name="transfers_in")
    to_outside = models.CharField(pgettext_lazy("transfer", "to"), max_length=100, blank=True)
    addressee = models.CharField(
        _("addressee"),
        max_length=100,
        blank=True,
        help_text=_("The committee that the letter is to. Empty: the organisation he goes to."),
    )
    paid_to = models.DateField(_("dues paid to"), null=True, blank=True)
    document = models.CharField(
        _("number outside"),
        max_length=50,
        blank=True,
        help_text=_("Of a letter that came, or in the national system."),
    )
    issuer = _organization(_("issued by"), related_name="transfer_letters")
    year = models.PositiveSmallIntegerField(_("year"), null=True, editable=False)
    number = models.PositiveIntegerField(
        pgettext_lazy("transfer", "number"), null=True, editable=False
    )
    issued_on = models.DateField(_("letter of"), null=True, blank=True)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("made out by"),
    )
    validity_days = models.PositiveSmallIntegerField(_("valid for days"), null=True, blank=True)
    valid_through = models.DateField(_("valid through"), null=True, editable=False)
    receipt_due_on = models.DateField(_("receipt due on"), null=True, editable=False)
    passing_through = _organization(_("passed on by"), related_name="+")
    passed_on = models.DateField(_("passed on on"), null=True, blank=True)
    accepted_on = models.DateField(_("accepted on"), null=True, blank=True)
    receipt_on = models.DateField(_("receipt on"), null=True, blank=True)
    receipt_note = models.CharField(_("note on the receipt"), max_length=200, blank=True)
    closed_on = models.DateField(_("closed on"), null=True, editable=False)
    ending = models.CharField(
        _("ended as"), max_length=20, blank=True, editable=False, choices=choices.transfer_endings
    )
    reason = models.CharField(_("why"), max_length=200, blank=True)
    reissue_of = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reissued_as",
        verbose_name=_("in place of"),
    )

    objects = TransferQuerySet.as_manager()

    unlogged = VersionedRecord.unlogged | {"valid_through", "receipt_due_on"}

    class Meta:
        verbose_name = _("transfer")
        verbose_name_plural = _("transfers")
        ordering = ["-begun_on", "-id"]
        indexes = [
            models.Index(
                fields=["from_organization", "kind"],
                condition=Q(closed_on__isnull=True),
                name="transfer_open_by_giver",
            ),
            models.Index(
                fields=["to_organization", "kind"],
                condition=Q(closed_on__isnull=True),
                name="transfer_open_by_taker",
            ),
            models.Index(
                fields=["receipt_due_on", "valid_through"],
                condition=Q(closed_on__isnull=True),
                name="transfer_open_by_due_day",
            ),
            models.Index(fields=["begun_on", "id"], name="transfer_by_beginning"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["issuer", "year", "number"], name="transfer_letter_number_once_per_year"
            ),
            models.UniqueConstraint(
                fields=["member"],
                condition=Q(closed_on__isnull=True, accepted_on__isnull=True),
                name="transfer_under_way_once",
                violation_error_message=_("Another transfer of this member is under way."),
            ),
            models.CheckConstraint(
                name="transfer_closed_as_something",
                condition=Q(closed_on__isnull=True, ending="")
                | (Q(closed_on__isnull=False) & ~Q(ending="")),
            ),
            models.CheckConstraint(
                name="transfer_receipt_after_letter",
                condition=Q(receipt_on__isnull=True)
                | Q(issued_on__isnull=True)
                | Q(receipt_on__gte=F("issued_on")),
                violation_error_message=_("A receipt comes after the letter. Check both days."),
            ),
            kept_as_month("transfer_paid_to_a_month", "paid_to"),
        ]

    def __str__(self) -> str:
        if self.number:
            return f"〔{self.year}〕{self.number}号"
        return self.document or f"{self.get_kind_display()} {self.begun_on}"

    # Answers

    @property
    def name(self) -> str:
        """The name of who is transferred, for the side that knows him."""
        person = self.member or getattr(self, "newcomer", None)
        return person.name if person else ""

    @property
    def person(self) -> Any:
        """The member, or as long as he is none here, what the letter says of him."""
        return self.member or getattr(self, "newcomer", None)

    def is_known_to(self, user: Any) -> bool:
        """Whether ``user`` may read the name: the new branch does so once it has accepted."""
        gives, takes = self.from_organization, self.to_organization
        if gives is not None and may(user, roles.VIEW, gives.path):
            return True
        settled = self.direction == transfers.IN or self.accepted_on is not None
        return settled and takes is not None and may(user, roles.VIEW, takes.path)

    def name_for(self, user: Any) -> str:
        return self.name if self.is_known_to(user) else masked_name(self.name)

    @property
    def called(self) -> str:
        """The name in what is said to whoever accepts: a branch that has not yet taken him does
        not learn who it is."""
        unknown = self.kind == transfers.INTERNAL and self.accepted_on is None
        return masked_name(self.name) if unknown else self.name

    @property
    def origin(self) -> str:
        return str(self.from_organization or self.from_outside)

    @property
    def destination(self) -> str:
        return str(self.to_organization or self.to_outside)

    def course(self) -> Course:
        """Return its days, for the rules."""
        return Course(
            kind=self.kind,
            direction=self.direction,
            begun_on=self.begun_on,
            issued_on=self.issued_on,
            valid_through=self.valid_through,
            receipt_due_on=self.receipt_due_on,
            goes_through=self.passing_through_id is not None,
            passed_on=self.passed_on,
            accepted_on=self.accepted_on,
            receipt_on=self.receipt_on,
            ending=self.ending,
        )

    def state(self, on: date) -> str:
        return transfers.state(self.course(), on)

    @property
    def log_chain(self) -> str:
        return f"organization:{self.from_organization_id or self.to_organization_id}"

    @property
    def log_label(self) -> str:
        return f"{self.member.number} {self}" if self.member else str(self)
