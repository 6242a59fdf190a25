"""Amounts: yuan with two digits, exact wherever they are added up."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from registry.money import YuanField, YuanFormField, from_fen, yuan


@pytest.mark.parametrize(
    ("given", "amount"),
    [
        ("12.50", "12.50"),
        ("12.5", "12.50"),
        ("-3", "-3.00"),
        (7, "7.00"),
        (Decimal("0.2"), "0.20"),
        (Decimal("1E+2"), "100.00"),
    ],
)
def test_an_amount_has_two_digits(given, amount):
    assert str(yuan(given)) == amount


NO_AMOUNTS = ["10.005", "1e3", "拾元", "", " 1", "1,000.00", "٣", "1" * 13, "12.", "+5"]


@pytest.mark.parametrize("given", [*NO_AMOUNTS, 1.5, True, Decimal("10.005"), Decimal("NaN"),
                                   Decimal("1e15")])  # fmt: skip
def test_what_is_no_amount_is_quoted(given):
    with pytest.raises(ValueError, match="is not an amount in yuan. Write it as 12.50.") as raised:
        yuan(given)
    assert f"“{given}”" in str(raised.value)


def test_a_form_reads_full_width_digits_and_quotes_the_rest():
    field = YuanFormField()
    assert field.clean("１２．５ ") == Decimal("12.50")
    with pytest.raises(ValidationError) as raised:
        field.clean("10.005")
    assert raised.value.messages == ["“10.005” is not an amount in yuan. Write it as 12.50."]


def test_the_database_holds_fen():
    field = YuanField()
    assert field.get_prep_value(Decimal("12.50")) == 1250
    assert str(field.from_db_value(1250)) == "12.50"
    assert from_fen(None) == 0
    with pytest.raises(TypeError, match="is a float, which is no exact amount"):
        field.get_prep_value(12.5)
    with pytest.raises(ValidationError, match="is not an amount in yuan"):
        field.to_python("1e3")
