"""What a clerk is asked about whom a row means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from branches.sheets.places import Place
from members.sheets.known import Registered
from registry.sentences import Sentence
from registry.sheets import codes
from registry.sheets.cells import QUESTION, quoted


def described(member: Registered, places: Mapping[int, Place]) -> str:
    place = places.get(member["organization_id"])
    return f"{member['number']} {member['name']}" + (f" ({place.label})" if place else "")


def conflict(found: Sequence[Registered]) -> Sentence:
    return Sentence(
        "The numbers of this row belong to several members: %(names)s. Correct them, or choose "
        "who is meant.",
        level=QUESTION,
        code=codes.MATCH_CONFLICT,
        names="、".join(f"{each['number']} {each['name']}" for each in found[:3]),
    )


def perhaps(alike: Sequence[Registered], places: Mapping[int, Place]) -> Sentence:
    return Sentence(
        "This may be %(names)s, who is registered already. Choose who is meant, or add the number "
        "or the ID number to the row.",
        level=QUESTION,
        code=codes.MATCH_UNSURE,
        names="、".join(described(each, places) for each in alike[:3]),
    )


def name_differs(member: Registered, name: str) -> Sentence:
    return Sentence(
        "%(number)s is “%(known)s” in the register, “%(written)s” in the sheet. "
        "Say which is right, or correct the number in the sheet.",
        level=QUESTION,
        code=codes.NAME_DIFFERS,
        number=member["number"],
        known=member["name"],
        written=quoted(name),
    )


def has_left(member: Registered) -> Sentence:
    return Sentence(
        "%(number)s “%(name)s” has left the roll. Restore the membership on the "
        "member's page first, or skip the row.",
        level=QUESTION,
        code=codes.HAS_LEFT,
        number=member["number"],
        name=member["name"],
    )
