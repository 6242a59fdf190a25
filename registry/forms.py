"""Form fields that both apps share."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from registry.calendar import PartialDate

# What a clerk types: 1985-06-12, 1985.6, 1985/6/1, 1985年6月, 19850612, 198506, 1985
_TYPED = re.compile(r"^(\d{4})(?:[-./年](\d{1,2})(?:[-./月](\d{1,2})?日?)?)?[年月]?$")
_SOLID = re.compile(r"^(\d{4})(\d{2})(\d{2})?$")


def unspaced(text: str) -> str:
    """Return ``text`` in half width and without the blanks of a pasted cell."""
    return "".join(unicodedata.normalize("NFKC", text).split())


class DayInput(forms.DateInput):
    """The browser's own box for a day."""

    input_type = "date"

    def __init__(self, attrs: Any = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class DayField(forms.DateField):
    """A day, in any of the ways that clerks write one; a text that is none is quoted."""

    widget = DayInput

    default_error_messages = {
        "invalid": _("“%(value)s” is not a day. Write it as 2026-11-20."),
    }

    def to_python(self, value: Any) -> date | None:
        try:
            return super().to_python(unspaced(value) if isinstance(value, str) else value)
        except ValidationError:
            raise ValidationError(
                self.error_messages["invalid"], "day_unreadable", {"value": value}
            ) from None


class PartialDateFormField(forms.CharField):
    """A day, a month or a year, in any of the ways that clerks write one."""

    default_error_messages = {
        "unreadable": _("“%(value)s” is not a date. Write it as 1985-06-12, 1985-06 or 1985.")
    }

    def to_python(self, value: Any) -> PartialDate | None:  # type: ignore[override]
        if isinstance(value, (date, PartialDate)):
            return PartialDate.of(value)
        text = unspaced(super().to_python(value) or "")
        if not text:
            return None
        found = _SOLID.match(text) or _TYPED.match(text)
        try:
            if not found:
                raise ValueError(text)
            return PartialDate(*(int(part) for part in found.groups() if part))
        except ValueError:
            raise ValidationError(
                self.error_messages["unreadable"], "date_unreadable", {"value": text}
            ) from None

    def prepare_value(self, value: Any) -> str:
        return "" if value is None else str(value)

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return self.to_python(initial) != self.to_python(data)
        except ValidationError:
            return True
