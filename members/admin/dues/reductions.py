"""Reductions: who pays less, nothing or elsewhere, granted, ended and taken back."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import admin
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from branches.models.grants import may
from branches.rules import roles
from members.admin.asking import organization_asked
from members.admin.dues.acting_on import Asked, DuesForm, Seen, page_for
from members.admin.dues.fields import AmountField, MonthField
from members.admin.dues.pages import doors_of
from members.models import Member, Reduction, choices
from members.models.dues.assessing import end, grant, withdraw
from members.rules.dues import REDUCED
from members.rules.dues_months import next_month, written
from registry.calendar import first_of_month, months_after
from registry.forms import DayField
from registry.login.kept_forms import keeps_form
from registry.money import ZERO

ROWS = 50


def last_month_of(reduction: Reduction) -> date | None:
    """Return the last month with the reduction; None where no end is known."""
    return months_after(reduction.month_until, -1) if reduction.month_until else None


def in_words(reduction: Reduction) -> str:
    """Return what a reduction says: 2026-01 to 2026-06: exempt, 生活困难 (机关党委 …)."""
    last = last_month_of(reduction)
    text = (
        _now("%(first)s to %(last)s: %(kind)s, %(reason)s; approved by %(by)s on %(on)s")
        if last
        else _now("from %(first)s on: %(kind)s, %(reason)s; approved by %(by)s on %(on)s")
    )
    return text % {
        "first": written(reduction.month_from),
        "last": written(last) if last else "",
        "kind": kind_in_words(reduction),
        "reason": reduction.reason,
        "by": reduction.approved_by,
        "on": reduction.approved_on,
    }


def kind_in_words(reduction: Reduction) -> str:
    if reduction.kind == REDUCED:
        return _now("reduced to %(amount)s yuan a month") % {"amount": reduction.amount}
    return str(reduction.get_kind_display())


class GrantForm(DuesForm):
    """An approved reduction; its last month is asked, as the approval names it."""

    renamed = {"month_until": "through"}

    kind = forms.ChoiceField(label=_("kind of reduction"))
    amount = AmountField(
        label=_("reduced to"),
        required=False,
        help_text=_("Yuan a month; empty unless it is only reduced."),
    )
    month_from = MonthField(label=_("from month"))
    through = MonthField(
        label=_("last month"),
        required=False,
        help_text=_("May be empty only for who pays elsewhere."),
    )
    approved_by = forms.CharField(label=_("approved by"), max_length=100)
    approved_on = DayField(
        label=_("approved on"),
    )
    reason = forms.CharField(label=_("reason"), max_length=200)

    def __init__(self, data: Any, **options: Any) -> None:
        super().__init__(data, **options)
        fields: Any = self.fields
        fields["kind"].choices = choices.reduction_kinds()

    def apply(self) -> str:
        asked = dict(self.cleaned_data)
        through = asked.pop("through")
        asked["amount"] = asked["amount"] or ZERO
        made = Reduction(
            member=self.member, month_until=next_month(through) if through else None, **asked
        )
        grant(made)
        text = _now("Granted to %(name)s: %(reduction)s.")
        return text % {"name": self.member.name, "reduction": in_words(made)}


@keeps_form
@require_http_methods(["GET", "HEAD", "POST"])
def grant_page(request: HttpRequest, pk: int) -> HttpResponse:
    def ask(member: Member) -> Asked:
        seen = Seen.of(list(member.reductions.order_by("month_from")), in_words)

        def form(data: Any) -> GrantForm:
            asked = GrantForm(data, member=member, seen=seen)
            asked.initial = {"month_from": first_of_month(timezone.localdate())}
            return asked

        return Asked(
            member,
            _now("Grant %(name)s a reduction of dues") % {"name": member.name},
            pgettext_lazy("reduction", "Grant"),
            form,
            heading=_now("Reductions so far"),
            consequences=(
                _("In its months no more is owed than it says; a month has one reduction."),
                _("Who is exempt, or pays elsewhere, owes nothing here and is not in arrears."),
            ),
        )

    return page_for(request, pk, ask)


class EndForm(DuesForm):
    """The last month with a reduction, or that it should never have been."""

    renamed = {"month_until": "through", "month_from": "through"}

    through = MonthField(
        label=_("last month"),
        required=False,
        help_text=_("An earlier one, or a later one that was approved."),
    )
    never = forms.BooleanField(
        label=_("It was entered by mistake: take it back"),
        required=False,
        help_text=_("Then it never held, and its months are owed in full."),
    )
    reason = forms.CharField(label=_("why"), max_length=200, help_text=_("Stands in the history."))

    def __init__(self, data: Any, *, reduction: Reduction, **options: Any) -> None:
        super().__init__(data, **options)
        self.reduction = reduction

    def clean(self) -> Any:
        asked = super().clean() or self.cleaned_data
        if "through" in asked and bool(asked["through"]) == bool(asked.get("never")):
            self.add_error("through", _now("Name the last month, or take the reduction back."))
        return asked

    def apply(self) -> str:
        said = {"name": self.member.name}
        if self.cleaned_data["never"]:
            withdraw(self.reduction)
            return _now("The reduction of %(name)s was taken back.") % said
        through = self.cleaned_data["through"]
        end(self.reduction, next_month(through))
        text = _now("The last month of the reduction of %(name)s is %(month)s.")
        return text % (said | {"month": written(through)})


@keeps_form
@require_http_methods(["GET", "HEAD", "POST"])
def end_page(request: HttpRequest, pk: int) -> HttpResponse:
    rows = Reduction.objects.visible_to(request.user, roles.COLLECT_DUES)
    member_key = get_object_or_404(rows, pk=pk).member_id

    def ask(member: Member) -> Asked:
        reduction = get_object_or_404(Reduction, pk=pk)
        seen = Seen.of([reduction], in_words)
        reduction.member = member
        return Asked(
            member,
            _now("End a reduction of %(name)s") % {"name": member.name},
            pgettext_lazy("reduction", "End"),
            lambda data: EndForm(data, member=member, seen=seen, reduction=reduction),
            heading=_now("As it stands"),
            consequences=(_("The months after it are owed as they were assessed."),),
        )

    return page_for(request, member_key, ask)


@require_safe
def reductions_page(request: HttpRequest) -> HttpResponse:
    organization = organization_asked(request, roles.VIEW_DUES)
    rows = Reduction.objects.visible_to(request.user).under(organization)
    month = first_of_month(timezone.localdate())
    all_of_them = request.GET.get("state") == "all"
    if not all_of_them:
        rows = rows.filter(Q(month_until__isnull=True) | Q(month_until__gt=month))
    rows = rows.select_related("member__organization").order_by(
        "member__organization__path", "member__display_order", "member", "month_from"
    )
    page = Paginator(rows, ROWS).get_page(request.GET.get("p", "")[:9])
    asked = {"organization": organization.pk, "state": "all" if all_of_them else ""}

    def address(**other: Any) -> str:
        said = {name: value for name, value in (asked | other).items() if value}
        return f"{reverse('admin:dues_reductions')}?{urlencode(said)}"

    context = {
        **admin.site.each_context(request),
        "title": _now("Reductions of dues"),
        "doors": doors_of(request.user, organization, "dues_assessment"),
        "organization": organization,
        "tabs": [
            {
                "label": _now("running or to come"),
                "url": address(state=""),
                "here": not all_of_them,
            },
            {"label": _now("all"), "url": address(state="all"), "here": all_of_them},
        ],
        "page": page,
        "before": address(p=page.number - 1),
        "after": address(p=page.number + 1),
        "lines": [line_of(each, month) for each in page],
        "may_change": may(request.user, roles.COLLECT_DUES, organization.path),
    }
    return TemplateResponse(request, "admin/members/dues/reductions.html", context)


def line_of(reduction: Reduction, month: date) -> dict[str, Any]:
    """Return a reduction as a line of a list, with what it is in ``month``."""
    last = last_month_of(reduction)
    if reduction.month_from > month:
        state, badge = _now("to come"), ""
    elif last and last < month:
        state, badge = _now("ended"), ""
    else:
        state, badge = _now("running"), "good"
    return {
        "reduction": reduction,
        "kind": kind_in_words(reduction),
        "first": written(reduction.month_from),
        "last": written(last) if last else "",
        "state": state,
        "badge": badge,
    }


admin.site.page(  # type: ignore[attr-defined]
    "dues/reductions/", reductions_page, "dues_reductions", roles.VIEW_DUES
)
admin.site.page(  # type: ignore[attr-defined]
    "dues/members/<int:pk>/reduce/", grant_page, "dues_reduce", roles.COLLECT_DUES
)
admin.site.page(  # type: ignore[attr-defined]
    "dues/reductions/<int:pk>/end/", end_page, "dues_reduction_end", roles.COLLECT_DUES
)
