"""What a clerk says of the rows of his upload: corrections, answers, rows to be skipped.

Nothing of it reaches the register; it stays with the job, also when the file is read again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from django.db import transaction

from registry.models import ImportJob
from registry.sheets import mapping
from registry.sheets.keeping import kept_rows
from registry.sheets.reading import without_collecting
from registry.sheets.resources import Context, SheetResource
from registry.sheets.rows import StagedRow, Told, hear
from registry.sheets.staging import Kind, judge_again, masked_in

# So many rows are judged anew in about a second; of more only those that were spoken of.
_JUDGED_AT_ONCE = 2_000

Say = Callable[[StagedRow], None]


@dataclass(frozen=True)
class Answer:
    """What was chosen for the question ``code`` of one row, or of all ``alike``."""

    row_pk: int
    code: str
    choice: str
    alike: bool = False


class Answering:
    """The answers of ``user`` about one open upload, on ``today``."""

    def __init__(self, kind: Kind, job: ImportJob, user: Any, today: date) -> None:
        self.kind, self.job = kind, job
        self.resource: SheetResource = kind(
            Context(user, kind.verbs[0], job.scope_path, job.opening_on, today)
        )
        self.table = kind.table(today)

    def correct(self, row_pk: int, cells: Mapping[str, str]) -> None:
        """Let what was typed stand in the place of cells; an empty text leaves the cell out."""
        self.hear({row_pk: cells}, [])

    def skip(self, row_pks: Iterable[int], *, skip: bool = True) -> None:
        """Leave rows out, or take them in again."""

        def say(row: StagedRow) -> None:
            row.said.skip = skip

        self._say({key: [say] for key in row_pks})

    def answer(self, row_pk: int, code: str, choice: str, *, alike: bool = False) -> int:
        """Answer a question of a row, and with ``alike`` the same question of all other rows;
        return how many rows were answered. A choice that was not offered answers nothing."""
        return self.hear({}, [Answer(row_pk, code, choice, alike)])

    def hear(self, cells: Mapping[int, Mapping[str, str]], answers: Iterable[Answer]) -> int:
        """Take all that was said on one page, so that the rows are judged once; return of how
        many rows something was taken."""
        says: dict[int, list[Say]] = defaultdict(list)
        spoken: set[tuple[str, int]] = set()
        for row_pk, typed in cells.items():
            says[row_pk].append(partial(self._correct, spoken, typed))
        for answer in answers:
            asked = next(kept_rows(self.job, self.job.rows.left().filter(pk=answer.row_pk)), None)
            question = asked and question_of(asked, answer.code)
            if not question or not offers(question, answer.choice):
                continue
            for row_pk in self._asked_alike(answer, question):
                says[row_pk].append(partial(self._answer, spoken, answer, question))
        if says:
            self._say(says)
        return len(spoken)

    def _correct(
        self, spoken: set[tuple[str, int]], typed: Mapping[str, str], row: StagedRow
    ) -> None:
        spoken.add((row.sheet, row.number))
        for name, text in typed.items():
            self._forget(row, name)
            if text.strip():
                row.said.cells[name] = text
            else:
                row.said.without.append(name)

    def _asked_alike(self, answer: Answer, question: Told) -> list[int]:
        if not answer.alike:
            return [answer.row_pk]
        like = self.job.findings.filter(code=answer.code, level=question.sentence.level)
        return sorted(set(like.filter(row__in=self.job.rows.left()).values_list("row", flat=True)))

    def _answer(
        self, spoken: set[tuple[str, int]], answer: Answer, question: Told, row: StagedRow
    ) -> None:
        other = question_of(row, answer.code)
        if not (other and _is_alike(question, other) and offers(other, answer.choice)):
            return
        spoken.add((row.sheet, row.number))
        if other.field and other in row.told:  # how a cell is to be read
            self._forget(row, other.field)
            row.said.cells[other.field] = answer.choice
        else:
            row.said.answers[answer.code] = answer.choice

    def _forget(self, row: StagedRow, name: str) -> None:
        row.said.cells.pop(name, None)
        row.said.without = [each for each in row.said.without if each != name]

    def _say(self, says: Mapping[int, Sequence[Say]]) -> None:
        few = self.job.rows.left().count() <= _JUDGED_AT_ONCE
        which = {} if few else {"pk__in": says.keys()}
        with without_collecting(), transaction.atomic():
            job = ImportJob.objects.defer("file").select_for_update().get(pk=self.job.pk)
            if not job.is_open:
                return
            rows = list(kept_rows(job, job.rows.left().filter(**which)))
            for row in rows:
                if row.key and row.key in says:
                    for say in says[row.key]:
                        say(row)
                    hear(row, self.table, masked_in(self.resource))
                    self.resource.settle(row)
            judge_again(self.resource, job, rows, all_of_them=few)
        self.job.refresh_from_db()


def question_of(row: StagedRow, code: str) -> Told | None:
    """Return the question of this code that a row asks."""
    return next(
        (each for each in (*row.told, *row.judged) if each.sentence.code == code and each.choices),
        None,
    )


def offers(question: Told, choice: str) -> bool:
    """Return whether ``choice`` is one of those offered; “move” is offered with any day."""
    offered, _colon, day = choice.partition(":")
    if day:
        try:
            date.fromisoformat(day)
        except ValueError:
            return False
    return any(offered == answer for answer, _about in question.choices)


def _is_alike(question: Told, other: Told) -> bool:
    """Whether one answer fits both: the same choices of the same things, or of words of ours."""
    words = {answer for answer, about in question.choices if not about}
    return question.choices == other.choices or bool(words) or question.field == "organization"


def choose_columns(job: ImportJob, chosen: Mapping[str, str]) -> None:
    """Take the clerk's “sheet!letter” → field and remember it for his office; the file is to be
    read again then (``staging.read_received``)."""
    sheets = {sheet["sheet"]: sheet for sheet in job.layout.get("sheets", [])}
    with transaction.atomic():
        mapping.remember(job, sheets, chosen)
        job.read_again()
