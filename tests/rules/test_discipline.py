"""Discipline and measures: how long they hold, and what speaks against one."""

from __future__ import annotations

from datetime import date

import pytest

from members.rules import discipline
from members.rules.discipline import Decision, Effect
from registry.calendar import PartialDate

TODAY = date(2026, 11, 20)
DAY = date(2025, 3, 31)
PAPER = {"document": "纪发〔2025〕3号", "decided_by": "机关纪委"}


@pytest.mark.parametrize(
    ("kind", "months", "extended", "effect"),
    [
        ("warning", 0, 0, Effect(None, date(2026, 3, 31))),
        # A year and a half from the last of March ends with September, which has 30 days.
        ("serious_warning", 0, 0, Effect(None, date(2026, 9, 30))),
        ("posts_removed", 0, 0, Effect(None, date(2027, 3, 31))),
        ("probation_in_party", 12, 0, Effect(date(2026, 3, 31), date(2028, 3, 31))),
        ("probation_in_party", 24, 0, Effect(date(2027, 3, 31), date(2029, 3, 31))),
        ("probation_in_party", 12, 12, Effect(date(2027, 3, 31), date(2029, 3, 31))),
        ("expelled", 0, 0, Effect(None, date(2030, 3, 31))),
        ("correction", 6, 0, Effect(date(2025, 9, 30), date(2025, 9, 30))),
        ("struck_off_absent", 0, 0, Effect(None, date(2030, 3, 31))),
    ],
)
def test_a_decision_holds_for_months_of_the_calendar(kind, months, extended, effect):
    assert discipline.effect_of(kind, DAY, months, extended) == effect


def test_an_unknown_kind_has_no_effect():
    with pytest.raises(ValueError, match="“scolding” is not a kind of discipline"):
        discipline.effect_of("scolding", DAY)


@pytest.mark.parametrize(
    ("decision", "sentences"),
    [
        (Decision("warning", DAY, **PAPER), []),
        (Decision("probation_in_party", DAY, 24, **PAPER), []),
        (
            Decision("probation_in_party", DAY, 18, **PAPER),
            ["Probation within the Party lasts 12 or 24 months, not 18. Choose one."],
        ),
        (
            Decision("correction", DAY, 13, **PAPER),
            [("A time limit for correction is 12 months at most, normally 6, not 13. Enter another "
             "length.")],
        ),
        (
            Decision("scolding", DAY, **PAPER),
            ["“scolding” is not a kind of discipline. Choose one from the list."],
        ),
        (
            Decision("warning", date(2027, 1, 1), 3, name="张三", joined_on=PartialDate(2028)),
            [
                "“warning (discipline)” is given without a length. Leave it empty.",
                "2027-01-01 is still to come. Enter it on that day.",
                "张三 joined on 2028, after 2027-01-01. Check the day of the decision.",
                "A decision has a document. Enter its number.",
                "Say who has decided.",
            ],
        ),
    ],
    ids=lambda value: "" if isinstance(value, list) else f"{value.kind} {value.months}",
)  # fmt: skip
def test_every_reason_against_a_decision_is_said(decision, sentences):
    assert discipline.objections(decision, TODAY) == sentences


@pytest.mark.parametrize(
    ("kind", "months", "extended", "more", "on", "codes"),
    [
        ("probation_in_party", 12, 0, 12, date(2026, 3, 1), []),
        ("probation_in_party", 24, 0, 12, date(2026, 3, 1), ["extended_too_far"]),
        ("probation_in_party", 12, 6, 6, date(2026, 3, 1), ["extended"]),
        ("correction", 6, 0, 6, date(2025, 9, 1), []),
        ("correction", 6, 0, 7, date(2026, 9, 1), ["extended_too_far", "extended_too_late"]),
        ("warning", 0, 0, 6, date(2025, 9, 1), ["not_extended"]),
    ],
)
def test_a_period_is_extended_once_and_not_beyond_its_longest(
    kind, months, extended, more, on, codes
):
    until = discipline.effect_of(kind, DAY, months, extended).period_until
    found = discipline.extending_objections(kind, months, extended, more, until, on)
    assert [said.code for said in found] == codes


def test_a_post_given_before_the_effect_ends_is_a_warning():
    until = date(2026, 3, 31)
    [said] = discipline.post_objections("张三", "warning", until, date(2026, 3, 30))
    assert said.level == "warning"
    assert discipline.post_objections("张三", "warning", until, until) == []
    assert discipline.post_objections("张三", "correction", until, DAY) == []


@pytest.mark.parametrize("kind", discipline.KINDS.values(), ids=lambda kind: kind.code)
def test_every_kind_says_where_it_is_written(kind):
    assert kind.source.startswith("中国共产党")
    assert kind.ends_membership or kind.lasts or kind.months
