"""Which committees were due for election in a period, and which of them elected in time."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q

from members.models.figures.chosen import Chosen
from members.models.terms.terms import Term
from members.rules import offices


def due_in(chosen: Chosen, first: date, last: date) -> list[Any]:
    """Return the terms of committees that were due by ``last`` and had not ended before ``first``.

    So one that was overdue when the period began is due in it too. Each term has ``due_then``, the
    due day as it was known on ``last``, postponements included, and ``in_time``: the next term
    began by that day. A term that ended without another, as where the body was done away with,
    was never due.
    """
    following = Term.objects.filter(
        organization=OuterRef("organization"), body=OuterRef("body"), began_on=OuterRef("ended_on")
    )
    rows = Term.objects.with_due(last).filter(
        Q(ended_on__isnull=True) | Q(ended_on__gte=first),
        body=offices.COMMITTEE,
        due_then__lte=last,
        organization__in=chosen.periods_on(last).values("organization"),
    )
    followed = rows.filter(Q(ended_on__isnull=True) | Exists(following))
    due = list(followed.select_related("organization").order_by("due_then", "organization__path"))
    for term in due:
        term.in_time = term.ended_on is not None and term.ended_on <= min(term.due_then, last)
    return due
