"""What is done to an account: booking an entry, taking one back, confirming what has arrived,
and noting down what the bank says."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from branches.models import Organization, may
from branches.rules import roles
from members.admin.asking import organization_asked
from members.admin.deeds import DeedForm, is_done, typed
from members.admin.doors import address_of
from members.admin.dues.fields import AmountField
from members.admin.dues.pages import page
from members.models import AccountEntry, BankBalance, Office, choices
from members.rules import ledger
from registry.admin.autocomplete import ScopedAutocomplete
from registry.forms import DayField
from registry.login.kept_forms import keeps_form
from registry.money import YuanFormField
from registry.plain_text import PlainTexts

# Remitting and returning begin on their own pages; what arrives is confirmed.
BOOKED_HERE = (
    ledger.INTEREST, ledger.ALLOCATED, ledger.GOT_BACK, ledger.SPENT, ledger.PASSED_DOWN,
    ledger.OPENING,
)  # fmt: skip


class DayForm(PlainTexts, DeedForm):
    """A form of something that happened on a day, today where nothing else is said."""

    day = DayField(label=_("day"), initial=timezone.localdate)


class BookingForm(DayForm):
    kind = forms.ChoiceField(label=_("kind of entry"))
    amount = AmountField(label=_("amount, yuan"))
    fund = forms.ChoiceField(
        label=_("source of money"),
        choices=choices.funds,
        help_text=_("Dues and budget never mix; each campaign is an account of its own."),
    )
    campaign = forms.CharField(
        label=_("campaign"), required=False, max_length=60, help_text=_("Only for special dues.")
    )
    purpose = forms.ChoiceField(
        label=_("purpose"), required=False, help_text=_("What the rules allow to spend dues on.")
    )
    counterpart = forms.ModelChoiceField(
        label=_("passed down to"),
        required=False,
        queryset=Organization.objects.none(),
        widget=ScopedAutocomplete(Office._meta.get_field("organization"), admin.site),
        help_text=_("Empty where it stands outside this register."),
    )
    voucher_number = forms.CharField(label=_("voucher number"), required=False, max_length=30)
    note = forms.CharField(label=_("note"), required=False, max_length=200)
    field_order = (
        "kind", "day", "amount", "fund", "campaign", "purpose", "counterpart", "voucher_number",
        "note",
    )  # fmt: skip

    def __init__(self, data: Any, *, user: Any, organization: Organization) -> None:
        super().__init__(data)
        names = dict(choices.account_entry_kinds())
        own: Any = self.fields
        own["kind"].choices = [(kind, names[kind]) for kind in BOOKED_HERE]
        own["purpose"].choices = [("", "---------"), *choices.purposes()]
        below = Organization.objects.visible_to(user).standing().under(organization)
        own["counterpart"].queryset = below.exclude(pk=organization.pk)


class ReversalForm(DayForm):
    reason = forms.CharField(
        label=_("why"),
        required=False,  # the verb asks for it
        max_length=200,
        help_text=_("Stands beside the entry."),
    )


class ArrivalForm(DayForm):
    day = DayField(label=_("arrived on"), initial=timezone.localdate)
    amount = AmountField(label=_("amount that arrived, yuan"))
    voucher_number = forms.CharField(label=_("voucher number"), required=False, max_length=30)
    note = forms.CharField(label=_("note"), required=False, max_length=200)


class BankForm(DayForm):
    day = DayField(label=_("at the end of"), initial=timezone.localdate)
    balance = YuanFormField(label=_("balance of the bank statement, yuan"))
    fund = forms.ChoiceField(label=_("source of money"), choices=choices.funds)
    note = forms.CharField(label=_("note"), required=False, max_length=200)


@keeps_form
@require_http_methods(["GET", "HEAD", "POST"])
def book(request: HttpRequest) -> HttpResponse:
    organization = _keeping(request)
    form = BookingForm(typed(request), user=request.user, organization=organization)
    today = timezone.localdate()
    if is_done(request, form, lambda **said: AccountEntry.book(organization, today, **said)):
        return _back(request, organization, _now("The entry is booked."))
    return _deed(
        request,
        organization,
        form,
        _now("Book an entry"),
        consequences=[_now("An entry is never changed or deleted; a wrong one is reversed.")],
    )


@keeps_form
@require_http_methods(["GET", "HEAD", "POST"])
def reverse_entry(request: HttpRequest, pk: int) -> HttpResponse:
    rows = AccountEntry.objects.visible_to(request.user, roles.COLLECT_DUES)
    entry = get_object_or_404(rows.select_related("organization", "counterpart"), pk=pk)
    form = ReversalForm(typed(request))
    today = timezone.localdate()
    if is_done(request, form, lambda day, reason: entry.reverse(reason, day, today)):
        return _back(request, entry.organization, _now("The entry is reversed."))
    return _deed(
        request,
        entry.organization,
        form,
        _now("Reverse the entry"),
        facts=_facts(entry),
        consequences=[_now("The entry stays, and a row of its own takes it back on that day.")],
    )


@keeps_form
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_arrival(request: HttpRequest, pk: int) -> HttpResponse:
    """Whoever keeps the account of the receiver says what has arrived."""
    mine = Organization.objects.visible_to(request.user, roles.COLLECT_DUES)
    sent = AccountEntry.objects.filter(counterpart__in=mine, reverses__isnull=True)
    entry = get_object_or_404(sent.select_related("organization", "counterpart"), pk=pk)
    form = ArrivalForm(typed(request), initial={"amount": entry.amount})
    today = timezone.localdate()
    if is_done(
        request,
        form,
        lambda day, amount, **said: entry.confirm_arrival(day, amount, today, **said),
    ):
        difference = form.cleaned_data["amount"] - entry.amount
        said = _now("The receipt is confirmed; what arrived is %(amount)s yuan, as was sent.")
        if difference:
            said = _now(
                "The receipt is confirmed; it differs by %(amount)s yuan from what was sent."
            )
        amount = difference or entry.amount
        return _back(request, entry.counterpart, said % {"amount": amount})
    return _deed(
        request,
        entry.counterpart,
        form,
        _now("Confirm receipt"),
        facts=_facts(entry),
        consequences=[
            _now("The sum comes into the account of %(name)s.") % {"name": entry.counterpart},
            _now(
                "Where less or more has arrived, write what has: the difference is shown to both."
            ),
        ],
    )


@keeps_form
@require_http_methods(["GET", "HEAD", "POST"])
def bank(request: HttpRequest) -> HttpResponse:
    organization = _keeping(request)
    form = BankForm(typed(request))
    today = timezone.localdate()
    if is_done(request, form, lambda **said: BankBalance.note_down(organization, today, **said)):
        return _back(
            request, organization, _now("The balance is kept, with what the register has.")
        )
    return _deed(
        request,
        organization,
        form,
        _now("Enter a balance of the bank"),
        consequences=[
            _now(
                "It stands beside what the account of %(name)s holds by then, with the difference."
            )
            % {"name": organization}
        ],
    )


def _keeping(request: HttpRequest) -> Organization:
    """Return the organisation whose account is meant; 403 where the user only reads it."""
    organization = organization_asked(request, roles.VIEW_DUES)
    if not may(request.user, roles.COLLECT_DUES, organization.path):
        raise PermissionDenied
    return organization


def _facts(entry: AccountEntry) -> list[tuple[str, Any]]:
    facts = [
        (_now("organisation"), entry.organization),
        (_now("kind of entry"), entry.get_kind_display()),
        (_now("day"), entry.day),
        (_now("amount"), entry.amount),
        (_now("to"), entry.counterpart),
        (_now("voucher number"), entry.voucher_number),
        (_now("note"), entry.note),
    ]
    return [(name, value) for name, value in facts if value]


def _back(request: HttpRequest, organization: Organization, said: str) -> HttpResponse:
    messages.success(request, said)
    return HttpResponseRedirect(address_of("dues_accounts", organization))


def _deed(
    request: HttpRequest, organization: Organization, form: DeedForm, title: str, **more: Any
) -> HttpResponse:
    return page(
        request,
        "deed",
        organization,
        "dues_accounts",
        form=form,
        title=title,
        button=title,
        **more,
    )


for route, view, name in (
    ("dues/accounts/book/", book, "dues_book"),
    ("dues/accounts/bank/", bank, "dues_bank"),
    ("dues/entries/<int:pk>/reverse/", reverse_entry, "dues_reverse_entry"),
    ("dues/entries/<int:pk>/confirm/", confirm_arrival, "dues_confirm_arrival"),
):
    admin.site.page(route, view, name, roles.COLLECT_DUES)  # type: ignore[attr-defined]
