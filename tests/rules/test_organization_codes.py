"""Codes of organisations and of units."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from branches.rules import codes, credit_code


@pytest.mark.parametrize(
    ("parent", "taken", "proposed"),
    [
        pytest.param("", [], "001", id="the first on top"),
        pytest.param("001", [], "001001", id="the first child"),
        pytest.param("001", ["001001", "001002"], "001003", id="the next"),
        pytest.param("001", ["001001", "001009"], "001010", id="a gap stays a gap"),
        pytest.param("001", ["001001", "001001005"], "001002", id="grandchildren do not count"),
        pytest.param("001", ["002007", "00108"], "001001", id="codes of another make do not count"),
        pytest.param("001", ["001999", "001001"], "001002", id="after 999 the lowest gap"),
        pytest.param("0201", ["0201080"], "0201081", id="leading zeros and any length"),
    ],
)
def test_a_child_gets_its_parents_code_and_three_digits(parent, taken, proposed):
    assert codes.proposed_code(parent, taken) == proposed


def test_a_full_parent_has_no_proposal():
    with pytest.raises(ValueError, match="Every code from 01001 to 01999 is taken"):
        codes.proposed_code("01", [f"01{number:03}" for number in range(1, 1000)])


@pytest.mark.parametrize(
    ("code", "sentences"),
    [
        pytest.param("0", [], id="one digit"),
        pytest.param("020100080", [], id="leading zero"),
        pytest.param("9" * 30, [], id="thirty digits"),
        pytest.param("9" * 31, ["The code has 31 signs. Write at most 30."], id="thirty-one"),
        pytest.param(
            "03-02",
            ["“03-02” is not a code. Write digits only, with their leading zeros."],
            id="a hyphen",
        ),
        pytest.param(
            "０１",
            ["“０１” is not a code. Write digits only, with their leading zeros."],
            id="wide",
        ),
        pytest.param(
            "", ["“” is not a code. Write digits only, with their leading zeros."], id="empty"
        ),
    ],
)
def test_a_code_is_digits(code, sentences):
    assert codes.objections(code) == sentences


@pytest.mark.parametrize(
    ("code", "found"),
    [
        pytest.param("91350100M000100Y43", [], id="the standard's own example"),
        pytest.param("91350100M000100Y44", ["credit_code_check"], id="wrong last sign"),
        pytest.param("91350100M000101Y43", ["credit_code_check"], id="wrong digit"),
        pytest.param("91350100M000100Y4", ["credit_code_length"], id="too short"),
        pytest.param("91350100MO00100Y43", ["credit_code_sign"], id="letter O for zero"),
        pytest.param("91350100m000100Y43", ["credit_code_sign"], id="not normalised"),
        pytest.param("", ["credit_code_length"], id="empty"),
    ],
)
def test_a_credit_code_is_checked(code, found):
    assert [objection.code for objection in credit_code.objections(code)] == found


def test_a_wrong_credit_code_is_quoted_with_the_remedy():
    assert credit_code.objections("91350100M000100Y44") == [
        (
            "“91350100M000100Y44” does not end in the sign that the others demand, so one of its "
            "signs is mistyped. Compare it with the certificate."
        )
    ]


def test_a_credit_code_may_be_typed_with_blanks_and_small_letters():
    assert credit_code.normalised(" 91350100 m000100y43 ") == "91350100M000100Y43"


@given(st.text(credit_code.SIGNS, min_size=17, max_size=17), st.data())
def test_one_mistyped_sign_is_always_found(first_17, data):
    code = first_17 + credit_code.check_sign(first_17)
    assert credit_code.objections(code) == []
    place = data.draw(st.integers(0, 17))
    other = data.draw(st.sampled_from(credit_code.SIGNS).filter(lambda sign: sign != code[place]))
    assert credit_code.objections(code[:place] + other + code[place + 1 :])


MOVING = [
    codes.Coded(1, None, "01001"),
    codes.Coded(2, 1, "01001003"),
    codes.Coded(3, 2, "01001003001"),
    codes.Coded(4, 1, "77"),
    codes.Coded(5, 4, "77001"),
    codes.Coded(6, 4, "88"),
]


@pytest.mark.parametrize(
    ("parent", "known", "new"),
    [
        ("02", [], ["02001", "02001003", "02001003001", "02001004", "02001004001", "02001004002"]),
        ("02", ["02", "02001", "02007", "0200101"], ["02008", "02008003"]),
        ("02", [f"02{n:03}" for n in (*range(1, 5), *range(6, 1000))], ["02005"]),
        ("01", ["01001", "01002"], ["01001", "01001003"]),  # it has a code of the rule already
    ],
    ids=["free", "after the highest", "a gap", "stays"],
)
def test_new_codes_follow_the_superior_and_keep_the_digits_behind(parent, known, new):
    found = codes.recoded(MOVING, parent, known)
    assert [found[key] for key in range(1, len(new) + 1)] == new
    assert codes.recoding_objections(MOVING, found, taken=[]) == []


def test_there_are_no_codes_without_a_free_number():
    with pytest.raises(ValueError, match="Every code from 02001 to 02999 is taken"):
        codes.recoded(MOVING, "02", [f"02{n:03}" for n in range(1, 1000)])


def test_new_codes_that_are_taken_or_too_long_are_named():
    found = codes.recoded(MOVING, "9" * 23, [])
    told = codes.recoding_objections(MOVING, found, taken=["9" * 23 + "001"])
    assert [(each.code, each.field) for each in told] == [
        ("new_code_taken", "recode"), ("code_too_long", "recode"), ("code_too_long", "recode"),
        ("code_too_long", "recode"),
    ]  # fmt: skip
