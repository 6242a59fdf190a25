"""The year that a page of development is asked for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.admin.asking import AskingForm

FIRST_YEAR = 1990  # of the oldest rules that files still tell of


def year_choices() -> list[tuple[str, str]]:
    """Return the years that can be chosen, the next one first: its quotas come before it."""
    latest = timezone.localdate().year + 1
    return [(f"{year}", f"{year}") for year in range(latest, FIRST_YEAR - 1, -1)]


class YearForm(AskingForm):
    year = forms.TypedChoiceField(
        label=_("year"),
        coerce=int,
        error_messages={
            "invalid_choice": _("“%(value)s” is not a year of this page. Choose one of the list.")
        },
    )

    def __init__(self, data: Any, own: Any) -> None:
        super().__init__(data, own)
        self.fields["year"].choices = year_choices()  # type: ignore[attr-defined]
