"""Dissolving: everybody has a new branch by then, or gets one in the same act."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import partial

from django.db import transaction

from branches.models import Organization, Reorganization
from branches.models.reorganizations import Act
from branches.models.reorganizing import Objections, hold_tree
from members.models.reorganizing.people import (
    Sending,
    judge_day,
    judge_later_stays,
    judge_people,
    on_roll_of,
)


@transaction.atomic
def dissolve_organization(
    organization: Organization,
    on: date,
    document: str = "",
    *,
    to: Organization | None = None,
    places: Mapping[int, Organization] | None = None,
    today: date | None = None,
) -> Reorganization:
    """Dissolve an organisation, and give every member a place in the same act.

    ``places`` are branches by the keys of members; everybody else, and each open file of somebody
    who is no member, goes to ``to``. The posts held there end on the day. Without either it must
    be empty. Return the act. Raises ValidationError with every objection.
    """
    hold_tree()
    problems = Objections()
    judge_day(on, today, problems)
    judge_later_stays(organization, on, problems)
    act = Reorganization.enter(Act.DISSOLVE, organization, on, document)
    sending = Sending(act, on, problems)
    if to is None and not places:
        judge_people(organization, problems)
    else:
        members = on_roll_of(organization)
        sending.send(members, _placed([each.pk for each in members], to, places or {}))
        sending.send_files(organization, to)
    problems.attempt(partial(sending.end_posts, organization))
    problems.attempt(lambda: organization.dissolve(on=on, document=document, act=act))
    problems.stop()
    sending.keep()
    return act


def _placed(
    members: list[int], to: Organization | None, places: Mapping[int, Organization]
) -> dict[int, Organization]:
    found = {key: places.get(key, to) for key in members}
    return {key: place for key, place in found.items() if place is not None}
