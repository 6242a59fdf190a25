"""Which rows of an applied register of development can be taken back, and what each gives back."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from members.models import Attachment, DevelopmentFile
from members.models.development.withdrawing import FileWithdrawal, SaidBefore
from members.sheets.development.writing import place_of
from members.sheets.known import in_chunks
from registry.models import ImportJob
from registry.models.job_rows import RowState, Undo
from registry.sentences import Sentence
from registry.sheets.resources import Context, Reversal
from registry.sheets.rows import StagedRow
from registry.sheets.undoing import changed_since, failed, kept

_ELSEWHERE = Sentence("It is not, or was not, in one of your branches.")


class DevelopmentUndoing:
    """Takes rows back whose files nobody has touched since: opened ones become wrong entries,
    completed ones lose what came with the row."""

    def __init__(self, job: ImportJob, rows: Sequence[StagedRow], context: Context) -> None:
        self.job, self.rows, self.context = job, rows, context
        self.results: dict[int, tuple[str, Sentence | None]] = {}
        self.before: list[SaidBefore] = []

    def prepare(self) -> Reversal:
        keys = [row.target_id or 0 for row in self.rows]
        files: dict[int, DevelopmentFile] = {}
        mine: set[int] = set()
        scanned: set[int] = set()
        visible = DevelopmentFile.objects.visible_to(self.context.user, self.context.verb)
        for chunk in in_chunks(keys):
            every = DevelopmentFile._base_manager.select_related("organization")
            files |= every.in_bulk(chunk)
            mine.update(visible.filter(pk__in=chunk).values_list("pk", flat=True))
            scans = Attachment.objects.filter(file__in=chunk)
            scanned.update(scans.values_list("file_id", flat=True))
        later = changed_since(self.job, DevelopmentFile._meta.label_lower, list(files))
        for row in self.rows:
            if not row.key:
                continue
            file = files.get(row.target_id or 0)
            name = file.name if file else str(row.values.get("name", ""))
            is_new = row.state == RowState.NEW
            if file is None or file.pk not in mine:
                self.results[row.key] = failed(name, _ELSEWHERE)
            elif file.version != _after(row) or (is_new and file.pk in scanned):
                self.results[row.key] = kept(name, later.get(file.pk))
            else:
                self.results[row.key] = (Undo.RESTORED, None)
                outcome = row.outcome
                reason = place_of(self.job, row)
                values = outcome.get("before", {})
                self.before.append(SaidBefore(file, reason, is_new, outcome["joins"], values))
        return Reversal(self.results, self._write)

    def _write(self) -> None:
        reason = _("Upload %(job)s taken back") % {"job": self.job}
        withdrawal = FileWithdrawal(
            self.job.log_chain, reason, self.context.today, self.context.user
        )
        withdrawal.write(self.before)


def _after(row: StagedRow) -> int:
    """Return the version of the file as the row has left it."""
    return 1 if row.state == RowState.NEW else int(row.outcome["version"]) + 1
