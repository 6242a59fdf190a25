"""Files and the steps that were taken by a day, as papers tell them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Q

from branches.models import Organization, OrganizationPeriod
from branches.rules import hierarchy
from members.models import DevelopmentFile, StepTaken
from members.models.development.reading import chunks
from members.models.development.steps import StepTakenQuerySet
from members.rules.development.steps import STEPS
from registry.calendar import PartialDate


@dataclass(frozen=True)
class Story:
    """A file as it stood on ``day``: of each step, by its code, the times it was taken by then."""

    file: DevelopmentFile
    day: date
    steps: Mapping[str, tuple[StepTaken, ...]] = field(default_factory=dict)
    branch: str = ""  # what the branch of the file was called then, in short

    def times(self, code: str) -> tuple[StepTaken, ...]:
        return self.steps.get(code, ())

    def last(self, code: str) -> StepTaken | None:
        """Return the step, or the last time of one that repeats; None where it was not taken."""
        times = self.times(code)
        return times[-1] if times else None

    def on(self, code: str) -> PartialDate | None:
        """Return when it was taken; None also where nobody knows the day any more."""
        step = self.last(code)
        return step.taken_on if step else None

    def fact(self, code: str, name: str) -> Any:
        """Return what was recorded; None where nothing was."""
        step = self.last(code)
        return step.facts.get(name) if step else None

    def chosen(self, code: str, name: str = "result") -> str:
        """Return in Chinese what was chosen from a list; "" where nothing was."""
        record = next((each for each in STEPS[code].records if each.code == name), None)
        entry = (record.choices or {}).get(self.fact(code, name)) if record else None
        return entry.chinese if entry else ""

    def branch_of(self, code: str) -> Organization:
        """Return the branch that took the step: he may have moved since."""
        step = self.last(code)
        if step and step.organization.kind == hierarchy.BRANCH:
            return step.organization
        return self.file.organization

    def name_of_branch(self, code: str, day: date) -> str:
        """Return what the branch that took the step was called on ``day``, as on its seal."""
        return self.branch_of(code).name_on(day)

    def name_of_committee(self, day: date, branch: Organization | None = None) -> str:
        """Return the full name of the committee that approves; "" where the register knows none."""
        committee = (branch or self.file.organization).stamping_superior(day)
        return committee.name_on(day) if committee else ""


def taken_by(day: date) -> StepTakenQuerySet:
    """Return the steps in force that were taken by ``day``; also those of an unknown day."""
    by_then = Q(taken_on__lte=PartialDate.of(day)) | Q(taken_on__isnull=True)
    return StepTaken.objects.in_force().filter(by_then)


def stories_of(files: Iterable[DevelopmentFile], day: date) -> list[Story]:
    """Return the stories of ``files`` in their order, with a number of questions that follows
    neither the steps nor, up to some hundred, the files."""
    every = list(files)
    steps: dict[int, dict[str, list[StepTaken]]] = defaultdict(lambda: defaultdict(list))
    for some in chunks(file.pk for file in every):
        rows = taken_by(day).filter(file__in=some).select_related("organization")
        for row in rows.order_by("turn", "pk"):
            steps[row.file_id][row.step].append(row)
    called = _called({file.organization_id for file in every}, day)
    return [
        Story(
            file,
            day,
            {code: tuple(times) for code, times in steps[file.pk].items()},
            called.get(file.organization_id, f"{file.organization}"),
        )
        for file in every
    ]


def _called(branches: Iterable[int], day: date) -> dict[int, str]:
    """Return what branches were called on ``day``, in short where they have a short name."""
    found: dict[int, str] = {}
    for some in chunks(branches):
        held = OrganizationPeriod.objects.on(day).filter(organization__in=some)
        rows = held.values_list("organization", "short_name", "name")
        found |= {key: short or name for key, short, name in rows}
    return found


def story_of(file: DevelopmentFile, day: date) -> Story:
    [story] = stories_of([file], day)
    return story
