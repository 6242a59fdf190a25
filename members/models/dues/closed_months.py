"""How far back a change of what is owed may reach: not into a month that is closed."""

from __future__ import annotations

from datetime import date

from django.db.models import F, Q
from django.utils.translation import gettext as _now

from branches.models.reorganizing import Objections
from branches.rules import tree
from members.models.dues.closings import Closing
from members.models.placements import Placement
from members.rules.dues_months import next_month, written
from registry.calendar import first_of_month, months_after


class ClosingBook:
    """The closed months from ``since`` on held in memory, to be asked for many places."""

    def __init__(self, since: date) -> None:
        rows = Closing.objects.closed().filter(month__gte=since).order_by("month")
        self.last = dict(rows.values_list("organization__path", "month"))
        self._known: dict[str, date | None] = {}

    def closed_to(self, path: str) -> date | None:
        """Return the last closed month at ``path``; None where all since the first are open."""
        if self.last and path not in self._known:
            line = (*tree.ancestors_of(path), path)
            found = (self.last[each] for each in line if each in self.last)
            self._known[path] = max(found, default=None)
        return self._known.get(path)

    def closed_within(self, path: str, begin: date, until: date | None) -> date | None:
        """Return the last closed month of a stay at ``path``; None where all of them are open."""
        last = self.closed_to(path)
        if last and until:
            last = min(last, first_of_month(until - date.resolution))
        return last if last and last >= first_of_month(begin) else None


def last_closed_month(member: int, first: date, until: date | None) -> date | None:
    """Return the last month from ``first`` up to, not including, ``until`` that is closed at the
    branch to which ``member`` belonged in it; None where all of them are open."""
    book = ClosingBook(first)
    if not book.last:
        return None
    running = Q(placed_until__isnull=True)
    within = Q(placed_until__gt=first) & Q(placed_until__gt=F("placed_from"))
    stays = Placement.objects.filter(running | within, member=member)
    found = []
    for path, begin, end in stays.values_list("organization__path", "placed_from", "placed_until"):
        if last := book.closed_within(path, begin, end):
            last = min(last, months_after(until, -1)) if until else last
            found += [last] if last >= max(first, first_of_month(begin)) else []
    return max(found, default=None)


def keep_closed(problems: Objections, member: int, first: date, until: date | None) -> None:
    """Object to a change of what ``member`` owes from ``first`` up to, not including, ``until``
    where a month of it is closed."""
    if last := last_closed_month(member, first, until):
        problems.add(
            "month_from",
            _now(
                "%(month)s is closed, and what was owed for it stays. Let the change begin in "
                "%(open)s or later, or have %(month)s opened."
            ),
            month=written(last),
            open=written(next_month(last)),
        )
