"""Members out of touch, suspended for long, floating in silence; discipline that ends soon."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial
from typing import Any

from django.utils.translation import ngettext, ngettext_lazy

from branches.models import Organization
from branches.rules import roles
from members.admin.desk.lines import WARN, Line, people_in
from members.admin.desk.reach import reach_of
from members.admin.doors import address_of
from members.models import Discipline, Member

ENDS_WITHIN = 60  # days


def out_of_touch(user: Any, today: date) -> Iterator[Line]:
    """Those whose contact is lost for six months, suspended for two years, floating in silence."""
    members = Member.objects.visible_to(user).in_roster_order()
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
        reach = reach_of(user)
        said = partial(_of, sentence)
        yield from people_in(rows, reach, today, name, said, address, look=WARN)


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
    reach = reach_of(user, roles.VIEW_DISCIPLINE)
    yield from people_in(
        rows, reach, today, "discipline", sentence, address, member="member__", look=WARN
    )


def _of(sentence: Any, number: int) -> str:
    return f"{sentence % {'number': number}}"


def _list(page: str, state: str, organization: Organization | int) -> str:
    return address_of(page, organization, state=state)
