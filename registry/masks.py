"""How protected values are shown to those who may not read them in full.

A mask must leave so much open that the value cannot be completed from what stands beside it. The
first six digits of an ID number tell the county, the next eight the birth day, the last but one
the sex, and the last is computed: the usual 6 + 4 digits shown beside a birth day leave one person.
"""

from __future__ import annotations

HIDDEN = "*"
ID_SHOWN = 3
PHONE_SHOWN = (3, 4)
ADDRESS_SHOWN = 6


def masked_id_number(text: str) -> str:
    """Return the last three signs behind ``*``: beside birth day and sex thousands remain."""
    if len(text) <= ID_SHOWN:
        return HIDDEN * len(text)
    return HIDDEN * (len(text) - ID_SHOWN) + text[-ID_SHOWN:]


def masked_name(text: str) -> str:
    """Return the first sign and a ``*`` for each other one: 王**. One sign is hidden whole."""
    return text[0] + HIDDEN * (len(text) - 1) if len(text) > 1 else HIDDEN * len(text)


def masked_phone(text: str) -> str:
    """Return the first three and last four signs; of a short number the last two or none."""
    first, last = PHONE_SHOWN
    if len(text) >= first + last + 4:
        return text[:first] + HIDDEN * (len(text) - first - last) + text[-last:]
    shown = 2 if len(text) > 4 else 0
    return HIDDEN * (len(text) - shown) + text[len(text) - shown :]


def masked_address(text: str) -> str:
    """Return the first six signs, which name the county, and four ``*``; less of a short one."""
    return text[: min(ADDRESS_SHOWN, len(text) // 2)] + HIDDEN * 4 if text else ""


def is_mask(text: str) -> bool:
    """Return whether ``text`` is a mask that came back from a form or sheet, not a value."""
    return HIDDEN * 4 in text or (HIDDEN in text and not text.strip(HIDDEN))
