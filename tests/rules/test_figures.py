"""Bands, lines and days of the statistics, and the sentences of the work report."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from members.rules import figures, work_report
from members.rules.placements import LEAVING_REASONS, PLACEMENT_BEGINNINGS
from registry.calendar import PartialDate, age_on


@pytest.mark.parametrize(
    ("day", "years", "latest"),
    [
        (date(2025, 12, 31), 31, date(1994, 12, 31)),
        pytest.param(date(2025, 2, 28), 25, date(2000, 2, 29), id="on the 28th in a common year"),
        pytest.param(date(2024, 2, 28), 24, date(2000, 2, 28), id="not on the 28th of a leap year"),
        pytest.param(date(2024, 2, 29), 24, date(2000, 2, 29), id="on the day itself"),
        pytest.param(date(2024, 2, 29), 25, date(1999, 2, 28), id="to a common year"),
    ],
)
def test_the_last_day_from_which_years_have_passed(day, years, latest):
    assert figures.years_before(day, years) == latest
    assert age_on(PartialDate.of(latest), day) == years
    assert age_on(PartialDate.of(date.fromordinal(latest.toordinal() + 1)), day) == years - 1


@pytest.mark.parametrize(("bands"), [figures.AGES, figures.PARTY_AGES])
def test_every_age_lies_in_one_band(bands):
    for age in range(121):
        holding = [
            band.code
            for band in bands
            if (band.low is None or band.low <= age) and (band.high is None or age <= band.high)
        ]
        assert len(holding) == 1, age


def test_every_way_out_and_in_has_its_line():
    assert {figures.line_of_ending(code) for code in LEAVING_REASONS} == set(figures.WENT)
    unexplained = {
        code for code in PLACEMENT_BEGINNINGS if figures.line_of_beginning(code) == "difference"
    }
    assert unexplained == {"opening"}


def test_a_day_to_come_has_no_figures():
    assert figures.objections(date(2027, 1, 1), date(2026, 11, 20)) == [
        "2027-01-01 is still to come. Choose today or an earlier day."
    ]
    assert figures.objections(date(2026, 11, 20), date(2026, 11, 20)) == []


def test_a_period_says_all_that_is_wrong_at_once():
    found = figures.period_objections(date(2027, 2, 1), date(2027, 1, 1), date(2026, 11, 20))
    assert found == [
        "2027-01-01 comes before 2027-02-01. Exchange the two days.",
        "2027-02-01 is still to come. Choose today or an earlier day.",
        "2027-01-01 is still to come. Choose today or an earlier day.",
    ]
    assert [each.field for each in found] == ["last", "first", "last"]


def test_a_template_is_filled_and_says_x_where_nobody_knows():
    template = (
        "发展党员{发展党员}名，慰问{慰问党员}人次。\n\n种树{ 种树棵数 }棵，{返还离退休支部党费}元。"
    )
    assert work_report.keys_in(template) == [
        "members_developed",
        "members_visited",
        "种树棵数",
        "返还离退休支部党费",
    ]
    numbers = {"members_developed": 3, "种树棵数": Decimal("12.50")}
    assert work_report.filled(template, numbers) == [
        "发展党员3名，慰问X人次。",
        "种树12.5棵，X元。",
    ]


def test_the_template_that_comes_along_names_facts_only():
    assert set(work_report.keys_in(work_report.DEFAULT_TEMPLATE)) <= set(work_report.FACTS)
    assert work_report.template_objections(work_report.DEFAULT_TEMPLATE) == []


@pytest.mark.parametrize(
    ("template", "objections"),
    [
        (
            " \n",
            ["The template is empty. Write its sentences, or take it back to inherit one."],
        ),
        (
            "发展{发展党员名",
            ["Line 1 has a brace without its other half. Write a place as {发展党员}."],
        ),
        ("好。\n发展{ }名", ["Line 2 has a place without a name. Write it as {发展党员}."]),
        (
            "发展{" + "党" * 41 + "}名",
            [f"“{'党' * 41}” is too long a name for a place. Use at most 40 signs."],
        ),
    ],
)
def test_a_template_that_cannot_be_filled_is_refused(template, objections):
    assert work_report.template_objections(template) == objections


@pytest.mark.parametrize(
    ("number", "text"),
    [(0, "0"), (12, "12"), (Decimal("3.50"), "3.5"), (Decimal("120.00"), "120"), (None, "X")],
)
def test_a_number_stands_in_a_sentence_without_idle_zeros(number, text):
    assert work_report.written(number) == text
