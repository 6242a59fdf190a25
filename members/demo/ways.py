"""The way of an invented person to membership: every step with a plausible day and its facts."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from registry.calendar import months_after


@dataclass(frozen=True)
class Taken:
    step: str
    on: date
    facts: dict[str, Any]
    reason: str = ""


@dataclass(frozen=True)
class Branch:
    """Who is there to act: full members with their keys, the secretary first."""

    full: Sequence[tuple[int, str]]
    under_a_general_branch: bool

    @property
    def secretary(self) -> str:
        return self.full[0][1]


class Ways:
    """Invents whole ways; the same ``rng`` invents the same ones."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng

    def whole(self, branch: Branch, begins_on: date) -> list[Taken]:
        """Return all steps up to full membership, in time, from an application on ``begins_on``."""
        rng, days = self.rng, self._days
        activist = months_after(begins_on, 5) + days(0, 40)
        helped = self._people(branch)
        kind = rng.choice(("members", "mass_organisation"))
        found = [
            Taken("application", begins_on, {"received_by": branch.secretary}),
            Taken("first_talk", begins_on + days(6, 25), {"who": branch.secretary}),
            Taken(
                "activist",
                activist,
                {"recommendation": kind},
            ),
            Taken("activist_filed", activist + days(6, 12), {}),
            Taken("mentors", activist + timedelta(days=12), {"mentors": helped}),
        ]
        first = activist + days(150, 172)
        second = first + days(150, 172)
        found += [
            Taken("cultivation", day, {"opinion": "培养考察情况良好"}) for day in (first, second)
        ]
        chosen = max(months_after(activist, 12) + days(6, 20), second + days(26, 34))
        notice = chosen - timedelta(days=22)
        found += [
            Taken("object_notice", notice,
                  {"until": f"{chosen - timedelta(days=2)}", "outcome": "公示期间未收到反映"}),
            Taken("object", chosen, {"opinions": "党小组、培养联系人、党员和群众均表示同意"}),
            Taken("object_filed", chosen + days(5, 12), {"consent": True}),
            Taken("sponsors", chosen + timedelta(days=14), {"sponsors": helped}),
            Taken("political_review", chosen + days(40, 60),
                  {"method": "函调", "result": "qualified"}),
            Taken("training", chosen + days(80, 100), {"days": 3, "hours": 24, "result": "合格"}),
        ]  # fmt: skip
        return found + self._acceptance(branch, chosen + days(115, 130))

    def _acceptance(self, branch: Branch, reviewed: date) -> list[Taken]:
        days, number = self._days, f"33{self.rng.randrange(10**8):08}"
        passed = reviewed + days(15, 25)
        assembly = passed + days(16, 24)
        approved = assembly + days(24, 50)
        agreed = {"result": "agreed"}
        document = f"机委〔{approved.year}〕{self.rng.randrange(1, 60)}号"
        found = [
            Taken("branch_review", reviewed, dict(agreed)),
            Taken("pre_review", passed, {**agreed, "form_number": number}),
            Taken("application_form", passed + days(3, 8), {"form_number": number}),
            Taken("assembly", assembly, {**self._vote(branch), **agreed, "place": "三楼会议室"}),
        ]
        if branch.under_a_general_branch:
            found.append(Taken("deliberation", assembly + days(3, 8), dict(agreed)))
        found += [
            Taken("committee_talk", assembly + days(10, 20),
                  {"who": branch.secretary, "opinion": "同意发展"}),
            Taken("approval", approved, {**agreed, "document": document}),
            Taken("filed_above", approved + days(2, 6), {}),
            Taken("placed", approved + days(2, 6), {}),
            Taken("oath", approved + days(8, 20), {"place": "党员活动室"}),
        ]  # fmt: skip
        return found + self._probation(branch, assembly)

    def _probation(self, branch: Branch, assembly: date) -> list[Taken]:
        days, end = self._days, months_after(assembly, 12)
        held = end + days(3, 20)
        opinion = {"opinion": "预备期表现合格"}
        found = [
            Taken("probation_review", months_after(assembly, 4) + days(0, 15), opinion),
            Taken("probation_review", months_after(assembly, 9) + days(0, 15), opinion),
            Taken("full_application", end - days(4, 14), {}),
            Taken("full_assembly", held, {**self._vote(branch), "result": "on_time"}),
        ]
        if branch.under_a_general_branch:
            found.append(Taken("full_deliberation", held + days(3, 8), {"result": "agreed"}))
        return [*found, Taken("full_approval", held + days(12, 40), {"result": "agreed"})]

    def _people(self, branch: Branch) -> list[dict[str, Any]]:
        """Two full members: mentors first, sponsors later, as in most branches."""
        return [
            {"member": key, "name": name, "full_member": True}
            for key, name in self.rng.sample(list(branch.full), 2)
        ]

    def _vote(self, branch: Branch) -> dict[str, Any]:
        entitled = len(branch.full)
        away = self.rng.randrange(0, max(1, entitled // 5))
        against = 1 if entitled > 9 and self.rng.random() < 0.2 else 0
        present = entitled - away
        return {
            "entitled": entitled, "due": entitled, "present": present, "written_for": 0,
            "written_against": 0, "votes_for": present - against, "votes_against": against,
            "abstained": 0,
        }  # fmt: skip

    def _days(self, least: int, most: int) -> timedelta:
        return timedelta(days=self.rng.randint(least, most))


def moved(way: Sequence[Taken], by: timedelta) -> list[Taken]:
    """Return the same way that many days later."""
    found = []
    for taken in way:
        facts = taken.facts
        if until := facts.get("until"):
            facts = {**facts, "until": str(date.fromisoformat(until) + by)}
        found.append(Taken(taken.step, taken.on + by, facts, taken.reason))
    return found
