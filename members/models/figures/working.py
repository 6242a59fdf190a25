"""The numbers of a work report that the registers fill, each with what it counts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import F, Q

from branches.models import Organization, OrganizationPeriod, Unit
from branches.models.periods import Event
from branches.rules import hierarchy, tree
from members.models.development.steps import StepTaken
from members.models.dues.accounts import AccountEntry
from members.models.figures.balancing import Balance, balance_of
from members.models.figures.chosen import ONE_DAY, Chosen
from members.models.figures.terms_due import due_in
from members.models.figures.work_reports import TypedFigure
from members.models.heads import units_whose_head_is_secretary
from members.models.offices import Office
from members.models.placements import Placement
from members.rules import codes, ledger, work_report
from members.rules.work_report import BALANCE_LINES, FACTS
from registry.calendar import PartialDate, code_from
from registry.money import ZERO

FULL_TIME_DEPUTY = "full_time_deputy_secretary"
Number = Decimal | int | None


@dataclass(frozen=True)
class Thing:
    """One thing that a number counts: an organisation, a member of it, a unit, or a sum."""

    on: date | None = None
    organization_id: int | None = None
    member_id: int | None = None
    words: str = ""
    amount: Decimal | None = None


@dataclass(frozen=True)
class Working:
    """What happened in an organisation and below it from ``first`` to ``last``, both included."""

    organization: Organization
    first: date
    last: date

    def numbers(self) -> dict[str, Number]:
        """Return every fact by its code; None for those that no register fills."""
        return {code: self.number(code) if fact.about else None for code, fact in FACTS.items()}

    def number(self, code: str) -> Number:
        """Return one number; raise KeyError where no register fills it."""
        if code == "members_total":
            return self.balance.numbers["closing"]
        if code == "organizations_total":
            return int(self.chosen.periods_on(self.last).count())
        things = self.behind(code)
        if code == "dues_returned":
            return sum((thing.amount or ZERO for thing in things), ZERO)
        return len(things)

    def behind(self, code: str) -> list[Thing]:
        """Return what a number counts; raise KeyError for one whose list stands elsewhere."""
        if code in BALANCE_LINES:
            changes = self.balance.behind(BALANCE_LINES[code])
            return [Thing(each.on, each.organization_id, each.member_id) for each in changes]
        return SOURCES[code](self)

    @cached_property
    def chosen(self) -> Chosen:
        return Chosen(self.organization)

    @cached_property
    def balance(self) -> Balance:
        return balance_of(self.chosen, self.first, self.last)

    # Organisations, as the chronicle tells them

    @cached_property
    def _events(self) -> list[OrganizationPeriod]:
        """What happened to organisations that stood below this one then, in order."""
        below = Q(pk__in=[])
        for began, until, top in self.chosen.places_in(self.first, self.last + ONE_DAY):
            below |= Q(
                path__gte=top,
                path__lt=tree.end_of(top),
                valid_from__gte=began,
                valid_from__lt=until,
            )
        return list(OrganizationPeriod.objects.filter(below).order_by("valid_from", "id"))

    def _happened(self, event: str, *kinds: str) -> list[Thing]:
        """Return the organisations to which it happened, each once."""
        found = {
            each.organization_id: Thing(each.valid_from, each.organization_id, words=each.name)
            for each in self._events
            if each.event == event and (not kinds or each.kind in kinds)
        }
        return list(found.values())

    def _moved(self) -> list[Thing]:
        """The organisations that moved whole: in, out, or from one place below to another."""
        found = {each.organization_id: each for each in self._happened(Event.MOVED)}
        for began, until, top in self.chosen.places_in(self.first - ONE_DAY, self.last + ONE_DAY):
            gone = OrganizationPeriod.objects.under(top).filter(
                valid_until__gte=max(began, self.first), valid_until__lt=until
            )
            moved = OrganizationPeriod.objects.filter(
                event=Event.MOVED,
                valid_from__range=(self.first, self.last),
                organization__in=gone.values("organization"),
                organization__periods__in=gone,
                organization__periods__valid_until=F("valid_from"),
            )
            for each in moved.order_by("valid_from", "id"):
                found.setdefault(
                    each.organization_id,
                    Thing(each.valid_from, each.organization_id, words=each.name),
                )
        return sorted(found.values(), key=lambda each: (each.on or self.first, each.words))

    def _full_time_deputies(self) -> list[Thing]:
        there = self.chosen.periods_on(self.last).values("organization")
        held = Office.objects.filter(
            post=FULL_TIME_DEPUTY,
            held_from__range=(self.first, self.last),
            organization__in=there,
        ).select_related("member")
        found: dict[int, Thing] = {}
        for office in held.order_by("held_from", "pk"):
            key = office.organization_id
            found.setdefault(key, Thing(office.held_from, key, office.member_id, office.holder))
        return list(found.values())

    @cached_property
    def _terms_due(self) -> list[Any]:
        return due_in(self.chosen, self.first, self.last)

    def _due(self, *, only_in_time: bool = False) -> list[Thing]:
        return [
            Thing(term.due_then, term.organization_id)
            for term in self._terms_due
            if term.in_time or not only_in_time
        ]

    @cached_property
    def _units(self) -> list[Unit]:
        there = self.chosen.periods_on(self.last).values("organization")
        return list(Unit.objects.filter(organizations__in=there).distinct().order_by("name"))

    def _headed_units(self) -> list[Thing]:
        headed = units_whose_head_is_secretary(self._units, self.last)
        return [Thing(words=unit.name) for unit in self._units if unit.pk in headed]

    # Members

    def _made_full(self) -> list[Thing]:
        """The members here on the day of full membership, which lies in these days."""
        rows = Placement.objects.filter(
            organization__in=self.chosen.ever_in(self.first, self.last + ONE_DAY),
            member__kind=codes.FULL,
            member__wrong_entry=False,
            member__full_member_on__gte=code_from(self.first),
            member__full_member_on__lte=PartialDate.of(self.last),
            # Whoever was a full member when he joined was never made one.
            member__joined_on__lt=F("member__full_member_on"),
        ).select_related("member")
        spans = self.chosen.spans_in(self.first, self.last + ONE_DAY)
        found: dict[int, Thing] = {}
        for stay in rows.order_by("member__full_member_on", "member", "placed_from"):
            full = stay.member.full_member_on
            day = max(full.first_day, self.first) if full else self.first
            here = any(
                span.first <= day < span.until for span in spans.get(stay.organization_id, ())
            )
            holds = stay.placed_from <= day and (
                stay.placed_until is None or day < stay.placed_until
            )
            if here and holds:
                found[stay.member_id] = Thing(day, stay.organization_id, stay.member_id)
        return list(found.values())

    def _steps(self, step: str) -> list[Thing]:
        there = self.chosen.periods_on(self.last).values("organization")
        taken = (
            StepTaken.objects.in_force()
            .of(step)
            .filter(
                taken_on__gte=code_from(self.first),
                taken_on__lte=PartialDate.of(self.last),
                file__organization__in=there,
            )
            .select_related("file")
        )
        return [
            Thing(
                each.taken_on.first_day if each.taken_on else None,
                each.file.organization_id,
                each.file.member_id,
                each.file.name,
            )
            for each in taken.order_by("taken_on", "pk")
        ]

    # Dues

    @cached_property
    def _returned(self) -> list[Thing]:
        """What was sent back to branches; one that was reversed counts nothing."""
        entries = AccountEntry.objects.filter(
            kind=ledger.RETURNED,
            day__range=(self.first, self.last),
            organization__in=self.chosen.periods_on(self.last).values("organization"),
            counterpart__sort=hierarchy.RETIRED,
        ).order_by("day", "pk")
        return [
            Thing(each.day, each.counterpart_id, amount=each.amount or ZERO) for each in entries
        ]

    def _returned_to(self) -> list[Thing]:
        sums: dict[int | None, Decimal] = {}
        for each in self._returned:
            sums[each.organization_id] = sums.get(each.organization_id, ZERO) + (
                each.amount or ZERO
            )
        return [Thing(organization_id=key, amount=total) for key, total in sums.items() if total]


SOURCES: dict[str, Callable[[Working], list[Thing]]] = {
    "organ_committees_founded": lambda it: it._happened(
        Event.FOUNDED, hierarchy.ORGAN_COMMITTEE, hierarchy.PARTY_COMMITTEE
    ),
    "general_branches_founded": lambda it: it._happened(Event.FOUNDED, hierarchy.GENERAL_BRANCH),
    "branches_founded": lambda it: it._happened(Event.FOUNDED, hierarchy.BRANCH),
    "organizations_renamed": lambda it: it._happened(Event.RENAMED),
    "organizations_moved": lambda it: it._moved(),
    "organizations_dissolved": lambda it: it._happened(Event.DISSOLVED),
    "full_time_deputies_added": lambda it: it._full_time_deputies(),
    "terms_due": lambda it: it._due(),
    "terms_held_on_time": lambda it: it._due(only_in_time=True),
    "units_with_organizations": lambda it: [Thing(words=unit.name) for unit in it._units],
    "units_whose_head_is_secretary": lambda it: it._headed_units(),
    "applications": lambda it: it._steps("application"),
    "activists_named": lambda it: it._steps("activist"),
    "members_made_full": lambda it: it._made_full(),
    "dues_returned_branches": lambda it: it._returned_to(),
    "dues_returned": lambda it: it._returned,
}


def work_report_of(
    organization: Organization, first: date, last: date, keys: Any = ()
) -> dict[str, Number]:
    """Return every number of a period: of the registers, typed for this period, or None.

    ``keys`` are further boxes, as the office's template names them.
    """
    numbers = Working(organization, first, last).numbers()
    numbers |= {key: None for key in keys if key not in numbers}
    for each in TypedFigure.of(organization, first, last):
        if work_report.is_typed(each.key):
            numbers[each.key] = each.value
    return numbers
