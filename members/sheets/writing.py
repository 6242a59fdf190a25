"""Judged rows of a roster into the register: made ready first, written within one transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import NamedTuple, Self

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from branches.models import Organization
from branches.models.reorganizing import hold_tree
from members.models import Member
from members.models.importing import Intake, Taken
from members.models.own_values import OWN
from members.models.placing import correct_branch
from members.sheets.filling import FILLED
from members.sheets.known import in_chunks
from registry.models import ImportJob
from registry.models.job_rows import RowState
from registry.second_process import mapped
from registry.sheets.keeping import letters_of
from registry.sheets.resources import Context, Overtaken
from registry.sheets.rows import Kept, StagedRow, from_kept, is_new

# What new members may have though no column says it, or another one than that of its name.
_DERIVED = frozenset(
    {"sex", "born_on", "kind", "category", "education_channel", "degree", "display_order"}
    | {"party_group", OWN}
)


class Move(NamedTuple):
    """A known member who goes to another branch, on a day or as a correction."""

    member: int
    place: int
    on: str


class Writing:
    """New and changed members of one upload, made ready to be written."""

    def __init__(self, job: ImportJob, context: Context) -> None:
        self.context = context
        self.letters = letters_of(job)
        columns = {name for each in self.letters.values() for name in each}
        said = _DERIVED | columns.intersection(FILLED)
        reason = _("Upload %(job)s") % {"job": job}
        self.intake = Intake(job.log_chain, reason, context.today, said)
        self.moving: list[Move] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.intake.close()

    def take(self, rows: Iterable[Kept], count: int, newcomers: int) -> None:
        """Take in the rows."""
        numbers = self.intake.numbers(newcomers)
        numbered = ((row, next(numbers) if is_new(row) else 0) for row in rows)
        for taken, moving in mapped(self._taken, numbered, count):
            self.intake.receive(taken)
            self.moving += moving
        self.intake.held_from = {
            place: self._since(place) for place in {each[0] for each in self.intake.waiting.posts}
        }

    def _taken(self, rows: list[tuple[Kept, int]]) -> tuple[Taken, list[Move]]:
        """Take in some rows without asking the database, in this process or in another one."""
        moving = []
        for kept, number in rows:
            row = from_kept(kept, self.letters)
            if row.state == RowState.NEW:
                _admit(self.intake, row, number)
            else:
                _correct(self.intake, row)
            if "place" in row.outcome:
                day = row.outcome.get("moved_on", "")
                moving.append(Move(row.target_id or 0, row.outcome["place"], day))
        return self.intake.hand_over(), moving

    def write(self) -> None:
        """Write them; raise ``Overtaken`` where the register has moved on."""
        hold_tree(shared=True)
        # None dissolved, and none lost by the user, before the rows are in it.
        places = {*self.intake.waiting.counts, *(move.place for move in self.moving)}
        if not self._are_mine(places):
            raise Overtaken
        self.intake.write()
        for move in self.moving:
            _move(move)

    def _are_mine(self, places: Collection[int]) -> bool:
        """Return whether the user has all these branches, held so that they stay as they are."""
        rows = Organization.objects.visible_to(self.context.user, self.context.verb).standing()
        rows = rows.select_for_update(no_key=True).order_by("pk")
        found = [pk for chunk in in_chunks(places) for pk in rows.filter(pk__in=chunk).values("pk")]
        return len(found) == len(places)

    def _since(self, place: int) -> date:
        """Return from when posts in a branch are held where the sheet does not say it."""
        founded = Organization.objects.filter(pk=place).values_list("founded_on", flat=True)
        day = self.context.opening_on
        return max(day, next(iter(founded), None) or day)


def _admit(intake: Intake, row: StagedRow, number: int) -> None:
    outcome, values = row.outcome, row.values
    without = outcome.get("without", ())
    said = {name: values[name] for name in FILLED if name in values and name not in without}
    said |= outcome["values"]
    said["display_order"] = row.number
    if "group" in outcome:
        said["party_group"] = outcome["group"]
    intake.admit(
        row.target_id or 0,
        number,
        said,
        outcome["organization"],
        outcome["since"],
        outcome.get("odd", ()),
        outcome.get("posts", ()),
    )


def _correct(intake: Intake, row: StagedRow) -> None:
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
        posts=outcome.get("posts", ()),
    )


def _move(move: Move) -> None:
    member = Member.objects.get(pk=move.member)
    place = Organization.objects.get(pk=move.place)
    try:
        if move.on:
            member.move_to(place, date.fromisoformat(move.on))
        else:
            correct_branch(member, place)
    except ValidationError as error:
        raise Overtaken(" ".join(error.messages)) from error
