"""ID numbers (公民身份号码), GB 11643-1999, and what they tell about a person.

Checked here and not with a table of counties: numbers keep the county of their day, and lists of
today's counties refuse most numbers of the old. Residence permits for people of Hong Kong, Macao
and Taiwan begin with 81, 82 and 83 and follow the same rule. No sentence shows a number in full.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from functools import lru_cache
from operator import mul

from registry.masks import masked_id_number
from registry.sentences import Sentence

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_SIGNS = "10X98765432"  # by the weighted sum modulo 11
LENGTH = 18
OLD_LENGTH = 15
RESIDENCE_PERMITS = {"81": "香港", "82": "澳门", "83": "台湾"}

_EIGHT_DIGITS = re.compile(r"[0-9]{8}")
_SIGNS = re.compile(r"[0-9]{17}[0-9X]")
_LABEL = re.compile(r"^(居民|公民)?(身份证|身份)?(号码|号)?[::]")
_FILLING = re.compile(r"[\s'‘’\-\u00ad\u200b-\u200f\u2060\ufeff]")


def normalised(text: str) -> str:
    """Return the number without blanks, hyphens, apostrophes and label, half-width, capital X.

    Wrong signs stay, so that they can be shown: a Cyrillic Х or the letter O is not repaired.
    """
    if _SIGNS.fullmatch(text):
        return text
    half_width = unicodedata.normalize("NFKC", text)
    return _LABEL.sub("", _FILLING.sub("", half_width)).upper()


def check_digit(first_17: str) -> str:
    """Return the last sign that belongs to the first 17 digits."""
    if len(first_17) != len(WEIGHTS):
        raise ValueError("A check digit belongs to 17 digits.")
    return CHECK_SIGNS[sum(map(mul, map(int, first_17), WEIGHTS)) % 11]


def is_sound(id_number: str) -> bool:
    """Return whether nothing speaks against a number: what ``objections`` says at length."""
    return (
        bool(_SIGNS.fullmatch(id_number))
        and check_digit(id_number[:17]) == id_number[17]
        and _day_of(id_number[6:14]) is not None
        and id_number != id_number[0] * LENGTH
    )


@lru_cache(maxsize=40_000)  # a hundred years of birth days
def _day_of(digits: str) -> date | None:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None


def from_15(old: str) -> str:
    """Return the 18 signs of a number of 15 digits, whose holder was born in 19xx.

    Raises ValueError with a Sentence where the text is no number of 15 digits.
    """
    if not re.fullmatch(r"[0-9]{15}", old):
        raise ValueError(
            Sentence(
                "“%(shown)s” is not an ID number of 15 digits. Compare it with the ID card.",
                field="id_number",
                code="id_length",
                shown=masked_id_number(old),
            )
        )
    first_17 = old[:6] + "19" + old[6:]
    return first_17 + check_digit(first_17)


def born_on(id_number: str) -> date:
    """Return the birth day; raise ValueError where the number holds none."""
    digits = id_number[6:14]
    day = _day_of(digits) if len(id_number) == LENGTH and _EIGHT_DIGITS.fullmatch(digits) else None
    if day is None:
        raise ValueError("The ID number holds no birth day.")
    return day


def sex_of(id_number: str) -> str:
    """Return M or F from the 17th digit, odd for men; raise ValueError where there is none."""
    digit = id_number[16:17]
    if len(id_number) != LENGTH or digit not in set("0123456789"):
        raise ValueError("The ID number does not tell the sex.")
    return "M" if int(digit) % 2 else "F"


def objections(id_number: str) -> list[Sentence]:
    """Return the first reason against a normalised number of 18 signs, as a list.

    A number of 15 digits is refused too: ``from_15`` makes 18 of it, and the door says so.
    """
    if is_sound(id_number):
        return []
    shown = masked_id_number(id_number)
    if not re.fullmatch(r"[0-9]*X?", id_number):
        return [
            _objection(
                "“%(shown)s” holds other signs than digits and X. Compare it with the ID card.",
                "id_sign",
                shown,
            )
        ]
    if len(id_number) != LENGTH:
        return [
            Sentence(
                "“%(shown)s” has %(length)s signs; an ID number has 18. Compare it with the ID "
                "card.",
                field="id_number",
                code="id_length",
                shown=shown,
                length=len(id_number),
            )
        ]
    if len(set(id_number)) == 1:
        return [
            _objection(
                "“%(shown)s” repeats one digit. Write the number of the ID card, or leave it "
                "empty.",
                "id_all_equal",
                shown,
            )
        ]
    wrong_check = check_digit(id_number[:17]) != id_number[17]
    if wrong_check and id_number.endswith("000"):
        return [
            _objection(
                "“%(shown)s” was kept as a number, so its last three digits are lost. Format the "
                "cell as text and write the number anew.",
                "id_digits_lost",
                shown,
            )
        ]
    try:
        born_on(id_number)
    except ValueError:
        return [
            _objection(
                "“%(shown)s” holds a birth day that does not exist. Compare digits 7 to 14 with "
                "the ID card.",
                "id_date",
                shown,
            )
        ]
    if wrong_check:
        return [
            _objection(
                "“%(shown)s” does not end in the sign that the others demand, so one of them is "
                "mistyped. Compare it with the ID card.",
                "id_check_digit",
                shown,
            )
        ]
    return []


def is_residence_permit(id_number: str) -> bool:
    """Return whether it is of a residence permit for Hong Kong, Macao or Taiwan."""
    return id_number[:2] in RESIDENCE_PERMITS


def _objection(template: str, code: str, shown: str) -> Sentence:
    return Sentence(template, field="id_number", code=code, shown=shown)
