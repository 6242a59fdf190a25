"""Elections that are due, and what is wrong with committees."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from functools import partial
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from branches.models import Organization
from members.admin.desk.lines import (
    BAD,
    MOST_NAMED,
    NOW,
    OPEN,
    SOON,
    WARN,
    Line,
    counted,
    due,
    with_names,
)
from members.admin.desk.reach import Reach, kept, reach_of
from members.admin.doors import address_of
from members.models import Term, choices
from members.models.terms.standing import heads_of, wrong_in
from members.rules import committees, terms
from registry.calendar import months_after

# From the last month on it presses; the six months before are for getting ready.
_LOOKS = {terms.OVERDUE: (NOW, BAD), terms.DUE: (SOON, BAD), terms.DUE_SOON: (SOON, WARN)}


def elections(user: Any, today: date) -> Iterable[Line]:
    """The terms that are over, end within a month, or within six."""
    reach = reach_of(user)
    if not reach.tops:
        return []
    ahead = months_after(today, terms.REMIND_MONTHS + 1)
    rows = Term.objects.on(today).with_due(today).visible_to(user).filter(due_then__lte=ahead)
    asked = rows.filter(organization__dissolved_on__isnull=True).values_list(
        "organization", "organization__path", "organization__short_name", "organization__name",
        "body", "due_then",
    )  # fmt: skip
    ending = list(asked.order_by("due_then", "organization__path"))
    pressing = [(terms.state(row[-1], today), row) for row in ending]
    pressing = [(state, row) for state, row in pressing if state in _LOOKS]
    if reach.is_small or len(pressing) <= WORTH_NAMING:
        return _ends(pressing, today)
    return _by_state(pressing, reach)


WORTH_NAMING = 3  # terms that are named on a large desk too


def _ends(pressing: list[tuple[str, Any]], today: date) -> Iterator[Line]:
    bodies = dict(choices.elected_bodies())
    for state, (pk, _path, short_name, name, body, last) in pressing[:MOST_NAMED]:
        words = {"organization": short_name or name, "body": bodies[body]}
        text = _("The term of “%(organization)s” (%(body)s) ends: prepare its election") % words
        if state == terms.OVERDUE:
            text = _("The term of “%(organization)s” (%(body)s) is over: hold its election") % words
        yield due(text, last, today, address_of("terms", pk, state=state))


def _by_state(pressing: list[tuple[str, Any]], reach: Reach) -> Iterator[Line]:
    numbers: dict[str, Counter[str]] = defaultdict(Counter)
    for state, (_pk, path, *_rest) in pressing:
        numbers[state][path] += 1
    for state, (urgency, look) in _LOOKS.items():
        yield from counted(
            urgency,
            reach,
            numbers[state],
            partial(_said, state),
            partial(_list, state),
            when=dict(choices.term_states())[state],
            look=look,
        )


def _list(state: str, organization: Organization | int) -> str:
    return address_of("terms", organization, state=state)


def _said(state: str, number: int) -> str:
    if state == terms.OVERDUE:
        text = ngettext(
            "%(number)s body is to be elected: urge it",
            "%(number)s bodies are to be elected: urge them",
            number,
        )
    else:
        text = ngettext(
            "%(number)s election is coming: remind of it",
            "%(number)s elections are coming: remind of them",
            number,
        )
    return text % {"number": number}


def bodies(user: Any, today: date) -> Iterable[Line]:
    """Posts that are empty, committees that are too small, secretaries without a certificate,
    heads of units who are not secretary."""
    reach = reach_of(user)
    numbers: dict[str, Counter[str]] = defaultdict(Counter)
    names: dict[str, list[str]] = defaultdict(list)
    if not reach.tops:
        return
    rows = Organization.objects.visible_to(user).standing()
    for each in kept(reach, "bodies", today, lambda: wrong_in(rows, today)):
        numbers[each.code][each.path] += 1
        names[each.code].append(each.name)
    for code in (committees.VACANT, committees.TOO_SMALL, committees.NO_CERTIFICATE):
        yield from counted(
            OPEN,
            reach,
            numbers[code],
            partial(_wrong, code, names[code]),
            partial(_found, code),
            look=WARN if code == committees.VACANT else "",
        )
    for top in reach.tops:
        apart = heads_of(top, user, today).apart
        if apart:
            text = ngettext(
                "In %(number)s unit the head is not secretary",
                "In %(number)s units the head is not secretary",
                len(apart),
            ) % {"number": len(apart)}
            if len(apart) <= WORTH_NAMING:
                text = with_names(text, [unit.name for unit in apart], len(apart))
            yield Line(OPEN, text, _found(committees.HEAD_ELSEWHERE, top))


def _found(code: str, organization: Organization | int) -> str:
    return address_of("terms_committees", organization, finding=code)


def _wrong(code: str, names: list[str], number: int) -> str:
    if len(names) == 1:
        return _ONE[code] % {"name": names[0]}
    return _many(code, number) % {"number": number}


_ONE = {
    committees.VACANT: gettext_lazy("“%(name)s” has no secretary"),
    committees.TOO_SMALL: gettext_lazy("The committee of “%(name)s” is too small for its members"),
    committees.NO_CERTIFICATE: gettext_lazy("The secretary of “%(name)s” has no certificate"),
}


def _many(code: str, number: int) -> str:
    if code == committees.VACANT:
        return ngettext(
            "%(number)s organisation has no secretary",
            "%(number)s organisations have no secretary",
            number,
        )
    if code == committees.TOO_SMALL:
        return ngettext(
            "%(number)s committee is too small for its members",
            "%(number)s committees are too small for their members",
            number,
        )
    return ngettext(
        "%(number)s secretary has no certificate",
        "%(number)s secretaries have no certificate",
        number,
    )
