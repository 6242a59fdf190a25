"""The demo's terms of office, the officers of its committees, and its Party workers."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any

from branches.models import Organization
from branches.rules import tree
from members.models import Office, PartyWorker, Term
from members.rules import offices, terms
from registry.calendar import months_after, years_after
from registry.loading import insert

TERM = ["version", "organization", "body", "began_on", "years", "due_on", "document"]
OFFICE = [
    "organization", "member", "name_from_elsewhere", "body", "post", "held_from", "full_time",
]  # fmt: skip
WORKER = [
    "version", "organization", "member", "name_from_elsewhere", "full_time", "worker_from",
    "certificate_number", "certified_on", "trained_on", "phone",
]  # fmt: skip
POSTS = ("secretary", "full_time_deputy_secretary", "discipline_member", "organisation_member")
# How many months of a term are left, one after the other; below 0 the election is overdue.
LEFT = (29, 25, 3, 22, 34, 17, 11, 31, 20, -2, 14, 27, 8, 24, 19, 33, 5, 30)


class TermLoader:
    """Gives the organisations of a demo their terms: most run, some are due, a few overdue."""

    def __init__(self, seed: int, on: date) -> None:
        self.rng = random.Random(f"terms {seed}")  # noqa: S311 - invented people need no secret
        self.on = on
        columns = ("pk", "path", "kind", "sort", "founded_on", "phone")
        self.organizations = list(Organization.objects.order_by("path").values_list(*columns))

    def load(self) -> None:
        insert(Term, TERM, list(self._terms()))
        held = Office.objects.filter(body=offices.COMMITTEE, held_until=None)
        by_branch: dict[str, list[int]] = defaultdict(list)
        for path, member in held.values_list("organization__path", "member"):
            by_branch[path].append(member)
        insert(Office, OFFICE, list(self._officers(by_branch)))
        insert(PartyWorker, WORKER, list(self._workers(by_branch)))

    def _terms(self) -> Iterator[tuple[Any, ...]]:
        for place, (pk, _path, kind, sort, founded_on, _phone) in enumerate(self.organizations):
            years = terms.usual_years(kind, sort)
            if years is None:
                continue
            due = months_after(self.on, LEFT[place % len(LEFT)])
            began = max(years_after(due, -years), founded_on)
            due = years_after(began, years)
            bodies = [offices.COMMITTEE]
            if kind in terms.WITH_DISCIPLINE:
                bodies.append(offices.DISCIPLINE)
            for body in bodies:
                document = f"机党〔{began.year}〕{pk % 90 + 1}号"
                yield 1, pk, body, began.isoformat(), years, due.isoformat(), document

    def _officers(self, by_branch: dict[str, list[int]]) -> Iterator[tuple[Any, ...]]:
        """Committees are led by officers of their branches; one in seven waits for a secretary."""
        own: dict[str, list[int]] = defaultdict(list)
        for path, members in by_branch.items():
            for above in tree.ancestors_of(path):
                own[above] += members[:2]
        since = months_after(self.on, -20).isoformat()
        for place, (pk, path, kind, sort, *_rest) in enumerate(self.organizations):
            if path in by_branch or not terms.elects(kind, sort) or place % 7 == 6:
                continue
            for post, member in zip(POSTS, own[path], strict=False):
                full_time = post == "full_time_deputy_secretary"
                yield pk, member, "", offices.COMMITTEE, post, since, full_time

    def _workers(self, by_branch: dict[str, list[int]]) -> Iterator[tuple[Any, ...]]:
        """The secretary and a clerk of each branch, most of them with a certificate."""
        for place, (pk, path, _kind, _sort, _founded, phone) in enumerate(self.organizations):
            for member in by_branch[path][:2]:
                since = months_after(self.on, -self.rng.randint(8, 60))
                number = certified = None
                if place % 8:
                    certified = months_after(since, 3).isoformat()
                    number = f"持证{certified[:4]}{member % 10**5:05}"
                trained = months_after(self.on, -self.rng.randint(1, 14)).isoformat()
                yield (
                    1, pk, member, "", False, since.isoformat(), number or "", certified, trained,
                    phone,
                )  # fmt: skip
