"""The form “incoming letter”: what came, and who, until a branch has taken him."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_http_methods

from branches.rules import roles
from members.admin import doors
from members.admin.deeds import done, is_done, typed
from members.admin.dues.fields import MonthField
from members.admin.id_numbers import refuse_if_registered
from members.admin.transfers.pages import (
    HERE,
    TransferForm,
    address_of,
    deed,
    organization_to_move_in,
)
from members.models import Member, Newcomer, Transfer, choices
from members.models.transfers.coming import Arrival, may_come
from members.models.transfers.newcomers import FACTS
from members.rules import identity, transfers
from members.rules.codes import FULL
from registry.forms import DayField, PartialDateFormField
from registry.language import said
from registry.login.kept_forms import keeps_form
from registry.models import acting
from registry.sentences import Sentence
from registry.sheets.cells import CellError, read_phone


class IncomingForm(TransferForm):
    kind_of_transfer = forms.ChoiceField(
        label=_("kind of transfer"),
        choices=lambda: [
            (code, label)
            for code, label in choices.transfer_kinds()
            if transfers.KINDS[code].is_entered and not transfers.KINDS[code].stays_inside
        ],
        initial=transfers.LETTER,
    )
    document = forms.CharField(
        label=pgettext_lazy("transfer", "number"),
        required=False,
        max_length=50,
        help_text=_("Of a letter that came, or in the national system."),
    )
    from_outside = forms.CharField(
        label=pgettext_lazy("transfer", "from"), required=False, max_length=100
    )
    issued_on = DayField(label=_("letter of"), required=False)
    validity_days = forms.IntegerField(
        label=_("valid for days"), required=False, min_value=0, max_value=9999
    )
    paid_to = MonthField(label=_("dues paid to"), required=False)
    on = DayField(label=_("came on"), initial=timezone.localdate)
    name = forms.CharField(label=_("name"), max_length=50)
    id_number = forms.CharField(label=_("ID number"), max_length=30)
    sex = forms.ChoiceField(label=_("sex"), choices=choices.sexes)
    ethnicity = forms.ChoiceField(
        label=_("ethnic group"), choices=lambda: [("", "---------"), *choices.ethnic_groups()],
        required=False,
    )  # fmt: skip
    born_on = PartialDateFormField(label=_("born"), required=False)
    kind = forms.ChoiceField(
        label=pgettext_lazy("member", "kind"), choices=choices.kinds, initial=FULL
    )
    joined_on = PartialDateFormField(label=_("joined"), required=False)
    full_member_on = PartialDateFormField(label=_("full member since"), required=False)
    phone = forms.CharField(label=_("mobile phone"), required=False, max_length=30)

    def __init__(self, data: Any, *, user: Any) -> None:
        super().__init__(data)
        self.user = user

    def clean_id_number(self) -> str:
        """Say of a number that stands in the way no more than this user may know."""
        number = identity.normalised(self.cleaned_data["id_number"])
        if not identity.objections(number) and not may_come(Member.of_id_number(number)):
            refuse_if_registered(self.user, number, Member())
        return number

    def clean_phone(self) -> str:
        phone = self.cleaned_data["phone"]
        try:
            return read_phone(phone).value or "" if phone else ""
        except CellError as error:
            raise ValidationError(said(error.sentence), "phone_unreadable") from None


@keeps_form
@require_http_methods(["GET", "HEAD", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    organization, today = organization_to_move_in(request), timezone.localdate()
    form = IncomingForm(typed(request), user=request.user)
    warnings: list[Sentence] = []
    came: list[Any] = []

    def enter(on: Any, kind_of_transfer: str, **said: Any) -> None:
        person = {name: said.pop(name) for name in FACTS}
        arrival = Arrival(kind=kind_of_transfer, **said)
        warnings.extend(Transfer.judging_arrival(arrival, on, today))
        with acting(request.user, ""):
            came.append(
                Transfer.register_incoming(Newcomer(**person), arrival, organization, on, today)
            )

    if is_done(request, form, enter):
        address = address_of(came[0]) if came else doors.address_of(HERE, organization)
        text = _now("The letter is registered. Now place the person in a branch.")
        return done(request, address, text, warnings)
    return deed(
        request,
        organization,
        form,
        _now("Incoming letter"),
        facts=[(_now("organisation"), organization)],
        consequences=[
            _now("The person is a member here from the day on which a branch takes him."),
            _now("Who had left this register by a transfer is back under his old number."),
            _now("The receipt goes back within a month."),
        ],
    )


admin.site.page(  # type: ignore[attr-defined]
    "transfers/incoming/", register, "transfer_register", roles.MOVE
)
