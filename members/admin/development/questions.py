"""What a desk of development is asked, as a filter of its rows and as addresses of its numbers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from branches.models import Organization
from members.admin.doors import address_of
from members.models import DevelopmentFile, LocalStep
from members.models.development.deadlines import (
    BLOCKED,
    DUE,
    OVERDUE,
    POSSIBLE,
    SOON,
    STATES,
    WAITING_AT,
    WITHIN,
)
from members.models.development.tallies import ME, SENT_BACK, Tally, matching, summed
from members.rules import development
from members.rules.development import LEVELS
from registry.language import said

PRESSING, ALL = "pressing", "all"
STATE_LABELS = {
    OVERDUE: _("Overdue"),
    DUE: _("Last day today"),
    SOON: _("Within %(days)s days"),
    POSSIBLE: _("Possible"),
    BLOCKED: _("Not yet"),
    SENT_BACK: _("Sent back"),
}
BY_STEP, BY_PERSON = "step", "person"


@dataclass(frozen=True)
class Figure:
    """One number of the desk and the list behind it."""

    label: str
    number: int
    url: str
    attention: bool = False
    here: bool = False


@dataclass(frozen=True)
class StepLine:
    """What waits at one step, by state, and whether anybody may take it together."""

    label: str
    number: str
    level: str
    figures: list[Figure]
    together: str


class Question:
    """What the address asks of the desk, as a filter of rows, and as addresses of its numbers."""

    def __init__(self, organization: Organization, on: date, asked: dict[str, Any]) -> None:
        self.organization, self.on, self.within = organization, on, asked["within"]
        self.step, self.waits, self.name = asked["step"], asked["waits"], asked["name"].strip()
        # Whoever looks for somebody wants to find him, whether something presses or not.
        self.state = asked["state"] or (ALL if self.name else PRESSING)
        self.person = asked["by"] == BY_PERSON

    def narrowed(self, rows: Any, user: Any) -> Any:
        """Return the rows that the list shows, in its order."""
        if self.step:
            rows = rows.filter(step=self.step)
        if self.waits == ME:
            rows = rows.waiting_for(user)
        elif self.waits:
            rows = rows.waiting_at(self.waits)
        if self.name:
            people = DevelopmentFile.objects.visible_to(user).found_by(self.name)
            rows = rows.filter(file__in=people.order_by())
        if self.state == PRESSING:
            rows = rows.pressing(self.on, self.within)
        elif self.state == SENT_BACK:
            rows = rows.sent_back()
        elif self.state != ALL:
            rows = rows.in_state(self.state, self.on, self.within)
        if self.state in {PRESSING, OVERDUE, DUE, SOON}:
            return rows.by_last_day()
        return rows.by_branch()

    def address(self, **changed: str) -> str:
        """Return the address of this desk with something else asked; "" asks for nothing."""
        within = f"{self.within}" if self.within != WITHIN else ""
        kept = {
            "within": within,
            "state": "" if self.state == PRESSING else self.state,
            "step": self.step,
            "waits": self.waits,
            "by": BY_PERSON if self.person else "",
        }
        asked = {name: value for name, value in (kept | changed).items() if value}
        return address_of("development", self.organization, **asked)

    @property
    def query(self) -> str:
        """Everything that is asked but the page, for the way to the next one."""
        return self.address(name=self.name)

    def figures(self, counted: list[Tally]) -> list[Figure]:
        """The numbers above the desk, of those for whom the list asks."""
        numbers = summed(matching(counted, step=self.step, waits=self.waits))
        return [
            Figure(
                self._state(state),
                numbers[state],
                self.address(state=state),
                attention=state in {OVERDUE, DUE, SENT_BACK} and numbers[state] > 0,
                here=state == self.state,
            )
            for state in (OVERDUE, DUE, SOON, POSSIBLE, BLOCKED, SENT_BACK)
        ]

    def levels(self, counted: list[Tally]) -> list[Figure]:
        """For whom the rows of this state wait; levels at which nothing waits are left out."""
        found = [
            (_now("Everybody"), ""),
            (_now("Me"), ME),
            *((said(LEVELS[level].label).capitalize(), level) for level in WAITING_AT),
        ]
        figures = [
            Figure(
                label,
                self._number(matching(counted, step=self.step, waits=level)),
                self.address(waits=level),
                here=level == self.waits,
            )
            for label, level in found
        ]
        everybody_and_me = figures[:2]
        return [*everybody_and_me, *(each for each in figures[2:] if each.number or each.here)]

    def _number(self, counted: list[Tally]) -> int:
        numbers = summed(counted)
        if self.state == PRESSING:
            return numbers[OVERDUE] + numbers[DUE] + numbers[SOON]
        if self.state == ALL:
            return sum(numbers[state] for state in STATES)
        return numbers[self.state]

    def steps(self, counted: list[Tally], own: dict[str, LocalStep]) -> list[StepLine]:
        """The steps at which something waits, in their order, an office's own ones last."""
        mine = matching(counted, waits=self.waits)
        codes = {each.step for each in mine}
        order = [code for code in development.STEPS if code in codes]
        order += sorted(codes.difference(order))
        return [self._line(code, [t for t in mine if t.step == code], own) for code in order]

    def _line(self, code: str, counted: list[Tally], own: dict[str, LocalStep]) -> StepLine:
        numbers = summed(counted)
        step = development.STEPS.get(code)
        acts = step.acts if step else own[code].acts if code in own else "branch"
        return StepLine(
            label=label_of(code, own),
            number=step.number if step else own[code].number if code in own else "",
            level=said(LEVELS[acts].label),
            figures=[
                Figure(
                    self._state(state),
                    numbers[state],
                    self.address(step=code, state=state),
                    attention=state in {OVERDUE, DUE},
                )
                for state in STATES
            ],
            together=address_of("development_together", self.organization, step=code)
            if any(each.mine for each in counted)
            else "",
        )

    def _state(self, state: str) -> str:
        return f"{STATE_LABELS[state]}" % {"days": self.within}

    def said(self, own: dict[str, LocalStep]) -> str:
        """Return what the list shows, in words."""
        parts = []
        if self.step:
            parts.append(label_of(self.step, own))
        if self.state == PRESSING:
            text = _now("What presses: overdue, today and within %(days)s days")
            parts.append(text % {"days": self.within})
        else:
            parts.append(_now("All steps") if self.state == ALL else self._state(self.state))
        if self.waits == ME:
            parts.append(_now("waiting for me"))
        elif self.waits:
            level = said(LEVELS[self.waits].label)
            parts.append(_now("waiting for: %(level)s") % {"level": level})
        if self.name:
            parts.append(f"“{self.name}”")
        return " · ".join(parts)


def own_steps(organization: Organization) -> dict[str, LocalStep]:
    """The steps of offices above and below, by code."""
    above = LocalStep.objects.for_path(organization.path)
    below = LocalStep.objects.filter(
        organization__path__gte=organization.path, organization__path__lt=organization.end_path
    )
    return {each.code: each for each in [*below, *above]}


def label_of(code: str, own: dict[str, LocalStep]) -> str:
    if code in development.STEPS:
        return said(development.STEPS[code].label).capitalize()
    return own[code].name if code in own else code
