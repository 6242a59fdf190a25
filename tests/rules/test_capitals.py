"""Amounts in capital numerals, as the rules on vouchers write them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from members.rules.capitals import in_capitals


@pytest.mark.parametrize(
    ("amount", "written"),
    [
        ("0", "零元整"),
        ("0.05", "伍分"),
        ("0.20", "贰角整"),
        ("0.25", "贰角伍分"),
        ("1", "壹元整"),
        ("10.50", "壹拾元伍角整"),
        ("100", "壹佰元整"),
        ("123.45", "壹佰贰拾叁元肆角伍分"),
        ("325.04", "叁佰贰拾伍元零肆分"),
        ("1409.50", "壹仟肆佰零玖元伍角整"),
        ("1680.32", "壹仟陆佰捌拾元叁角贰分"),
        ("2008.08", "贰仟零捌元零捌分"),
        ("6007.14", "陆仟零柒元壹角肆分"),
        ("10500", "壹万零伍佰元整"),
        ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
        ("107000.53", "壹拾万柒仟元伍角叁分"),
        ("100000001", "壹亿零壹元整"),
        ("100010000", "壹亿零壹万元整"),
        (
            "999999999999.99",
            "玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分",
        ),
    ],
)
def test_an_amount_in_capitals(amount, written):
    assert in_capitals(Decimal(amount)) == written


@pytest.mark.parametrize("amount", ["-0.01", "10.005", "1000000000000"])
def test_what_no_receipt_can_say_is_refused(amount):
    with pytest.raises(ValueError, match="cannot be written in capitals") as refused:
        in_capitals(Decimal(amount))
    assert str(refused.value) == (
        f"{amount} yuan cannot be written in capitals. Write whole fen, from 0 to twelve digits "
        "of yuan."
    )
