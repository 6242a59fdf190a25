"""Members out of touch, suspended for long, floating in silence; discipline that ends soon."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from typing import Any

from django.db.models import Count
from django.utils.translation import ngettext, ngettext_lazy

from branches.models import Organization
from branches.rules import roles
from members.admin.desk.lines import MOST_NAMED, OPEN, WARN, Line, counted, with_names
from members.admin.desk.reach import kept, reach_of
from members.admin.doors import address_of
from members.models import Discipline, Member

ENDS_WITHIN = 60  # days


def out_of_touch(user: Any, today: date) -> Iterator[Line]:
    """Those whose contact is lost for six months, suspended for two years, floating in silence."""
    members = Member.objects.visible_to(user)
    for name, rows, sentence, page, state in (
        (
            "lost",
            members.lost_contact_for_six_months(today),
            ngettext_lazy(
                "%(number)s member is out of touch for six months: suspension is to be examined",
                "%(number)s members are out of touch for six months: suspension is to be examined",
                "number",
            ),
            "standing",
            "six_months",
        ),
        (
            "suspended",
            members.suspended_for_two_years(today),
            ngettext_lazy(
                "%(number)s member is suspended for two years: striking off is to be examined",
                "%(number)s members are suspended for two years: striking off is to be examined",
                "number",
            ),
            "standing",
            "two_years",
        ),
        (
            "silent",
            members.floating_without_contact_for_six_months(today),
            ngettext_lazy(
                "%(number)s floating member was not spoken to for six months",
                "%(number)s floating members were not spoken to for six months",
                "number",
            ),
            "standing_floating",
            "silent",
        ),
    ):
        address = partial(_list, page, state)
        yield from _lines(user, roles.VIEW, today, name, rows, "", partial(_of, sentence), address)


def discipline(user: Any, today: date) -> Iterator[Line]:
    """Decisions whose effect ends soon; only for those who may see them."""
    rows = Discipline.objects.visible_to(user).ending_within(today, ENDS_WITHIN)

    def sentence(number: int) -> str:
        return ngettext(
            "The effect of %(number)s decision ends within two months",
            "The effect of %(number)s decisions ends within two months",
            number,
        ) % {"number": number}

    address = partial(_list, "standing_discipline", "ending")
    verb = roles.VIEW_DISCIPLINE
    yield from _lines(user, verb, today, "discipline", rows, "member__", sentence, address)


def _of(sentence: Any, number: int) -> str:
    return f"{sentence % {'number': number}}"


def _list(page: str, state: str, organization: Organization | int) -> str:
    return address_of(page, organization, state=state)


def _lines(
    user: Any,
    verb: str,
    today: date,
    name: str,
    rows: Any,
    to_member: str,
    sentence: Callable[[int], str],
    address: Callable[[Organization | int], str],
) -> list[Line]:
    """The line about ``rows``, with the names of the members at ``to_member`` on a small desk."""
    reach = reach_of(user, verb)
    if not reach.tops:
        return []
    if not reach.is_small:
        by_path = rows.order_by().values_list(f"{to_member}organization__path")
        spread = kept(reach, name, today, lambda: dict(by_path.annotate(Count("pk"))))
        return counted(OPEN, reach, spread, sentence, address, look=WARN)
    names = list(rows.order_by("pk").values_list(f"{to_member}name", flat=True)[: MOST_NAMED + 1])
    if not names:
        return []
    number = len(names) if len(names) <= MOST_NAMED else rows.count()
    return [
        Line(OPEN, with_names(sentence(number), names, number), address(reach.tops[0]), look=WARN)
    ]
