"""Dues on their way up (上缴) and back down (返还): what is due, what was sent, what arrived."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import Q, Sum
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from branches.models import Organization, in_scopes, scopes
from branches.models.reorganizing import Objections
from branches.rules import hierarchy, roles
from members.models.dues.accounts import AccountEntry, hold_accounts, superior_of
from members.models.dues.months import ends_after_it_begins, kept_as_month
from members.models.dues.payments import Payment
from members.models.dues.policies import policy_for
from members.rules import ledger
from members.rules.dues_months import LARGE_EXTRA, written
from registry.calendar import first_of_month, months_after
from registry.models import Record
from registry.money import FEN, ZERO, YuanField

_SHARE: dict[str, Any] = {
    "max_digits": 5,
    "decimal_places": 2,
    "validators": [MinValueValidator(0), MaxValueValidator(100)],
    "help_text": _("Per cent of what was paid."),
}


def share_of(amount: Decimal, per_cent: Decimal) -> Decimal:
    """Return so many per cent of an amount in yuan, rounded half up to the fen."""
    return (amount * per_cent / 100).quantize(FEN, ROUND_HALF_UP)


class OrganizationsOwnQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any, verb: str = roles.VIEW_DUES_TOTALS) -> Self:
        """The rows of organisations on which ``user`` has ``verb``."""
        return self.filter(in_scopes(scopes(user, verb), "organization__path"))


class Transfer(Record):
    """Something due to another organisation, sent once, and confirmed by its receiver."""

    entry = models.OneToOneField(
        AccountEntry, models.PROTECT, null=True, related_name="+", verbose_name=_("sent as")
    )

    class Meta:
        abstract = True

    def sender(self) -> Organization:
        raise NotImplementedError

    def receiver(self) -> Organization | None:
        raise NotImplementedError

    @transaction.atomic
    def _send(self, kind: str, on: date, amount: Decimal, today: date, **values: Any) -> None:
        hold_accounts()
        if not type(self)._default_manager.filter(pk=self.pk).exists():
            raise ValidationError(_now("This was withdrawn meanwhile. Nothing was sent."))
        if self.entry_that_holds():
            raise ValidationError(_now("This was sent already. Reverse its entry first."))
        self.entry = AccountEntry.book(
            self.sender(), today, kind=kind, day=on, amount=amount,
            counterpart=self.receiver(), **values,
        )  # fmt: skip
        self.save()

    def confirm(self, on: date, amount: Decimal, today: date, **values: Any) -> AccountEntry:
        """Book that ``amount`` has arrived at the receiver on ``on``; he may differ."""
        if self.entry is None or self.receiver() is None:
            raise ValidationError(_now("Nothing was sent that could have arrived here."))
        return self.entry.confirm_arrival(on, amount, today, **values)

    def entry_that_holds(self) -> AccountEntry | None:
        """What was sent, as it is now; None where nothing was, or where that was reversed."""
        kept = type(self)._default_manager.filter(pk=self.pk)
        held = AccountEntry.objects.filter(pk__in=kept.values("entry"), reversed_by__isnull=True)
        return held.first()

    @property
    def arrival(self) -> AccountEntry | None:
        """What the receiver has confirmed; None where nothing has arrived yet."""
        return self.entry.arrivals_that_hold().first() if self.entry else None

    @property
    def difference(self) -> Decimal | None:
        """What has arrived less what was sent; None while it is under way."""
        arrival = self.arrival
        return arrival.amount - self.entry.amount if arrival and self.entry else None

    @property
    def log_chain(self) -> str:
        return f"organization:{self.sender().pk}"


def arrivals_of(transfers: Iterable[Transfer]) -> dict[int, AccountEntry]:
    """Return what the receivers have confirmed, by the key of the entry that was sent."""
    held = AccountEntry.objects.filter(
        arrives_from__in=[each.entry_id for each in transfers if each.entry_id],
        reverses__isnull=True,
        reversed_by__isnull=True,
    )
    return {entry.arrives_from_id: entry for entry in held}


class Remittance(Transfer):
    """What an organisation owes to its superior for some months, from what was paid in them."""

    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="remittances", verbose_name=_("organisation")
    )
    superior = models.ForeignKey(
        Organization,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("superior"),
        help_text=_("Empty where it stands outside this register."),
    )
    month_from = models.DateField(_("from month"))
    month_until = models.DateField(_("until month"), help_text=_("The first month after it."))
    paid = YuanField(_("paid"), help_text=_("Dues and extras, without those that go up whole."))
    whole = YuanField(_("large extras"), help_text=_("They go up whole."))
    share = models.DecimalField(_("share"), **_SHARE)
    due = YuanField(_("to remit"))

    objects = OrganizationsOwnQuerySet.as_manager()

    class Meta:
        verbose_name = _("remittance")
        verbose_name_plural = _("remittances")
        ordering = ["-month_from", "organization"]
        constraints = [
            kept_as_month("remittance_from_a_month", "month_from"),
            kept_as_month("remittance_until_a_month", "month_until"),
            ends_after_it_begins("remittance_ends_after_it_begins"),
            models.UniqueConstraint(
                name="remittance_once",
                fields=["organization", "month_from"],
                violation_error_message=_("These months have a remittance already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization} {written(self.month_from)}–{written(self.last_month)}"

    # Verbs

    @classmethod
    @transaction.atomic
    def compute(cls, organization: Organization, month_from: date, month_until: date) -> Self:
        """Work out what is due for some months by the share of the first of them, and keep it.

        Follows the tree of now: whoever has come since brings along what he holds.
        """
        hold_accounts()
        problems = Objections()
        share = policy_for(organization, month_from).share_upward
        if share is None:
            problems.add(
                "share",
                _now("No office has said what share %(name)s remits. Set it first."),
                name=organization,
            )
        taken = cls.objects.filter(
            organization=organization, month_from__lt=month_until, month_until__gt=month_from
        )
        if other := taken.first():
            problems.add("month_from", _now("%(other)s has some of these months."), other=other)
        problems.stop()
        assert share is not None  # noqa: S101 - or the problems have stopped it
        paid, whole = paid_below(organization, month_from, month_until)
        remittance = cls(
            organization=organization,
            superior=superior_of(organization),
            month_from=month_from,
            month_until=month_until,
            paid=paid,
            whole=whole,
            share=share,
            due=share_of(paid, share) + whole,
        )
        remittance.full_clean(exclude=["superior", "entry"])
        remittance.save()
        return remittance

    def send(self, on: date, amount: Decimal, today: date, **values: Any) -> None:
        """Book that ``amount`` was sent to the superior on ``on``."""
        self._send(ledger.REMITTED, on, amount, today, **values)

    @transaction.atomic
    def withdraw(self) -> None:
        """Take back what was computed, so that its months can be computed once more.

        Raises ValidationError where something was sent for it and not taken back.
        """
        hold_accounts()
        _refuse_withdrawn(self)
        if sent := self.entry_that_holds():
            raise ValidationError(
                _now("%(amount)s yuan were sent on %(day)s. Reverse that entry first.")
                % {"amount": sent.amount, "day": sent.day}
            )
        self.delete()

    # Answers

    def sender(self) -> Organization:
        return self.organization

    def receiver(self) -> Organization | None:
        return self.superior

    @property
    def last_month(self) -> date:
        return months_after(self.month_until, -1)


class ReturnRun(Record):
    """One year's decision of a committee to return dues to the branches of its retired members."""

    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="return_runs", verbose_name=_("organisation")
    )
    year = models.PositiveSmallIntegerField(_("year"))
    share = models.DecimalField(_("share"), **_SHARE)
    decided_on = models.DateField(_("decided on"))

    objects = OrganizationsOwnQuerySet.as_manager()

    class Meta:
        verbose_name = _("return of dues")
        verbose_name_plural = _("returns of dues")
        ordering = ["-year", "organization"]
        constraints = [
            models.UniqueConstraint(
                name="return_run_once",
                fields=["organization", "year"],
                violation_error_message=_("The dues of this year have been returned already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.organization} {self.year}"

    @property
    def log_chain(self) -> str:
        return f"organization:{self.organization_id}"

    @classmethod
    @transaction.atomic
    def propose(cls, organization: Organization, year: int, on: date) -> Self:
        """List what the branches of retired members below now have paid in ``year``, and their
        share.

        Raises ValidationError where the year is not over, was returned before, or nothing was paid.
        """
        hold_accounts()
        if on.year <= year:
            raise ValidationError({"year": _now("%(year)s is not over yet.") % {"year": year}})
        share = policy_for(organization, date(year, 12, 1)).returned_share
        if share is None:
            text = _now("No office has said what share %(name)s returns. Set it first.")
            raise ValidationError({"share": text % {"name": organization}})
        run = cls(organization=organization, year=year, share=share, decided_on=on)
        run.full_clean()
        lines = _lines_of(run)
        if not lines:
            text = _now("No branch of retired members below %(name)s has paid in %(year)s.")
            raise ValidationError(text % {"name": organization, "year": year})
        run.save()
        for line in lines:
            line.save()
        return run

    @transaction.atomic
    def withdraw(self) -> None:
        """Take back the decision and its list, so that the year can be listed once more.

        Raises ValidationError with every branch to which something was sent and not taken back.
        """
        hold_accounts()
        _refuse_withdrawn(self)
        lines = list(self.lines.select_related("branch"))
        text = _now("%(amount)s yuan were sent to %(name)s on %(day)s. Reverse that entry first.")
        held = ((line.branch, sent) for line in lines if (sent := line.entry_that_holds()))
        if problems := [
            text % {"amount": sent.amount, "name": branch, "day": sent.day} for branch, sent in held
        ]:
            raise ValidationError(problems)
        for line in lines:
            line.delete()
        self.delete()


class ReturnLine(Transfer):
    """What one branch of retired members gets back of a year's dues."""

    run = models.ForeignKey(
        ReturnRun, models.PROTECT, related_name="lines", verbose_name=_("return of dues")
    )
    branch = models.ForeignKey(
        Organization, models.PROTECT, related_name="+", verbose_name=_("branch")
    )
    paid = YuanField(_("paid in the year"))
    due = YuanField(_("to return"))

    class Meta:
        verbose_name = _("returned dues of a branch")
        verbose_name_plural = _("returned dues of branches")
        ordering = ["run", "branch__path"]
        constraints = [models.UniqueConstraint(name="return_line_once", fields=["run", "branch"])]

    def __str__(self) -> str:
        return f"{self.branch} {self.run.year}"

    def pay_out(self, on: date, today: date, **values: Any) -> None:
        """Book that the amount was sent to the branch on ``on``."""
        self._send(ledger.RETURNED, on, self.due, today, **values)

    def sender(self) -> Organization:
        return self.run.organization

    def receiver(self) -> Organization | None:
        return self.branch


def _refuse_withdrawn(record: Remittance | ReturnRun) -> None:
    if not type(record)._default_manager.filter(pk=record.pk).exists():
        raise ValidationError(_now("Somebody else has withdrawn it already."))


def _lines_of(run: ReturnRun) -> Sequence[ReturnLine]:
    first, until = date(run.year, 1, 1), date(run.year + 1, 1, 1)
    paid = (
        Payment.objects.under(run.organization)
        .of_the_dues()
        .booked_in(first, until)
        .filter(organization__sort=hierarchy.RETIRED)
        .exclude(organization=run.organization)
        .exclude(kind=ledger.EXTRA)  # what is given freely is not given back
        .order_by("organization__path")
        .values_list("organization")
        .annotate(sum=Sum("amount"))
    )
    return [
        ReturnLine(run=run, branch_id=pk, paid=sum_, due=share_of(sum_, run.share))
        for pk, sum_ in paid
        if share_of(sum_, run.share) > 0
    ]


def paid_below(organization: Organization, first: date, until: date) -> tuple[Decimal, Decimal]:
    """Return what was paid to what stands at and below ``organization`` now in the months from
    ``first`` up to ``until``: what is shared, and the large extras that go up whole."""
    large = Q(kind=ledger.EXTRA) & (Q(amount__gte=LARGE_EXTRA) | Q(amount__lte=-LARGE_EXTRA))
    sums = (
        Payment.objects.under(organization)
        .of_the_dues()
        .booked_in(first_of_month(first), until)
        .aggregate(
            paid=Sum("amount", filter=~large, default=ZERO),
            whole=Sum("amount", filter=large, default=ZERO),
        )
    )
    return sums["paid"], sums["whole"]
