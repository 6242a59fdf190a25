"""Each limit of development by hand-written dates: the day before, on it and after it."""

from __future__ import annotations

from datetime import date

import pytest

from members.rules import development
from members.rules.development import RULE_SETS, Done, File
from registry.calendar import PartialDate
from tests.rules.development_files import (
    a_file,
    codes,
    done,
    errors,
    planned,
    said_against,
)


@pytest.mark.parametrize(
    ("born", "applied", "wrong"),
    [
        ("2004-03-01", "2022-02-28", True),
        ("2004-03-01", "2022-03-01", False),
        ("2004-03-01", "2022-03-02", False),
        ("2004-02-29", "2022-02-27", True),  # born on a leap day: 18 on 28 February
        ("2004-02-29", "2022-02-28", False),
        ("2004-03", "2022-02-28", True),
        ("2004-03", "2022-03-01", False),  # may have been born on the first
        ("2004-03", "2022-03", False),
        ("2004-03-31", "2022-03", False),  # may have applied on the last
        ("2004-04-01", "2022-03", True),
        ("2005", "2022-12-31", True),
        ("2005", "2023", False),
    ],
)
@pytest.mark.parametrize("historical", [False, True])
def test_an_applicant_is_eighteen_on_the_day_of_application(born, applied, wrong, historical):
    file = a_file(born_on=PartialDate.of(born))
    said = errors("application", applied, file, historical=historical, reason="entered later")
    assert said == (["too_young"] if wrong else [])


def test_an_applicant_of_seventeen_is_told_the_day():
    file = a_file(born_on=PartialDate(2008, 5, 4))
    assert said_against("application", "2026-05-03", file) == [
        (
            "2026-05-03 is before the day of turning 18, 2026-05-04. An applicant is at least "
            "18 years old; check both dates."
        )
    ]


@pytest.mark.parametrize(
    ("applied", "talked", "late"),
    [
        ("2022-03-01", "2022-03-31", False),
        ("2022-03-01", "2022-04-01", False),
        ("2022-03-01", "2022-04-02", True),
        ("2022-01-31", "2022-02-28", False),  # a shorter month ends sooner
        ("2022-01-31", "2022-03-01", True),
        ("2024-01-31", "2024-02-29", False),
        ("2024-01-31", "2024-03-01", True),
        ("2024-02-29", "2024-03-29", False),
        ("2024-02-29", "2024-03-30", True),
        ("2022-03", "2022-04-30", False),  # applied in March, perhaps on the 31st: by 30 April
        ("2022-03", "2022-05-01", True),
        ("2022-03-01", "2022-04", False),
        ("2022-03-01", "2022-05", True),
    ],
)
def test_the_first_talk_comes_within_a_month(applied, talked, late):
    file = a_file("first_talk", days={"application": applied})
    said = codes("first_talk", talked, file, reason="ill")
    assert said == (["too_late"] if late else [])


@pytest.mark.parametrize(
    ("named", "chosen", "early"),
    [
        ("2022-06-15", "2023-06-14", True),
        ("2022-06-15", "2023-06-15", False),
        ("2022-06-15", "2023-06-16", False),
        ("2023-02-28", "2024-02-27", True),
        ("2023-02-28", "2024-02-28", False),
        ("2024-02-29", "2025-02-27", True),
        ("2024-02-29", "2025-02-28", False),
        ("2022-08-31", "2023-08-30", True),
        ("2022-08-31", "2023-08-31", False),
        ("2022-06", "2023-05-31", True),
        ("2022-06", "2023-06-01", False),
        ("2022-06-15", "2023-06", False),
        ("2022-06-15", "2023-05", True),
        ("2022", "2023-01-01", False),
    ],
)
def test_an_object_has_been_an_activist_for_a_year(named, chosen, early):
    file = a_file("object", days=dict.fromkeys(
        ("activist", "activist_filed", "mentors", "cultivation"), named
    ))  # fmt: skip
    assert errors("object", chosen, file) == (["too_early"] if early else [])
    old = codes("object", chosen, file, historical=True, reason="from the papers")
    assert old == (["too_early"] if early else []) + ["historical"]


def test_before_its_time_a_step_says_from_when():
    (said,) = said_against("object", "2023-06-14")
    assert said == (
        "“naming as an object of development” is possible from 2023-06-15, not on 2023-06-14; "
        "counted from “naming as an activist” (中国共产党发展党员工作细则 (2014), article 13). "
        "Wait for that day."
    )


def test_time_as_an_activist_goes_on_after_a_move():
    here = a_file("object")
    moved = File(
        here.rule_set,
        here.born_on,
        tuple(
            Done(each.step, each.on, {**each.facts, "branch": "another branch"})
            if each.step in {"application", "activist"}
            else each
            for each in here.done
        ),
    )
    assert planned(moved, "object") == planned(here, "object")
    assert planned(moved, "object").possible_from == date(2023, 6, 15)


@pytest.mark.parametrize(
    ("before", "reviewed", "late"),
    [
        ("2022-06-15", "2022-12-15", False),
        ("2022-06-15", "2022-12-16", True),
        ("2022-08-31", "2023-02-28", False),
        ("2022-08-31", "2023-03-01", True),
        ("2023-08-31", "2024-02-29", False),
        ("2023-08-31", "2024-03-01", True),
        ("2022-06-15", "2022-07-01", False),
    ],
)
def test_an_activist_is_reviewed_every_half_year(before, reviewed, late):
    names = ("activist", "activist_filed", "mentors")
    first = a_file("cultivation", days=dict.fromkeys(names, before))
    assert codes("cultivation", reviewed, first, reason="late") == (["too_late"] if late else [])
    again = a_file("cultivation", more=(done("cultivation", before),), days=dict.fromkeys(
        names, "2022-03-20"
    ))  # fmt: skip
    assert codes("cultivation", reviewed, again, reason="late") == (["too_late"] if late else [])


@pytest.mark.parametrize(
    ("put_up", "chosen", "early"),
    [
        ("2026-07-06", "2026-07-10", True),  # Monday to Friday, and the decision after that
        ("2026-07-06", "2026-07-11", False),
        ("2026-09-28", "2026-10-09", True),  # over the National Day
        ("2026-09-28", "2026-10-10", False),
    ],
)
def test_a_notice_stands_five_working_days_before_the_decision(put_up, chosen, early):
    steps = ("activist", "activist_filed", "mentors", "cultivation")
    file = a_file(
        "object",
        rule_set="2026-05",
        days=dict.fromkeys(steps, "2025-05-10"),
        more=(done("object_notice", put_up),),
    )
    said = said_against("object", chosen, file, reason="known only second-hand")
    assert [(each.code, each.level) for each in said] == (
        [("too_early", "warning")] if early else []
    )


def test_working_days_of_an_unknown_year_are_provisional():
    steps = ("activist", "activist_filed", "mentors", "cultivation")
    file = a_file(
        "object",
        rule_set="2026-05",
        days=dict.fromkeys(steps, "2030-01-10"),
        more=(done("object_notice", "2031-03-03"),),
    )
    assert planned(file, "object").provisional
    said = said_against("object", "2031-03-07", file, today=date(2032, 1, 1), reason="x")
    assert [each.code for each in said] == ["too_early", "provisional"]
    assert said[1] == (
        "The holidays of that year are not known yet, so working days are provisional. "
        "Check them against the holiday notice."
    )


@pytest.mark.parametrize(
    ("rules", "assembled", "late"),
    [
        ("2026-05", "2023-10-01", False),
        ("2026-05", "2023-10-02", True),
        ("2014", "2023-10-02", False),
    ],
)
def test_since_2026_the_assembly_comes_within_a_month_of_the_pre_review(rules, assembled, late):
    file = a_file("assembly", rule_set=rules)
    assert ("too_late" in codes("assembly", assembled, file, reason="x")) is late


@pytest.mark.parametrize(
    ("assembled", "approved", "special", "late"),
    [
        ("2023-09-25", "2023-12-24", False, False),
        ("2023-09-25", "2023-12-25", False, False),
        ("2023-09-25", "2023-12-26", False, True),
        ("2023-09-25", "2023-12-26", True, False),
        ("2023-09-25", "2024-03-25", True, False),
        ("2023-09-25", "2024-03-26", True, True),
        ("2023-11-30", "2024-02-29", False, False),
        ("2023-11-30", "2024-03-01", False, True),
        ("2022-11-30", "2023-02-28", False, False),
        ("2022-11-30", "2023-03-01", False, True),
        ("2024-02-29", "2024-05-29", False, False),
        ("2024-02-29", "2024-05-30", False, True),
        ("2023-08-31", "2024-02-29", True, False),
        ("2023-08-31", "2024-03-01", True, True),
    ],
)
def test_approval_comes_within_three_months_or_six(assembled, approved, special, late):
    days = {"assembly": assembled, "committee_talk": assembled}
    file = a_file("approval", days=days)
    said = codes("approval", approved, file, facts={"special": special}, reason="x")
    assert said == (["too_late"] if late else [])


@pytest.mark.parametrize(
    ("rules", "sworn", "late"),
    [
        ("2026-05", "2023-12-20", False),
        ("2026-05", "2023-12-21", True),
        ("2014", "2024-05-01", False),
    ],
)
def test_since_2026_the_oath_comes_within_a_month_of_approval(rules, sworn, late):
    file = a_file("oath", rule_set=rules)
    assert codes("oath", sworn, file, reason="x") == (["too_late"] if late else [])


@pytest.mark.parametrize(
    ("day", "code"),
    [
        (date(2010, 1, 1), "2014"),  # no older set is kept
        (date(2014, 5, 28), "2014"),
        (date(2026, 5, 17), "2014"),
        (date(2026, 5, 18), "2026-05"),
        (date(2030, 1, 1), "2026-05"),
    ],
)
def test_a_file_begins_under_the_rules_of_its_day(day, code):
    assert development.rule_set_on(day).code == code


def test_what_is_known_second_hand_is_a_warning():
    old, new = RULE_SETS["2014"], RULE_SETS["2026-05"]
    for kind in ("earliest", "latest"):
        for step, limits in getattr(new, kind).items():
            added = [each for each in limits if each not in getattr(old, kind).get(step, ())]
            assert all(limit.level == "warning" for limit in added), step
