"""What is told only to those who may see discipline."""

from __future__ import annotations

from datetime import date
from typing import Any

from branches.rules import roles
from members.models import Member
from members.models.standing.discipline import keeping_from_posts
from members.rules import discipline
from registry import access
from registry.sentences import Sentence


def post_under_discipline(member: Member | None, begins: date, reader: Any) -> list[Sentence]:
    """Return the warning against a post from ``begins`` on; nothing to whoever may not know."""
    if member is None or not access.may_on(reader, roles.VIEW_DISCIPLINE, member):
        return []
    decision = keeping_from_posts(member.pk, begins)
    if decision is None:
        return []
    return discipline.post_objections(member.name, decision.kind, decision.until, begins)
