"""The list of a desk: step by step, or person by person, a page of each."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef

from members.admin.development.pages import file_url, step_url
from members.admin.development.questions import Question, label_of
from members.models import Deadline, DevelopmentFile, LocalStep
from members.models.development.deadlines import BRANCH, DUE, OVERDUE, SOON, WAITING_AT
from members.models.development.tallies import with_mine
from members.rules.development import LEVELS
from members.rules.development.planning import DESK_STATES
from members.rules.development.wording import NOTHING_BEFORE
from registry.language import said

SHOWN = 50  # rows on one page
LAST_PAGE = 2_000
LOOKS = {OVERDUE: "bad", DUE: "warn", SOON: "warn", "possible": "good", "blocked": ""}
_LEVEL_OF = {acts: level for level, group in WAITING_AT.items() for acts in group}
# What a row shows of the person; his protected values stay sealed.
OF_FILE = ("name", "standing", "standing_since", "organization_id")


@dataclass(frozen=True)
class WaitingStep:
    """One step that a file waits for, as a desk says it."""

    row: Deadline
    label: str
    state: str
    state_said: str
    look: str
    level: str
    mine: bool
    reasons: list[str]
    file_url: str
    step_url: str  # "" where it is not for this user, or not yet


@dataclass(frozen=True)
class WaitingPerson:
    file: DevelopmentFile
    steps: list[WaitingStep]
    url: str


@dataclass(frozen=True)
class Shown:
    """One page of a list; the next is known by one row more than is shown."""

    rows: list[Any]
    number: int
    has_next: bool

    @property
    def previous(self) -> int:
        return self.number - 1

    @property
    def next(self) -> int:
        return self.number + 1 if self.has_next else 0


def lines_of(
    question: Question, rows: Any, user: Any, own: dict[str, LocalStep], asked_page: str
) -> Shown:
    """Return one page of steps."""
    asked = with_mine(question.narrowed(rows, user), user).select_related("file", "organization")
    asked = asked.only(
        *(field.name for field in Deadline._meta.concrete_fields),
        *(f"file__{name}" for name in OF_FILE),
        "organization__name", "organization__short_name", "organization__path",
    )  # fmt: skip
    found = one_page(asked, asked_page)
    lines = [_step(row, question.on, question.within, own) for row in found.rows]
    return replace(found, rows=lines)


def people_of(
    question: Question, rows: Any, user: Any, own: dict[str, LocalStep], asked_page: str
) -> Shown:
    """Return one page of people, branch by branch, each with those of his steps that are asked."""
    narrowed = question.narrowed(rows, user).order_by()
    people = DevelopmentFile.objects.visible_to(user).under(question.organization).open()
    people = people.filter(Exists(narrowed.filter(file=OuterRef("pk"))))
    asked = people.select_related("organization").only(
        *OF_FILE, "organization__name", "organization__short_name", "organization__path"
    )
    found = one_page(asked.order_by("organization__path", "pk"), asked_page)
    steps: dict[int, list[WaitingStep]] = defaultdict(list)
    theirs = with_mine(narrowed, user).filter(file__in=[file.pk for file in found.rows])
    for row in theirs.order_by("file_id", "position"):
        steps[row.file_id].append(_step(row, question.on, question.within, own))
    lines = [WaitingPerson(file, steps[file.pk], file_url(file.pk)) for file in found.rows]
    return replace(found, rows=lines)


def one_page(rows: Any, asked: str) -> Shown:
    """Return the page that is asked for, the first one where that cannot be read."""
    number = int(asked) if asked.isdecimal() and 0 < int(asked[:9]) <= LAST_PAGE else 1
    start = (number - 1) * SHOWN
    found = list(rows[start : start + SHOWN + 1])
    return Shown(found[:SHOWN], number, len(found) > SHOWN)


def _step(row: Any, on: date, within: int, own: dict[str, LocalStep]) -> WaitingStep:
    state = row.state(on, within)
    level = BRANCH if row.sent_back else _LEVEL_OF[row.acts]
    begun = row.possible_from is None or row.possible_from <= on
    return WaitingStep(
        row=row,
        label=label_of(row.step, own),
        state=state,
        state_said=said(DESK_STATES[state]),
        look=LOOKS[state],
        level=said(LEVELS[level].label),
        mine=row.mine,
        reasons=[said(sentence) for sentence in row.said if sentence != NOTHING_BEFORE],
        file_url=file_url(row.file_id),
        step_url=step_url(row.file_id, row.step) if row.mine and begun and not row.blocked else "",
    )
