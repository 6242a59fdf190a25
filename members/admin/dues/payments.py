"""The payments of one member for a month: what the sheet adds up, and the way to reverse them."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import admin, messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from branches.models.grants import may
from branches.rules import roles
from members.admin.dues.asking import branch_asked, year_of_sheet
from members.admin.dues.takings import months_in_words, with_months
from members.models import Member, Payment
from members.rules.dues_months import written
from members.rules.dues_readings import read_month
from registry.admin.autocomplete import keys_among
from registry.language import said
from registry.login.kept_forms import keeps_form, typed_before

LONGEST_REASON = 200


class ReversalForm(forms.Form):
    reason = forms.CharField(
        label=_("reason"),
        max_length=LONGEST_REASON,
        error_messages={"required": _("Say why the payment is reversed.")},
    )


@keeps_form
@require_http_methods(["GET", "HEAD", "POST"])
def payments_page(request: HttpRequest) -> HttpResponse:
    """Payments of ``?member=`` for ``month``, or all of a ``year``; POST reverses one of them."""
    rows = Payment.objects.visible_to(request.user, roles.VIEW_DUES)
    member = _member_of(request, rows)
    today = timezone.localdate()
    month = _month_of(request)
    year = month.year if month else year_of_sheet(request, today)
    mine = rows.filter(member=member)
    shown = mine.filter(months__month=month) if month else _of_year(mine, year)
    data = request.POST if request.method == "POST" else typed_before(request)
    form = ReversalForm(data, label_suffix="")
    meant = data.get("payment", "") if data else ""
    if request.method == "POST":
        own = rows.visible_to(request.user, roles.COLLECT_DUES).filter(member=member)
        payment = get_object_or_404(own, pk__in=keys_among([meant]))
        if form.is_valid() and _reversed(request, payment, form):
            return HttpResponseRedirect(request.get_full_path())
    payments = with_months(shown.order_by("paid_on", "id")).select_related("reversed_by")
    context = {
        **admin.site.each_context(request),
        "title": _now("Payments of %(name)s") % {"name": member.name},
        "member": member,
        "period": written(month) if month else f"{year}",
        "lines": [
            {
                "payment": each,
                "months": months_in_words(each),
                "may_reverse": not (each.reverses_id or hasattr(each, "reversed_by"))
                and may(request.user, roles.COLLECT_DUES, each.organization.path),
                "meant": f"{each.pk}" == meant,
            }
            for each in payments
        ],
        "form": form,
        "sheet_url": _sheet_url(request, year),
        "year_url": month and f"?{urlencode(_asked(request) | {'year': year})}",
    }
    return TemplateResponse(request, "admin/members/dues/payments.html", context)


def _member_of(request: HttpRequest, rows: Any) -> Member:
    """Return the member that is asked for: one's own, or one whose payments are."""
    keys = keys_among([request.GET.get("member", "")])
    own = Member.objects.visible_to(request.user, roles.VIEW_DUES).filter(pk__in=keys)
    paid = Member.objects.filter(pk__in=rows.filter(member__in=keys).values("member"))
    member: Member | None = own.first() or paid.first()
    if member is None:
        raise Http404(_now("There is no such member."))
    return member


def _month_of(request: HttpRequest) -> date | None:
    text = request.GET.get("month", "")
    if not text:
        return None
    try:
        return read_month(text)
    except ValueError as error:
        messages.error(request, said(error.args[0]))
        return None


def _of_year(payments: Any, year: int) -> Any:
    """Return the payments for months of the year, and those without months made within it."""
    for_it = Q(months__month__year=year) | Q(months__isnull=True, paid_on__year=year)
    return payments.filter(for_it).distinct()


def _reversed(request: HttpRequest, payment: Payment, form: ReversalForm) -> bool:
    try:
        payment.reverse(form.cleaned_data["reason"], timezone.localdate())
    except forms.ValidationError as error:
        for sentence in error.messages:
            form.add_error("reason", sentence)
        return False
    messages.success(
        request,
        _now("Reversed: %(amount)s yuan of %(day)s.")
        % {"amount": payment.amount, "day": payment.paid_on},
    )
    return True


def _asked(request: HttpRequest) -> dict[str, str]:
    return {name: request.GET[name] for name in ("organization", "member") if name in request.GET}


def _sheet_url(request: HttpRequest, year: int) -> str:
    if "organization" not in request.GET:
        return ""
    organization = branch_asked(request)
    asked = {"organization": organization.pk if organization else "", "year": year}
    return f"{reverse('admin:dues_collection')}?{urlencode(asked)}"


admin.site.page("dues/payments/", payments_page, "dues_payments", roles.VIEW_DUES)  # type: ignore[attr-defined]
