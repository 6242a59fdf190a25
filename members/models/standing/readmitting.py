"""Whoever was expelled or struck off joins anew: the former record stays, another one begins."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from branches.models import Organization
from members.models.development.register import COPIED
from members.models.members import Member
from members.models.standing.decisions import MembershipDecision
from members.models.standing.former import free, readmission_objections
from members.models.standing.refusing import refuse_all
from members.rules import standing
from members.rules.codes import PROBATIONARY
from registry.calendar import PartialDate


@transaction.atomic
def readmit(
    former: Member,
    organization: Organization,
    on: date,
    *,
    today: date,
    document: str = "",
    note: str = "",
) -> Member:
    """Admit ``former`` anew as a probationary member, and return the later record.

    It takes over who he is and the ID number, under a new number of its own; Party age counts
    anew. ``on`` is the day of the assembly. Raises ValidationError with every objection.
    """
    former._held()
    refuse_all(
        readmission_objections(former, on, today),
        lambda: former._refuse_place(organization, on),
    )
    free(former, on)
    later = Member(
        **{name: getattr(former, name) for name in COPIED},
        kind=PROBATIONARY,
        joined_on=PartialDate.of(on),
        organization=organization,
        former=former,
    )
    later.admit(on, began="developed", today=today)
    MembershipDecision.keep(later, standing.READMITTED, on, document, note)
    return later
