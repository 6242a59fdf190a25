"""Many files at once as they were before an upload: what ``FileIntake`` has done, backwards."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from branches.models.reorganizing import hold_tree
from members.models.accounts import account
from members.models.development import following
from members.models.development.files import DevelopmentFile
from members.models.development.importing import (
    columns_of,
    entries_of,
    save_withdrawals,
    values_of,
)
from members.models.development.reading import chunks
from members.models.development.steps import StepTaken
from registry.loading import update
from registry.models import Action, Entry, StaleRecord


class SaidBefore(NamedTuple):
    """A file as one row of an upload has left it, and what it was before.

    ``reason`` is that of the steps that came with the row; ``is_new`` says that the row has opened
    the file, ``joined`` that it has joined the file to a member.
    """

    file: DevelopmentFile
    reason: str
    is_new: bool
    joined: bool
    values: Mapping[str, Any]


class FileWithdrawal:
    """Files to be marked as wrong entries, or to become what they were, on ``on``."""

    def __init__(self, chain: str, reason: str, on: date, by: Any) -> None:
        self.chain, self.reason, self.on, self.by = chain, reason, on, by

    def write(self, said: Sequence[SaidBefore]) -> None:
        """Write them; raise ``StaleRecord`` where a file has been saved meanwhile."""
        if not said:
            return
        hold_tree(shared=True)
        entries = []
        returning, gone = self._steps({each.file.pk: each for each in said if not each.is_new})
        save_withdrawals(gone)
        save_withdrawals(returning)
        rows: dict[tuple[str, ...], list[tuple[Any, ...]]] = defaultdict(list)
        for each in said:
            file = each.file
            columns = self._restored(each)
            rows[columns].append((*values_of(file, columns), file.pk, file.version))
            entries.append(file)
        for columns, values in rows.items():
            if update(DevelopmentFile, columns, values, version="version") != len(values):
                raise StaleRecord(self.reason)
        Entry.append_all(
            self.chain, entries_of(Action.CHANGE, [*entries, *gone, *returning], self.reason)
        )
        for some in chunks(each.file.pk for each in said):
            following.rebuild(DevelopmentFile.objects.filter(pk__in=some))

    def _restored(self, said: SaidBefore) -> tuple[str, ...]:
        file = said.file
        if said.is_new:
            file.wrong_entry, file.wrong_entry_reason = True, self.reason[:200]
            file.member = None
            return ("wrong_entry", "wrong_entry_reason", "member")
        for name, value in said.values.items():
            setattr(file, name, value)
        if said.joined:
            file.member = None
        file.derive()
        return columns_of(file, said.values)

    def _steps(self, said: Mapping[int, SaidBefore]) -> tuple[list[StepTaken], list[StepTaken]]:
        """Return the steps that come back, and those that go with their rows."""
        returning: list[StepTaken] = []
        gone: list[StepTaken] = []
        for some in chunks(said):
            for row in _rows(some):
                reason = said[row.file_id].reason
                if row.withdrawn_on is None and row.historical and row.reason == reason:
                    row.withdrawn_on, row.withdrawn_by = self.on, account(self.by)
                    row.withdrawal_reason = self.reason[:200]
                    gone.append(row)
                elif row.withdrawn_on and row.withdrawal_reason == reason:
                    row.withdrawn_on, row.withdrawn_by, row.withdrawal_reason = None, None, ""
                    returning.append(row)
        return returning, gone


def _rows(keys: Iterable[int]) -> Iterable[StepTaken]:
    return StepTaken.objects.filter(file__in=list(keys)).select_related("file").order_by("pk")
