"""The bases of a year as a clerk types them into a list: all of them kept, or none."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from branches.models.reorganizing import Objections
from members.models.dues.assessments import figures, year_of
from members.models.dues.bases import BaseComponent, DuesBase
from members.models.dues.policies import DuesPolicy, PolicyBook
from members.models.members import Member
from members.rules import dues
from registry.language import said
from registry.models import Entry


class Typed(NamedTuple):
    """The base of one member, and the version of the one it was typed over; 0 for none."""

    member: Member  # with his organisation
    amount: Decimal
    over: int
    parts: Mapping[BaseComponent, Decimal] | None = None  # which add up to the amount


@transaction.atomic
def give_bases(year: int, typed: Collection[Typed]) -> None:
    """Keep the bases of ``year``; one that is kept already is no change.

    Raises ValidationError with every objection, each under the key of its member: a base that the
    rules have no dues for, and one that somebody else has given since.
    """
    month = year_of(year)[0]
    members = [each.member.pk for each in typed]
    list(Member.objects.filter(pk__in=members).order_by("pk").select_for_update(no_key=True))
    kept = {base.member_id: base for base in DuesBase.objects.filter(member__in=members, year=year)}
    paths = {each.member.organization.path for each in typed}
    books = {path: PolicyBook(DuesPolicy.objects.for_path(path)) for path in sorted(paths)}
    problems = Objections()
    new = [
        each
        for each in typed
        if each.parts or each.member.pk not in kept or kept[each.member.pk].amount != each.amount
    ]
    for member, amount, over, _parts in new:
        base, path = kept.get(member.pk), member.organization.path
        if base and base.version != over:
            entry = Entry.objects.about(base).select_related("user").first()
            problems.add(
                f"{member.pk}",
                _("%(who)s has given %(amount)s yuan in the meantime. Look, and save again."),
                who=(entry.user if entry and entry.user else _("Somebody else")),
                amount=base.amount,
            )
        category = dues.CATEGORIES[member.category].category
        policy = books[path].in_force(path, month)
        try:
            figures(category, policy.base_of(category, amount), month, policy.rounding)
        except ValueError as error:
            problems.add(f"{member.pk}", said(error.args[0]))
    problems.stop()
    for member, amount, _over, parts in new:
        DuesBase.give(member, year, amount, parts)
