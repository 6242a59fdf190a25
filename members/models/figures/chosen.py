"""Whose figures: an organisation with everything below it, a unit, or an area, on any day.

An organisation is asked of the chronicle: what stood below it on the day. Units and areas are kept
without days: they hold whoever is theirs now, and what stood below those on the day, unless it is
another one's. There the reader counts his own organisations only.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from branches.models import Area, Organization, OrganizationPeriod, Unit, in_scopes, scopes
from branches.models.periods import Event
from branches.rules import roles, tree
from members.models.placements import Placement

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Span:
    """A stretch of days on which an organisation was among the chosen, within those asked.

    ``born`` and ``ended``: it was founded on the first day, dissolved on the day after the last;
    otherwise it came from elsewhere, and went there.
    """

    first: date
    until: date
    born: bool = False
    ended: bool = False


@dataclass(frozen=True)
class Chosen:
    """What figures are asked of, by somebody who may see it: exactly one of the three."""

    organization: Organization | None = None
    unit: Unit | None = None
    area: Area | None = None
    reader: Any = field(default=None, compare=False)

    def __str__(self) -> str:
        return str(self.organization or self.unit or self.area)

    @property
    def _the_organization(self) -> Organization:
        if self.organization is None:
            raise ValueError(f"{self} is no organisation: it has no place in the tree.")
        return self.organization

    def name_on(self, day: date) -> str:
        """What it was called in full on ``day``; units and areas are called as today."""
        return self.organization.name_on(day) if self.organization else str(self)

    def stands_on(self, day: date) -> bool:
        return self.organization is None or self.organization.on(day) is not None

    def why_not_on(self, day: date) -> str:
        """Say why there are no figures of an organisation on a day when it did not stand."""
        organization = self._the_organization
        words = {"name": organization, "end": organization.dissolved_on}
        if organization.dissolved_on and organization.dissolved_on <= day:
            return _("%(name)s was dissolved on %(end)s. Choose an earlier day.") % words
        first = organization.periods.order_by("valid_from").first()
        begin = first.valid_from if first else organization.founded_on
        text = _("%(name)s was founded on %(begin)s. Choose that day or a later one.")
        return text % (words | {"begin": begin})

    def periods_on(self, day: date) -> Any:
        """What the organisations among the chosen were on ``day``, as rows of the chronicle."""
        held = OrganizationPeriod.objects.on(day)
        if self.organization is None:
            keys = [key for key, _path in self._shared(held.values_list("organization", "path"))]
            return held.filter(organization__in=keys)
        then = self.organization.on(day)
        return held.under(then.path) if then else held.none()

    def stays_on(self, day: date) -> Any:
        """The stays that hold on ``day``: one of each member who is counted."""
        there = self.periods_on(day).values("organization")
        return Placement.objects.on(day).filter(organization__in=there, member__wrong_entry=False)

    def places_in(self, first: date, until: date) -> list[tuple[date, date, str]]:
        """Return where the chosen organisation stood from ``first`` to before ``until``."""
        held = _overlapping(self._the_organization.periods.all(), first, until)
        own = held.order_by("valid_from")
        rows = own.values_list("valid_from", "valid_until", "path")
        return [(max(since, first), min(end or until, until), path) for since, end, path in rows]

    def ever_in(self, first: date, until: date) -> Any:
        """The keys of the organisations ever among the chosen in these days."""
        if self.organization is None:
            return list({key for key, _since, _end in self._rows_in(first, until)})
        below = Q(pk__in=[])
        for began, ended, top in self.places_in(first, until):
            below |= Q(path__gte=top, path__lt=tree.end_of(top), valid_from__lt=ended) & (
                Q(valid_until__isnull=True) | Q(valid_until__gt=began)
            )
        return OrganizationPeriod.objects.filter(below).values("organization")

    def spans_in(self, first: date, until: date) -> dict[int, list[Span]]:
        """Return for each organisation ever among the chosen from ``first`` to before ``until``
        on which days it was."""
        stretches: dict[int, list[tuple[date, date]]] = defaultdict(list)
        for key, since, end in self._rows_in(first, until):
            if since < end:
                stretches[key].append((since, end))
        turns = set(
            OrganizationPeriod.objects.filter(
                valid_from__range=(first, until), event__in=(Event.FOUNDED, Event.DISSOLVED)
            ).values_list("organization", "valid_from")
        )
        return {
            key: [
                Span(since, end, (key, since) in turns, (key, end) in turns)
                for since, end in _joined(each)
            ]
            for key, each in stretches.items()
        }

    def _rows_in(self, first: date, until: date) -> Iterator[tuple[int, date, date]]:
        held = _overlapping(OrganizationPeriod.objects.all(), first, until)
        columns = ("organization", "path", "valid_from", "valid_until")
        if self.organization is None:
            rows = list(held.values_list(*columns))
            mine = set(self._shared((key, path) for key, path, _since, _end in rows))
            for key, path, since, end in rows:
                if (key, path) in mine:
                    yield key, max(since, first), min(end or until, until)
            return
        for began, ended, top in self.places_in(first, until):
            below = _overlapping(held.under(top), began, ended)
            for key, _path, since, end in below.values_list(*columns):
                yield key, max(since, began), min(end or ended, ended)

    def _shared(self, rows: Iterable[tuple[int, str]]) -> Iterator[tuple[int, str]]:
        """Yield those of ``rows``, keys and paths, whose nearest unit or area is the chosen one.

        A path is never given out twice, so it tells its organisation on any day.
        """
        rows = list(rows)
        seen = set(
            Organization.objects.filter(
                in_scopes(scopes(self.reader, roles.VIEW)), pk__in={key for key, _path in rows}
            ).values_list("pk", flat=True)
            if len(rows) < MANY
            else Organization.objects.visible_to(self.reader).values_list("pk", flat=True)
        )
        column, wanted = (
            ("units", self.unit.pk) if self.unit else ("area", self.area and self.area.pk)
        )
        named = Organization.objects.filter(**{f"{column}__isnull": False})
        theirs: dict[int, set[int]] = defaultdict(set)
        for key, theirs_key in named.values_list("pk", column):
            theirs[key].add(theirs_key)
        at = {path: key for key, path in rows}
        for key, path in rows:
            line = (at.get(each) for each in (path, *reversed(tree.ancestors_of(path))))
            nearest = next((each for each in line if each in theirs), None)
            if key in seen and nearest is not None and wanted in theirs[nearest]:
                yield key, path


MANY = 500  # keys from which on one question about all is shorter


def _overlapping(periods: Any, first: date, until: date) -> Any:
    return periods.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gt=first), valid_from__lt=until
    )


def _joined(stretches: list[tuple[date, date]]) -> list[tuple[date, date]]:
    """Return the stretches in order, those that follow each other without a day between as one."""
    joined: list[tuple[date, date]] = []
    for since, end in sorted(stretches):
        if joined and since <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((since, end))
    return joined
