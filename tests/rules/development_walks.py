"""Files that come about as a clerk makes them: step by step, as far as the rules let him."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from random import Random

from members.rules import development
from members.rules.development import STEPS, Done, File
from registry.calendar import PartialDate
from tests.rules.development_files import FACTS, SPONSORS, VOTE

BEGAN = date(2015, 1, 1)
RESULTS = ("on_time", "on_time", "on_time", "extended", "cancelled")


def facts_for(step: str, chance: Random) -> dict:
    facts = dict(FACTS.get(step, {}))
    if step == "sponsors" and chance.random() < 0.2:
        facts["sponsors"] = chance.choice([SPONSORS[:1], [SPONSORS[0], SPONSORS[0]]])
    if step in {"assembly", "full_assembly"}:
        facts["votes_for"] = chance.choice([VOTE["votes_for"], 7, 6, 13])
    if step == "full_assembly":
        facts["result"] = chance.choice(RESULTS)
        facts["extended_months"] = chance.choice([5, 6, 9, 12, 13])
    if step in {"pre_review", "assembly", "approval"} and chance.random() < 0.1:
        facts["result"] = "refused"
    if step == "political_review" and chance.random() < 0.1:
        facts["result"] = "not_qualified"
    if step == "approval":
        facts["special"] = chance.random() < 0.3
    if step.endswith("_notice"):
        facts["until"] = "2030-01-01"
    return facts


def walk(seed: int) -> File:
    """Return the file that follows from trying steps, likely and unlikely, as the days go on."""
    chance = Random(seed)
    tries = chance.randrange(90)
    today = BEGAN + timedelta(days=chance.randrange(4200))
    file = File(
        chance.choice(["2014", "2026-05"]),
        PartialDate.of(today - timedelta(days=chance.randrange(6000, 14000))),
        has_general_branch=chance.random() < 0.3,
    )
    for _ in range(tries):
        step = _tried(file, today, chance)
        on = today - timedelta(days=chance.choice([0, 0, 0, 1, 30, 400]))
        day = PartialDate.of(on) if chance.random() < 0.9 else PartialDate(on.year, on.month)
        facts = facts_for(step, chance)
        said = development.objections(
            step, file, day, facts=facts, today=today, reason="a reason",
            entitled=chance.random() < 0.9,
        )  # fmt: skip
        if not any(each.level == "error" for each in said):
            file = replace(file, done=(*file.done, Done(step, day, facts)))
        today += timedelta(days=chance.choice([0, 1, 7, 20, 45, 100, 200]))
    return file


def _tried(file: File, today: date, chance: Random) -> str:
    open_ones = [each.step for each in development.plan(file, today) if each.state == "possible"]
    if open_ones and chance.random() < 0.85:
        return chance.choice(open_ones)
    return chance.choice(list(STEPS))
