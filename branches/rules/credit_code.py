"""Unified social credit codes of units (统一社会信用代码), GB 32100-2015."""

from __future__ import annotations

from registry.sentences import Sentence

SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # without I O S V Z
WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
LENGTH = 18


def normalised(text: str) -> str:
    """Return the code without blanks and in capitals."""
    return "".join(text.split()).upper()


def check_sign(first_17: str) -> str:
    """Return the last sign that belongs to the first 17; raise ValueError for a foreign sign."""
    total = sum(SIGNS.index(sign) * weight for sign, weight in zip(first_17, WEIGHTS, strict=True))
    return SIGNS[-total % 31]


def objections(code: str) -> list[Sentence]:
    """Return the first reason against a unified social credit code, as a list."""
    if len(code) != LENGTH:
        return [
            Sentence(
                "“%(written)s” has %(length)s signs; a unified social credit code has 18. "
                "Compare it with the certificate.",
                field="credit_code",
                code="credit_code_length",
                written=code,
                length=len(code),
            )
        ]
    foreign = sorted(set(code) - set(SIGNS))
    if foreign:
        return [
            Sentence(
                "“%(written)s” holds “%(sign)s”; a unified social credit code is written in "
                "digits and capitals without I, O, S, V and Z. Compare it with the certificate.",
                field="credit_code",
                code="credit_code_sign",
                written=code,
                sign=foreign[0],
            )
        ]
    if check_sign(code[:17]) != code[17]:
        return [
            Sentence(
                "“%(written)s” does not end in the sign that the others demand, so one of its "
                "signs is mistyped. Compare it with the certificate.",
                field="credit_code",
                code="credit_code_check",
                written=code,
            )
        ]
    return []
