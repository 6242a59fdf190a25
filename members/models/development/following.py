"""What follows from the steps of a file: its derived columns and its deadlines."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db import models, transaction

from members.models.development.deadlines import Deadline
from members.models.development.reading import Readings, chunks
from members.models.development.returns import SentBack
from members.models.development.steps import StepTaken
from members.rules import development
from members.rules.codes import FULL, PROBATIONARY
from members.rules.development.recorded import AGREED, ON_TIME
from registry.calendar import PartialDate
from registry.loading import update
from registry.sentences import Sentence

# A day after every limit: seen from it a step is blocked only by what is missing before it.
AT_THE_END = date(9999, 12, 31)
AT_ONCE = 1_000
DERIVED = ("standing", "standing_since", "stage", "probation_ends_on")
_STAGE_OF_STANDING = {"": "application", "applicant": "application", "activist": "activist"}
_SINCE = {"applicant": "application", "activist": "activist", "object": "object",
          PROBATIONARY: "assembly", "cancelled": "full_approval"}  # fmt: skip


def derive(file: Any, known: development.File) -> None:
    """Bring the derived columns of ``file`` up to date with ``known``; does not save."""
    file.standing = development.standing(known) or "applicant"
    file.stage = _stage(file.standing, known)
    file.probation_ends_on = development.probation_ends_on(known)
    if file.standing == FULL:
        file.standing_since = development.full_member_on(known)
    else:
        file.standing_since = _day_of(_SINCE[file.standing], known)


def _stage(standing: str, known: development.File) -> str:
    if standing in _STAGE_OF_STANDING:
        return _STAGE_OF_STANDING[standing]
    if standing != "object":
        return "probation"
    stages = {each.step: development.STEPS[each.step].stage
              for each in known.done if each.step in development.STEPS}  # fmt: skip
    return "acceptance" if "acceptance" in stages.values() else "object"


def _day_of(step: str, known: development.File) -> PartialDate | None:
    return next((done.on for done in reversed(known.done) if done.step == step), None)


def deadlines_of(
    file: Any, known: development.File, sent_back: Iterable[str] = ()
) -> list[Deadline]:
    """Return what ``file`` waits for: nothing where it is stopped, archived or a wrong entry."""
    if not file.is_open:
        return []
    steps = development.STEPS | {step.code: step for step in known.local_steps}
    returned = set(sent_back)
    open_steps = development.open_steps(development.plan(known, AT_THE_END))
    return [
        Deadline(
            file_id=file.pk,
            organization_id=file.organization_id,
            step=planned.step,
            position=position,
            acts=steps[planned.step].acts,
            possible_from=planned.possible_from,
            due_by=planned.due_by,
            blocked=planned.state == development.BLOCKED,
            provisional=planned.provisional,
            sent_back=planned.step in returned,
            reasons=[kept(reason) for reason in planned.reasons],
        )
        for position, planned in enumerate(open_steps)
    ]


def kept(sentence: Sentence) -> list[Any]:
    """Return a sentence as a column of JSON keeps it; ``Deadline.said`` says it again."""
    params = {
        name: kept(value) if isinstance(value, Sentence) else
        value if isinstance(value, int) else str(value)
        for name, value in sentence.params.items()
    }  # fmt: skip
    return [sentence.template, params]


def decide(rows: Iterable[StepTaken]) -> list[tuple[str, int]]:
    """Say of each approval of full membership among ``rows``, those of one file in their order,
    what it has approved; return decision and key of those for which that is new."""
    decided, changed = ON_TIME, []
    for row in rows:
        if row.step == "full_assembly":
            decided = row.facts.get("result") or ON_TIME
        approves = row.step == "full_approval" and row.result == AGREED
        if (decision := decided if approves else "") != row.decision:
            row.decision = decision
            changed.append((decision, row.pk))
    return changed


def follow(file: Any) -> None:
    """Derive and save the columns of one file and its steps, and write its deadlines anew."""
    readings = Readings([file])
    known = readings.of(file)
    derive(file, known)
    file.save()
    if decided := decide(readings.taken(file)):
        update(StepTaken, ("decision",), decided)
    returns = SentBack.objects.filter(file=file, answered_on__isnull=True)
    Deadline.objects.filter(file=file).delete()
    Deadline.objects.bulk_create(deadlines_of(file, known, returns.values_list("step", flat=True)))


def rebuild(files: models.QuerySet[Any]) -> int:
    """Derive columns and deadlines of many files anew, set by set; return how many they were.

    For imports and for what changes many files at once: a new limit, a general branch, a step of
    an office. Nobody's version is raised, since nothing changes that a clerk has written.
    """
    count = 0
    keys = list(files.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), AT_ONCE):
        with transaction.atomic():
            count += _rebuild(files.model, keys[start : start + AT_ONCE])
    return count


def _rebuild(model: type[models.Model], keys: Sequence[int]) -> int:
    rows = model._default_manager.select_for_update(of=("self",), no_key=True)
    rows = rows.select_related("organization").defer("id_number", "phone", "address", "own_sealed")
    files = list(rows.filter(pk__in=keys).order_by("pk"))
    readings, returned = Readings(files), _returned(keys)
    changed: list[tuple[Any, ...]] = []
    decided: list[tuple[str, int]] = []
    deadlines: list[Deadline] = []
    for file in files:
        known = readings.of(file)
        before = [getattr(file, name) for name in DERIVED]
        derive(file, known)
        if before != [getattr(file, name) for name in DERIVED]:
            changed.append((*_as_kept(file), file.pk))
        decided += decide(readings.taken(file))
        deadlines += deadlines_of(file, known, returned.get(file.pk, ()))
    update(model, DERIVED, changed)
    update(StepTaken, ("decision",), decided)
    for some in chunks(keys):
        Deadline.objects.filter(file__in=some).delete()
    Deadline.objects.bulk_create(deadlines, batch_size=500)
    return len(files)


def _as_kept(file: Any) -> list[Any]:
    values = (getattr(file, name) for name in DERIVED)
    return [value.code if isinstance(value, PartialDate) else value for value in values]


def _returned(keys: Sequence[int]) -> Mapping[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for some in chunks(keys):
        rows = SentBack.objects.filter(file__in=some, answered_on__isnull=True)
        for file, step in rows.values_list("file_id", "step"):
            found[file].append(step)
    return found
