"""A merger (合并): organisations end, and their people and what stands below go to another one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial

from django.db import transaction
from django.utils.translation import gettext as _

from branches.models import Organization, Reorganization
from branches.models.periods import Event
from branches.models.reorganizations import Act
from branches.models.reorganizing import Objections, hold_tree
from branches.rules import tree
from members.models.reorganizing.parts import give_children
from members.models.reorganizing.people import Sending, judge_day, judge_later_stays, on_roll_of


@transaction.atomic
def merge_organizations(
    merged: Sequence[Organization],
    into: Organization,
    on: date,
    document: str = "",
    *,
    today: date | None = None,
) -> Reorganization:
    """Let ``merged`` end on ``on``: their members and open files go to ``into``, what stands below
    them stands below it, their posts end. Return the act. Raises ValidationError with every
    objection.
    """
    hold_tree()
    problems = Objections()
    judge_day(on, today, problems)
    into = Organization.objects.get(pk=into.pk)
    merged = [Organization.objects.get(pk=each.pk) for each in merged]
    _judge(merged, into, problems)
    act = Reorganization.enter(Act.MERGE, into, on, document)
    sending = Sending(act, on, problems)
    problems.attempt(lambda: into.mark(Event.TOOK_IN, on=on, document=document, act=act))
    for each in merged:
        if each.pk != into.pk:
            take_in(each, into, sending)
    problems.stop()
    sending.keep()
    return act


def take_in(organization: Organization, into: Organization, sending: Sending) -> None:
    """Let everybody and everything of ``organization`` go to ``into``, and dissolve it."""
    act, on, problems = sending.act, sending.on, sending.problems
    judge_later_stays(organization, on, problems)
    members = on_roll_of(organization)
    sending.send(members, dict.fromkeys([each.pk for each in members], into))
    problems.attempt(partial(sending.send_files, organization, into))
    problems.attempt(partial(sending.end_posts, organization))
    children = list(organization.children.standing().order_by("path"))
    if give_children(children, into, act, problems, on):
        problems.attempt(partial(organization.dissolve, on=on, document=act.document, act=act))


def _judge(merged: Sequence[Organization], into: Organization, problems: Objections) -> None:
    if not merged:
        problems.add("merged", _("Choose at least one organisation that is merged."))
    for each in merged:
        if each.pk == into.pk:
            problems.add("merged", _("%(name)s cannot be merged into itself."), name=each)
        elif tree.stands_under(into.path, each.path):
            sentence = _("%(into)s stands below %(name)s. Merge it the other way round.")
            problems.add("merged", sentence, into=into, name=each)
        elif each.holds_members != into.holds_members:
            sentence = _("%(name)s and %(into)s cannot be merged: only one of them is a branch.")
            problems.add("merged", sentence, name=each, into=into)
