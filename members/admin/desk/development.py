"""What presses in the development of members: the steps whose last day has come or comes soon."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from branches.models import Organization
from members.admin.desk.lines import (
    BAD,
    MOST_NAMED,
    NOW,
    SOON,
    SOON_DAYS,
    WARN,
    Line,
    counted,
    due,
    rest_of,
)
from members.admin.desk.reach import Reach, reach_of
from members.admin.development.pages import file_url, step_url
from members.admin.development.questions import label_of, own_steps
from members.admin.doors import address_of
from members.models import Deadline
from members.models.development.deadlines import DUE as LAST_DAY
from members.models.development.deadlines import OVERDUE, conditions
from members.models.development.deadlines import SOON as COMING
from members.models.development.tallies import ME, SENT_BACK, with_mine


def development(user: Any, today: date) -> Iterable[Line]:
    reach = reach_of(user)
    if not reach.tops:
        return []
    rows = Deadline.objects.visible_to(user)
    rows = rows.filter(Q(due_by__lte=today + timedelta(days=SOON_DAYS)) | Q(sent_back=True))
    return _by_name(rows, user, reach, today) if reach.is_small else _by_number(
        rows, user, reach, today
    )  # fmt: skip


def _by_name(rows: Any, user: Any, reach: Reach, today: date) -> Iterator[Line]:
    asked = with_mine(rows.in_order(), user).select_related("file").only(
        "step", "possible_from", "due_by", "blocked", "sent_back", "file__name"
    )  # fmt: skip
    found = list(asked[: MOST_NAMED + 1])
    own = own_steps(reach.tops[0]) if found else {}
    for row in found[:MOST_NAMED]:
        words = {"name": row.file.name, "step": label_of(row.step, own)}
        begun = row.possible_from is None or row.possible_from <= today
        to_do = row.mine and begun and not row.blocked
        url = step_url(row.file_id, row.step) if to_do else file_url(row.file_id)
        if row.sent_back:
            text = _("%(name)s: “%(step)s” was sent back; complete it and hand it in again")
            yield Line(NOW, text % words, url, until=row.due_by, when=_("sent back"), look=BAD)
        else:
            yield due(_("%(name)s: %(step)s") % words, row.due_by, today, url)
    if len(found) > MOST_NAMED:
        number = rows.order_by().count()
        more = number - MOST_NAMED
        text = ngettext("%(more)s step more", "%(more)s steps more", more) % {"more": more}
        yield from rest_of(number, MOST_NAMED, SOON, text, address_of("development", reach.tops[0]))


def _by_number(rows: Any, user: Any, reach: Reach, today: date) -> Iterator[Line]:
    """The steps that wait for the user himself, then those that wait for others."""
    asked = conditions(today, SOON_DAYS)
    states = {state: Count("pk", filter=asked[state]) for state in (OVERDUE, LAST_DAY, COMING)}
    grouped = with_mine(rows, user).order_by().values("organization__path", "mine")
    numbers: dict[tuple[str, bool], dict[str, int]] = defaultdict(dict)
    for row in grouped.annotate(**states, sent_back=Count("pk", filter=Q(sent_back=True))):
        for state in (OVERDUE, LAST_DAY, COMING, SENT_BACK):
            if row[state]:
                numbers[state, row["mine"]][row["organization__path"]] = row[state]
    for state, (urgency, look) in _LOOKS.items():
        for mine in (True, False):
            yield from _line(reach, numbers[state, mine], state, urgency, look, mine=mine)


_LOOKS = {OVERDUE: (NOW, BAD), LAST_DAY: (NOW, BAD), SENT_BACK: (NOW, WARN), COMING: (SOON, WARN)}


def _line(
    reach: Reach, numbers: dict[str, int], state: str, urgency: str, look: str, *, mine: bool
) -> list[Line]:
    asked = {"state": state, "waits": ME} if mine else {"state": state}

    def address(organization: Organization | int) -> str:
        return address_of("development", organization, **asked)

    def sentence(number: int) -> str:
        return _said(state, number, mine=mine) % {"number": number}

    return counted(urgency, reach, numbers, sentence, address, when=_when(state), look=look)


def _said(state: str, number: int, *, mine: bool) -> str:
    if state == SENT_BACK:
        return ngettext(
            "%(number)s step was sent back to its branch",
            "%(number)s steps were sent back to their branches",
            number,
        )
    if mine:
        return ngettext("%(number)s step waits for you", "%(number)s steps wait for you", number)
    return ngettext("%(number)s step waits for others", "%(number)s steps wait for others", number)


def _when(state: str) -> str:
    if state == SENT_BACK:
        return _("sent back")
    if state == COMING:
        return _("within %(days)s days") % {"days": SOON_DAYS}
    return _("overdue") if state == OVERDUE else _("due today")
