"""Amounts, months and numbers in capital numerals (大写), which nobody can alter by a stroke:
壹佰贰拾叁元肆角伍分, 贰零贰陆年壹拾壹月.

Source: 正确填写票据和结算凭证的基本规定（银发〔1997〕393号附件）, on amounts in capitals.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from members.rules.dues import FEN
from registry.sentences import Sentence

DIGITS = "零壹贰叁肆伍陆柒捌玖"
PLACES = ("仟", "佰", "拾", "")  # within a group of four digits
GROUPS = ("亿", "万", "")
WHOLE = "整"  # behind yuan and jiao, where nothing follows
ABOVE = Decimal(10) ** (len(PLACES) * len(GROUPS))


def in_capitals(amount: Decimal) -> str:
    """Return an amount in yuan as receipts write it out: Decimal("10.50") is 壹拾元伍角整.

    Zeros between two digits are one 零, and so is a missing jiao before the fen. Raises ValueError
    with a Sentence for what is below 0, has parts of a fen, or has more than twelve digits of yuan.
    """
    if not (0 <= amount < ABOVE and amount == amount.quantize(FEN)):
        raise ValueError(
            Sentence(
                "%(amount)s yuan cannot be written in capitals. Write whole fen, from 0 to "
                "twelve digits of yuan.",
                amount=amount,
            )
        )
    yuan, fen = divmod(int(amount * 100), 100)
    jiao, fen = divmod(fen, 10)
    whole = f"{_integer(yuan)}元" if yuan or not (jiao or fen) else ""
    if not fen:
        return whole + (f"{DIGITS[jiao]}角" if jiao else "") + WHOLE
    tens = f"{DIGITS[jiao]}角" if jiao else (DIGITS[0] if whole else "")
    return f"{whole}{tens}{DIGITS[fen]}分"


def number_in_capitals(number: int) -> str:
    """Return a whole number below 10**12 in capitals: 30 is 叁拾. Raises ValueError for others."""
    if not 0 <= number < ABOVE:
        raise ValueError(f"{number} cannot be written in capitals.")
    return _integer(number)


def month_in_capitals(month: date) -> str:
    """Return a month as letters write it out: November 2026 is 贰零贰陆年壹拾壹月.

    The year is read sign by sign, the month as a number.
    """
    year = "".join(DIGITS[int(digit)] for digit in f"{month.year:04}")
    return f"{year}年{_integer(month.month)}月"


def _integer(number: int) -> str:
    """Return a whole number in capitals: 107000 is 壹拾万柒仟."""
    digits = f"{number:0{len(PLACES) * len(GROUPS)}}"
    written, gap = "", False
    for at, group in enumerate(GROUPS):
        four = digits[at * len(PLACES) : (at + 1) * len(PLACES)]
        for digit, place in zip(four, PLACES, strict=True):
            if digit == "0":
                gap = True
                continue
            written += (DIGITS[0] if gap and written else "") + DIGITS[int(digit)] + place
            gap = False
        if four != "0" * len(PLACES):
            written += group
            gap = False  # 壹拾万柒仟: zeros that end a group are not read
    return written or DIGITS[0]
