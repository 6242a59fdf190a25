"""Files as the rules see them, read for one or for thousands with the same few questions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from branches.models import Organization
from branches.rules import hierarchy, tree
from members.models.development.policies import LocalStep, LocalSteps
from members.models.development.steps import StepTaken
from members.models.headcounts import on_roll_now
from members.models.members import Member
from members.rules import development
from members.rules.codes import FULL

AT_ONCE = 500  # values in one question; SQLite takes no more than some thousand


def chunks(values: Iterable[Any]) -> Iterable[list[Any]]:
    every = sorted(values)
    return (every[start : start + AT_ONCE] for start in range(0, len(every), AT_ONCE))


class Readings:
    """What else the rules need to know of ``files``, which come with their organisations."""

    def __init__(self, files: Sequence[Any]) -> None:
        self._taken: dict[int, list[StepTaken]] = defaultdict(list)
        for some in chunks(file.pk for file in files if file.pk):
            for row in StepTaken.objects.in_force().filter(file__in=some):
                self._taken[row.file_id].append(row)
        self._others: dict[str, list[tuple[int, str]]] = defaultdict(list)
        self._read_members(files)
        standing = Organization.objects.standing().filter(kind=hierarchy.GENERAL_BRANCH)
        above = {each for file in files for each in tree.ancestors_of(file.organization.path)}
        self._general = {
            path
            for some in chunks(above)
            for path in standing.filter(path__in=some).values_list("path", flat=True)
        }
        self._local = LocalSteps(LocalStep.objects.all())

    def _read_members(self, files: Sequence[Any]) -> None:
        on_roll = Member._base_manager.filter(on_roll_now())
        for some in chunks({file.id_digest for file in files} - {""}):
            found = on_roll.filter(id_digest__in=some)
            for pk, digest, kind in found.values_list("pk", "id_digest", "kind"):
                self._others[digest].append((pk, kind))

    def taken(self, file: Any) -> list[StepTaken]:
        """Return the steps in force, in the order in which they came as far as their dates tell."""
        return sorted(
            self._taken[file.pk],
            key=lambda row: (row.taken_on.code if row.taken_on else 0, row.turn, row.pk),
        )

    def of(self, file: Any) -> development.File:
        """Return ``file`` as the rules see it."""
        others = [kind for pk, kind in self._others.get(file.id_digest, ()) if pk != file.member_id]
        path = file.organization.path
        return development.File(
            rule_set=file.rule_set,
            born_on=file.born_on,
            done=tuple(row.done() for row in self.taken(file)),
            has_general_branch=not self._general.isdisjoint(tree.ancestors_of(path)),
            local_steps=self._local.at(path, file.began_on.first_day if file.began_on else None),
            stopped_on=file.stopped_on,
            is_member=bool(others),
            full_member=FULL in others,
        )
