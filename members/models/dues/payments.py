"""What was paid: rows that are never edited or deleted, only reversed by rows of their own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from branches.models import Organization
from branches.models.reorganizing import Objections, hold_tree
from members.models import choices
from members.models.dues.appending import Appending, AppendingQuerySet
from members.models.dues.closings import first_open_after, first_open_month
from members.models.dues.months import kept_as_month
from members.models.dues.standings import Reckoning
from members.models.dues.taking import Payers, Taking, is_plain, refuse_takings
from members.models.members import Member
from members.rules import ledger
from members.rules.dues_months import LARGE_EXTRA, written
from members.rules.ledger import DUES
from registry.models import Action, Entry
from registry.money import YuanField, yuan


class PaymentQuerySet(AppendingQuerySet):
    def of_the_dues(self) -> Self:
        """Payments that belong to the account of dues: all but those of a campaign."""
        return self.exclude(kind=ledger.SPECIAL)

    def booked_in(self, first: date, until: date) -> Self:
        """Payments of the months from ``first`` up to, not including, ``until``."""
        return self.filter(booked_month__gte=first, booked_month__lt=until)

    def under(self, organization: Organization) -> Self:
        """Payments taken by what stands at or below ``organization`` now, for deeds of today."""
        return self.filter(
            organization__path__gte=organization.path, organization__path__lt=organization.end_path
        )

    def not_reversed(self) -> Self:
        """Payments that hold: neither reversals, nor reversed by one."""
        return self.filter(reverses__isnull=True, reversed_by__isnull=True)


class Payment(Appending):
    """Money that a member paid to a branch, or, negative, the reversal of such a payment.

    It is counted in ``booked_month``: the month of the day it was paid on, or the first open one
    where that had been closed.
    """

    member = models.ForeignKey(
        Member, models.PROTECT, related_name="payments", verbose_name=_("member")
    )
    organization = models.ForeignKey(
        Organization,
        models.PROTECT,
        related_name="payments",
        verbose_name=_("taken by branch"),
        db_index=False,
    )
    paid_on = models.DateField(_("paid on"))
    booked_month = models.DateField(_("booked in"))
    amount = YuanField(_("amount"))
    kind = models.CharField(
        _("kind of payment"), max_length=10, choices=choices.payment_kinds, default=DUES
    )
    campaign = models.CharField(_("campaign"), max_length=60, blank=True)
    method = models.CharField(_("paid by"), max_length=10, choices=choices.payment_methods)
    receipt_number = models.CharField(_("receipt number"), max_length=30, blank=True)
    taken_by = models.CharField(_("taken by"), max_length=50, blank=True)
    reverses = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        related_name="reversed_by",
        verbose_name=_("reverses"),
    )
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    form_key = models.CharField(max_length=40, blank=True, editable=False)
    form_line = models.PositiveSmallIntegerField(default=0, editable=False)

    objects: ClassVar[Any] = PaymentQuerySet.as_manager()

    unlogged = frozenset({"form_key", "form_line"})

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        ordering = ["paid_on", "id"]
        indexes = [
            # Holds all that a monthly summary asks, so that adding up reads the index alone.
            models.Index(
                fields=["organization", "booked_month", "kind", "method", "amount"],
                name="payment_by_branch",
            )
        ]
        constraints = [
            kept_as_month("payment_in_a_month", "booked_month"),
            models.CheckConstraint(
                name="payment_or_reversal",
                condition=Q(reverses__isnull=True, amount__gt=0)
                | Q(reverses__isnull=False, amount__lt=0) & ~Q(reason=""),
            ),
            models.CheckConstraint(
                name="payment_of_a_campaign",
                condition=Q(kind=ledger.SPECIAL) & ~Q(campaign="")
                | ~Q(kind=ledger.SPECIAL) & Q(campaign=""),
            ),
            models.UniqueConstraint(
                name="payment_once_per_form",
                fields=["form_key", "form_line"],
                condition=~Q(form_key=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} {self.paid_on} {self.amount}"

    # Verbs

    @classmethod
    def take(cls, organization: Organization, taking: Taking, today: date, **same: Any) -> Self:
        """Book one payment; ``take_many`` says how."""
        return cls.take_many(organization, [taking], today, **same)[0]

    @classmethod
    def take_many(
        cls,
        organization: Organization,
        takings: Sequence[Taking],
        today: date,
        *,
        taken_by: str = "",
        form_key: str = "",
    ) -> list[Self]:
        """Book payments of members of one branch, all or none, and return them in order.

        ``form_key`` names the form that they come from, so that one sent twice is booked once.
        Raises ValidationError with every objection to every payment.
        """
        try:
            with transaction.atomic():
                return cls._take(organization, takings, today, taken_by, form_key)
        except IntegrityError as error:  # the same form at the same moment
            if form_key and cls.objects.filter(form_key=form_key).exists():
                raise ValidationError(_already_booked()) from error
            raise

    @classmethod
    def take_plainly(
        cls,
        organization: Organization,
        takings: Sequence[Taking],
        today: date,
        *,
        taken_by: str = "",
        form_key: str = "",
    ) -> list[Self]:
        """Book payments as ``take_many`` does, where nothing at all is to be said of them.

        Return none where one of them is odd in any way: then nothing is booked, and the caller
        finds out what is to be said.
        """
        try:
            with transaction.atomic():
                return cls._take(organization, takings, today, taken_by, form_key, plainly=True)
        except (IntegrityError, ValidationError):
            return []

    @classmethod
    def _take(
        cls,
        organization: Organization,
        takings: Sequence[Taking],
        today: date,
        taken_by: str,
        form_key: str,
        *,
        plainly: bool = False,
    ) -> list[Self]:
        hold_tree(shared=True)  # no month is closed meanwhile
        payers = Payers.of(organization, takings, held=True)
        organization, members = payers.organization, payers.members
        reckoning = Reckoning(sorted(members), {month for each in takings for month in each.months})
        refuse_takings(takings, payers, today, reckoning.paid)
        if plainly:
            for each in takings:
                missing = partial(reckoning.open, each.member_id)
                if not is_plain(each, missing, payers.closed_to):
                    raise ValidationError(_now("Look at what was typed, and save again."))
        payments = [
            cls(
                member=members[each.member_id],
                organization=organization,
                paid_on=each.paid_on,
                booked_month=first_open_after(payers.closed_to, each.paid_on),
                amount=yuan(each.amount),
                kind=each.kind,
                campaign=each.campaign,
                method=each.method,
                receipt_number=each.receipt_number,
                taken_by=taken_by,
                form_key=form_key,
                form_line=line,
            )
            for line, each in enumerate(takings)
        ]
        _book(payments, [each.months for each in takings], reckoning)
        return payments

    @transaction.atomic
    def reverse(self, reason: str, on: date) -> Payment:
        """Take this payment back on ``on`` by a row of its own, and return that row."""
        hold_tree(shared=True)
        Member.objects.select_for_update(no_key=True).get(pk=self.member_id)
        problems = Objections()
        if not reason.strip():
            problems.add("reason", _now("Say why the payment is reversed."))
        if self.reverses_id:
            problems.add("reverses", _now("This is a reversal itself. Enter a new payment."))
        elif Payment.objects.filter(reverses=self).exists():
            problems.add("reverses", _now("This payment is reversed already."))
        if on < self.paid_on:
            problems.add(
                "paid_on",
                _now("The payment was made on %(day)s. It is reversed on that day or later."),
                day=self.paid_on,
            )
        problems.stop()
        reversal = Payment(
            member=self.member,
            organization=self.organization,
            paid_on=on,
            booked_month=first_open_month(self.organization, on),
            amount=-self.amount,
            kind=self.kind,
            campaign=self.campaign,
            method=self.method,
            receipt_number=self.receipt_number,
            taken_by=self.taken_by,
            reverses=self,
            reason=reason.strip()[:200],
        )
        months = {each.month: -each.amount for each in self.months.all()}
        _book([reversal], [months], Reckoning([self.member_id], months))
        return reversal

    # Answers

    @property
    def large(self) -> bool:
        """Whether it is an extra that goes up whole, with the member's data."""
        return self.kind == ledger.EXTRA and abs(self.amount) >= LARGE_EXTRA


class PaymentMonth(models.Model):
    """How much of a payment is for which month.

    Member, branch and booked month are those of the payment, repeated so that the sums of a month
    read one index; rows of the ledger never change, and ``check_ledger`` compares them.
    """

    payment = models.ForeignKey(
        Payment, models.PROTECT, related_name="months", verbose_name=_("payment"), db_index=False
    )
    member = models.ForeignKey(
        Member,
        models.PROTECT,
        related_name="paid_months",
        verbose_name=_("member"),
        db_index=False,
    )
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="+", verbose_name=_("branch"), db_index=False
    )
    month = models.DateField(_("month"))
    booked_month = models.DateField(_("booked in"))
    amount = YuanField(_("amount"))

    objects = AppendingQuerySet.as_manager()

    class Meta:
        verbose_name = _("month of a payment")
        verbose_name_plural = _("months of payments")
        ordering = ["payment", "month"]
        indexes = [
            models.Index(fields=["member", "month", "amount"], name="payment_month_by_member"),
            models.Index(
                fields=["organization", "month", "booked_month", "amount"],
                name="payment_month_by_branch",
            ),
            models.Index(
                fields=["booked_month", "organization", "month", "amount"],
                name="payment_month_by_booking",
            ),
        ]
        constraints = [
            models.UniqueConstraint(name="payment_month_once", fields=["payment", "month"]),
            kept_as_month("payment_for_a_month", "month"),
        ]

    def __str__(self) -> str:
        return f"{written(self.month)} {self.amount}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        raise TypeError("Months are booked with their payment.")

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError("The ledger is only ever added to: reverse the payment.")


def _already_booked() -> str:
    return _now("This form has been saved already. Open it anew to see what is booked.")


def _book(
    payments: Sequence[Payment], months: Iterable[Mapping[date, Decimal]], reckoning: Reckoning
) -> None:
    """Write payments of one branch with their months, the log, and what follows for members.

    ``reckoning`` is of their members, as it was before.
    """
    Payment.objects.bulk_create(payments)
    shares = [
        PaymentMonth(
            payment=payment,
            member_id=payment.member_id,
            organization_id=payment.organization_id,
            month=month,
            booked_month=payment.booked_month,
            amount=amount,
        )
        for payment, each in zip(payments, months, strict=True)
        for month, amount in sorted(each.items())
    ]
    PaymentMonth.objects.bulk_create(shares)
    told = defaultdict(list)
    for share in shares:
        told[share.payment_id].append(str(share))
        reckoning.add(share.member_id, {share.month: share.amount})
    Entry.append_all(
        payments[0].log_chain,
        [
            Entry(
                action=Action.ADD,
                model=Payment._meta.label_lower,
                object_id=payment.pk,
                label=str(payment),
                changes=[*payment.changes(), ["months", "", ", ".join(told[payment.pk])]],
            )
            for payment in payments
        ],
    )
    reckoning.keep()
