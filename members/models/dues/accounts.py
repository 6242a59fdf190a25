"""The account of each organisation: what came and went beside the payments of its members.

Payments are not repeated here. A transfer inside the register is two rows: one of the sender, and
one of the receiver once he has confirmed it; each names the other organisation, so that the sum
over both counts neither.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, Self

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from branches.models import Organization
from branches.models.reorganizing import Objections, hold_tree
from branches.rules import hierarchy, tree
from members.models import choices
from members.models.dues.appending import Appending, AppendingQuerySet
from members.models.dues.closings import closed_to
from members.rules import ledger
from members.rules.dues_months import next_month, written
from registry.calendar import first_of_month
from registry.locks import hold
from registry.money import YuanField


def hold_accounts() -> None:
    """Keep the tree, closed months and what was transferred as they are until the transaction
    ends: there are few entries, so all of them follow each other."""
    hold_tree(shared=True)
    hold("dues accounts")


class AccountEntry(Appending):
    """One sum that an organisation got or gave away; negative where it reverses another."""

    organization = models.ForeignKey(
        Organization,
        models.PROTECT,
        related_name="account_entries",
        verbose_name=_("organisation"),
        db_index=False,
    )
    day = models.DateField(_("day"))
    kind = models.CharField(_("kind of entry"), max_length=20, choices=choices.account_entry_kinds)
    fund = models.CharField(
        _("source of money"), max_length=10, choices=choices.funds, default=ledger.DUES
    )
    campaign = models.CharField(_("campaign"), max_length=60, blank=True)
    amount = YuanField(_("amount"))
    counterpart = models.ForeignKey(
        Organization,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("from or to"),
        help_text=_("Empty for an organisation outside this register, or for nobody."),
    )
    purpose = models.CharField(_("purpose"), max_length=20, blank=True, choices=choices.purposes)
    voucher_number = models.CharField(_("voucher number"), max_length=30, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    arrives_from = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="arrivals",
        verbose_name=_("sent as"),
    )
    reverses = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="reversed_by",
        verbose_name=_("reverses"),
    )
    reason = models.CharField(_("reason"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("account entry")
        verbose_name_plural = _("account entries")
        ordering = ["day", "id"]
        indexes = [
            models.Index(fields=["organization", "fund", "day"], name="account_by_organization")
        ]
        constraints = [
            models.CheckConstraint(
                name="account_entry_or_reversal",
                condition=Q(reverses__isnull=True, amount__gt=0)
                | Q(reverses__isnull=False, amount__lt=0) & ~Q(reason=""),
            ),
            models.CheckConstraint(
                name="account_entry_of_a_kind", condition=Q(kind__in=list(ledger.ENTRY_KINDS))
            ),
            models.CheckConstraint(
                name="account_entry_spent_for_a_purpose",
                condition=Q(kind=ledger.SPENT) & ~Q(purpose="")
                | ~Q(kind=ledger.SPENT) & Q(purpose=""),
                violation_error_message=_("Money is spent for a purpose. Choose one."),
            ),
            models.CheckConstraint(
                name="account_entry_of_a_campaign",
                condition=Q(fund=ledger.CAMPAIGN) & ~Q(campaign="")
                | ~Q(fund=ledger.CAMPAIGN) & Q(campaign=""),
                violation_error_message=_("The account of a campaign names it."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.day} {self.amount}"

    # Verbs

    @classmethod
    @transaction.atomic
    def book(cls, organization: Organization, today: date, **values: Any) -> Self:
        """Book one entry of ``organization``, and return it; ``values`` are its columns.

        Raises ValidationError with every objection.
        """
        entry = cls(organization=organization, **values)
        entry._enter(today)
        return entry

    @transaction.atomic
    def confirm_arrival(self, on: date, amount: Decimal, today: date, **values: Any) -> Self:
        """Book what of this transfer has arrived at its receiver, and return that entry."""
        kind = ledger.ENTRY_KINDS[self.kind]
        arrival = type(self)(
            organization=self.counterpart,
            counterpart=self.organization,
            day=on,
            kind=kind.arrives_as,
            fund=self.fund,
            campaign=self.campaign,
            amount=amount,
            arrives_from=self,
            **values,
        )
        arrival._enter(today)
        return arrival

    @transaction.atomic
    def reverse(self, reason: str, on: date, today: date) -> AccountEntry:
        """Take this entry back on ``on`` by a row of its own, and return that row."""
        reversal = AccountEntry(
            reverses=self, day=on, amount=-self.amount, reason=reason.strip()[:200], **self._same()
        )
        reversal._enter(today)
        return reversal

    def _same(self) -> dict[str, Any]:
        """Return what a reversal repeats."""
        fields = (
            "organization", "kind", "fund", "campaign", "counterpart", "purpose", "voucher_number",
            "note", "arrives_from",
        )  # fmt: skip
        return {field: getattr(self, field) for field in fields}

    def _enter(self, today: date) -> None:
        hold_accounts()
        problems = Objections()
        self._judge_amount_and_day(problems, today)
        if self.reverses:
            self._judge_reversal(self.reverses, problems)
        else:
            self._judge_kind(problems)
        problems.stop()
        self.full_clean()
        self.save()

    def _judge_amount_and_day(self, problems: Objections, today: date) -> None:
        if not self.reverses_id and self.amount <= 0:
            problems.add(
                "amount",
                _now(
                    "%(amount)s yuan cannot be booked. Write an amount above 0; a wrong entry is "
                    "reversed."
                ),
                amount=self.amount,
            )
        if self.day > today:
            problems.add("day", _now("%(day)s is still to come. Check the day."), day=self.day)
        last = closed_to(self.organization)
        if last and first_of_month(self.day) <= last:
            problems.add(
                "day",
                _now("%(month)s is closed. Book it on a day of %(open)s or later."),
                month=written(self.day),
                open=written(next_month(last)),
            )

    def _judge_reversal(self, wrong: AccountEntry, problems: Objections) -> None:
        if not self.reason:
            problems.add("reason", _now("Say why the entry is reversed."))
        if wrong.reverses_id:
            problems.add("reverses", _now("This is a reversal itself. Enter a new entry."))
        elif AccountEntry.objects.filter(reverses=wrong).exists():
            problems.add("reverses", _now("This entry is reversed already."))
        elif wrong.arrivals_that_hold().exists():
            problems.add(
                "reverses",
                _now("%(name)s has confirmed this transfer. Its entry is reversed first."),
                name=wrong.counterpart,
            )
        if self.day < wrong.day:
            problems.add(
                "day",
                _now("The entry is of %(day)s. It is reversed on that day or later."),
                day=wrong.day,
            )

    def _judge_kind(self, problems: Objections) -> None:
        kind = ledger.ENTRY_KINDS.get(self.kind)
        if kind is None:
            return  # the field will say so
        if self.kind == ledger.OPENING and self._like_this().exists():
            problems.add(
                "kind",
                _now("%(name)s has an opening balance. Reverse it first."),
                name=self.organization,
            )
        if self.arrives_from:
            self._judge_arrival(self.arrives_from, problems)
        elif self.counterpart:
            self._judge_counterpart(kind, self.counterpart, problems)

    def _judge_arrival(self, sent: AccountEntry, problems: Objections) -> None:
        held = AccountEntry.objects.filter(pk=sent.pk, reversed_by__isnull=True)
        if not held.exists() or sent.reverses_id or self.counterpart is None:
            problems.add("arrives_from", _now("This transfer has been taken back."))
        if sent.arrivals_that_hold().exists():
            problems.add("arrives_from", _now("This transfer is confirmed already."))
        if self.day < sent.day:
            problems.add(
                "day",
                _now("It was sent on %(day)s and cannot arrive before. Check the day."),
                day=sent.day,
            )

    def _judge_counterpart(
        self, kind: ledger.EntryKind, counterpart: Organization, problems: Objections
    ) -> None:
        """A transfer goes up or down one line of the tree, and begins with its sender."""
        here, there = self.organization.path, counterpart.path
        if not kind.arrives_as:
            problems.add(
                "counterpart",
                _now(
                    "“%(kind)s” is booked by the organisation that sends it, or has no other end."
                ),
                kind=self.get_kind_display(),
            )
        elif self.kind == ledger.REMITTED:
            if there not in tree.ancestors_of(here):
                problems.add(
                    "counterpart",
                    _now("%(name)s does not stand above %(this)s. Choose a superior."),
                    name=counterpart,
                    this=self.organization,
                )
        elif here not in tree.ancestors_of(there):
            problems.add(
                "counterpart",
                _now("%(name)s does not stand below %(this)s. Choose another organisation."),
                name=counterpart,
                this=self.organization,
            )

    def _like_this(self) -> AppendingQuerySet:
        """The entries of the same kind in the same account that hold."""
        return AccountEntry.objects.filter(
            organization=self.organization,
            kind=self.kind,
            fund=self.fund,
            campaign=self.campaign,
            reverses__isnull=True,
            reversed_by__isnull=True,
        )

    # Answers

    def arrivals_that_hold(self) -> models.QuerySet[AccountEntry]:
        """What the receiver has confirmed, and not taken back: at most one entry."""
        return AccountEntry.objects.filter(
            arrives_from=self, reverses__isnull=True, reversed_by__isnull=True
        )


def superior_of(organization: Organization) -> Organization | None:
    """Return the nearest superior that takes dues: a leading group never does."""
    above = reversed(list(organization.ancestors()))
    return next((each for each in above if hierarchy.collects(each.kind)), None)
