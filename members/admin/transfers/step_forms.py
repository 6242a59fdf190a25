"""The forms of the steps of a transfer: the day, and what else one step needs."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from branches.models import Organization
from branches.rules import roles
from members.admin.transfers.pages import TransferForm
from members.models import Member, Transfer
from registry.admin.autocomplete import ScopedAutocomplete
from registry.forms import DayField


class StepForm(TransferForm):
    """The day of a step; ``take`` does it."""

    on = DayField(label=_("on"), initial=timezone.localdate)

    def __init__(self, data: Any, *, transfer: Any, user: Any) -> None:
        super().__init__(data)
        self.transfer, self.user = transfer, user

    def take(self, today: date, **said: Any) -> None:
        raise NotImplementedError


class AcceptForm(StepForm):
    def take(self, today: date, **said: Any) -> None:
        self.transfer.accept(said["on"], today)


class IssueForm(StepForm):
    renamed = {"issued_on": "on", "validity_days": "__all__"}

    def take(self, today: date, **said: Any) -> None:
        Transfer.issue_letters([self.transfer], said["on"], today, by=self.user)


class PassOnForm(StepForm):
    def take(self, today: date, **said: Any) -> None:
        self.transfer.pass_on(said["on"], today, by=self.user)


class ReceiptForm(StepForm):
    on = DayField(label=_("receipt came on"), initial=timezone.localdate)
    accepted_on = DayField(
        label=_("accepted on"), required=False, help_text=_("As the receipt says: he leaves then.")
    )
    note = forms.CharField(label=_("note on the receipt"), required=False, max_length=200)

    def __init__(self, data: Any, **options: Any) -> None:
        super().__init__(data, **options)
        if self.transfer.accepted_on is not None:
            del self.fields["accepted_on"]

    def take(self, today: date, **said: Any) -> None:
        self.transfer.enter_receipt(today=today, **said)


class ReasonForm(StepForm):
    reason = forms.CharField(
        label=_("why"), required=False, max_length=200, help_text=_("Stands in the history.")
    )


class WithdrawForm(ReasonForm):
    def take(self, today: date, **said: Any) -> None:
        self.transfer.withdraw(today=today, **said)


class SendBackForm(ReasonForm):
    def take(self, today: date, **said: Any) -> None:
        self.transfer.send_back(today=today, **said)


class ReissueForm(ReasonForm):
    renamed = {"issued_on": "on"}

    validity_days = forms.IntegerField(label=_("valid for days"), min_value=0, max_value=9999)
    field_order = ("on", "validity_days", "reason")

    def __init__(self, data: Any, **options: Any) -> None:
        super().__init__(data, **options)
        self.initial["validity_days"] = self.transfer.validity_days

    def take(self, today: date, **said: Any) -> None:
        self.transfer.reissue(today=today, by=self.user, **said)


class TakeBackForm(StepForm):
    on = None  # type: ignore[assignment]  # how Django takes a field out again
    reason = forms.CharField(label=_("why"), max_length=200, help_text=_("Stands in the history."))

    def take(self, today: date, **said: Any) -> None:
        self.transfer.take_back_acceptance()


class PlaceForm(StepForm):
    renamed = {"to_organization": "branch", "organization": "branch"}

    branch = forms.ModelChoiceField(
        label=_("to branch"),
        queryset=Organization.objects.none(),
        widget=ScopedAutocomplete(Member._meta.get_field("organization"), admin.site),
    )
    field_order = ("branch", "on")

    def __init__(self, data: Any, **options: Any) -> None:
        super().__init__(data, **options)
        own = Organization.objects.visible_to(self.user, roles.MOVE).that_hold_members().standing()
        field: Any = self.fields["branch"]
        field.queryset = own
        self.initial["branch"] = own.filter(pk=self.transfer.to_organization_id).first()

    def take(self, today: date, **said: Any) -> None:
        self.transfer.place(today=today, **said)


class ReturnForm(StepForm):
    on = DayField(label=_("receipt sent on"), initial=timezone.localdate)
    note = forms.CharField(label=_("note on the receipt"), required=False, max_length=200)

    def take(self, today: date, **said: Any) -> None:
        self.transfer.return_receipt(today=today, **said)
