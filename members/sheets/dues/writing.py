"""How rows of dues are written and taken back: few enough for the verbs of the records."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Self

from branches.models import Organization
from members.models import Member
from members.sheets.known import in_chunks
from registry.models import ImportJob
from registry.sentences import Sentence
from registry.sheets.keeping import letters_of
from registry.sheets.resources import Context, Reversal
from registry.sheets.rows import Kept, StagedRow, from_kept

ELSEWHERE = Sentence("It is none of your members.")


class ByVerb:
    """Judged rows that wait for the transaction that writes them one by one."""

    def __init__(self, job: ImportJob, context: Context) -> None:
        self.job, self.context = job, context

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None: ...

    def take(self, rows: Iterable[Kept], count: int, newcomers: int) -> None:
        letters = letters_of(self.job)
        self.rows = [from_kept(row, letters) for row in rows]

    def write(self) -> None:
        raise NotImplementedError


class UndoneByVerb:
    """Rows of an upload that is taken back: all is found out while it is done, one by one.

    ``results`` says of each row, by its key, what became of it.
    """

    def __init__(self, job: ImportJob, rows: Sequence[StagedRow], context: Context) -> None:
        self.job, self.rows, self.context = job, rows, context
        self.results: dict[int, tuple[str, Sentence | None]] = {}

    def prepare(self) -> Reversal:
        return Reversal(self.results, self.write)

    def write(self) -> None:
        raise NotImplementedError


def held(context: Context, keys: set[int]) -> dict[int, Member]:
    """Return those of the user's members with these keys, held until the transaction ends."""
    mine = Organization.objects.visible_to(context.user, context.verb)
    return {
        member.pk: member
        for chunk in in_chunks(keys)
        for member in Member.objects.select_for_update(of=("self",), no_key=True)
        .filter(pk__in=chunk, organization__in=mine)
        .order_by("pk")
    }
