"""How far a round has come: who has confirmed, who has not, what has changed since."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from branches.models import OrganizationPeriod, may
from branches.rules import roles
from members.admin.confirmations.pages import (
    page,
    roster_url,
    round_for,
    round_url,
    state_of,
)
from members.models import Confirmation, ConfirmationRound
from members.models.confirmations import changed_since

SHOWN = 100  # branches on one page
OPEN, WRONG, RIGHT, CHANGED = "open", "wrong", "right", "changed"
STATES = {
    OPEN: _("not confirmed"),
    WRONG: _("something is wrong"),
    RIGHT: _("confirmed"),
    CHANGED: _("changed since"),
}
BADGES = {OPEN: "warn", WRONG: "bad", RIGHT: "good", CHANGED: "warn"}


@dataclass(frozen=True)
class Line:
    """One branch that is asked, as it was on the day, and what it has said."""

    then: OrganizationPeriod
    said: Confirmation | None
    state: str
    url: str  # its roster; "" where it has left the reader's rows

    @property
    def called(self) -> str:
        return self.then.short_name or self.then.name

    @property
    def label(self) -> Any:
        return STATES[self.state]

    @property
    def badge(self) -> str:
        return BADGES[self.state]


@require_safe
def round_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The branches that a round asks: all of them for who has opened it, one's own for others."""
    opened = round_for(request, pk)
    user = request.user
    asked = opened.asked().select_related("organization", "parent")
    if not may(user, roles.VIEW, opened.organization.path):
        asked = asked.visible_to(user)
    said = {
        each.organization_id: each
        for each in opened.confirmations.select_related("confirmed_by", "organization")
    }
    branches = list(asked)
    numbers = {OPEN: 0, WRONG: 0, RIGHT: 0}
    for then in branches:
        numbers[_state(said.get(then.organization_id))] += 1
    state = request.GET.get("state", "")
    rows = [then for then in branches if _is_asked(said.get(then.organization_id), state)]
    if state == CHANGED:  # costs what there is, so it is asked for by itself
        changed = _changed(opened, rows, said)
        rows = [then for then in rows if then.organization_id in changed]
    shown = Paginator(rows, SHOWN).get_page(request.GET.get("page", "")[:9])
    changed = _changed(opened, list(shown), said)
    tabs: list[tuple[str, Any, int | None]] = [
        ("", _("all"), len(branches)),
        *((each, STATES[each], n) for each, n in numbers.items()),
    ]
    tabs.append((CHANGED, STATES[CHANGED], None))
    return page(
        request,
        "round",
        opened.organization,
        title=opened.name,
        opened=opened,
        state=state_of(opened, timezone.localdate()),
        tabs=[
            {"label": f"{label}", "number": number, "url": round_url(opened, each),
             "here": each == state}
            for each, label, number in tabs
        ],
        lines=[
            _line(opened, then, said.get(then.organization_id), changed, user) for then in shown
        ],
        shown=shown,
        query=f"state={state}",
        may_close=opened.is_open and may(user, roles.CHANGE_TREE, opened.organization.path),
        may_print=may(user, roles.PRINT, opened.organization.path),
    )  # fmt: skip


def _line(
    opened: ConfirmationRound,
    then: OrganizationPeriod,
    said: Confirmation | None,
    changed: set[int],
    user: Any,
) -> Line:
    branch = then.organization_id
    url = roster_url(opened, branch) if may(user, roles.VIEW, then.organization.path) else ""
    return Line(then, said, CHANGED if branch in changed else _state(said), url)


def _state(said: Confirmation | None) -> str:
    return OPEN if said is None else RIGHT if said.right else WRONG


def _is_asked(said: Confirmation | None, state: str) -> bool:
    """Whether a branch stands in the part of the list that is asked for; all where none is."""
    return state not in STATES or _state(said) == (RIGHT if state == CHANGED else state)


def _changed(opened: ConfirmationRound, rows: list[Any], said: dict[int, Confirmation]) -> set[int]:
    keys = [then.organization_id for then in rows]
    return changed_since([said[pk] for pk in keys if pk in said and said[pk].right], opened.as_at)


admin.site.page(  # type: ignore[attr-defined]
    "confirmations/<int:pk>/", round_page, "confirmation_round", roles.VIEW
)
