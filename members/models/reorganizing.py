"""The verbs of the tree where people stand in it: what they ask first, and the headcounts after.

Each calls the organisation's own verb of the same name, so that a refusal says what both object.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction
from django.utils.translation import ngettext

from branches.models import Organization
from branches.models.reorganizing import Objections, hold_tree
from branches.rules import hierarchy
from members.models.development.acting import general_branch_over
from members.models.development.files import DevelopmentFile
from members.models.development.following import rebuild
from members.models.development.policies import LocalStep
from members.models.headcounts import Headcount, Shift
from members.models.members import Member
from members.models.placements import Placement


@transaction.atomic
def move_organization(
    organization: Organization, parent: Organization, on: date, document: str = ""
) -> None:
    """Move an organisation and everything below it; its people count above in the new place.

    Raises ValidationError with every objection of ``Organization.move_under``.
    """
    before = general_branch_over(organization)
    organization.move_under(parent, on=on, document=document)
    if general_branch_over(organization) != before or LocalStep.objects.exists():
        _plan_anew(organization)
    count = Headcount.objects.select_for_update().filter(pk=organization.pk).first()
    if count is None:
        return
    old = organization.periods.filter(valid_until=on).order_by("-id")[0]
    Headcount.add(
        Shift(old.parent_id, -count.full, -count.probationary),
        Shift(organization.parent_id, count.full, count.probationary),
    )


@transaction.atomic
def dissolve_organization(organization: Organization, on: date, document: str = "") -> None:
    """Dissolve an organisation that is empty: everybody has a new branch by then.

    Raises ValidationError with every objection of ``Organization.dissolve``, and the number of
    those who are still on the roll, or were until a later day.
    """
    hold_tree()
    problems = Objections()
    _judge_people(organization, problems)
    later = Placement.objects.filter(organization=organization, placed_until__gt=on).count()
    if later:
        text = ngettext(
            "%(count)s member stayed in it until after %(on)s. Choose a later day.",
            "%(count)s members stayed in it until after %(on)s. Choose a later day.",
            later,
        )
        problems.add("on", text, count=later, on=on)
    _with_objections(problems, lambda: organization.dissolve(on=on, document=document))


@transaction.atomic
def change_kind_of_organization(
    organization: Organization, kind: str, sort: str, on: date, document: str = ""
) -> None:
    """Change the kind; refused while people belong here whom the new kind cannot hold."""
    hold_tree()
    problems = Objections()
    known = kind in hierarchy.KINDS and sort in hierarchy.SORTS
    if known and not hierarchy.holds_members(kind, sort):
        _judge_people(organization, problems)
    before = organization.kind
    _with_objections(
        problems, lambda: organization.change_kind(kind, sort, on=on, document=document)
    )
    if hierarchy.GENERAL_BRANCH in {before, kind}:
        _plan_anew(organization)


def _plan_anew(organization: Organization) -> None:
    """Files below it gain or lose the deliberation of a general branch, or an office's steps."""
    rebuild(DevelopmentFile.objects.open().under(organization))


def _judge_people(organization: Organization, problems: Objections) -> None:
    if people := Member.objects.filter(organization=organization).on_roll().count():
        text = ngettext(
            "%(count)s member is on its roll. Move everybody to another branch first.",
            "%(count)s members are on its roll. Move everybody to another branch first.",
            people,
        )
        problems.add(NON_FIELD_ERRORS, text, count=people)
    if files := DevelopmentFile.objects.filter(organization=organization).open().count():
        text = ngettext(
            "%(count)s development file is open there. Move it to another branch first.",
            "%(count)s development files are open there. Move them to another branch first.",
            files,
        )
        problems.add(NON_FIELD_ERRORS, text, count=files)


def _with_objections(problems: Objections, verb: Callable[[], None]) -> None:
    """Run the organisation's verb, and raise what it objects together with ``problems``."""
    try:
        with transaction.atomic():
            verb()
            problems.stop()
    except ValidationError as error:
        both = Objections()
        both.add_all(error)
        for field, sentences in problems.items():
            known = [each for found in both[field] for each in getattr(found, "messages", [found])]
            both[field] += [sentence for sentence in sentences if sentence not in known]
        raise ValidationError(dict(both)) from error
