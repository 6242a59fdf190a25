"""What goes up (上缴): what is due for a period, sent, and confirmed by the superior."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from branches.models import Organization, may
from branches.rules import roles
from members.admin.asking import AskingForm, asking
from members.admin.deeds import DeedForm, is_done, typed
from members.admin.doors import address_of
from members.admin.dues.booking import DayForm
from members.admin.dues.fields import AmountField, MonthField
from members.admin.dues.pages import page
from members.models import Remittance, choices
from members.models.dues.accounts import AccountEntry, superior_of
from members.models.dues.policies import policy_for
from members.models.dues.remittances import Transfer, arrivals_of
from members.rules.dues_months import next_month, period_around, written
from registry.calendar import first_of_month, months_after
from registry.login.kept_forms import keeps_form
from registry.models import acting

SHOWN = 50  # remittances on one page


class PeriodForm(DeedForm):
    month_from = MonthField(label=_("from month"))
    month_to = MonthField(label=_("to month"))

    # The verbs of the record name these.
    renamed = {"month_until": "month_to"}

    def clean(self) -> dict[str, Any]:
        first, last = self.cleaned_data.get("month_from"), self.cleaned_data.get("month_to")
        if first and last and last < first:
            text = _now("%(last)s comes before %(first)s. Exchange the months.")
            self.add_error("month_to", text % {"last": written(last), "first": written(first)})
        if last and last >= first_of_month(timezone.localdate()):
            text = _now("%(last)s is not over yet. Choose an earlier month.")
            self.add_error("month_to", text % {"last": written(last)})
        return self.cleaned_data


class SendingForm(DayForm):
    amount = AmountField(label=_("amount sent, yuan"))
    voucher_number = forms.CharField(label=_("voucher number"), required=False, max_length=30)
    note = forms.CharField(label=_("note"), required=False, max_length=200)


@dataclass(frozen=True)
class Line:
    """Something to be sent, how far it is, and what this user may do about it."""

    transfer: Any
    sent: AccountEntry | None
    arrival: AccountEntry | None
    may_send: bool
    may_confirm: bool

    @property
    def difference(self) -> Decimal | None:
        return self.arrival.amount - self.sent.amount if self.arrival and self.sent else None


def lines_of(user: Any, transfers: list[Any]) -> list[Line]:
    """Return how far each of ``transfers`` is; their entries are loaded with their reversals."""
    arrivals = arrivals_of(transfers)
    return [_line_of(user, transfer, arrivals) for transfer in transfers]


def _line_of(user: Any, transfer: Transfer, arrivals: dict[int, AccountEntry]) -> Line:
    entry = transfer.entry
    sent = entry if entry and not hasattr(entry, "reversed_by") else None
    arrival = arrivals.get(sent.pk) if sent else None
    receiver = transfer.receiver()
    return Line(
        transfer,
        sent,
        arrival,
        may_send=sent is None and may(user, roles.COLLECT_DUES, transfer.sender().path),
        may_confirm=sent is not None
        and arrival is None
        and receiver is not None
        and may(user, roles.COLLECT_DUES, receiver.path),
    )


@keeps_form
@require_http_methods(["GET", "HEAD", "POST"])
def remittances(request: HttpRequest) -> HttpResponse:
    """What an organisation remits, and what those below remit to it."""
    organization, asked = asking(request, AskingForm, roles.VIEW_DUES_TOTALS)
    may_compute = may(request.user, roles.COLLECT_DUES, organization.path)
    if request.method == "POST" and not may_compute:
        raise PermissionDenied
    first, last = _next_period(organization)
    form = (
        PeriodForm(typed(request), initial={"month_from": first, "month_to": last})
        if may_compute
        else None
    )
    if form and is_done(
        request,
        form,
        lambda month_from, month_to: Remittance.compute(
            organization, month_from, next_month(month_to)
        ),
    ):
        messages.success(request, _now("Computed from what was paid. Now send it."))
        return HttpResponseRedirect(address_of("dues_remittances", organization))
    rows = (
        Remittance.objects.visible_to(request.user)
        .filter(Q(organization=organization) | Q(superior=organization))
        .select_related("organization", "superior", "entry__reversed_by")
        .order_by("-month_from", "organization__path")
    )
    shown = Paginator(rows, SHOWN).get_page(request.GET.get("page"))
    policy = policy_for(organization, first_of_month(timezone.localdate()))
    return page(
        request,
        "remittances",
        organization,
        "dues_remittances",
        asking=asked,
        form=form,
        superior=superior_of(organization),
        policy=policy,
        period=dict(choices.remittance_periods()).get(policy.remitted_every, ""),
        lines=lines_of(request.user, list(shown)),
        shown=shown,
    )


def _next_period(organization: Organization) -> tuple[date, date]:
    """Return the first and last month to be remitted next: after what was, or the last period."""
    before = Remittance.objects.filter(organization=organization).order_by("-month_until").first()
    today = first_of_month(timezone.localdate())
    every = policy_for(organization, today).remitted_every or "quarter"
    first, _until = period_around(today, every)
    month = before.month_until if before else months_after(first, -1)
    first, until = period_around(month, every)
    return max(first, month) if before else first, months_after(until, -1)


@keeps_form
@require_http_methods(["GET", "HEAD", "POST"])
def send(request: HttpRequest, pk: int) -> HttpResponse:
    rows = Remittance.objects.visible_to(request.user, roles.COLLECT_DUES)
    remittance = get_object_or_404(rows.select_related("organization", "superior"), pk=pk)
    form = SendingForm(typed(request), initial={"amount": remittance.due})
    today = timezone.localdate()
    if is_done(
        request, form, lambda day, amount, **said: remittance.send(day, amount, today, **said)
    ):
        messages.success(request, _now("Booked as sent. The superior confirms what has arrived."))
        return HttpResponseRedirect(address_of("dues_remittances", remittance.organization))
    return page(
        request,
        "deed",
        remittance.organization,
        "dues_remittances",
        form=form,
        title=_now("Send the remittance"),
        button=_now("Book as sent"),
        facts=_facts(remittance),
    )


def _facts(remittance: Remittance) -> list[tuple[str, Any]]:
    return [
        (_now("remittance"), remittance),
        (_now("superior"), remittance.superior or _now("outside this register")),
        (_now("paid"), remittance.paid),
        (_now("share"), f"{remittance.share} %"),
        (_now("large extras, whole"), remittance.whole),
        (_now("to remit"), remittance.due),
    ]


class WithdrawalForm(DeedForm):
    """Why something that was only worked out is taken back."""

    reason = forms.CharField(
        label=_("why"), required=False, max_length=200, help_text=_("Stands in the history.")
    )


def is_withdrawn(request: HttpRequest, form: WithdrawalForm, record: Any) -> bool:
    """Withdraw what the form is about, and return whether it is done."""

    def withdraw(reason: str) -> None:
        with acting(request.user, reason):
            record.withdraw()

    return is_done(request, form, withdraw)


@keeps_form
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    rows = Remittance.objects.visible_to(request.user, roles.COLLECT_DUES)
    remittance = get_object_or_404(rows.select_related("organization", "superior"), pk=pk)
    organization, form = remittance.organization, WithdrawalForm(typed(request))
    facts = _facts(remittance)
    if is_withdrawn(request, form, remittance):
        messages.success(request, _now("Withdrawn. Its months can be computed once more."))
        return HttpResponseRedirect(address_of("dues_remittances", organization))
    return page(
        request,
        "deed",
        organization,
        "dues_remittances",
        form=form,
        title=_now("Withdraw the remittance"),
        button=_now("Withdraw"),
        facts=facts,
    )


admin.site.page(  # type: ignore[attr-defined]
    "dues/remittances/", remittances, "dues_remittances", roles.VIEW_DUES_TOTALS
)
admin.site.page(  # type: ignore[attr-defined]
    "dues/remittances/<int:pk>/send/", send, "dues_send_remittance", roles.COLLECT_DUES
)
admin.site.page(  # type: ignore[attr-defined]
    "dues/remittances/<int:pk>/withdraw/", withdraw, "dues_withdraw_remittance", roles.COLLECT_DUES
)
