"""What a line of the desk says, and how lines are put together from what is counted.

A source is a function ``(user, today)`` that gives the lines of one subject; it asks for rows by
``visible_to`` with its own verb, and for nothing where the user does not carry it. Small desks
name people, large ones count them; either way a source costs one or two questions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from branches.models import Organization
from members.admin.desk.reach import Reach, Share, kept

NOW, SOON, OPEN = "now", "soon", "open"
URGENCIES = (NOW, SOON, OPEN)
SOON_DAYS = 30
MOST_NAMED = 8  # lines of one kind; of more the rest is counted
BAD, WARN = "bad", "warn"


@dataclass(frozen=True)
class Place:
    """An organisation beside a number, and the same list of it alone; "" where it has none."""

    label: str
    number: int
    url: str


@dataclass(frozen=True)
class Line:
    """One thing to do: what and who or how many, until when, and the page where it is done.

    ``url`` is "" where the reader could not open that page. ``until`` is the last day, if any;
    ``when`` says it in words, ``look`` how pressing it is.
    """

    urgency: str
    text: str
    url: str = ""
    until: date | None = None
    when: str = ""
    look: str = ""
    places: tuple[Place, ...] = ()
    of: str = ""  # the organisation, where the desk is of several

    @property
    def order(self) -> tuple[date, bool]:
        return self.until or date.max, not self.look


Source = Callable[[Any, date], Iterable[Line]]


def due(text: str, last: date, today: date, url: str = "", **more: Any) -> Line:
    """Return a line with a last day: late, today or soon."""
    days = (last - today).days
    return Line(
        NOW if days <= 0 else SOON,
        text,
        url,
        until=last,
        when=until_in_words(last, today),
        look=BAD if days <= 0 else WARN if days <= SOON_DAYS else "",
        **more,
    )


def until_in_words(last: date, today: date) -> str:
    """Return how far off a last day is: “3 days late”, “today”, “in 12 days”."""
    days = (last - today).days
    if days < 0:
        return ngettext("%(days)s day late", "%(days)s days late", -days) % {"days": -days}
    if days == 0:
        return _("due today")
    if days == 1:
        return _("due tomorrow")
    return ngettext("in %(days)s day", "in %(days)s days", days) % {"days": days}


def counted(
    urgency: str,
    reach: Reach,
    counts: Mapping[str, int],
    sentence: Callable[[int], str],
    address: Callable[[Organization | int], str],
    **more: Any,
) -> list[Line]:
    """Return a line for each topmost organisation in which something is counted by path.

    ``sentence`` says so many, ``address`` is the list of it in an organisation.
    """
    return [
        Line(
            urgency,
            sentence(share.number),
            address(share.top),
            places=places_of(share, address),
            of="" if reach.is_one else f"{share.top}",
            **more,
        )
        for share in reach.shares(counts)
    ]


def people_in(
    rows: Any,
    reach: Reach,
    today: date,
    name: str,
    sentence: Callable[[int], str],
    address: Callable[[Organization | int], str],
    *,
    counts: Any = None,
    member: str = "",
    everywhere: bool = False,
    **more: Any,
) -> list[Line]:
    """Return the line about the people of ``rows``: with their names on a small desk, elsewhere
    their numbers, kept under ``name`` for a large one.

    ``member`` leads from a row to its member; ``counts`` are the numbers by path where there is a
    shorter way to them than by the rows. Where ``address`` of 0 lists them ``everywhere``, the
    desk of several small organisations names their people together.
    """
    if not reach.tops:
        return []
    if not (reach.is_small and (reach.is_one or everywhere)):
        if counts is None:
            places = rows.order_by().values_list(f"{member}organization__path")
            counts = places.annotate(Count("pk"))
        spread = kept(reach, name, today, lambda: dict(counts))
        return counted(OPEN, reach, spread, sentence, address, **more)
    names = list(rows.values_list(f"{member}name", flat=True)[: MOST_NAMED + 1])
    if not names:
        return []
    number = len(names) if len(names) <= MOST_NAMED else rows.count()
    url = address(reach.tops[0] if reach.is_one else 0)
    return [Line(OPEN, with_names(sentence(number), names, number), url, **more)]


def places_of(share: Share, address: Callable[[Organization | int], str]) -> tuple[Place, ...]:
    return tuple(Place(part.name, part.number, address(part.organization)) for part in share.worst)


def rest_of(number: int, shown: int, urgency: str, text: str, url: str) -> list[Line]:
    """Return the line that counts what was not named, if anything was not."""
    return [Line(urgency, text, url)] if number > shown else []


def with_names(text: str, people: list[str], number: int) -> str:
    """Return ``text`` with names behind it, and how many more there are; ``number`` is all."""
    if not people:
        return text
    shown, more = people[:MOST_NAMED], number - len(people[:MOST_NAMED])
    words = {"text": text, "names": "、".join(shown), "more": more}
    if not more:
        return _("%(text)s: %(names)s") % words
    said = ngettext(
        "%(text)s: %(names)s and %(more)s other", "%(text)s: %(names)s and %(more)s others", more
    )
    return said % words
