"""Money: yuan with two digits in Python, whole fen in the database, so that every sum is exact."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.expressions import Combinable
from django.utils.translation import gettext_lazy as _

from registry.forms import unspaced

if TYPE_CHECKING:
    # What comes out is a Decimal, or None where the column may be empty.
    _FenField = models.BigIntegerField[Decimal | int | str | Combinable | None, Any]
else:
    _FenField = models.BigIntegerField

ZERO = Decimal("0.00")
FEN = Decimal("0.01")
_TYPED = re.compile(r"^-?\d{1,12}(\.\d{1,2})?$", re.ASCII)
_LARGEST = Decimal(10) ** 12  # yuan; sums of a million of these still fit into the column


def yuan(value: Decimal | int | str) -> Decimal:
    """Return ``value`` in yuan, with two digits.

    Raises ValueError, quoting it, for what is no whole number of fen, and for a float, which is
    no exact amount.
    """
    if isinstance(value, (Decimal, int)) and not isinstance(value, bool):
        amount = Decimal(value)
        if amount.is_finite() and abs(amount) < _LARGEST and amount == amount.quantize(FEN):
            return amount.quantize(FEN)
    elif isinstance(value, str) and _TYPED.match(value):
        return Decimal(value).quantize(FEN)
    raise ValueError(f"“{value}” is not an amount in yuan. Write it as 12.50.")


def from_fen(fen: Any) -> Decimal:
    """Return the yuan of a number of fen, as a database adds them up; nothing is zero."""
    return Decimal(int(fen or 0)).scaleb(-2).quantize(FEN)


class YuanFormField(forms.CharField):
    """An amount in yuan; a text that is none is quoted."""

    default_error_messages = {
        "unreadable": _("“%(value)s” is not an amount in yuan. Write it as 12.50.")
    }

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        if value in (None, ""):
            return None
        try:
            return yuan(unspaced(value) if isinstance(value, str) else value)
        except ValueError:
            raise ValidationError(
                self.error_messages["unreadable"], "amount_unreadable", {"value": value}
            ) from None

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return self.to_python(initial) != self.to_python(data)
        except ValidationError:
            return True


class YuanField(_FenField):
    """An amount: ``Decimal("12.50")`` in Python, 1250 in the database."""

    description = _("Amount in yuan")

    def from_db_value(self, value: Any, *_: Any) -> Decimal | None:
        return None if value is None else from_fen(value)

    def to_python(self, value: Any) -> Decimal | None:
        if value in (None, ""):
            return None
        try:
            return yuan(value)
        except ValueError:
            raise ValidationError(
                YuanFormField.default_error_messages["unreadable"],
                code="amount_unreadable",
                params={"value": value},
            ) from None

    def get_prep_value(self, value: Any) -> Any:
        if isinstance(value, (Decimal, int, str)):
            return int(yuan(value).scaleb(2))
        if isinstance(value, float):
            raise TypeError(f"{value} is a float, which is no exact amount. Give a Decimal.")
        return value

    def value_to_string(self, obj: models.Model) -> str:
        value = self.value_from_object(obj)
        return "" if value is None else str(value)

    def formfield(
        self, form_class: Any = YuanFormField, choices_form_class: Any = None, **kwargs: Any
    ) -> Any:
        return models.Field.formfield(self, form_class, choices_form_class, **kwargs)

    @property
    def validators(self) -> list[Any]:
        """None: ``yuan`` knows the bounds, and Django's own compare fen with yuan."""
        return []
