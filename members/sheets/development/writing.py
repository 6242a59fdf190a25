"""Judged rows of a register of development into their files, all of them or none."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Self

from django.utils.translation import gettext as _

from branches.models import Organization
from branches.models.reorganizing import hold_tree
from members.models.development.importing import FileIntake, SaidFile, SaidStep
from members.sheets.known import in_chunks
from registry.calendar import PartialDate
from registry.models import ImportJob
from registry.models.job_rows import RowState
from registry.sheets.keeping import letters_of
from registry.sheets.resources import Context, Overtaken
from registry.sheets.rows import Kept, StagedRow, from_kept


class DevelopmentWriting:
    """New and more complete files of one upload, made ready to be written."""

    def __init__(self, job: ImportJob, context: Context) -> None:
        self.job, self.context = job, context
        self.said: list[SaidFile] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None: ...

    def take(self, rows: Iterable[Kept], count: int, newcomers: int) -> None:
        letters = letters_of(self.job)
        self.said += [self._said(from_kept(row, letters)) for row in rows]

    def _said(self, row: StagedRow) -> SaidFile:
        outcome = row.outcome
        is_new = row.state == RowState.NEW
        return SaidFile(
            key=row.target_id or 0,
            version=0 if is_new else outcome["version"],
            organization=outcome["organization"],
            values=outcome.get("values", {}),
            steps=[_step(each) for each in outcome["steps"]],
            member=outcome["member"] if outcome["joins"] else None,
            reason=place_of(self.job, row),
            rule_set=outcome.get("rule_set", ""),
            began_on=_day(outcome.get("began_on", "")),
        )

    def write(self) -> None:
        """Write them; raise ``Overtaken`` where the user has lost one of the branches."""
        hold_tree(shared=True)
        places = {each.organization for each in self.said}
        mine = Organization.objects.visible_to(self.context.user, self.context.verb).standing()
        held = mine.select_for_update(no_key=True).order_by("pk")
        found = [pk for some in in_chunks(places) for pk in held.filter(pk__in=some).values("pk")]
        if len(found) != len(places):
            raise Overtaken
        reason = _("Upload %(job)s") % {"job": self.job}
        intake = FileIntake(self.job.log_chain, reason, self.context.today, self.context.user)
        intake.write(self.said)


def place_of(job: ImportJob, row: StagedRow) -> str:
    """Return where the papers of a step are: the upload, its sheet and row; its reason."""
    return f"{job.file_name[:90]} {row.sheet[:60]}!{row.number} #{job.pk}"


def _step(kept: dict[str, Any]) -> SaidStep:
    return SaidStep(kept["step"], _day(kept["on"]), kept["facts"], kept["instead"])


def _day(text: str) -> PartialDate | None:
    return PartialDate.of(text) if text else None
