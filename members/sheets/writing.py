"""Judged rows of a roster into the register: made ready first, written within one transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import Self

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from branches.models import Organization
from branches.models.reorganizing import hold_tree
from members.models import Member
from members.models.importing import Intake, Posts
from members.models.own_values import OWN
from members.models.placing import correct_branch
from members.sheets.filling import FILLED
from members.sheets.known import in_chunks
from registry.models import ImportJob
from registry.models.job_rows import RowState
from registry.sheets.keeping import letters_of
from registry.sheets.resources import Context, Overtaken
from registry.sheets.rows import StagedRow

# What new members may have though no column says it, or another one than that of its name.
_DERIVED = frozenset(
    {"sex", "born_on", "kind", "category", "education_channel", "degree", "display_order"}
    | {"party_group", OWN}
)


class Writing:
    """New and changed members of one upload, made ready to be written."""

    def __init__(self, job: ImportJob, context: Context) -> None:
        self.context = context
        columns = {name for each in letters_of(job).values() for name in each}
        said = _DERIVED | columns.intersection(FILLED)
        reason = _("Upload %(job)s") % {"job": job}
        self.intake = Intake(job.log_chain, reason, context.today, said)
        self.founded: dict[int, date | None] = {}
        self.moving: list[StagedRow] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.intake.close()

    def take(self, rows: Iterable[StagedRow], newcomers: int) -> None:
        """Take in the rows; raise ``Overtaken`` where a branch is gone."""
        self.intake.expect(newcomers)
        for row in rows:
            posts = Posts(row.outcome.get("posts", ()), self._since(row.outcome["organization"]))
            if row.state == RowState.NEW:
                _admit(self.intake, row, posts)
            else:
                _correct(self.intake, row, posts)
                if "place" in row.outcome:
                    self.moving.append(row)
        self.intake.settle()

    def write(self) -> None:
        """Write them; raise ``Overtaken`` where the register has moved on."""
        hold_tree(shared=True)
        # None dissolved, and none lost by the user, before the rows are in it.
        if not self._are_mine({*self.founded, *(row.outcome["place"] for row in self.moving)}):
            raise Overtaken
        self.intake.write()
        for row in self.moving:
            _move(row)

    def _are_mine(self, places: Collection[int]) -> bool:
        """Return whether the user has all these branches, held so that they stay as they are."""
        rows = Organization.objects.visible_to(self.context.user, self.context.verb).standing()
        rows = rows.select_for_update(no_key=True).order_by("pk")
        found = [pk for chunk in in_chunks(places) for pk in rows.filter(pk__in=chunk).values("pk")]
        return len(found) == len(places)

    def _since(self, place: int) -> date:
        """Return from when posts in a branch are held where the sheet does not say it."""
        if place not in self.founded:
            founded = Organization.objects.filter(pk=place).values_list("founded_on", flat=True)
            self.founded[place] = next(iter(founded), None)
        day = self.context.opening_on
        return max(day, self.founded[place] or day)


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
