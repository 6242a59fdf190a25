"""What the bank says that an organisation has, to be compared with its own account."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from branches.models import Organization
from members.models import choices
from members.models.dues.appending import Appending
from members.models.dues.statements import balance_of
from members.rules import ledger
from registry.money import YuanField


class BankBalance(Appending):
    """The balance of an account at the end of a day, as its bank statement has it."""

    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="bank_balances", verbose_name=_("organisation")
    )
    day = models.DateField(_("day"))
    fund = models.CharField(
        _("source of money"), max_length=10, choices=choices.funds, default=ledger.DUES
    )
    balance = YuanField(_("balance"))
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("balance at the bank")
        verbose_name_plural = _("balances at the bank")
        ordering = ["-day", "-id"]

    def __str__(self) -> str:
        return f"{self.organization} {self.day} {self.balance}"

    @property
    def difference(self) -> Decimal:
        """What the bank has less what the account of the organisation itself says."""
        after = self.day + date.resolution
        found: Decimal = self.balance - balance_of(self.organization, after, self.fund)
        return found
