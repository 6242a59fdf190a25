"""Whatever steps are tried: no state that can be reached contradicts the rules, and each is clear.

What the rules say is said here once more, in other words and without their tables.
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from members.rules import development
from registry.calendar import months_after
from registry.sentences import ERROR
from tests.rules.development_walks import walk

ON = date(2024, 6, 1)
SEEDS = st.integers(0, 10**9)


def contradictions(file):
    """Every way in which a file breaks a rule that no reason excuses."""
    times = {}
    for each in file.done:
        times.setdefault(each.step, []).append(each)
    first = {step: min(each.on.first_day for each in them) for step, them in times.items()}
    last = {step: max(each.on.last_day for each in them) for step, them in times.items()}
    return [
        name
        for name, is_broken in (
            ("too young", _is_too_young(file, last)),
            ("no application", bool(times) and "application" not in times),
            ("an object too soon", _is_too_soon(last.get("object"), first.get("activist"))),
            ("an assembly that was not prepared", "assembly" in times
             and not {"sponsors", "political_review", "pre_review"} <= set(times)),
            ("one sponsor", any(len({one["member"] for one in each.facts["sponsors"]}) < 2
                                for each in times.get("sponsors", ()))),
            ("admitted without a majority", any(each.facts["result"] == "agreed"
                                                and each.facts["votes_for"] not in (7, 10)
                                                for each in times.get("assembly", ()))),
            ("approved without an assembly", "approval" in times and "assembly" not in times),
            ("full membership too soon",
             _is_too_soon(last.get("full_assembly"), first.get("assembly"))),
            ("a wrong extension", _is_wrongly_extended(times.get("full_assembly", ()))),
        )
        if is_broken
    ]  # fmt: skip


def _is_too_young(file, last):
    return "application" in last and (
        last["application"] < months_after(file.born_on.first_day, 18 * 12)
    )


def _is_too_soon(day, anchor):
    """Whether ``day`` is less than a year after ``anchor``, or there is no anchor."""
    return day is not None and (anchor is None or day < months_after(anchor, 12))


def _is_wrongly_extended(assemblies):
    longer = [each for each in assemblies if each.facts["result"] == "extended"]
    return len(longer) > 1 or any(not 6 <= each.facts["extended_months"] <= 12 for each in longer)


def wrongly_full(file):
    """Whether the day of full membership is another than that on which probation ends."""
    if development.standing(file) != "full":
        return development.full_member_on(file) is not None
    assembly = [each for each in file.done if each.step == "assembly"][-1]
    longer = [each.facts["extended_months"] for each in file.done
              if each.step == "full_assembly" and each.facts["result"] == "extended"]  # fmt: skip
    first_day = assembly.on.first_day
    end = months_after(first_day, 12)
    end = months_after(end, longer[0]) if longer else end
    return development.full_member_on(file).first_day != end


def unexplained(file):
    """The steps of whose state the plan gives no account."""
    found = []
    for each in development.plan(file, ON):
        dated = each.possible_from is not None or each.due_by is not None
        clear = {
            "done": each.done_on is not None,
            "possible": dated or bool(each.reasons),
            "blocked": bool(each.reasons),
            "missing": bool(each.reasons),
            "not_needed": True,
        }
        late = each.due_by is not None and each.due_by < ON
        if not clear[each.state] or (each.overdue_since is not None and not late):
            found.append(each)
        if development.overdue_since(each, ON) != each.overdue_since:
            found.append(each)
    return found


@given(SEEDS)
def test_no_reachable_state_contradicts_the_rules_and_each_is_explained(seed):
    file = walk(seed)
    assert contradictions(file) == []
    assert not wrongly_full(file)
    assert unexplained(file) == []


@given(SEEDS, st.dates(date(2015, 1, 1), date(2040, 1, 1)))
def test_the_plan_does_not_depend_on_the_day_but_for_what_is_overdue(seed, on):
    file = walk(seed)
    assert [each[:-1] for each in development.plan(file, on)] == [
        each[:-1] for each in development.plan(file, ON)
    ]


@given(SEEDS)
def test_what_the_plan_calls_possible_is_not_refused_from_that_day(seed):
    file = walk(seed)
    for each in development.plan(file, ON):
        if each.state == "possible" and each.possible_from is not None:
            said = development.objections(
                each.step, file, each.possible_from, facts={}, today=date(2060, 1, 1), reason="x"
            )
            about_the_day = [one for one in said if one.level == ERROR and one.field == "on"]
            assert about_the_day == [], each
            if "too_early" in {one.code for one in said}:
                raise AssertionError(each)


@given(SEEDS)
def test_a_step_refused_as_too_early_is_possible_on_the_day_it_was_told(seed):
    file = walk(seed)
    for each in development.plan(file, ON):
        limited = any(one.code == "possible_from" for one in each.reasons)
        if each.state != "possible" or not limited:
            continue
        before = each.possible_from - timedelta(days=1)
        said = development.objections(
            each.step, file, before, facts={}, today=date(2060, 1, 1), reason="x"
        )
        early = {one.code for one in said} & {"too_early", "too_young", "out_of_order"}
        assert early or each.step in {"cultivation", "full_application", "object_notice",
                                      "full_notice"}  # advice only  # fmt: skip


def test_the_walks_reach_every_standing():
    reached = {development.standing(walk(seed)) for seed in range(100)}
    assert {"applicant", "activist", "object", "probationary", "full"} <= reached


@pytest.mark.parametrize("seed", range(20))
def test_a_desk_shows_what_is_open_and_nothing_else(seed):
    planned = development.plan(walk(seed), ON)
    shown = development.open_steps(planned)
    assert {each.step for each in planned if each.state == "possible"} <= {
        each.step for each in shown
    }
    assert {each.state for each in shown} <= {"possible", "blocked"}
