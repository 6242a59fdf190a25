"""Amounts and months as clerks type them and sheets write them."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from members.rules.dues import FEN, scale_for
from registry.sentences import Sentence

# Only the full-width forms of keyboard signs: NFKC would also read 5² as 52.
_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0xFFE5: "¥", 0x3000: " "}
_AMOUNT = re.compile(r"¥?(-?)((?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+))(?:\.([0-9]*))?元?")
_MONTH = re.compile(r"([0-9]{4})(?:[-/.年]([0-9]{1,2})月?|([0-9]{2}))")
LONGEST_AMOUNT = 9  # digits of yuan


def read_amount(text: str) -> Decimal:
    """Return an amount in yuan with two digits; “¥1,234.5元” and full-width digits are read too.

    Raises ValueError with a Sentence that quotes the text: for words, powers of ten, a negative
    amount, parts of a fen, and more than nine digits of yuan.
    """
    found = _AMOUNT.fullmatch("".join(text.translate(_HALF_WIDTH).split()))
    if not found:
        raise ValueError(
            Sentence(
                "“%(written)s” is not an amount. Write it in digits, such as 1234.50.",
                code="amount_unreadable",
                written=text,
            )
        )
    minus, yuan, fen = found.groups()
    whole = yuan.replace(",", "").lstrip("0")
    if minus:
        raise ValueError(
            Sentence(
                "“%(written)s” is below 0. Write an amount of 0 or more.",
                code="amount_negative",
                written=text,
            )
        )
    if len((fen or "").rstrip("0")) > 2:
        raise ValueError(
            Sentence(
                "“%(written)s” has parts of a fen. Write two digits after the point.",
                code="amount_below_fen",
                written=text,
            )
        )
    if len(whole) > LONGEST_AMOUNT:
        raise ValueError(
            Sentence(
                "“%(written)s” is more than dues can be. Check the digits.",
                code="amount_too_large",
                written=text,
            )
        )
    return Decimal(f"{whole or 0}.{fen or 0}").quantize(FEN)


def read_month(text: str) -> date:
    """Return the month in a text such as 2026-01, 202601, 2026.1 or 2026年1月, as its first day.

    Raises ValueError with a Sentence for what is no month, and for one before the first scale.
    """
    found = _MONTH.fullmatch("".join(text.translate(_HALF_WIDTH).split()))
    year, *either = found.groups() if found else ("0", "0", "0")
    number = int(next(filter(None, either)))
    if not (int(year) and 1 <= number <= 12):
        raise ValueError(
            Sentence(
                "“%(written)s” is not a month. Write it as 2026-01.",
                code="month_unreadable",
                written=text,
            )
        )
    month = date(int(year), number, 1)
    scale_for(month)
    return month
