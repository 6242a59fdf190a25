"""What the pages of the statistics are asked: whose figures, and as at which day."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from branches.models import Area, Organization, Unit
from branches.rules import roles
from members.admin.asking import organization_asked
from members.models import Member, Office
from members.models.figures.chosen import Chosen
from members.models.figures.reports import refuse_day
from registry.admin.autocomplete import ScopedAutocomplete
from registry.forms import DayField


class StatisticsForm(forms.Form):
    """An organisation with everything below it, or else a unit or an area; and the day."""

    organization = forms.ModelChoiceField(
        label=_("organisation"),
        queryset=Organization.objects.none(),
        # Any field that points at every kind of organisation.
        widget=ScopedAutocomplete(Office._meta.get_field("organization"), admin.site),
    )
    unit = forms.ModelChoiceField(
        label=_("or unit"),
        queryset=Unit.objects.none(),
        required=False,
        widget=ScopedAutocomplete(Member._meta.get_field("unit"), admin.site),
    )
    area = forms.ModelChoiceField(label=_("or area"), queryset=Area.objects.none(), required=False)
    on = DayField(label=_("as at"), error_messages={"required": _("Choose the day.")})

    def __init__(self, request: HttpRequest) -> None:
        self.top = organization_asked(request, roles.VIEW)
        data: dict[str, Any] = {"on": f"{timezone.localdate():%Y-%m-%d}"}
        data |= {name: value for name, value in request.GET.items() if value}
        data["organization"] = self.top.pk
        super().__init__(data, label_suffix="")
        self.reader: Any = request.user
        fields: Any = self.fields
        fields["organization"].queryset = Organization.objects.visible_to(request.user)
        fields["unit"].queryset = Unit.objects.visible_to(request.user)
        fields["area"].queryset = Area.objects.visible_to(request.user)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("unit") and cleaned.get("area"):
            self.add_error("area", _("Choose a unit or an area, not both."))
        elif on := cleaned.get("on"):
            try:
                refuse_day(self.chosen, on, timezone.localdate())
            except ValidationError as error:
                self.add_error("on", error.messages)
        return cleaned

    @property
    def chosen(self) -> Chosen:
        """Whose figures are asked for; a unit or an area before the organisation."""
        unit, area = self.cleaned_data.get("unit"), self.cleaned_data.get("area")
        if unit or area:
            return Chosen(unit=unit, area=None if unit else area, reader=self.reader)
        return Chosen(self.top, reader=self.reader)

    @property
    def is_of_organization(self) -> bool:
        return self.chosen.organization is not None

    def address(self, name: str, **more: Any) -> str:
        """Return the address of a page that asks the same."""
        kept = {
            name: self.data[name]
            for name in ("organization", "unit", "area", "on")
            if self.data.get(name)
        }
        return f"{reverse(f'admin:{name}')}?{urlencode(kept | more)}"
