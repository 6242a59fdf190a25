"""Dues: the month that is not closed yet, and who has not paid for three months or six."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from functools import partial
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from branches.models import Organization, Subtree
from branches.rules import roles
from members.admin.desk.lines import BAD, NOW, SOON, WARN, Line, counted, with_names
from members.admin.desk.reach import Reach, kept, reach_of
from members.admin.doors import address_of
from members.models import Member, Payment
from members.models.dues.arrears import arrears_of
from members.models.dues.closings import closed_to
from members.rules.dues_months import ARREARS_LEVELS, next_month, written
from registry.calendar import first_of_month, months_after, years_after

TALK, FLAG = "talk", "flag"  # of ARREARS_LEVELS
_LOOKS = {FLAG: (NOW, BAD), TALK: (NOW, WARN)}


def closing(user: Any, today: date) -> Iterator[Line]:
    """The months before this one that a committee has not closed, where dues are kept here."""
    last = months_after(first_of_month(today), -1)
    for top in reach_of(user, roles.CLOSE_DUES).tops:
        closed = closed_to(top)
        if (closed is None and not _is_booked(top, last)) or (closed and closed >= last):
            continue
        first = next_month(closed) if closed else last
        late = first < last
        if late:
            words = {"first": written(first), "last": written(last)}
            text = _("The dues of %(first)s to %(last)s are not closed yet") % words
        else:
            text = _("The dues of %(month)s are not closed yet") % {"month": written(last)}
        look = BAD if late else WARN
        yield Line(NOW if late else SOON, text, address_of("dues_months", top), look=look)


def _is_booked(top: Organization, last: date) -> bool:
    """Whether anybody at or below ``top`` has taken money in the year up to the month ``last``."""
    return Payment.objects.filter(
        organization__path__gte=top.path,
        organization__path__lt=top.end_path,
        booked_month__gt=years_after(last, -1),
        booked_month__lte=last,
    ).exists()


def arrears(user: Any, today: date) -> Iterator[Line]:
    """Who has not paid for so many months in a row that somebody is to talk to him, or that the
    committee is to hear of him."""
    reach = reach_of(user, roles.VIEW_DUES)
    month = first_of_month(today)
    named = reach.is_small and reach.is_one
    counts = kept(reach, "arrears", today, lambda: _counted(reach, month))
    for level, (urgency, look) in _LOOKS.items():
        members = {path: people for (of, path), people in counts.items() if of == level}
        numbers = {path: len(people) for path, people in members.items()}
        listed = _names(user, [pk for each in members.values() for pk in each]) if named else []

        def sentence(number: int, level: str = level, listed: list[str] = listed) -> str:
            return with_names(_said(level, number), listed, number)

        address = partial(_list, level, month)
        yield from counted(urgency, reach, numbers, sentence, address, look=look)


def _counted(reach: Reach, month: date) -> dict[tuple[str, str], list[int]]:
    """Return who is in arrears by the tree of now, by what is to be done and by path."""
    found: dict[tuple[str, int], list[int]] = defaultdict(list)
    for top in reach.tops:
        lines = arrears_of(
            top, month, at_least=ARREARS_LEVELS[TALK].from_months, below=Subtree.now(top)
        )
        for line in lines:
            found[line.level, line.organization_id].append(line.member_id)
    rows = Organization.objects.filter(pk__in={pk for _level, pk in found})
    paths = dict(rows.values_list("pk", "path")) if found else {}
    return {(level, paths[pk]): people for (level, pk), people in found.items()}


def _names(user: Any, members: list[int]) -> list[str]:
    people = Member.objects.visible_to(user, roles.VIEW_DUES).filter(pk__in=members)
    return list(people.order_by("pk").values_list("name", flat=True)) if members else []


def _list(level: str, month: date, organization: Organization | int) -> str:
    return address_of("dues_arrears", organization, month=written(month), level=level)


def _said(level: str, number: int) -> str:
    if level == FLAG:
        text = ngettext(
            "%(number)s member has not paid for six months or more: tell the committee",
            "%(number)s members have not paid for six months or more: tell the committee",
            number,
        )
    else:
        text = ngettext(
            "%(number)s member has not paid for three months: talk to him",
            "%(number)s members have not paid for three months: talk to them",
            number,
        )
    return text % {"number": number}
