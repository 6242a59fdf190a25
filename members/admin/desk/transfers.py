"""Transfers that wait for somebody here: to accept, to place, to issue, to ask after."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial, reduce
from operator import or_
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext_lazy

from branches.models import Organization, in_scopes, scopes
from branches.rules import roles
from members.admin.desk.lines import BAD, MOST_NAMED, NOW, OPEN, WARN, Line, counted, due, rest_of
from members.admin.desk.reach import Reach, reach_of
from members.admin.doors import address_of
from members.models import Transfer
from members.models.transfers.asking import GIVES, TAKES, standing_so
from members.rules import transfers as rules

LIST = "transfers"
PASSES = "passing_through__path"


@dataclass(frozen=True)
class Waiting:
    """What a state asks for: of one by name, and of so many."""

    one: Any
    many: Any
    urgency: str = OPEN
    look: str = ""
    last_day: str = ""  # the column that holds it


# By the side that has to do it and the verb it needs.
SIDES: dict[tuple[str, str], dict[str, Waiting]] = {
    (GIVES, roles.ISSUE): {
        rules.PROPOSED: Waiting(
            _lazy("Issue the transfer letter of %(name)s"),
            ngettext_lazy(
                "%(number)s transfer letter is to be issued",
                "%(number)s transfer letters are to be issued",
                "number",
            ),
        ),
    },
    (PASSES, roles.ISSUE): {
        rules.PASSING: Waiting(
            _lazy("Pass on the transfer letter of %(name)s"),
            ngettext_lazy(
                "%(number)s transfer letter is to be passed on",
                "%(number)s transfer letters are to be passed on",
                "number",
            ),
            look=WARN,
        ),
    },
    (GIVES, roles.MOVE): {
        rules.OVERDUE: Waiting(
            _lazy("The receipt for %(name)s has not come back: ask for it"),
            ngettext_lazy(
                "%(number)s receipt has not come back",
                "%(number)s receipts have not come back",
                "number",
            ),
            NOW,
            BAD,
            "receipt_due_on",
        ),
        rules.EXPIRED: Waiting(
            _lazy("The letter of %(name)s holds no more: ask, then issue it anew"),
            ngettext_lazy(
                "%(number)s letter holds no more and nobody has accepted",
                "%(number)s letters hold no more and nobody has accepted",
                "number",
            ),
            NOW,
            BAD,
            "valid_through",
        ),
    },
    (TAKES, roles.MOVE): {
        rules.UNDER_WAY: Waiting(
            _lazy("Accept %(name)s, who comes from another branch"),
            ngettext_lazy(
                "%(number)s member is to be accepted",
                "%(number)s members are to be accepted",
                "number",
            ),
            look=WARN,
        ),
        rules.TO_PLACE: Waiting(
            _lazy("Place %(name)s, who came by letter, in a branch"),
            ngettext_lazy(
                "%(number)s newcomer is to be placed in a branch",
                "%(number)s newcomers are to be placed in a branch",
                "number",
            ),
            look=WARN,
        ),
        rules.RECEIPT_OWED: Waiting(
            _lazy("Return the receipt for %(name)s"),
            ngettext_lazy(
                "%(number)s receipt is to be returned",
                "%(number)s receipts are to be returned",
                "number",
            ),
        ),
    },
}


def transfers(user: Any, today: date) -> Iterator[Line]:
    for (side, verb), states in SIDES.items():
        reach = reach_of(user, verb)
        if not reach.tops:
            continue
        rows = Transfer.objects.open().filter(in_scopes(scopes(user, verb), side))
        if side == TAKES:  # of those within the register: what goes elsewhere is accepted there
            rows = rows.filter(Q(direction=rules.IN) | Q(kind=rules.INTERNAL))
        if reach.is_small:
            yield from _named(rows, states, user, today, reach)
        else:
            yield from _counted(rows, states, side, today, reach)


def _named(
    rows: Any, states: Mapping[str, Waiting], user: Any, today: date, reach: Reach
) -> Iterator[Line]:
    asked = reduce(or_, (standing_so(state, today) for state in states))
    found = list(rows.filter(asked).with_people().order_by("begun_on", "pk")[: MOST_NAMED + 1])
    for transfer in found[:MOST_NAMED]:
        waiting = states[transfer.state(today)]
        text = f"{waiting.one}" % {"name": transfer.name_for(user)}
        url = reverse("admin:transfer", args=[transfer.pk])
        last = waiting.last_day and getattr(transfer, waiting.last_day)
        if last:
            yield due(text, last, today, url)
        else:
            yield Line(waiting.urgency, text, url, look=waiting.look)
    url = address_of(LIST, reach.tops[0])
    yield from rest_of(len(found), MOST_NAMED, OPEN, _("More transfers wait: see the list"), url)


def _counted(
    rows: Any, states: Mapping[str, Waiting], side: str, today: date, reach: Reach
) -> Iterable[Line]:
    numbers: dict[str, Counter[str]] = defaultdict(Counter)
    counts = {state: Count("pk", filter=standing_so(state, today)) for state in states}
    for row in rows.order_by().values(side).annotate(**counts):
        for state in states:
            numbers[state][row[side]] += row[state]
    for state, waiting in states.items():
        yield from counted(
            waiting.urgency,
            reach,
            numbers[state],
            partial(_said, waiting),
            partial(_list, state),
            look=waiting.look,
        )


def _said(waiting: Waiting, number: int) -> str:
    return f"{waiting.many % {'number': number}}"


def _list(state: str, organization: Organization | int) -> str:
    return address_of(LIST, organization, show="accept" if state == rules.UNDER_WAY else state)
