"""What is founded out of another organisation: its name, and who and what it gets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any

from branches.models import Organization, OrganizationPeriod, Reorganization
from branches.models.reorganizing import Objections
from branches.rules import codes, hierarchy
from members.models.members import Member
from members.models.reorganizing.moving import move_organization


@dataclass(frozen=True)
class Part:
    """An organisation to be founded in an act, with the people and organisations it gets."""

    name: str
    short_name: str = ""
    code: str = ""  # empty: the superior's code and three digits more
    members: Sequence[Member] = field(default=())
    children: Sequence[Organization] = field(default=())


def free_code(parent: Organization | None) -> str:
    """Return the superior's code and three digits more; "" where none is left."""
    begins = parent.code if parent else ""
    known = [
        code
        for rows in (Organization.objects, OrganizationPeriod.objects)
        for code in rows.filter(code__startswith=begins).values_list("code", flat=True)
    ]
    try:
        return codes.proposed_code(begins, known)
    except ValueError:
        return ""


def found_part(
    part: Part,
    parent: Organization | None,
    kind: str,
    sort: str,
    act: Reorganization,
    problems: Objections,
) -> Organization | None:
    """Found a part on the day of the act; None where something speaks against it."""
    organization = Organization(
        name=part.name,
        short_name=part.short_name,
        code=part.code or free_code(parent),
        kind=kind,
        sort=sort,
        parent=parent,
        founded_on=act.on,
    )
    verb = partial(organization.establish, document=act.document, act=act)
    return organization if problems.attempt(verb) else None


def give_children(
    children: Sequence[Organization],
    to: Organization,
    act: Reorganization,
    problems: Objections,
    on: date,
) -> bool:
    """Let ``children`` stand under ``to`` from the day of the act; return whether all do."""
    done = [problems.attempt(partial(_give, child, to, act, on)) for child in children]
    return all(done)


def _give(child: Organization, to: Organization, act: Reorganization, on: date) -> Any:
    return move_organization(child, to, on, act.document, act=act)


def holds_people(kind: str, sort: str) -> bool:
    return (
        kind in hierarchy.KINDS and sort in hierarchy.SORTS and hierarchy.holds_members(kind, sort)
    )
