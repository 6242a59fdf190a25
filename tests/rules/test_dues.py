"""Monthly dues: the rates of 中组发〔2008〕3号, each threshold, and each way of rounding."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from members.rules import codes, dues
from members.rules.dues import Rounding, monthly_dues
from tests.rules.refusing import refusal

MAY = date(2026, 5, 1)
amounts = st.decimals(min_value=0, max_value=10**9, places=2)


@pytest.mark.parametrize(
    ("category", "base", "amount"),
    [
        ("in_service", "0", "0.00"),
        ("in_service", "0.01", "0.00"),
        ("in_service", "0.99", "0.00"),
        ("in_service", "1.00", "0.01"),
        ("in_service", "2999.99", "15.00"),
        ("in_service", "3000", "15.00"),
        ("in_service", "3000.01", "30.00"),
        ("in_service", "4999.99", "50.00"),
        ("in_service", "5000", "50.00"),
        ("in_service", "5000.01", "75.00"),
        ("in_service", "9999.99", "150.00"),
        ("in_service", "10000", "150.00"),
        ("in_service", "10000.01", "200.00"),
        ("in_service", "123456.78", "2469.14"),
        ("retired", "0", "0.00"),
        ("retired", "3000.01", "15.00"),
        ("retired", "4999.99", "25.00"),
        ("retired", "5000", "25.00"),
        ("retired", "5000.01", "50.00"),
        ("retired", "10000.01", "100.00"),
        ("fixed", "0", "0.00"),
        ("fixed", "0.20", "0.20"),
        ("fixed", "0.21", "0.21"),
        ("fixed", "0.5", "0.50"),
        ("fixed", "1", "1.00"),
    ],
)
def test_the_whole_base_takes_one_rate(category, base, amount):
    assert str(monthly_dues(category, Decimal(base), MAY)) == amount


@pytest.mark.parametrize("amount", ["0.01", "0.19", "1.01", "0.205", "800"])
def test_a_fixed_amount_lies_within_the_rule(amount):
    assert refusal(monthly_dues, "fixed", Decimal(amount), MAY) == (
        f"A fixed amount is between 0.20 and 1.00 yuan, in whole fen; this one is {amount}."
    )


@pytest.mark.parametrize(
    ("base", "unit", "mode", "amount"),
    [
        # 0.5 % of these is 12.344, 12.345, 12.346
        ("2468.80", "0.01", "half_up", "12.34"),
        ("2469", "0.01", "half_up", "12.35"),
        ("2469.20", "0.01", "half_up", "12.35"),
        ("2468.80", "0.01", "up", "12.35"),
        ("2469", "0.01", "down", "12.34"),
        # 12.349, 12.35, 12.351
        ("2469.80", "0.1", "half_up", "12.30"),
        ("2470", "0.1", "half_up", "12.40"),
        ("2460.20", "0.1", "up", "12.40"),
        ("2479.80", "0.1", "down", "12.30"),
        # 12.495, 12.50
        ("2499", "1", "half_up", "12.00"),
        ("2500", "1", "half_up", "13.00"),
        ("2400", "1", "up", "12.00"),
        ("2400.20", "1", "up", "13.00"),
        ("2599.80", "1", "down", "12.00"),
        ("0.20", "1", "up", "1.00"),
        ("0", "1", "up", "0.00"),
    ],
)
def test_an_office_rounds_as_it_has_decided(base, unit, mode, amount):
    found = monthly_dues("in_service", Decimal(base), MAY, Rounding(unit, mode))
    assert str(found) == amount


def test_a_fixed_amount_is_not_rounded():
    assert str(monthly_dues("fixed", Decimal("0.20"), MAY, Rounding("1", "half_up"))) == "0.20"


@pytest.mark.parametrize(
    ("unit", "mode", "sentence"),
    [
        ("0.05", "up", "“0.05” is no unit of rounding. Choose 0.01, 0.1 or 1."),
        ("1.0", "up", "“1.0” is no unit of rounding. Choose 0.01, 0.1 or 1."),
        ("1", "even", "“even” is no way of rounding. Choose half_up, up or down."),
    ],
)
def test_there_are_three_units_and_three_ways_of_rounding(unit, mode, sentence):
    assert refusal(Rounding, unit, mode) == sentence


@pytest.mark.parametrize(
    ("base", "sentence"),
    [
        (Decimal("-0.01"), "The base is -0.01; it cannot be below 0."),
        (3000.0, "The base is 3000.0; it has to be an exact decimal number."),
        ("3000", "The base is '3000'; it has to be an exact decimal number."),
        (Decimal("NaN"), "The base is Decimal('NaN'); it has to be an exact decimal number."),
        (
            Decimal("Infinity"),
            "The base is Decimal('Infinity'); it has to be an exact decimal number.",
        ),
    ],
)
@pytest.mark.parametrize("category", ["in_service", "retired", "fixed"])
def test_a_base_is_an_exact_amount_of_0_or_more(category, base, sentence):
    assert refusal(monthly_dues, category, base, MAY) == sentence


@pytest.mark.parametrize(
    "month", [date(2008, 4, 1), date(2008, 4, 30), datetime(2008, 4, 1, tzinfo=UTC)]
)
def test_the_rules_begin_in_april_2008(month):
    assert str(monthly_dues("in_service", Decimal(3000), month)) == "15.00"


@pytest.mark.parametrize("category", ["in_service", "retired", "fixed"])
@pytest.mark.parametrize("month", [date(2008, 3, 31), date(2008, 3, 1), date(1921, 7, 1)])
def test_before_there_is_no_scale(category, month):
    assert refusal(monthly_dues, category, Decimal(1), month) == (
        f"No dues scale is recorded for {month:%Y-%m}; the first is of 2008-04."
    )


def test_an_unknown_category_has_no_rate():
    with pytest.raises(ValueError, match="“student” has no rate of dues"):
        monthly_dues("student", Decimal(1), MAY)


@pytest.mark.parametrize("category", codes.CATEGORIES)
def test_every_category_of_members_pays_in_some_way(category):
    paying = dues.CATEGORIES[category]
    assert paying.category in dues.DUES_CATEGORIES
    if paying.amount is not None:
        assert monthly_dues(paying.category, paying.amount, MAY) == paying.amount


def test_what_each_category_pays_by():
    told = {code: (each.category, each.amount) for code, each in dues.CATEGORIES.items()}
    assert told == {
        "in_service": ("in_service", None),
        "retired": ("retired", None),
        "retired_veteran": ("retired", None),
        "student": ("fixed", Decimal("0.20")),
        "unemployed": ("fixed", Decimal("0.20")),
        "farmer": ("fixed", None),
        "other": ("in_service", None),
    }


# A table of rates with a hole


def test_the_scales_in_force_have_no_hole():
    assert dues.objections_to(dues.SCALES) == []


SCALE = dues.SCALES[0]
HOLE = (
    "The scale of 2008-04, rate of the retired: the last band, and only it, has no end. "
    "Leave its upper bound empty."
)
FALLING = (
    "The scale of 2008-04, rate of the retired: its bands do not rise. Put the lowest first, "
    "each once."
)


def bands(*ends: str | None) -> tuple[dues.Band, ...]:
    return tuple(dues.Band(Decimal(end) if end else None, Decimal("0.01")) for end in ends)


@pytest.mark.parametrize(
    ("retired", "sentence"),
    [
        pytest.param((), HOLE, id="nothing at all"),
        pytest.param(bands("5000"), HOLE, id="nothing above 5000"),
        pytest.param(bands(None, "5000"), HOLE, id="no end before the end"),
        pytest.param(bands("5000", "3000", None), FALLING, id="falling"),
        pytest.param(bands("5000", "5000", None), FALLING, id="twice the same"),
        pytest.param(bands("0", None), FALLING, id="an empty band"),
    ],
)
def test_a_hole_in_a_scale_is_found(retired, sentence):
    broken = replace(SCALE, rates=SCALE.rates | {"retired": retired})
    assert dues.objections_to([broken]) == [sentence]


def test_scales_follow_each_other():
    assert dues.objections_to([SCALE, SCALE]) == [
        "The scale of 2008-04 comes after that of 2008-04. Put the older first."
    ]


def test_a_base_in_a_hole_has_no_dues(monkeypatch):
    broken = replace(SCALE, rates={"retired": bands("5000")})
    monkeypatch.setattr(dues, "SCALES", (broken,))
    assert str(monthly_dues("retired", Decimal(5000), MAY)) == "50.00"
    assert refusal(monthly_dues, "retired", Decimal("5000.01"), MAY) == (
        "The scale of 2008-04 has no rate for a base of 5000.01. Its last band has no end."
    )


def test_a_new_scale_leaves_earlier_months_alone(monkeypatch):
    newer = replace(SCALE, since=date(2026, 6, 1), rates={"retired": bands(None)})
    monkeypatch.setattr(dues, "SCALES", (SCALE, newer))
    found = [monthly_dues("retired", Decimal(1000), date(2026, month, 30)) for month in (5, 6)]
    assert [str(each) for each in found] == ["5.00", "10.00"]


# What holds for every base


@given(base=amounts, unit=st.sampled_from(["0.01", "0.1", "1"]))
def test_down_half_up_and_up_lie_within_one_unit(base, unit):
    down, near, up = (
        monthly_dues("in_service", base, MAY, Rounding(unit, mode))
        for mode in ("down", "half_up", "up")
    )
    exact = base * dues.rate_for("in_service", base, MAY)
    assert down <= exact <= up
    assert up - down in (0, Decimal(unit))
    assert abs(near - exact) <= Decimal(unit) / 2
    assert all(each % Decimal(unit) == 0 and each.as_tuple().exponent == -2 for each in (near, up))


@given(base=amounts, more=amounts)
def test_who_has_more_never_pays_less(base, more):
    for category in ("in_service", "retired"):
        assert monthly_dues(category, base, MAY) <= monthly_dues(category, base + more, MAY)


@given(base=amounts)
def test_the_retired_never_pay_more_than_those_in_service(base):
    assert monthly_dues("retired", base, MAY) <= monthly_dues("in_service", base, MAY)


@given(base=st.decimals(allow_nan=True, allow_infinity=True), category=st.text())
def test_any_base_has_dues_or_a_sentence(base, category):
    for each in (category, "in_service", "retired", "fixed"):
        said = refusal(monthly_dues, each, base, MAY)
        assert said.endswith(".") or monthly_dues(each, base, MAY) >= 0


def test_a_long_base_is_rounded_exactly():
    base = Decimal("1" + "0" * 40 + ".01")
    assert str(monthly_dues("in_service", base, MAY, Rounding("0.01", "up"))).endswith("00.01")
