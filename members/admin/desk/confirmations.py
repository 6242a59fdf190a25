"""Rounds of confirmation that are open: for a branch to confirm, for a committee to see to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from branches.rules import hierarchy, roles
from members.admin.confirmations.pages import roster_url, round_url
from members.admin.desk.lines import Line, due, places_of
from members.admin.desk.reach import reach_of
from members.models import ConfirmationRound


def to_confirm(user: Any, today: date) -> Iterator[Line]:
    """The rounds that ask a branch which the user keeps, until it has confirmed."""
    reach = reach_of(user, roles.CHANGE)
    branches = [top for top in reach.tops if top.kind == hierarchy.BRANCH]
    if not branches:
        return
    rounds = ConfirmationRound.objects.open().asking(user, roles.CHANGE)
    for opened in rounds.select_related("organization").order_by("last_day", "pk"):
        asked = set(opened.asked().values_list("organization", flat=True).filter(
            organization__in=branches
        ))  # fmt: skip
        right = set(opened.confirmations.filter(right=True).values_list("organization", flat=True))
        for branch in branches:
            if branch.pk in asked - right:
                text = _("Confirm the roster as at %(day)s for %(committee)s (%(name)s)") % {
                    "day": opened.as_at,
                    "committee": opened.organization,
                    "name": opened.name,
                }
                of = "" if reach.is_one else f"{branch}"
                yield due(text, opened.last_day, today, roster_url(opened, branch.pk), of=of)


def to_see_to(user: Any, today: date) -> Iterator[Line]:
    """The open rounds of the user's own committees: how many have confirmed, who has not."""
    reach = reach_of(user)
    committees = [top for top in reach.tops if top.kind != hierarchy.BRANCH]
    if not committees:
        return
    for opened in ConfirmationRound.objects.open().filter(organization__in=committees):
        asked = opened.asked().count()
        left = Counter(opened.open_branches().values_list("organization__path", flat=True))
        words = {"name": opened.name, "left": left.total(), "asked": asked}
        if not left:
            text = _("%(name)s: all %(asked)s branches have confirmed; close the round") % words
            yield due(text, opened.last_day, today, round_url(opened))
            continue
        text = ngettext(
            "%(name)s: %(left)s of %(asked)s branches has not confirmed its roster",
            "%(name)s: %(left)s of %(asked)s branches have not confirmed their rosters",
            words["left"],
        )
        yield due(
            text % words,
            opened.last_day,
            today,
            round_url(opened, "open"),
            places=tuple(
                place
                for share in reach.shares(left)
                if share.top.pk == opened.organization_id
                for place in places_of(share, lambda _organization: "")
            ),
        )
