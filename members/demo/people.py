"""Invented people: an organ's mix of ages, ranks and years of joining, with valid ID numbers."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from members.demo import words
from members.demo.trees import FOUNDED, Node
from members.rules import identity, names
from members.rules.codes import FULL, PROBATIONARY
from registry.calendar import PartialDate, months_after, years_after

# Since when the register of the demo has been kept: who belonged then is opening stock.
OPENED = date(2015, 1, 1)
NO_PROBATION = (date(1969, 4, 1), date(1977, 8, 31))

# Education, its share among people in service and among retired people.
IN_SERVICE = (("14", 14), ("11", 2), ("20", 66), ("30", 15), ("41", 3))
RETIRED = (("14", 2), ("20", 26), ("30", 38), ("41", 18), ("60", 11), ("70", 5))
_YOUNG = ("科员", "一级科员", "四级主任科员")  # posts of those who apply
_GIVEN = [first + second for first in words.GIVEN for second in words.GIVEN[::3]]


@dataclass(slots=True)
class Invented:
    """One person of the demo, before rows are made of it."""

    name: str
    pinyin: str
    initials: str
    sex: str
    ethnicity: str
    id_number: str
    born_on: PartialDate
    native_place: str
    education: str
    channel: str
    degree: str
    work_began_on: PartialDate | None
    job_title: str
    rank: str
    leading: bool
    phone: str
    address: str
    kind: str
    category: str
    joined_on: PartialDate
    full_member_on: PartialDate | None
    placed_from: date
    began: str
    moved_on: date | None
    left_on: date | None
    leaving_reason: str
    floating: bool
    hardship: bool
    staff_number: str


@lru_cache(maxsize=200_000)
def _spelt(name: str) -> tuple[str, str]:
    initials, pinyin = names.search_keys(name)
    return pinyin, initials


class Inventor:
    """Invents people one after the other; the same ``rng`` invents the same ones."""

    def __init__(self, rng: random.Random, on: date) -> None:
        self.rng, self.on = rng, on
        self.taken: set[str] = set()
        self.count = 0

    def person(self, branch: Node, body: str) -> Invented:
        rng = self.rng
        self.count += 1
        retired = branch.sort == "retired"
        sex = "F" if rng.random() < 0.32 else "M"
        age = rng.triangular(58, 93, 66) if retired else rng.triangular(22, 60, 41)
        born = self.on - timedelta(days=int(age * 365.2425) + rng.randrange(365))
        if retired:
            born = min(born, years_after(self.on, -57))
        ethnicity = rng.choice(words.ETHNIC_GROUPS)
        name = self._name(sex, ethnicity)
        pinyin, initials = _spelt(name)
        joined, full = self._joining(born, retired)
        work = self._work_began(born)
        education = _weighted(rng, RETIRED if retired else IN_SERVICE)
        placed, began = self._first_stay(joined)
        left, reason, moved = self._later(placed)
        probationary = full is None or full > self.on
        senior = not retired and age > 35 and rng.random() < 0.12
        return Invented(
            name=name,
            pinyin=pinyin,
            initials=initials,
            sex=sex,
            ethnicity=ethnicity,
            id_number=self._id_number(born, sex),
            born_on=self._as_filed(born),
            native_place=rng.choice(words.NATIVE_PLACES),
            education=education,
            channel="full_time" if age < 45 else "in_service" if age < 60 else "",
            degree={"11": "2", "14": "3", "20": "4"}.get(education, "") if age < 45 else "",
            work_began_on=self._precise(work),
            job_title=""
            if retired
            else f"{body}{rng.choice(words.OFFICES_OF_WORK)}{rng.choice(words.POSTS_OF_WORK)}",
            rank="一级主任科员" if senior else "",
            leading=senior,
            phone="" if rng.random() < 0.03 else f"13{rng.randrange(10**9):09}",
            address=""
            if rng.random() < 0.15
            else f"{rng.choice(words.STREETS)}{rng.randrange(1, 300)}号",
            kind=PROBATIONARY if probationary else FULL,
            category="retired" if retired else "in_service",
            joined_on=joined,
            full_member_on=None if probationary else self._full(joined, full),
            placed_from=placed,
            began=began,
            moved_on=moved,
            left_on=left,
            leaving_reason=reason,
            floating=not retired and rng.random() < 0.01,
            hardship=rng.random() < 0.01,
            staff_number=f"{branch.code[:6]}{self.count % 100000:05}" if not retired else "",
        )

    def applicant(self, branch: Node, body: str, applied: date) -> dict[str, Any]:
        """Return what a file says of somebody who has applied on ``applied``, long of age."""
        rng = self.rng
        self.count += 1
        sex = "F" if rng.random() < 0.42 else "M"
        born = applied - timedelta(days=int(rng.triangular(20, 44, 26) * 365.2425) + 200)
        ethnicity = rng.choice(words.ETHNIC_GROUPS)
        return {
            "name": self._name(sex, ethnicity),
            "sex": sex,
            "ethnicity": ethnicity,
            "id_number": self._id_number(born, sex),
            "born_on": PartialDate.of(born),
            "native_place": rng.choice(words.NATIVE_PLACES),
            "education": _weighted(rng, IN_SERVICE),
            "education_channel": "full_time",
            "work_began_on": PartialDate.of(months_after(applied, -rng.randrange(2, 30))),
            "job_title": f"{body}{rng.choice(words.OFFICES_OF_WORK)}{rng.choice(_YOUNG)}",
            "phone": f"13{rng.randrange(10**9):09}",
            "staff_number": f"{branch.code[:6]}{self.count % 100000:05}",
            "front_line": rng.random() < 0.15,
        }

    def _name(self, sex: str, ethnicity: str) -> str:
        rng = self.rng
        if ethnicity in {"05", "04"} and rng.random() < 0.7:
            return rng.choice(words.MINORITY_NAMES)
        rare = rng.random()
        surname = rng.choice(words.RARE_SURNAMES if rare < 0.03 else words.SURNAMES)
        if rng.random() < 0.12:
            return surname + rng.choice(words.GIVEN)
        if rare > 0.994:
            return surname + rng.choice(words.RARE_GIVEN)
        return surname + rng.choice(_GIVEN)

    def _id_number(self, born: date, sex: str) -> str:
        """A valid number that nobody else of the demo has."""
        while True:
            serial = self.rng.randrange(500) * 2 + (sex == "M")
            first_17 = f"{self.rng.choice(words.REGIONS)}{born:%Y%m%d}{serial:03}"
            if first_17 not in self.taken:
                self.taken.add(first_17)
                return first_17 + identity.check_digit(first_17)

    def _joining(self, born: date, retired: bool) -> tuple[PartialDate, date | None]:
        """The day of joining, at 19 or later, and the day probation ends."""
        rng = self.rng
        first = years_after(born, 19)
        last = min(years_after(born, 45), self.on - timedelta(days=40))
        if retired:
            last = min(last, years_after(self.on, -5))
        day = first + timedelta(days=int((last - first).days * rng.random() ** 1.6))
        if not retired and first < years_after(self.on, -1) and rng.random() < 0.03:
            day = self.on - timedelta(days=rng.randrange(40, 360))  # still on probation
        if NO_PROBATION[0] <= day <= NO_PROBATION[1]:
            return self._precise(day), day
        return self._precise(day), years_after(day, 1)

    def _full(self, joined: PartialDate, full: date | None) -> PartialDate | None:
        """Full membership as precisely as joining is known."""
        if full is None:
            return None
        return PartialDate(full.year, full.month, full.day if joined.day else 0)

    def _work_began(self, born: date) -> date:
        return min(
            years_after(born, self.rng.choice((18, 20, 22, 22, 22, 23, 25))),
            self.on - timedelta(days=30),
        )

    def _precise(self, day: date) -> PartialDate:
        """Half of the days are known only to the month, as in real files."""
        return PartialDate(day.year, day.month, day.day if self.rng.random() < 0.5 else 0)

    def _as_filed(self, born: date) -> PartialDate:
        """The birth day of the personnel file; of one in a hundred it is not that of the ID."""
        filed = self._precise(born)
        if self.rng.random() < 0.01:
            filed = PartialDate(filed.year - 1, filed.month, min(filed.day, 28))
        return filed

    def _first_stay(self, joined: PartialDate) -> tuple[date, str]:
        if joined.first_day > OPENED:
            return joined.first_day, "developed"
        if self.rng.random() < 0.2:
            days = (self.on - OPENED).days
            return OPENED + timedelta(days=self.rng.randrange(30, days - 60)), "transferred_in"
        return OPENED, "opening"

    def _later(self, placed: date) -> tuple[date | None, str, date | None]:
        """What happened after the first stay began: a leaving, a move, or mostly nothing."""
        days = (self.on - placed).days
        if days < 90:
            return None, "", None
        rng, chance = self.rng, self.rng.random()
        day = placed + timedelta(days=rng.randrange(30, days - 30))
        if chance < 0.04:
            return day, rng.choice(("transferred_out", "transferred_out", "died")), None
        return None, "", day if chance < 0.16 and day > FOUNDED else None


def _weighted(rng: random.Random, table: tuple[tuple[str, int], ...]) -> str:
    return rng.choices([code for code, _ in table], [weight for _, weight in table])[0]
