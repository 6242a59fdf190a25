"""Party birthdays (政治生日) of today, this week and this month, and 光荣在党50年 before 1 July."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from functools import partial
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from branches.rules import roles
from members.admin.desk.lines import NOW, SOON, Line, counted, with_names
from members.admin.desk.reach import Reach, kept, reach_of
from members.admin.desk.records import members_address
from members.admin.doors import address_of
from members.models import Member
from members.rules import membership
from members.rules.codes import FULL
from registry.calendar import PartialDate, first_of_month, months_after, years_after

WEEK = timedelta(days=7)
YEARS = 50
MEDAL_DAYS = 120  # before 1 July from which on the list of medals is made ready


def birthdays(user: Any, today: date) -> Iterable[Line]:
    """Those of today by name; those to come this month by name or number."""
    reach = reach_of(user)
    if not reach.tops:
        return []
    rows = Member.objects.visible_to(user).on_roll()
    return _by_name(rows, today, reach) if reach.is_small else _by_number(rows, today, reach)


def _by_number(rows: Any, today: date, reach: Reach) -> list[Line]:
    month = rows.with_party_birthday_in(today.month).order_by()
    asked = month.values_list("organization__path").annotate(Count("pk"))
    counts = kept(reach, "birthdays", today, lambda: dict(asked))

    def sentence(number: int) -> str:
        return ngettext(
            "%(number)s Party birthday this month", "%(number)s Party birthdays this month", number
        ) % {"number": number}

    address = partial(members_address, birthday_month=today.month)
    return counted(SOON, reach, counts, sentence, address)


def _by_name(rows: Any, today: date, reach: Reach) -> Iterator[Line]:
    ends = max(months_after(first_of_month(today), 1) - date.resolution, today + WEEK)
    born = rows.with_party_birthdays(today, ends).filter(joined_on__lt=PartialDate(today.year))
    asked = born.values_list("pk", "name", "joined_on")
    coming = sorted((_next(joined, today), name, pk, joined) for pk, name, joined in asked)
    for day, name, pk, joined in coming:
        if day == today:
            words = {"name": name, "years": day.year - joined.year}
            text = ngettext(
                "Party birthday of %(name)s: %(years)s year since joining",
                "Party birthday of %(name)s: %(years)s years since joining",
                words["years"],
            )
            url = reverse("admin:members_member_change", args=[pk])
            yield Line(NOW, text % words, url, until=day, when=_("today"))
    later = [f"{name} {day.month}-{day.day}" for day, name, *_rest in coming if day > today]
    if later:
        text = with_names(_("Party birthdays coming up"), later, len(later))
        top = reach.tops[0] if reach.is_one else 0
        yield Line(SOON, text, members_address(top, birthday_month=today.month))


def _next(joined: PartialDate, today: date) -> date:
    """Return the first Party birthday from ``today`` on."""
    this_year = membership.party_birthday(joined, today.year).first_day
    if this_year >= today:
        return this_year
    return membership.party_birthday(joined, today.year + 1).first_day


def medals(user: Any, today: date) -> Iterator[Line]:
    """Who reaches fifty years of Party age by the coming 1 July, from spring on."""
    july = date(today.year, 7, 1)
    if not 0 <= (july - today).days <= MEDAL_DAYS:
        return
    reach = reach_of(user, roles.PRINT)
    rows = Member.objects.visible_to(user, roles.PRINT).on_roll()
    first, last = (PartialDate.of(years_after(july, -years)) for years in (YEARS + 1, YEARS))
    likely = Q(full_member_on__gt=first, full_member_on__lte=last) | ~Q(party_age_correction=0)
    asked = rows.filter(likely, kind=FULL).order_by("organization__path", "pk").values_list(
        "organization__path", "name", "full_member_on", "party_age_correction"
    )  # fmt: skip
    reached = [
        (path, name)
        for path, name, full_member_on, months in asked
        if (age := membership.party_age(full_member_on, months, july)) and age[0] == YEARS
    ]
    numbers = Counter(path for path, _name in reached)
    names = [name for _path, name in reached] if reach.is_small and reach.is_one else []

    def sentence(number: int) -> str:
        text = ngettext(
            "%(number)s member reaches fifty years in the Party by 1 July: prepare the medal",
            "%(number)s members reach fifty years in the Party by 1 July: prepare the medals",
            number,
        ) % {"number": number}
        return with_names(text, names, number)

    address = partial(address_of, "paper_fifty_years", year=july.year)
    yield from counted(SOON, reach, numbers, sentence, address, until=july, when=f"{july:%m-%d}")
