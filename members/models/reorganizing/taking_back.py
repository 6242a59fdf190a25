"""An act on organisations is taken back, with the people whom it has sent, while nobody has built
on it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from branches.models import Organization, OrganizationPeriod, Reorganization
from branches.models.periods import Event
from branches.models.reorganizations import Act
from branches.models.reorganizing import Objections, hold_tree
from branches.models.taking_back import TakingBack
from members.models.development.files import DevelopmentFile
from members.models.development.steps import StepTaken
from members.models.dues.closings import Closing
from members.models.dues.remittances import Remittance
from members.models.headcounts import Headcount, Shift
from members.models.members import Member
from members.models.offices import Office
from members.models.placements import Placement
from members.models.placing import take_back_move
from members.models.reorganizing.moving import plan_anew
from members.models.terms.terms import Term
from registry.calendar import first_of_month


def last_act_of(organization: Organization) -> Reorganization | None:
    """Return the last act that touched an organisation and was not taken back; None where its
    chronicle ends with something else."""
    line = organization.periods.select_related("act__organization").order_by("-pk").first()
    return line.act if line and line.event != Event.FOUNDED else None


@transaction.atomic
def take_back(act: Reorganization) -> None:
    """Let ``act`` never have been. Raises ValidationError with everything that was built on it."""
    hold_tree()
    act = Reorganization.objects.select_for_update().get(pk=act.pk)
    problems = Objections()
    tree = TakingBack(act)
    tree.judge(problems)
    if act.taken_back_at:
        problems.stop()
    for sentence in built_on(act):
        problems.add(NON_FIELD_ERRORS, sentence)
    members = _sent(act, problems)
    problems.stop()
    moved = _moved(act)
    shifts = list(_shifts(act))
    tree.restore()
    Headcount.add(*shifts)
    for member, branch in members:
        problems.attempt(partial(take_back_move, member, branch, with_posts=True))
    problems.stop()
    _send_files_back(act)
    for office in Office.objects.filter(pk__in=act.kept.get("offices", [])):
        office.held_until = None
        problems.attempt(office.save)
    tree.remove_founded(problems)
    problems.stop()
    for organization in Organization.objects.filter(pk__in=moved):
        plan_anew(organization)
    act.mark_taken_back()


def _moved(act: Reorganization) -> list[int]:
    """The keys of what stands elsewhere, or is of another kind, so that files wait for others."""
    events = (Event.MOVED, Event.REASSIGNED, Event.CHANGED_KIND)
    return list(act.lines.filter(event__in=events).values_list("organization", flat=True))


def _shifts(act: Reorganization) -> Iterator[Shift]:
    """Yield how the headcounts above change where organisations stand under others again."""
    for line in act.lines.filter(event__in=(Event.MOVED, Event.REASSIGNED)):
        before = _line_before(line)
        count = Headcount.objects.select_for_update().filter(pk=line.organization_id).first()
        if count is not None and before is not None:
            yield Shift(line.parent_id, -count.full, -count.probationary)
            yield Shift(before.parent_id, count.full, count.probationary)


def _line_before(line: OrganizationPeriod) -> OrganizationPeriod | None:
    rows = OrganizationPeriod.objects.filter(organization=line.organization_id, pk__lt=line.pk)
    return rows.order_by("-pk").first()


def _sent(act: Reorganization, problems: Objections) -> list[tuple[Member, Organization]]:
    """Return whom the act has sent and from where; who has gone on since cannot be sent back."""
    found = []
    kept: dict[int, int] = dict(act.kept.get("members", []))
    branches = {each.pk: each for each in Organization.objects.filter(pk__in=kept.values())}
    for member in Member.objects.filter(pk__in=kept).order_by("pk"):
        stay = member.placements.filter(placed_until__isnull=True).first()
        there = stay and (stay.placed_from, stay.began) == (act.on, "moved")
        if not member.is_on_roll or not there:
            sentence = _("%(name)s has gone from there since.")
            problems.add(NON_FIELD_ERRORS, sentence, name=member.name)
        found.append((member, branches[kept[member.pk]]))
    return found


def _send_files_back(act: Reorganization) -> None:
    kept: dict[int, int] = dict(act.kept.get("files", []))
    for file in DevelopmentFile.objects.filter(pk__in=kept).select_related("organization"):
        file.follow_to(Organization.objects.get(pk=kept[file.pk]))


# What was built on it


def built_on(act: Reorganization) -> list[str]:
    """Return what was entered since that rests on the act: one sentence for each sort of thing.

    A new name bears nothing but what the chronicle tells; of the others stays, terms, steps of
    development, closed months and sums sent upward.
    """
    if act.kind == Act.RENAME or act.taken_back_at:
        return []
    there = act.lines.exclude(event__in=(Event.TOOK_IN, Event.SPLIT)).values("organization")
    targets = act.lines.values("organization")
    after = act.on + timedelta(days=1)
    counted: list[tuple[Any, str]] = [
        (
            Placement.objects.filter(
                Q(placed_from__gte=after) | Q(placed_until__gte=after),
                Q(placed_until__isnull=True) | Q(placed_until__gt=F("placed_from")),
                organization__in=there,
            ),
            "stays",
        ),
        (Term.objects.filter(organization__in=there, began_on__gte=act.on), "terms"),
        (Office.objects.filter(organization__in=there, held_from__gte=act.on), "posts"),
        (
            StepTaken.objects.in_force().filter(
                file__organization__in=there,
                entered_on__gt=timezone.localtime(act.entered_at).date(),
            ),
            "steps",
        ),
        (
            Closing.objects.closed().filter(
                Q(organization__in=targets) | Q(organization__in=act.lines.values("parent")),
                month__gte=first_of_month(act.on),
            ),
            "closings",
        ),
        (
            Remittance.objects.filter(organization__in=there, month_until__gt=act.on),
            "remittances",
        ),
    ]
    return [_said(what, count) for rows, what in counted if (count := rows.count())]


def _said(what: str, count: int) -> str:
    sentences = {
        "stays": ngettext(
            "%(count)s stay of a member began or ended there since.",
            "%(count)s stays of members began or ended there since.",
            count,
        ),
        "terms": ngettext(
            "%(count)s term of office began there since.",
            "%(count)s terms of office began there since.",
            count,
        ),
        "posts": ngettext(
            "%(count)s post is held there since.", "%(count)s posts are held there since.", count
        ),
        "steps": ngettext(
            "%(count)s step of development was entered there since.",
            "%(count)s steps of development were entered there since.",
            count,
        ),
        "closings": ngettext(
            "%(count)s month of dues was closed there since.",
            "%(count)s months of dues were closed there since.",
            count,
        ),
        "remittances": ngettext(
            "%(count)s sum of dues was sent upward from there since.",
            "%(count)s sums of dues were sent upward from there since.",
            count,
        ),
    }
    return sentences[what] % {"count": count}
