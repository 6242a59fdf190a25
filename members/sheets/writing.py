"""Judged rows of a roster into the register, within the transaction of their job."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from branches.models import Organization
from branches.models.reorganizing import hold_tree
from members.models import Member
from members.models.importing import Intake
from members.sheets.known import in_chunks
from registry.models import ImportJob
from registry.models.jobs import RowState
from registry.sheets.resources import Context, Overtaken
from registry.sheets.rows import StagedRow


def write(job: ImportJob, rows: Sequence[StagedRow], context: Context) -> None:
    """Write new and changed members; raise ``Overtaken`` where the register has moved on."""
    hold_tree(shared=True)
    branches = _standing({row.outcome["organization"] for row in rows if _is_new(row)})
    members = _unchanged(
        {row.target_id: row.outcome["version"] for row in rows if not _is_new(row)}
    )
    intake = Intake(job.log_chain, _("Upload %(job)s") % {"job": job}, context.today)
    written: list[tuple[StagedRow, Member]] = []
    for row in rows:
        outcome = row.outcome
        posts = outcome.get("posts", ())
        if _is_new(row):
            branch = branches[outcome["organization"]]
            member = Member(**outcome["values"], organization=branch)
            member.party_group_id = outcome.get("group")
            member.display_order = row.number
            since = date.fromisoformat(outcome["since"])
            intake.admit(member, since, posts, _not_before(branch, context.opening_on))
        else:
            member = members[row.target_id]
            for name, value in outcome["values"].items():
                setattr(member, name, value)
            if "group" in outcome:
                member.party_group_id = outcome["group"]
            intake.correct(member, posts, _not_before(member.organization, context.opening_on))
        written.append((row, member))
    intake.write()
    for row, member in written:
        row.target_id = member.pk


def _is_new(row: StagedRow) -> bool:
    return row.state == RowState.NEW


def _not_before(branch: Organization, day: date) -> date:
    return max(day, branch.founded_on) if branch.founded_on else day


def _standing(wanted: set[int]) -> dict[int, Organization]:
    """Return the branches, held so that none is dissolved before the rows are in it."""
    found = {
        branch.pk: branch
        for chunk in in_chunks(wanted)
        for branch in Organization.objects.standing()
        .filter(pk__in=chunk)
        .select_for_update(no_key=True)
        .order_by("pk")
    }
    if found.keys() != wanted:
        raise Overtaken
    return found


def _unchanged(versions: dict[Any, int]) -> dict[Any, Member]:
    """Return the members, held, where nobody has saved them since they were judged."""
    found = {
        member.pk: member
        for chunk in in_chunks(versions)
        for member in Member.objects.filter(pk__in=chunk)
        .select_related("organization")
        .select_for_update(of=("self",), no_key=True)
        .order_by("pk")
    }
    if {pk: member.version for pk, member in found.items()} != versions:
        raise Overtaken
    return found
