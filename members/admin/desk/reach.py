"""Whose desk it is: the topmost organisations of a user, and what stands right below them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from hashlib import blake2s
from typing import Any

from django.core.cache import cache

from branches.models import Organization, scopes
from branches.rules import roles, tree
from members.models.headcounts import heads_of

NAMED = 200  # people up to which a desk names them; above that it counts
WORST = 3  # organisations named beside a number
LARGE = 20_000  # members from which on numbers are kept for a while
KEPT_FOR = 600  # seconds


@dataclass(frozen=True)
class Part:
    """How many there are in one organisation."""

    organization: int
    name: str
    number: int


@dataclass(frozen=True)
class Share:
    """How many there are under one of the topmost organisations, and where most of them are."""

    top: Organization
    number: int
    worst: tuple[Part, ...]


@dataclass(frozen=True)
class Reach:
    """The topmost organisations on which a user has a verb, none below another."""

    tops: tuple[Organization, ...]

    @cached_property
    def people(self) -> int:
        return sum(sum(heads_of(top)) for top in self.tops)

    @property
    def is_small(self) -> bool:
        """Whether a clerk knows everybody by name."""
        return self.people <= NAMED

    @property
    def is_one(self) -> bool:
        return len(self.tops) == 1

    def shares(self, counts: Mapping[str, int]) -> list[Share]:
        """Return how ``counts``, numbers by path, spread over these organisations: those with
        something only, each with the organisations right below it that have most."""
        found = []
        for top in self.tops:
            parts: Counter[str] = Counter()
            for path, number in counts.items():
                if path.startswith(top.path):
                    parts[path[: len(top.path) + tree.WIDTH]] += number
            if number := sum(parts.values()):
                found.append(Share(top, number, tuple(self._worst(parts))))
        return found

    def _worst(self, parts: Mapping[str, int]) -> list[Part]:
        most = sorted(parts, key=lambda path: (-parts[path], path))
        known = [path for path in most if path in self._below and parts[path]]
        return [Part(*self._below[path], parts[path]) for path in known[:WORST]]

    @cached_property
    def _below(self) -> dict[str, tuple[int, str]]:
        """Key and name of what stands right below the topmost organisations, by path."""
        rows = Organization.objects.standing().filter(parent__in=self.tops)
        asked = rows.order_by().values_list("path", "pk", "short_name", "name")
        return {path: (pk, short or name) for path, pk, short, name in asked}


def kept(reach: Reach, name: str, today: date, count: Callable[[], Any]) -> Any:
    """Return what ``count`` gives; of a large reach as it was some minutes ago, under ``name``.

    For numbers that cost what the register is: who opens the desk again pays nothing.
    """
    if reach.people <= LARGE:
        return count()
    places = " ".join(top.path for top in reach.tops)
    key = f"desk:{blake2s(f'{name} {today} {places}'.encode(), digest_size=16).hexdigest()}"
    found = cache.get(key)
    if found is None:
        found = count()
        cache.set(key, found, KEPT_FOR)
    return found


def reach_of(user: Any, verb: str = roles.VIEW) -> Reach:
    """Return the reach of ``user`` with ``verb``; asked once for each request, like his grants."""
    ranges = tuple(scopes(user, verb))
    known: dict[Any, Reach] = user.__dict__.setdefault("_reaches", {})
    if ranges not in known:
        known[ranges] = Reach(tuple(_topmost([scope.low for scope in ranges])))
    return known[ranges]


def tops_of(user: Any, verb: str = roles.VIEW) -> list[Organization]:
    """Return the organisations on which ``user`` has ``verb``, without those below another."""
    return list(reach_of(user, verb).tops)


def _topmost(lows: list[str]) -> list[Organization]:
    tops: list[Organization] = []
    rows = Organization.objects.standing().filter(path__in=lows).select_related("headcount")
    for each in rows.order_by("path"):
        if not any(each.path.startswith(top.path) for top in tops):
            tops.append(each)
    return tops
