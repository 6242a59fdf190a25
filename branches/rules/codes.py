"""Codes of organisations: digits with their leading zeros; a child's begins with its parent's."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from registry.sentences import Sentence

LONGEST = 30
DIGITS_PER_LEVEL = 3
LAST = 10**DIGITS_PER_LEVEL - 1


def objections(code: str) -> list[Sentence]:
    """Return every reason against ``code`` as a code of an organisation."""
    found = []
    if not re.fullmatch(r"[0-9]+", code):
        found.append(
            Sentence(
                "“%(written)s” is not a code. Write digits only, with their leading zeros.",
                field="code",
                code="code_not_digits",
                written=code,
            )
        )
    if len(code) > LONGEST:
        found.append(
            Sentence(
                "The code has %(length)s signs. Write at most %(longest)s.",
                field="code",
                code="code_too_long",
                length=len(code),
                longest=LONGEST,
            )
        )
    return found


def proposed_code(parent_code: str, taken: Iterable[str]) -> str:
    """Return the parent's code and three digits more: the number after the highest one taken.

    ``taken`` are the codes in use that begin with the parent's, those of dissolved organisations
    too, for a code once printed should not come to mean another organisation; other codes among
    them do no harm. Where 999 is taken the lowest free number is returned. Raises ValueError
    where none is left.
    """
    length = len(parent_code) + DIGITS_PER_LEVEL
    numbers = {
        int(code[len(parent_code) :])
        for code in taken
        if len(code) == length and code.startswith(parent_code)
    }
    highest = max(numbers, default=0)
    if highest < LAST:
        return f"{parent_code}{highest + 1:0{DIGITS_PER_LEVEL}}"
    free = set(range(1, LAST + 1)) - numbers
    if not free:
        raise ValueError(
            Sentence(
                "Every code from %(parent)s001 to %(parent)s999 is taken. Write a longer one.",
                parent=parent_code,
            )
        )
    return f"{parent_code}{min(free):0{DIGITS_PER_LEVEL}}"


class Coded(NamedTuple):
    """An organisation with its code; ``parent`` is the key of its superior."""

    key: int
    parent: int | None
    code: str


def recoded(moving: Sequence[Coded], parent_code: str, known: Collection[str]) -> dict[int, str]:
    """Return the new codes, by key, of what moves under the organisation of ``parent_code``.

    ``moving`` begins with the one that moves, and names each superior before what stands below.
    Where a code began with its superior's, its other digits stay; any other is numbered anew.
    ``known`` are the codes beginning with ``parent_code`` that were ever in use. Raises ValueError
    with a Sentence where no number is left.
    """
    top = moving[0]
    codes = {top.key: _kept_below(top.code, parent_code) or proposed_code(parent_code, known)}
    before = {each.key: each.code for each in moving}
    strays = []
    for each in moving[1:]:
        above, old_above = codes.get(each.parent or 0), before.get(each.parent or 0, "")
        if above is None or not each.code.startswith(old_above):
            strays.append(each)  # and whatever stands below it
        else:
            codes[each.key] = above + each.code[len(old_above) :]
    for each in strays:
        above, old_above = codes[each.parent or 0], before[each.parent or 0]
        if each.code.startswith(old_above):
            codes[each.key] = above + each.code[len(old_above) :]
        else:
            codes[each.key] = proposed_code(above, codes.values())
    return codes


def _kept_below(code: str, parent_code: str) -> str:
    """Return ``code`` where it is already that of a child of ``parent_code``; "" otherwise."""
    by_rule = code.startswith(parent_code) and len(code) == len(parent_code) + DIGITS_PER_LEVEL
    return code if by_rule else ""


def recoding_objections(
    moving: Sequence[Coded], codes: dict[int, str], taken: Collection[str]
) -> list[Sentence]:
    """Return every reason against the new ``codes``; others in use are ``taken``."""
    found = []
    seen: set[str] = set()
    for each in moving:
        code = codes[each.key]
        if code != each.code and (code in taken or code in seen):
            found.append(
                Sentence(
                    "%(old)s would become %(new)s, which is taken. Keep the codes, or give the "
                    "other one a new code first.",
                    field="recode",
                    code="new_code_taken",
                    old=each.code,
                    new=code,
                )
            )
        seen.add(code)
        if len(code) > LONGEST:
            found.append(
                Sentence(
                    "%(old)s would become %(new)s, which has more than %(longest)s digits. Keep "
                    "the codes, or shorten that of the superior.",
                    field="recode",
                    code="code_too_long",
                    old=each.code,
                    new=code,
                    longest=LONGEST,
                )
            )
    return found
