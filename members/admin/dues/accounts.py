"""The account of an organisation: the sums of a period, its entries, and what the bank says."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import admin
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from branches.models import Organization, may
from branches.rules import roles
from members.admin.asking import AskingForm, asking
from members.admin.dues.fields import MonthField
from members.admin.dues.pages import page
from members.models import AccountEntry, BankBalance, choices
from members.models.dues.statements import balance_of, statement_of
from members.rules import ledger
from members.rules.dues_months import next_month, written
from registry.money import ZERO

SHOWN = 100  # entries on one page
BALANCES = 12  # of the bank


class AccountForm(AskingForm):
    month_from = MonthField(label=_("from month"))
    month_to = MonthField(label=_("to month"))
    fund = forms.ChoiceField(label=_("source of money"), choices=choices.funds)

    def clean(self) -> dict[str, Any]:
        first, last = self.cleaned_data.get("month_from"), self.cleaned_data.get("month_to")
        if first and last and last < first:
            text = _now("%(last)s comes before %(first)s. Exchange the months.")
            self.add_error("month_to", text % {"last": written(last), "first": written(first)})
        return self.cleaned_data


@require_safe
def accounts(request: HttpRequest) -> HttpResponse:
    """What the organisation and all that stood below it on the last day of the months held; its own
    entries are for who sees dues."""
    today = timezone.localdate()
    organization, form = asking(
        request,
        AccountForm,
        roles.VIEW_DUES_TOTALS,
        month_from=written(today.replace(month=1)),
        month_to=written(today),
        fund=ledger.DUES,
    )
    more: dict[str, Any] = {"asking": form}
    if form.is_valid():
        first, last = form.cleaned_data["month_from"], form.cleaned_data["month_to"]
        fund = form.cleaned_data["fund"]
        until = next_month(last)
        more |= {
            "own": _own(organization, first, until, fund),
            "may_see": may(request.user, roles.VIEW_DUES, organization.path),
            "may_book": may(request.user, roles.COLLECT_DUES, organization.path),
            "query": f"month_from={written(first)}&month_to={written(last)}&fund={fund}",
        }
        if fund == ledger.DUES:
            more["statement"] = statement_of(organization, first, until)
        if more["may_see"]:
            more |= _entries(request, organization, first, until, fund)
    return page(request, "accounts", organization, "dues_accounts", **more)


def _own(
    organization: Organization, first: date, until: date, fund: str
) -> list[tuple[str, Decimal]]:
    """Return what the account of the organisation itself held before the period and after it."""
    return [
        (_now("at the beginning"), balance_of(organization, first, fund)),
        (_now("at the end"), balance_of(organization, until, fund)),
    ]


def _entries(
    request: HttpRequest, organization: Organization, first: date, until: date, fund: str
) -> dict[str, Any]:
    seen: QuerySet[AccountEntry] = AccountEntry.objects.visible_to(request.user)
    rows = (
        seen.filter(organization=organization, fund=fund, day__gte=first, day__lt=until)
        .select_related("counterpart", "reverses", "reversed_by")
        .order_by("day", "pk")
    )
    balances = BankBalance.objects.visible_to(request.user).filter(
        organization=organization, fund=fund
    )
    shown = Paginator(rows, SHOWN).get_page(request.GET.get("page"))
    return {
        "shown": shown,
        "entries": [(entry, _signed(entry)) for entry in shown],
        "under_way": under_way_to(organization),
        "balances": balances.select_related("organization")[:BALANCES],
    }


def _signed(entry: AccountEntry) -> Decimal:
    """Return what the entry has changed of the account."""
    amount: Decimal = entry.amount
    return amount * ledger.ENTRY_KINDS[entry.kind].sign


def under_way_to(organization: Organization) -> QuerySet[AccountEntry]:
    """What others have sent to the organisation, and it has not confirmed yet."""
    arrived = AccountEntry.objects.filter(
        arrives_from__isnull=False, reverses__isnull=True, reversed_by__isnull=True
    )
    sent: QuerySet[AccountEntry] = AccountEntry.objects.filter(
        counterpart=organization,
        kind__in=[kind.code for kind in ledger.ENTRY_KINDS.values() if kind.arrives_as],
        amount__gt=ZERO,
        reversed_by__isnull=True,
    )
    return sent.exclude(pk__in=arrived.values("arrives_from")).select_related("organization")


admin.site.page(  # type: ignore[attr-defined]
    "dues/accounts/", accounts, "dues_accounts", roles.VIEW_DUES_TOTALS
)
