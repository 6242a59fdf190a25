"""What comes back (返还): a year's dues of the branches of retired members, by share."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from branches.models import may
from branches.rules import roles
from members.admin.asking import AskingForm, asking
from members.admin.deeds import DeedForm, is_done, typed
from members.admin.doors import address_of
from members.admin.dues.booking import DayForm
from members.admin.dues.pages import page
from members.admin.dues.remittances import WithdrawalForm, is_withdrawn, lines_of
from members.models import ReturnLine, ReturnRun
from members.models.dues.policies import policy_for
from members.rules import ledger
from registry.login.kept_forms import keeps_form
from registry.money import ZERO


class YearForm(DeedForm):
    year = forms.IntegerField(
        label=_("year"),
        min_value=ledger.FIRST_MONTH.year,
        max_value=date.max.year,
        error_messages={
            "min_value": _(
                "%(show_value)s is before the rules of April 2008. Choose a later year."
            ),
            "max_value": _("%(show_value)s is not over yet."),
        },
    )


class PayingOutForm(DayForm):
    """Which lines of a run are paid out, on which day."""

    voucher_number = forms.CharField(label=_("voucher number"), required=False, max_length=30)
    lines = forms.ModelMultipleChoiceField(
        queryset=ReturnLine.objects.none(),
        error_messages={"required": _("Choose the branches that are paid.")},
    )

    def __init__(self, data: Any, unpaid: Any) -> None:
        super().__init__(data)
        self.fields["lines"].queryset = unpaid  # type: ignore[attr-defined]


@keeps_form
@require_http_methods(["GET", "HEAD", "POST"])
def returns(request: HttpRequest) -> HttpResponse:
    """The years that an organisation has returned, and what comes back to it."""
    organization, asked = asking(request, AskingForm, roles.VIEW_DUES_TOTALS)
    may_run = may(request.user, roles.COLLECT_DUES, organization.path)
    if request.method == "POST" and not may_run:
        raise PermissionDenied
    today = timezone.localdate()
    form = YearForm(typed(request), initial={"year": today.year - 1}) if may_run else None
    if form and is_done(request, form, lambda year: ReturnRun.propose(organization, year, today)):
        run = ReturnRun.objects.get(organization=organization, year=form.cleaned_data["year"])
        messages.success(request, _now("Listed from what was paid. Now pay it out."))
        return HttpResponseRedirect(reverse("admin:dues_return", args=[run.pk]))
    runs = ReturnRun.objects.visible_to(request.user).filter(organization=organization)
    coming = (
        ReturnLine.objects.filter(branch=organization)
        .select_related("run__organization", "branch", "entry__reversed_by")
        .order_by("-run__year")
    )
    return page(
        request,
        "returns",
        organization,
        "dues_returns",
        asking=asked,
        form=form,
        policy=policy_for(organization, date(today.year - 1, 12, 1)),
        runs=runs.annotate(paid=Sum("lines__paid"), due=Sum("lines__due")),
        coming=lines_of(request.user, list(coming)),
    )


@keeps_form
@require_http_methods(["GET", "HEAD", "POST"])
def returned(request: HttpRequest, pk: int) -> HttpResponse:
    """One run: its branches, what each gets, and the form that pays it out."""
    runs = ReturnRun.objects.visible_to(request.user).select_related("organization")
    run = get_object_or_404(runs, pk=pk)
    may_pay = may(request.user, roles.COLLECT_DUES, run.organization.path)
    if request.method == "POST" and not may_pay:
        raise PermissionDenied
    rows = run.lines.select_related("run__organization", "branch", "entry__reversed_by")
    unpaid = rows.filter(entry__isnull=True) | rows.filter(entry__reversed_by__isnull=False)
    form = PayingOutForm(typed(request), unpaid) if may_pay and unpaid.exists() else None
    today = timezone.localdate()
    if form and is_done(
        request,
        form,
        lambda day, lines, **said: [line.pay_out(day, today, **said) for line in list(lines)],
    ):
        count = len(form.cleaned_data["lines"])
        text = ngettext("%(count)s branch is paid.", "%(count)s branches are paid.", count)
        messages.success(request, text % {"count": count})
        return HttpResponseRedirect(reverse("admin:dues_return", args=[run.pk]))
    lines = lines_of(request.user, list(rows))
    chosen = form["lines"].data if form and form.is_bound else None
    return page(
        request,
        "return",
        run.organization,
        "dues_returns",
        form=form,
        title=_now("Return of the dues of %(year)s") % {"year": run.year},
        run=run,
        lines=[(line, chosen is None or f"{line.transfer.pk}" in chosen) for line in lines],
        paid=sum((line.transfer.paid for line in lines), ZERO),
        due=sum((line.transfer.due for line in lines), ZERO),
        may_withdraw=may_pay and not any(line.sent for line in lines),
        back=address_of("dues_returns", run.organization),
    )


@keeps_form
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    runs = ReturnRun.objects.visible_to(request.user, roles.COLLECT_DUES)
    run = get_object_or_404(runs.select_related("organization"), pk=pk)
    form = WithdrawalForm(typed(request))
    sums = run.lines.aggregate(paid=Sum("paid", default=ZERO), due=Sum("due", default=ZERO))
    facts = [
        (_now("return of dues"), run),
        (_now("decided on"), run.decided_on),
        (_now("paid in the year"), sums["paid"]),
        (_now("to return"), sums["due"]),
    ]
    if is_withdrawn(request, form, run):
        messages.success(request, _now("Withdrawn. The year can be listed once more."))
        return HttpResponseRedirect(address_of("dues_returns", run.organization))
    return page(
        request,
        "deed",
        run.organization,
        "dues_returns",
        form=form,
        title=_now("Withdraw the return of %(year)s") % {"year": run.year},
        button=_now("Withdraw"),
        facts=facts,
        back=reverse("admin:dues_return", args=[pk]),
    )


admin.site.page("dues/returns/", returns, "dues_returns", roles.VIEW_DUES_TOTALS)  # type: ignore[attr-defined]
admin.site.page(  # type: ignore[attr-defined]
    "dues/returns/<int:pk>/", returned, "dues_return", roles.VIEW_DUES_TOTALS
)
admin.site.page(  # type: ignore[attr-defined]
    "dues/returns/<int:pk>/withdraw/", withdraw, "dues_withdraw_return", roles.COLLECT_DUES
)
