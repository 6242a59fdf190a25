"""What was taken on a day: the list that goes to the bank with the money."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.views.decorators.http import require_safe

from branches.rules import roles
from members.admin.dues.asking import branch_asked
from members.admin.dues.collection import takes_dues
from members.admin.dues.pages import doors_of
from members.models import Payment, PaymentMonth
from members.rules.dues_months import written
from registry.forms import DayField
from registry.money import ZERO


def months_in_words(payment: Payment) -> str:
    """Return the months of a payment: “2026-01, 2026-02”."""
    return ", ".join(written(each.month) for each in payment.months.all())


def with_months(payments: Any) -> Any:
    """Return payments with all that a list of them shows."""
    months = Prefetch("months", PaymentMonth.objects.order_by("month"))
    return payments.select_related("member", "organization").prefetch_related(months)


@require_safe
def takings_page(request: HttpRequest) -> HttpResponse:
    """Who paid what on ``?day=`` to ``organization`` and all below it, with the sums by method."""
    organization = branch_asked(request)
    text = request.GET.get("day", "")
    day, errors = timezone.localdate(), list[str]()
    try:
        day = DayField(required=False).clean(text) or day
    except ValidationError as error:
        errors = error.messages
    payments: list[Payment] = []
    if organization is not None and not errors:
        rows = Payment.objects.visible_to(request.user, roles.VIEW_DUES).under(organization)
        ordered = rows.filter(paid_on=day).order_by("organization__path", "id")
        payments = list(with_months(ordered))
    context = {
        **admin.site.each_context(request),
        "title": _now("Takings of the day"),
        "doors": doors_of(request.user, organization, "dues_collection"),
        "organization": organization,
        "day": day,
        "typed_day": text or f"{day:%Y-%m-%d}",
        "errors": errors,
        "lines": [(payment, months_in_words(payment)) for payment in payments],
        "several": organization is not None and not takes_dues(organization),
        "methods": sums_by_method(payments),
        "total": sum((payment.amount or ZERO for payment in payments), ZERO),
        "sheet_url": sheet_of(request, organization, day),
    }
    return TemplateResponse(request, "admin/members/dues/takings.html", context)


def sums_by_method(payments: list[Payment]) -> list[tuple[str, int, Decimal]]:
    """Return the label of each method, how many payments came by it, and how much."""
    found: dict[str, list[Decimal]] = defaultdict(list)
    for payment in payments:
        found[payment.get_method_display()].append(payment.amount or ZERO)
    return [(label, len(amounts), sum(amounts, ZERO)) for label, amounts in found.items()]


def sheet_of(request: HttpRequest, organization: Any, day: date) -> str:
    if organization is None:
        return ""
    year = request.GET.get("year", "")
    shown = year if year.isdecimal() else day.year
    return f"{reverse('admin:dues_collection')}?organization={organization.pk}&year={shown}"


admin.site.page("dues/takings/", takings_page, "dues_takings", roles.VIEW_DUES)  # type: ignore[attr-defined]
