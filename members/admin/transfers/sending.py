"""The form “transfer out”, for one or several members to one addressee."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from branches.models import Organization
from branches.rules import roles
from members.admin import doors
from members.admin.deeds import done, is_done, typed
from members.admin.dues.fields import MonthField
from members.admin.transfers.pages import (
    HERE,
    TransferForm,
    address_of,
    deed,
    organization_to_move_in,
)
from members.admin.verb_forms import offer_branches_within_reach
from members.models import DuesStanding, Member, Office, Transfer, choices
from members.models.transfers.sending import Going
from members.rules import transfers
from registry.admin.autocomplete import (
    ScopedAutocomplete,
    ScopedAutocompleteMultiple,
    keys_among,
)
from registry.forms import DayField, unspaced
from registry.login.kept_forms import keeps_form
from registry.models import acting
from registry.sentences import Sentence

AT_ONCE = 100  # letters in one file


class SendForm(TransferForm):
    members = forms.ModelMultipleChoiceField(
        label=_("members"),
        queryset=Member.objects.none(),
        widget=ScopedAutocompleteMultiple(Office._meta.get_field("member"), admin.site),
        help_text=_("One, or several who go to the same organisation."),
    )
    kind = forms.ChoiceField(
        label=_("kind of transfer"),
        choices=lambda: [
            each for each in choices.transfer_kinds() if transfers.KINDS[each[0]].is_entered
        ],
    )
    to_organization = forms.ModelChoiceField(
        label=_("to branch"),
        required=False,
        queryset=Organization.objects.none(),
        widget=ScopedAutocomplete(Member._meta.get_field("organization"), admin.site),
        help_text=_("Within this register: one of your own, or a neighbour of your branch."),
    )
    to_code = forms.CharField(
        label=_("or another branch"),
        required=False,
        max_length=100,
        help_text=_("Its code or its full name, where it is not in the list."),
    )
    to_outside = forms.CharField(
        label=_("to an organisation outside"),
        required=False,
        max_length=100,
        help_text=_("The Party organisation that he goes to, as the letter says it."),
    )
    addressee = forms.CharField(
        label=_("addressee"),
        required=False,
        max_length=100,
        help_text=_("The committee that the letter is to. Empty: the organisation he goes to."),
    )
    validity_days = forms.IntegerField(
        label=_("valid for days"),
        required=False,
        min_value=0,
        max_value=9999,
        help_text=_("Of a letter: usually 10 within the city, 30 outside, never more than 90."),
    )
    paid_to = MonthField(
        label=_("dues paid to"),
        required=False,
        help_text=_("Empty: as the ledger knows it of each."),
    )
    document = forms.CharField(
        label=_("number in the national system"), required=False, max_length=50
    )
    on = DayField(label=_("on"), initial=timezone.localdate)

    def __init__(self, data: Any, *, user: Any, may_go_next_door: bool, **options: Any) -> None:
        super().__init__(data, **options)
        own: Any = self.fields["members"]
        own.queryset = Member.objects.visible_to(user, roles.MOVE).on_roll()
        branches: Any = self.fields["to_organization"]
        rows = Organization.objects.visible_to(user, roles.MOVE).standing()
        branches.queryset = rows.that_hold_members()
        if may_go_next_door:
            offer_branches_within_reach(branches, user)
        today = timezone.localdate()
        self.initial.setdefault("validity_days", transfers.usual_days(today, outside_city=True))

    def clean_members(self) -> Any:
        chosen = self.cleaned_data["members"]
        if len(chosen) > AT_ONCE:
            text = _now("At most %(count)s people are moved at once. Choose fewer.")
            raise ValidationError(text % {"count": AT_ONCE})
        return chosen

    def clean_to_code(self) -> Organization | None:
        text = self.cleaned_data["to_code"].strip()
        if not text:
            return None
        standing = Organization.objects.standing()
        found = standing.filter(code=unspaced(text)).first()
        named = list(standing.filter(name=text)[:2])
        if found is None and len(named) == 1:
            [found] = named
        if found is None:
            sentence = _now("There is no branch “%(text)s”. Write its code or its full name.")
            raise ValidationError(sentence % {"text": text})
        return found


@keeps_form
@require_http_methods(["GET", "HEAD", "POST"])
def send(request: HttpRequest) -> HttpResponse:
    user, today = request.user, timezone.localdate()
    keys = keys_among(",".join(request.GET.getlist("member")).split(","))[:AT_ONCE]
    chosen = list(Member.objects.visible_to(user, roles.MOVE).on_roll().filter(pk__in=keys))
    organization = chosen[0].organization if chosen else organization_to_move_in(request)
    initial: dict[str, Any] = {"members": [each.pk for each in chosen]}
    if len(chosen) == 1:
        standing = DuesStanding.objects.filter(pk=chosen[0].pk).first()
        initial["paid_to"] = standing and (standing.paid_to or standing.settled_to)
    form = SendForm(typed(request), user=user, may_go_next_door=bool(chosen), initial=initial)
    warnings: list[Sentence] = []
    sent: list[Any] = []

    def propose(members: Any, on: Any, to_code: Any, to_organization: Any, **said: Any) -> None:
        going = Going(to_organization=to_organization or to_code, **said)
        warnings.extend(Transfer.judging(members, going, on, today))
        with acting(user, ""):
            sent.extend(Transfer.send_out(members, going, on, today))

    if is_done(request, form, propose):
        text = ngettext(
            "%(count)s transfer is entered.", "%(count)s transfers are entered.", len(sent)
        )
        address = doors.address_of(HERE, organization)
        if len(sent) == 1:
            address = address_of(sent[0])
        return done(request, address, text % {"count": len(sent)}, warnings)
    return deed(
        request,
        organization,
        form,
        _now("Transfer out"),
        consequences=[
            _now("The old branch answers for him until the new organisation has accepted."),
            _now("Within the register the new branch accepts; it sees the name only then."),
            _now("A letter is issued by the committee that is entitled to approve members."),
            _now(
                "Moving somebody between neighbouring branches at once, as desk work, stays as it "
                "is: “Move” on the member's page."
            ),
        ],
    )


admin.site.page("transfers/new/", send, "transfer_send", roles.MOVE)  # type: ignore[attr-defined]
