"""When a certificate of membership (党员证明信) serves, and when the relation is to be moved.

Source: 中国共产党党员教育管理工作条例 (2019): whoever is away for six months or longer at a fixed
place normally moves his membership relation; a certificate is for less.
"""

from __future__ import annotations

from datetime import date, timedelta

from registry.calendar import months_after
from registry.sentences import Sentence, warning

MONTHS = 6


def objections(away_from: date | None, away_through: date | None) -> list[Sentence]:
    """Return what speaks against a certificate for an absence, both of whose days belong to it."""
    if not away_from or not away_through:
        return []
    if away_through < away_from:
        return [
            Sentence(
                "The absence ends on %(last)s, before it begins on %(first)s. Check both days.",
                field="away_through",
                code="absence_ends_before_it_begins",
                first=away_from,
                last=away_through,
            )
        ]
    if away_through + timedelta(days=1) >= months_after(away_from, MONTHS):
        return [
            warning(
                "From %(first)s to %(last)s it is six months or longer: normally the membership"
                " relation is moved then.",
                field="away_through",
                code="absence_of_six_months",
                first=away_from,
                last=away_through,
            )
        ]
    return []
