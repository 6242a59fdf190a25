"""Another kind: a branch is raised to a general branch, a general branch to a committee, or back.

Where the new kind holds nobody, its members go to branches that are founded below in the same act;
where it becomes a branch, it takes in the branches below it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from branches.models import Organization, Reorganization
from branches.models.reorganizations import Act
from branches.models.reorganizing import Objections, hold_tree
from branches.rules import hierarchy
from members.models.reorganizing.merging import take_in
from members.models.reorganizing.moving import plan_anew
from members.models.reorganizing.parts import Part, found_part, holds_people
from members.models.reorganizing.people import Sending, judge_day, judge_people, on_roll_of


@transaction.atomic
def change_kind_of_organization(
    organization: Organization,
    kind: str,
    sort: str,
    on: date,
    document: str = "",
    *,
    parts: Sequence[Part] = (),
    take_in_branches: bool = False,
    today: date | None = None,
) -> Reorganization:
    """Change the kind, with a branch below for everybody whom the new kind cannot hold.

    ``parts`` are the branches founded below. With ``take_in_branches`` those that stand below end,
    and their people belong to it. Return the act. Raises ValidationError with every objection,
    such as people who have no branch then.
    """
    hold_tree()
    problems = Objections()
    judge_day(on, today, problems)
    holds = holds_people(kind, sort)
    if not holds and not parts and kind in hierarchy.KINDS and sort in hierarchy.SORTS:
        judge_people(organization, problems)
    before = organization.kind
    act = Reorganization.enter(Act.KIND, organization, on, document)
    sending = Sending(act, on, problems)
    ending = _branches_below(organization) if take_in_branches and holds else []
    changed = problems.attempt(
        lambda: organization.change_kind(
            kind, sort, on=on, document=document, act=act, dissolving=[e.pk for e in ending]
        )
    )
    if changed:
        _found_below(organization, parts, sending)
        for each in ending:
            take_in(each, organization, sending)
    problems.stop()
    sending.keep()
    if hierarchy.GENERAL_BRANCH in {before, kind}:
        plan_anew(organization)
    return act


def _branches_below(organization: Organization) -> list[Organization]:
    below = organization.children.standing().filter(kind=hierarchy.BRANCH)
    return list(below.order_by("path"))


def _found_below(organization: Organization, parts: Sequence[Part], sending: Sending) -> None:
    """Found the branches and send everybody to his; files of others go on in the first one."""
    if not parts:
        return
    places: dict[int, Organization] = {}
    first = None
    for part in parts:
        new = found_part(part, organization, hierarchy.BRANCH, hierarchy.ORDINARY, sending.act,
                         sending.problems)  # fmt: skip
        if new is not None:
            first = first or new
            places |= {member.pk: new for member in part.members}
    if first is not None:
        sending.send(on_roll_of(organization), places)
        sending.send_files(organization, first)
