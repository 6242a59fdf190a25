"""Judged rows of a roster into the register: made ready first, written within one transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from branches.models import Organization
from branches.models.reorganizing import hold_tree
from members.models import Member
from members.models.importing import Intake, Posts
from members.models.placing import correct_branch
from members.sheets.filling import FILLED
from members.sheets.known import in_chunks
from registry.models import ImportJob
from registry.models.jobs import RowState
from registry.sheets.resources import Context, Overtaken
from registry.sheets.rows import StagedRow


def prepare(job: ImportJob, rows: Sequence[StagedRow], context: Context) -> Callable[[], None]:
    """Return what writes new and changed members; it raises ``Overtaken`` where the register has
    moved on."""
    places = {row.outcome["organization"] for row in rows}
    places |= {row.outcome["place"] for row in rows if "place" in row.outcome}
    mine = Organization.objects.visible_to(context.user, context.verb).standing()
    branches = _among(mine, places)
    intake = Intake(job.log_chain, _("Upload %(job)s") % {"job": job}, context.today)
    intake.expect(sum(row.state == RowState.NEW for row in rows))
    for row in rows:
        posts = Posts(row.outcome.get("posts", ()), _not_before(branches, row, context.opening_on))
        if row.state == RowState.NEW:
            _admit(intake, row, posts)
        else:
            _correct(intake, row, posts)
    intake.prepare()
    moving = [row for row in rows if "place" in row.outcome]

    def write() -> None:
        hold_tree(shared=True)
        # None dissolved, and none lost by the user, before the rows are in it.
        if _among(mine.select_for_update(no_key=True), places).keys() != places:
            raise Overtaken
        intake.write()
        for row in moving:
            _move(row)

    return write


def _admit(intake: Intake, row: StagedRow, posts: Posts) -> None:
    outcome, values = row.outcome, row.values
    without = outcome.get("without", ())
    said = {name: values[name] for name in FILLED if name in values and name not in without}
    said |= outcome["values"]
    said["display_order"] = row.number
    if "group" in outcome:
        said["party_group"] = outcome["group"]
    intake.admit(
        row.target_id or 0,
        said,
        outcome["organization"],
        outcome["since"],
        outcome.get("odd", ()),
        posts,
    )


def _correct(intake: Intake, row: StagedRow, posts: Posts) -> None:
    outcome = row.outcome
    values, before = dict(outcome.get("values", {})), dict(outcome.get("before", {}))
    if "group" in outcome:
        values["party_group"], before["party_group"] = outcome["group"], outcome["group_before"]
    intake.correct(
        row.target_id or 0,
        outcome["version"],
        values.get("name") or outcome["name"],
        outcome["organization"],
        values,
        before,
        missing=outcome["missing"],
        odd=outcome.get("odd"),
        posts=posts,
    )


def _move(row: StagedRow) -> None:
    member = Member.objects.get(pk=row.target_id or 0)
    place = Organization.objects.get(pk=row.outcome["place"])
    try:
        if day := row.outcome.get("moved_on"):
            member.move_to(place, date.fromisoformat(day))
        else:
            correct_branch(member, place)
    except ValidationError as error:
        raise Overtaken(" ".join(error.messages)) from error


def _not_before(branches: dict[int, Organization], row: StagedRow, day: date) -> date:
    branch = branches.get(row.outcome["organization"])
    return max(day, branch.founded_on) if branch and branch.founded_on else day


def _among(rows: Any, wanted: set[int]) -> dict[int, Organization]:
    """Return the wanted branches, as far as they are among ``rows``."""
    return {
        branch.pk: branch
        for chunk in in_chunks(wanted)
        for branch in rows.filter(pk__in=chunk).order_by("pk")
    }
