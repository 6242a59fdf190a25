"""How terms and committees stand on a day: which election is due, which post is empty."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Q

from branches.models import Organization, OrganizationPeriod, Unit
from branches.rules import roles
from members.models.heads import units_whose_head_is_secretary
from members.models.offices import Office
from members.models.terms.terms import Term
from members.models.terms.workers import PartyWorker
from members.rules import committees, offices, terms


@dataclass(frozen=True)
class Standing:
    """One body of an organisation, as both stood on the day; ``term`` is None where none runs."""

    then: OrganizationPeriod
    body: str
    term: Any
    state: str

    @property
    def due(self) -> date | None:
        """The day on which the election is due, postponements known by then included."""
        due: date | None = self.term.due_then if self.term else None
        return due

    @property
    def is_postponed(self) -> bool:
        return bool(self.term and self.term.due_then != self.term.due_on)


def standing_on(day: date, user: Any, top: Organization | None = None) -> list[Standing]:
    """Return the bodies of all organisations that stood on ``day``, in the order of the tree.

    Of ``top`` and what stood below it then, or of everything that ``user`` may see. A committee
    that is elected and has no term on the day stands there as not recorded.
    """
    periods = stood_on(day, user, top)
    running = defaultdict(list)
    rows = Term.objects.on(day).with_due(day).visible_to(user)
    for term in rows.order_by("body"):
        running[term.organization_id].append(term)
    return [line for then in periods for line in _lines(then, running[then.organization_id], day)]


def stood_on(day: date, user: Any, top: Organization | None = None) -> list[OrganizationPeriod]:
    """Return what the organisations of ``user`` were on ``day``, in the order of the tree."""
    periods = OrganizationPeriod.objects.on(day).visible_to(user).select_related("organization")
    if top is not None:
        then = top.on(day)
        if then is None:
            return []
        periods = periods.under(then.path)
    return list(periods.order_by("path"))


def _lines(then: OrganizationPeriod, running: list[Any], day: date) -> Iterator[Standing]:
    bodies = {term.body for term in running}
    if offices.COMMITTEE not in bodies and terms.elects(then.kind, then.sort):
        yield Standing(then, offices.COMMITTEE, None, terms.UNRECORDED)
    for term in running:
        yield Standing(then, term.body, term, terms.state(term.due_then, day))


def counted(lines: Iterable[Standing]) -> dict[str, int]:
    """Return how many bodies stand how, every state named."""
    found = Counter(line.state for line in lines)
    return {state: found[state] for state in terms.STATES}


@dataclass(frozen=True)
class Looked:
    """Something wrong with an organisation's committee today."""

    organization: Organization
    code: str
    detail: str = ""


def looked_at(top: Organization, user: Any, today: date) -> list[Looked]:
    """Return what is wrong with the committees of ``top`` and below today, in tree order."""
    rows = Organization.objects.visible_to(user).under(top).standing()
    found = wrong_in(rows, today)
    named = rows.in_bulk([each.organization for each in found])
    return [Looked(named[each.organization], each.code, each.detail) for each in found]


class Wrong(NamedTuple):
    """The same as plain values, for counting: the organisation's key, path and name."""

    organization: int
    path: str
    name: str
    code: str
    detail: str


def wrong_in(rows: Any, today: date) -> list[Wrong]:
    """Return what is wrong with the committees of the organisations ``rows``, in tree order."""
    holders = _holders(rows, today)
    certified = _certified(rows, today)
    asked = rows.order_by("path").values_list(
        "pk", "path", "short_name", "name", "kind", "sort", "headcount__full"
    )
    found = []
    for pk, path, short_name, name, kind, sort, full in asked:
        posts = holders[pk]
        secretaries = posts[offices.SECRETARY]
        body = committees.Body(
            kind=kind,
            sort=sort,
            full_members=full or 0,
            people=len(set().union(*posts.values())),
            secretary=bool(secretaries),
            certified=all(_key(each, pk) in certified for each in secretaries),
        )
        for code in committees.findings(body):
            names = "、".join(sorted(held_by for _member, held_by in secretaries))
            detail = names if code == committees.NO_CERTIFICATE else ""
            found.append(Wrong(pk, path, short_name or name, code, detail))
    return found


Holder = tuple[int | None, str]


def _holders(rows: Any, day: date) -> defaultdict[int, defaultdict[str, set[Holder]]]:
    """Return who holds the posts of the committees of ``rows``: by organisation, then by post."""
    held = Office.objects.on(day).filter(organization__in=rows.order_by(), body=offices.COMMITTEE)
    told = held.exclude(member__wrong_entry=True).values_list(
        "organization", "post", "member", "member__name", "name_from_elsewhere"
    )
    found: defaultdict[int, defaultdict[str, set[Holder]]] = defaultdict(lambda: defaultdict(set))
    for organization, post, member, name, elsewhere in told:
        found[organization][post].add((member, name or elsewhere))
    return found


def _key(holder: Holder, organization: int) -> Any:
    """A member has one certificate wherever he works; a name from elsewhere counts only here."""
    member, name = holder
    return member if member is not None else (organization, name)


def _certified(rows: Any, day: date) -> set[Any]:
    here = Q(organization__in=rows.order_by()) | Q(member__isnull=False)
    workers = PartyWorker.objects.certified(day).filter(here)
    return {
        _key((member, name), organization)
        for organization, member, name in workers.values_list(
            "organization", "member", "name_from_elsewhere"
        )
    }


@dataclass(frozen=True)
class Heads:
    """In which units with a known head the head is secretary, and in which he is not."""

    both: list[Unit]
    apart: list[Unit]

    @property
    def share(self) -> tuple[int, int]:
        return len(self.both), len(self.both) + len(self.apart)


def heads_of(top: Organization, user: Any, day: date) -> Heads:
    """Return the units of ``top`` and below whose head is known, by whether he is secretary."""
    own = Organization.objects.visible_to(user, roles.VIEW).under(top).standing()
    rows = Unit.objects.filter(organizations__in=own.order_by()).distinct()
    known = list(rows.filter(~Q(head_name="") | Q(head__isnull=False)).order_by("name"))
    both = units_whose_head_is_secretary(known, day)
    return Heads(
        [unit for unit in known if unit.pk in both],
        [unit for unit in known if unit.pk not in both],
    )
