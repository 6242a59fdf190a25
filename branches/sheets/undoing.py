"""Which rows of an applied list of organisations can be taken back, and their taking back."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.exceptions import ValidationError

from branches.models import Organization
from branches.models.reorganizing import hold_tree
from branches.models.undoing import take_out
from registry.models import Entry, ImportJob
from registry.models.job_rows import RowState, Undo
from registry.sentences import Sentence
from registry.sheets.resources import Context, Reversal
from registry.sheets.rows import StagedRow
from registry.sheets.undoing import failed, kept

Result = tuple[str, Sentence | None]
_RESTORED: Result = (Undo.RESTORED, None)
_ELSEWHERE = Sentence("It is none of your organisations.")


class OrganizationUndoing:
    """Takes the rows of one upload back: corrections first, the last one first, then what was
    founded, the deepest first. One is as the upload has left it while its version is the same."""

    def __init__(self, job: ImportJob, rows: Sequence[StagedRow], context: Context) -> None:
        self.job, self.rows = job, rows
        self.mine = Organization.objects.visible_to(context.user, context.verb)
        self.results: dict[int, Result] = {}
        # Versions before the corrections that were taken back; that of the founding is 1.
        self.before: dict[int, int] = {}

    def prepare(self) -> Reversal:
        """All is found out while it is done: organisations are few."""
        return Reversal(self.results, self._write)

    def _write(self) -> None:
        hold_tree()
        keys = {row.target_id or 0 for row in self.rows}
        known = {key: found for key in keys if (found := self._held(key))}
        corrected = [row for row in reversed(self.rows) if row.state == RowState.CHANGED]
        founded = [row for row in self.rows if row.state == RowState.NEW]
        depth = {key: len(each.path) for key, each in known.items()}
        founded.sort(key=lambda row: -depth.get(row.target_id or 0, 0))
        for row in (*corrected, *founded):
            organization = known.get(row.target_id or 0)
            if row.key:
                self.results[row.key] = self._take_back(row, organization)

    def _held(self, key: int) -> Organization | None:
        return self.mine.select_for_update(no_key=True).filter(pk=key).first()

    def _take_back(self, row: StagedRow, organization: Organization | None) -> Result:
        if organization is None:
            return failed(row.values.get("name") or row.values.get("code", ""), _ELSEWHERE)
        name, key = str(organization), organization.pk
        version = self.before.get(key, organization.version)
        left = 1 if row.state == RowState.NEW else row.outcome["version"] + 1
        if version != left:
            later = Entry.objects.about(organization).filter(at__gt=self.job.applied_at)
            return kept(name, later.select_related("user").first())
        try:
            if row.state == RowState.NEW:
                take_out(organization)
            else:
                _restore(organization, row)
                self.before[key] = row.outcome["version"]
        except ValidationError as error:
            return failed(name, " ".join(error.messages))
        return _RESTORED


def _restore(organization: Organization, row: StagedRow) -> None:
    for name, old, _new in row.changes:
        setattr(organization, name, int(old) if name == "display_order" else old)
    organization.save()
