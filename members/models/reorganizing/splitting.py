"""A split (拆分): a branch or committee gives founding to others, with some of its people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date

from django.core.exceptions import NON_FIELD_ERRORS
from django.db import transaction
from django.utils.translation import gettext as _

from branches.models import Organization, Reorganization
from branches.models.periods import Event
from branches.models.reorganizations import Act
from branches.models.reorganizing import Objections, hold_tree
from members.models.reorganizing.parts import Part, found_part, give_children
from members.models.reorganizing.people import Sending, judge_day


@transaction.atomic
def split_organization(
    organization: Organization,
    parts: Sequence[Part],
    on: date,
    document: str = "",
    *,
    today: date | None = None,
) -> Reorganization:
    """Found ``parts`` beside ``organization``, of its kind, with the members and the organisations
    that each of them gets; the others stay. Return the act. Raises ValidationError with every
    objection.
    """
    hold_tree()
    problems = Objections()
    judge_day(on, today, problems)
    organization = Organization.objects.get(pk=organization.pk)
    if not parts:
        problems.add(NON_FIELD_ERRORS, _("Name at least one organisation that is founded."))
    _judge_parts(organization, parts, problems)
    act = Reorganization.enter(Act.SPLIT, organization, on, document)
    sending = Sending(act, on, problems)
    problems.attempt(lambda: organization.mark(Event.SPLIT, on=on, document=document, act=act))
    for part in parts:
        new = found_part(part, organization.parent, organization.kind, organization.sort, act,
                         problems)  # fmt: skip
        if new is not None:
            sending.send(part.members, {member.pk: new for member in part.members})
            give_children(part.children, new, act, problems, on)
    problems.stop()
    sending.keep()
    return act


def _judge_parts(organization: Organization, parts: Sequence[Part], problems: Objections) -> None:
    """Whoever is given away belongs to it, and goes to one part only."""
    given: Counter[tuple[str, int]] = Counter()
    for part in parts:
        for member in part.members:
            given["member", member.pk] += 1
            _judge_given(
                member, belongs=member.organization_id == organization.pk,
                twice=given["member", member.pk] == 2, at=organization, problems=problems,
            )  # fmt: skip
        for child in part.children:
            given["child", child.pk] += 1
            _judge_given(
                child, belongs=child.parent_id == organization.pk,
                twice=given["child", child.pk] == 2, at=organization, problems=problems,
            )  # fmt: skip


def _judge_given(
    one: object, *, belongs: bool, twice: bool, at: Organization, problems: Objections
) -> None:
    if not belongs:
        sentence = _("%(name)s does not belong to %(organization)s.")
        problems.add(NON_FIELD_ERRORS, sentence, name=one, organization=at)
    elif twice:
        problems.add(NON_FIELD_ERRORS, _("%(name)s is given away twice."), name=one)
