"""The steps of one kind of file in their order, with what stands before and after each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from members.rules.development.files import File
from members.rules.development.rule_sets import RULE_SETS, RuleSet
from members.rules.development.step import Limit, Step
from members.rules.development.steps import OF_A_GENERAL_BRANCH, STEPS
from members.rules.development.wording import ANCHORS


@dataclass(frozen=True, eq=False, slots=True)
class Stop:
    """One step on its route."""

    step: Step
    code: str
    bit: int
    asked: bool  # this kind of file asks for it
    before: tuple[str, ...]  # asked-for steps directly before it, and those that it needs
    needs: frozenset[str]
    later: int  # the bits of every step that comes after it
    near: int  # the bits of the steps that have a say in its plan
    earliest: tuple[Limit, ...]
    latest: tuple[Limit, ...]
    every: Limit | None
    labels: Mapping[str, str]  # of every step and anchor on the route


@dataclass(frozen=True, eq=False, slots=True)
class Route:
    rules: RuleSet
    stops: tuple[Stop, ...]
    at: dict[str, Stop]


def route_of(file: File) -> Route:
    """Return the route of ``file``; raise ValueError for a rule set that is not recorded."""
    return _route(file.rule_set, file.has_general_branch, file.local_steps)


@lru_cache(maxsize=256)
def _route(rule_set: str, has_general_branch: bool, local: tuple[Step, ...]) -> Route:
    if rule_set not in RULE_SETS:
        raise ValueError(
            f"There is no rule set “{rule_set}”. Choose one of {', '.join(RULE_SETS)}."
        )
    rules = RULE_SETS[rule_set]
    steps = _in_order(local)
    after = {step.code: set(step.after) for step in steps}
    for own in local:  # what followed the step before it, follows a province's own step as well
        for step in steps:
            if step is not own and step not in local and set(step.after) & set(own.after):
                after[step.code].add(own.code)
    asked = {step.code for step in steps if _is_asked(step, rules, has_general_branch)}
    bits = {step.code: 1 << place for place, step in enumerate(steps)}
    ancestors: dict[str, set[str]] = {}
    for step in steps:
        direct = {code for code in (after[step.code] | set(step.needs)) if code in bits}
        ancestors[step.code] = direct.union(*(ancestors[code] for code in direct))
    later = {code: sum(bits[other] for other in bits if code in ancestors[other]) for code in bits}
    labels = {**{step.code: step.label for step in steps}, **ANCHORS}
    stops = []
    for step in steps:
        direct = _asked_before(step.code, after, asked) | set(step.needs) & asked
        earliest = (*rules.earliest.get(step.code, ()), *step.earliest)
        latest = (*rules.latest.get(step.code, ()), *step.latest)
        near = 0
        for code in direct | {limit.anchor for limit in (*earliest, *latest)}:
            near |= bits.get(code, 0) | (later[code] if code in direct else 0)
        stops.append(
            Stop(
                step,
                step.code,
                bits[step.code],
                step.code in asked,
                tuple(code for code in bits if code in direct),
                frozenset(set(step.needs) & asked),
                later[step.code],
                near,
                earliest,
                latest,
                rules.every.get(step.code),
                labels,
            )
        )
    return Route(rules, tuple(stops), {stop.code: stop for stop in stops})


def _in_order(local: tuple[Step, ...]) -> list[Step]:
    steps = list(STEPS.values())
    for own in local:
        codes = [step.code for step in steps]
        place = max((codes.index(code) for code in own.after if code in codes), default=-1)
        steps.insert(place + 1, own)
    return steps


def _is_asked(step: Step, rules: RuleSet, has_general_branch: bool) -> bool:
    if step.code in OF_A_GENERAL_BRANCH:
        return has_general_branch
    return not step.optional or step.code in rules.asks_for


def _asked_before(code: str, after: dict[str, set[str]], asked: set[str]) -> set[str]:
    """The steps directly before ``code``; where one is not asked for, those before that one."""
    found: set[str] = set()
    for before in after.get(code, ()):
        found |= {before} if before in asked else _asked_before(before, after, asked)
    return found
