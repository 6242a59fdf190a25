"""Whose files there are already, asked in bulk and within the clerk's rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from branches.models import scopes
from members.models import DevelopmentFile, id_digest
from members.sheets.known import MANY, among, in_chunks, overlap
from registry.sheets.rows import StagedRow


class KnownFiles:
    """Files by their keys. Of files elsewhere only the digests of ID numbers are known."""

    def __init__(self, rows: Sequence[StagedRow], user: Any, verb: str) -> None:
        self.ranges = scopes(user, verb)
        self.digests = {
            number: id_digest(number) for row in rows if (number := row.values.get("id_number"))
        }
        self.elsewhere: set[str] = set()
        self.by_digest: dict[str, list[DevelopmentFile]] = defaultdict(list)
        for file in self._asked("id_digest", self.digests.values()):
            if self._is_mine(file):
                self.by_digest[file.id_digest].append(file)
            elif file.is_open:
                self.elsewhere.add(file.id_digest)
        self.by_staff_number: dict[str, list[DevelopmentFile]] = defaultdict(list)
        for file in self._mine("staff_number", _said(rows, "staff_number")):
            self.by_staff_number[file.staff_number].append(file)
        keys = list(_said(rows, "file_number"))
        self.by_pk: dict[int, DevelopmentFile] = {}
        for chunk in in_chunks(keys):
            for file in _every().filter(pk__in=chunk):
                if self._is_mine(file):
                    self.by_pk[file.pk] = file
        self.by_name: dict[str, list[DevelopmentFile]] = defaultdict(list)
        unknown = [row for row in rows if not self.by_keys(row)]
        for file in self._mine("name", _said(unknown, "name")):
            if file.is_open:
                self.by_name[file.name].append(file)

    def every(self) -> Iterable[DevelopmentFile]:
        """Return all files found, some of them several times."""
        yield from self.by_pk.values()
        for known in (self.by_digest, self.by_staff_number, self.by_name):
            for files in known.values():
                yield from files

    def _asked(self, column: str, values: Iterable[Any]) -> Iterable[DevelopmentFile]:
        for chunk in in_chunks((value for value in values if value), MANY):
            yield from _every().filter(among(column, chunk))

    def _mine(self, column: str, values: Iterable[Any]) -> Iterable[DevelopmentFile]:
        return (file for file in self._asked(column, values) if self._is_mine(file))

    def _is_mine(self, file: DevelopmentFile) -> bool:
        path = file.organization.path
        return any(low <= path and (high is None or path < high) for low, high in self.ranges)

    def by_keys(self, row: StagedRow) -> list[DevelopmentFile]:
        """Return whose files the keys of a row name, each once; of one person the open one."""
        values = row.values
        found: list[DevelopmentFile] = []
        if key := values.get("file_number"):
            found += [self.by_pk[key]] if key in self.by_pk else []
        if number := values.get("id_number"):
            found += self.by_digest.get(self.digests[number], ())
        if number := values.get("staff_number"):
            found += self.by_staff_number.get(number, ())
        each = list({file.pk: file for file in found}.values())
        return [file for file in each if file.is_open] or each

    def alike(self, row: StagedRow, organization: int | None) -> list[DevelopmentFile]:
        """Return the open files of the same name in the branch against which nothing speaks."""
        values = row.values
        return [
            file
            for file in self.by_name.get(values.get("name", ""), ())
            if organization in (None, file.organization_id)
            and not (values.get("id_number") and file.id_digest)
            and not (values.get("staff_number") and file.staff_number)
            and not _born_otherwise(file, values.get("born_on"))
        ]

    def is_elsewhere(self, row: StagedRow) -> bool:
        number = row.values.get("id_number")
        return bool(number) and self.digests[number] in self.elsewhere


def _every() -> Any:
    rows = DevelopmentFile._base_manager.filter(wrong_entry=False)
    return rows.select_related("organization").order_by("pk")


def _born_otherwise(file: DevelopmentFile, born: Any) -> bool:
    return bool(born and file.born_on and not overlap(born, file.born_on))


def _said(rows: Iterable[StagedRow], name: str) -> set[Any]:
    return {value for row in rows if (value := row.values.get(name))}
