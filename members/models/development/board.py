"""The board of an organisation: how many stand where, what a year has brought, and its quota."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q

from branches.models import Organization
from members.models.development.files import DevelopmentFile
from members.models.development.policies import Quota
from members.models.development.steps import StepTaken, StepTakenQuerySet
from members.rules import development
from members.rules.codes import FEMALE, HIGHER_EDUCATION
from members.rules.development.recorded import AGREED, CANCELLED, EXTENDED, ON_TIME
from registry.calendar import PartialDate, years_after

# Decisions on full membership, by what a board calls them; an older one without a word on it
# made a full member.
_NAMES = {ON_TIME: "became_full", EXTENDED: "extended", CANCELLED: "cancelled"}
YOUNG = 35  # years, up to and with


@dataclass
class Counts:
    """What is counted at one place: open files by stage, and decisions of the year."""

    stages: dict[str, int] = field(default_factory=lambda: dict.fromkeys(development.STAGES, 0))
    accepted: int = 0
    became_full: int = 0
    extended: int = 0
    cancelled: int = 0


@dataclass
class Board(Counts):
    """The counts of an organisation and all below it, its quota, shares and branches.

    ``quota`` is None where nobody has given one. ``shares`` are numbers among those accepted in
    the year: women, young (at most 35 on the last day of the year), educated (大专 and more),
    front_line.
    """

    year: int = 0
    quota: int | None = None
    shares: dict[str, int] = field(default_factory=dict)
    branches: dict[Organization, Counts] = field(default_factory=dict)

    @property
    def used(self) -> int:
        return self.accepted

    @property
    def left(self) -> int | None:
        """What is left of the quota; negative where more were accepted."""
        return None if self.quota is None else self.quota - self.used


def board_of(organization: Organization, year: int) -> Board:
    """Return the board of ``organization`` and everything below it for ``year``.

    Files count where they belong now; acceptance counts in the year of approval. The number of
    questions to the database does not grow with the files.
    """
    board = Board(year=year, quota=quota_of(organization, year))
    places: dict[int, Counts] = defaultdict(Counts)
    files = DevelopmentFile.objects.under(organization)
    rows = files.open().order_by().values_list("organization", "stage").annotate(n=Count("pk"))
    for place, stage, number in rows:
        places[place].stages[stage] += number
    for name, counted in _decisions(organization, year).items():
        for place, number in counted.items():
            setattr(places[place], name, number)
    branches = {each.pk: each for each in Organization.objects.filter(pk__in=places)}
    in_order = sorted(branches.values(), key=lambda each: each.path)
    board.branches = {branch: places[branch.pk] for branch in in_order}
    for counts in board.branches.values():
        for stage, number in counts.stages.items():
            board.stages[stage] += number
        for name in ("accepted", "became_full", "extended", "cancelled"):
            setattr(board, name, getattr(board, name) + getattr(counts, name))
    board.shares = _shares(organization, year)
    return board


def quota_of(organization: Organization, year: int) -> int | None:
    """Return the quota of ``organization``, or the sum of those given right below it."""
    given = Quota.objects.under(organization).filter(year=year).order_by("organization__path")
    total, counted = None, ""
    for path, planned in given.values_list("organization__path", "planned"):
        if not counted or not path.startswith(counted):
            total, counted = (total or 0) + planned, path
    return total


def _decisions(organization: Organization, year: int) -> Mapping[str, Counter[int]]:
    found: dict[str, Counter[int]] = defaultdict(Counter)
    admitted = accepted_in(organization, year).order_by()
    for place, number in admitted.values_list("file__organization").annotate(n=Count("pk")):
        found["accepted"][place] += number
    approved = decided_in(organization, year).order_by()
    rows = approved.values_list("file__organization", "decision").annotate(n=Count("pk"))
    for place, decision, number in rows:
        found[_NAMES.get(decision, "became_full")][place] += number
    return found


def accepted_in(organization: Organization, year: int) -> StepTakenQuerySet:
    """The approvals of ``year`` that made somebody of ``organization`` a probationary member."""
    return StepTaken.objects.in_force().under(organization).in_year(year).of("approval", AGREED)


def decided_in(organization: Organization, year: int, name: str = "") -> StepTakenQuerySet:
    """The approvals of ``year`` on full membership; those that a board calls ``name``."""
    rows = StepTaken.objects.in_force().under(organization).in_year(year)
    rows = rows.of("full_approval", AGREED)
    if name == "became_full":
        return rows.exclude(decision__in=[EXTENDED, CANCELLED])
    decisions = [decision for decision, called in _NAMES.items() if called == name]
    return rows.filter(decision__in=decisions) if name else rows


def share_conditions(year: int) -> dict[str, Q]:
    """Return what a file fulfils that counts in each share of ``year``."""
    oldest = years_after(date(year, 12, 31), -YOUNG - 1)
    return {
        "women": Q(sex=FEMALE),
        "young": Q(born_on__gt=PartialDate.of(oldest)),
        "educated": Q(education__in=HIGHER_EDUCATION),
        "front_line": Q(front_line=True),
    }


def _shares(organization: Organization, year: int) -> dict[str, int]:
    """Count among those accepted in the year."""
    admitted = accepted_in(organization, year).filter(file=OuterRef("pk"))
    files = DevelopmentFile.objects.under(organization).filter(Exists(admitted))
    counted: dict[str, int] = files.aggregate(
        **{
            name: Count("pk", filter=condition)
            for name, condition in share_conditions(year).items()
        }
    )
    return counted
