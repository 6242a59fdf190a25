"""The sheet of quotas: a box for an office and for each that stands right below it."""

from __future__ import annotations

from hashlib import blake2s
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now

from branches.models import Organization
from members.admin.development.boxes import WholeNumberField
from members.models import Quota
from registry.models import ChainHead

MOST = 99_999


def offices_of(organization: Organization) -> Any:
    """Return an organisation and those right below it that still stand, in their order."""
    below = Organization.objects.standing().filter(parent=organization)
    return (below | Organization.objects.filter(pk=organization.pk)).order_by("path")


class QuotaSheet(forms.Form):
    """An empty box is no quota. ``seen`` are the quotas as they were when the page was opened."""

    data: Any  # what was posted

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any, organization: Organization, year: int, *, hold: bool) -> None:
        if hold:
            ChainHead.hold(organization.log_chain)
        self.offices = list(offices_of(organization))
        rows = Quota.objects.filter(year=year, organization__in=self.offices)
        self.known = dict(rows.values_list("organization", "planned"))
        super().__init__(data, initial={"seen": self.digest}, label_suffix="")
        for office in self.offices:
            self.fields[f"q{office.pk}"] = WholeNumberField(
                label=f"{office}", required=False, initial=self.known.get(office.pk)
            )

    @property
    def digest(self) -> str:
        return blake2s(f"{sorted(self.known.items())}".encode(), digest_size=8).hexdigest()

    @property
    def boxes(self) -> list[Any]:
        return [self[f"q{office.pk}"] for office in self.offices]

    def clean(self) -> Any:
        for office in self.offices:
            number = self.cleaned_data.get(f"q{office.pk}")
            if number is not None and not 0 <= number <= MOST:
                text = _now("%(number)s is not a quota. Write 0 or more people.")
                self.add_error(f"q{office.pk}", text % {"number": number})
        if self.cleaned_data.get("seen") != self.digest:
            self.data = self.data.copy()
            self.data["seen"] = self.digest
            now = "; ".join(
                f"{office} {self.known[office.pk]}"
                for office in self.offices
                if office.pk in self.known
            )
            raise ValidationError(
                _now(
                    "Somebody else has changed this since the page was opened. It is now: "
                    "%(lines)s. Nothing was written. Look, and do it again."
                )
                % {"lines": now or _now("nothing at all")}
            )
        return super().clean()

    def planned(self) -> dict[Organization, int | None]:
        return {office: self.cleaned_data[f"q{office.pk}"] for office in self.offices}
