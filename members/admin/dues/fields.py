"""Months and amounts as clerks type them, in forms."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from members.rules.dues_months import written
from members.rules.dues_readings import read_amount, read_month
from registry.language import said


class MonthField(forms.CharField):
    """A month, as its first day."""

    widget = forms.TextInput(attrs={"type": "month"})

    def to_python(self, value: Any) -> date | None:  # type: ignore[override]
        if value in (None, "") or isinstance(value, date):
            return value or None
        try:
            return read_month(value)
        except ValueError as error:
            raise ValidationError(said(error.args[0])) from None

    def prepare_value(self, value: Any) -> Any:
        return written(value) if isinstance(value, date) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return self.to_python(initial) != self.to_python(data)
        except ValidationError:
            return True


class AmountField(forms.CharField):
    """An amount in yuan of 0 or more."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "class": "amount"})

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        if value in (None, "") or isinstance(value, Decimal):
            return None if value in (None, "") else value
        try:
            return read_amount(value)
        except ValueError as error:
            raise ValidationError(said(error.args[0])) from None
