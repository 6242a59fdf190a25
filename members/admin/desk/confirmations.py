"""Rounds of confirmation that are open: for a branch to confirm, for a committee to see to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from branches.models import Organization
from branches.rules import hierarchy, roles, tree
from members.admin.confirmations.pages import roster_url, round_url
from members.admin.desk.lines import Line, due, places_of
from members.admin.desk.reach import Reach, reach_of
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
    """The open rounds of the user's committees and of those above: which branches are missing."""
    reach = reach_of(user)
    for top in reach.tops:
        if top.kind == hierarchy.BRANCH:
            continue
        above = ConfirmationRound.objects.asking_under(top).filter(
            organization__path__in=tree.ancestors_of(top.path)
        )
        rounds = ConfirmationRound.objects.open().filter(
            Q(organization=top) | Q(pk__in=above.values("pk"))
        )
        for opened in rounds.order_by("last_day", "pk"):
            yield from _standing(opened, top, reach, today)


def _standing(
    opened: ConfirmationRound, top: Organization, reach: Reach, today: date
) -> Iterator[Line]:
    asked, open_branches = opened.asked(), opened.open_branches()
    own = opened.organization_id == top.pk
    if not own:  # of a round from above, one's own branches
        here = {"organization__path__gte": top.path, "organization__path__lt": top.end_path}
        asked, open_branches = asked.filter(**here), open_branches.filter(**here)
    left = Counter(open_branches.values_list("organization__path", flat=True))
    words = {"name": opened.name, "left": left.total(), "asked": asked.count()}
    if left:
        text = ngettext(
            "%(name)s: %(left)s of %(asked)s branches has not confirmed its roster",
            "%(name)s: %(left)s of %(asked)s branches have not confirmed their rosters",
            words["left"],
        )
        share = next((each for each in reach.shares(left) if each.top.pk == top.pk), None)
        places = places_of(share, lambda _organization: "") if share else ()
        url = round_url(opened, "open")
        yield due(text % words, opened.last_day, today, url, places=places)
    elif own:
        text = _("%(name)s: all %(asked)s branches have confirmed; close the round")
        yield due(text % words, opened.last_day, today, round_url(opened))
